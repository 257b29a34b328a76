"""Certificate Authority Service v1: all of it."""

from __future__ import annotations

from sandbox.apis.privateca import authorities, certificates, tables
from sandbox.control import locations, operations
from sandbox.control.router import Api

API = Api(
    "privateca.googleapis.com",
    "privateca",
    [tables.pools, tables.authorities, tables.revocations, tables.certificates, tables.templates],
    [*operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)
authorities.routes(API)
certificates.routes(API)
