"""Privileged Access Manager v1."""

from __future__ import annotations

from sandbox.apis.privilegedaccessmanager import entitlements, grants
from sandbox.control import locations, operations
from sandbox.control.above import PLACES
from sandbox.control.router import Api

API = Api(
    "privilegedaccessmanager.googleapis.com",
    "privilegedaccessmanager",
    entitlements.ENTITLEMENTS,
    [
        *grants.ROUTES,
        *operations.routes("v1", *(f"{place}/locations/{{location}}" for place in PLACES[1:])),
        *locations.routes("v1"),
    ],
)
