"""Reading `google_netblock_ip_ranges`: the ranges that Google's documentation fixes. Those that it publishes anew each
week are at an address outside, which the sandbox doesn't ask.
"""

from __future__ import annotations

from typing import Any

from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

# Range type → of IPv4, of IPv6. The sources: https://cloud.google.com/vpc/docs/configure-private-google-access,
# https://cloud.google.com/load-balancing/docs/health-checks, https://cloud.google.com/iap/docs/using-tcp-forwarding,
# https://cloud.google.com/dns/docs/zones/forwarding-zones
_RANGES: dict[str, tuple[list[str], list[str]]] = {
    "restricted-googleapis": (["199.36.153.4/30"], ["2600:2d00:0002:1000::/64"]),
    "restricted-googleapis-with-directconnectivity": (
        ["199.36.153.4/30", "34.126.0.0/18"],
        ["2600:2d00:0002:1000::/64", "2001:4860:8040::/42"],
    ),
    "private-googleapis": (["199.36.153.8/30"], ["2600:2d00:0002:2000::/64"]),
    "private-googleapis-with-directconnectivity": (
        ["199.36.153.8/30", "34.126.0.0/18"],
        ["2600:2d00:0002:2000::/64", "2001:4860:8040::/42"],
    ),
    "dns-forwarders": (["35.199.192.0/19"], []),
    "iap-forwarders": (["35.235.240.0/20"], []),
    "health-checkers": (["35.191.0.0/16", "130.211.0.0/22"], []),
    "legacy-health-checkers": (["35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22"], []),
}
_PUBLISHED = ("cloud-netblocks", "google-netblocks", "default-domains-netblocks")


async def ranges(ctx: Context) -> dict[str, Any]:
    """The ranges of a type. Raises ProviderError for those that Google publishes, and for an unknown type."""
    kind = str(ctx.planned["range_type"] or _PUBLISHED[0])
    if kind in _PUBLISHED:
        raise ProviderError(
            f"range_type {kind} is a list that Google publishes anew each week, at www.gstatic.com: "
            f"the sandbox asks nobody outside. Known here: {', '.join(_RANGES)}."
        )
    if kind not in _RANGES:
        raise ProviderError(f"Unknown range_type: {kind}")
    fourth, sixth = _RANGES[kind]
    blocks = {"cidr_blocks": [*fourth, *sixth], "cidr_blocks_ipv4": fourth, "cidr_blocks_ipv6": sixth or None}
    return ctx.planned | blocks | {"id": f"netblock-ip-ranges-{kind}"}
