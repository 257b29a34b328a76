"""Network Security v1: address groups, TLS, Secure Web Proxy, profiles, firewall endpoints, what is intercepted."""

from __future__ import annotations

from sandbox.apis.networksecurity import address_groups, authorization, firewall_endpoints, profiles, tls, web_proxies
from sandbox.apis.networksecurity.common import ORGANIZATION
from sandbox.apis.networksecurity.inline import INTERCEPT, MIRRORING
from sandbox.control import locations, operations
from sandbox.control.router import Api

API = Api(
    "networksecurity.googleapis.com",
    "networksecurity",
    [
        *(address_groups.groups, address_groups.organization_groups),
        *(tls.server_policies, tls.client_policies, tls.inspections, tls.authentications),
        *(web_proxies.url_lists, web_proxies.policies, web_proxies.rules),
        *(profiles.profiles, profiles.organization_profiles, profiles.groups, profiles.organization_groups),
        *(firewall_endpoints.endpoints, firewall_endpoints.organization_endpoints, firewall_endpoints.associations),
        *(*INTERCEPT.collections, *MIRRORING.collections),
        *(authorization.policies, authorization.detectors),
    ],
    [*operations.routes("v1", f"{ORGANIZATION}/locations/{{location}}"), *locations.routes("v1")],
    flat=False,
)
