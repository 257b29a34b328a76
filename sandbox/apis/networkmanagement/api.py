"""Network Management v1: tests of connectivity by what is configured, and configurations of flow logs."""

from __future__ import annotations

from sandbox.apis.networkmanagement import connectivity_tests, flow_logs
from sandbox.control import locations, operations
from sandbox.control.router import Api

API = Api(
    "networkmanagement.googleapis.com",
    "networkmanagement",
    [connectivity_tests.tests, flow_logs.configs, flow_logs.organization_configs],
    [
        *operations.routes("v1", "organizations/{organization}/locations/{location}"),
        *locations.routes("v1"),
    ],
    flat=False,
)
