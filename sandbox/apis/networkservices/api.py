"""Network Services v1: gateways, meshes, their routes, endpoint policies, service bindings, extensions."""

from __future__ import annotations

from sandbox.apis.networkservices import bindings, gateways, routes
from sandbox.control import locations, operations
from sandbox.control.router import Api

API = Api(
    "networkservices.googleapis.com",
    "networkservices",
    [
        *(gateways.gateways, gateways.meshes),
        *(routes.http_routes, routes.grpc_routes, routes.tcp_routes, routes.tls_routes),
        *(bindings.endpoint_policies, bindings.service_bindings),
        *(bindings.route_extensions, bindings.traffic_extensions, bindings.authz_extensions),
    ],
    [*operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)
