"""Cloud Identity v1."""

from __future__ import annotations

from sandbox.apis.cloudidentity import groups, memberships
from sandbox.control.router import Api

API = Api(
    "cloudidentity.googleapis.com",
    "cloudidentity",
    [groups.groups, memberships.memberships],
    [*groups.ROUTES, *memberships.ROUTES],
)
