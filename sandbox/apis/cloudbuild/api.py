"""The API of Cloud Build: version 1 has triggers, version 2 connections and repositories."""

from __future__ import annotations

from sandbox.apis.cloudbuild import connections, triggers
from sandbox.control import locations, operations
from sandbox.control.router import Api

API = Api(
    "cloudbuild.googleapis.com",
    "cloudbuild",
    [connections.connections, connections.repositories],
    [*operations.routes("v2"), *locations.routes("v2"), *triggers.routes()],
    flat=False,
)
