"""Tests of connectivity: from where to where, and what the configuration says of the way."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networkmanagement import reachability
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.located import located
from sandbox.control.store import Resource

Json = dict[str, Any]
_PACKAGE = "google.cloud.networkmanagement.v1"
_PROTOCOLS = ("TCP", "UDP", "ICMP", "ESP", "SCTP")
_SOURCES = (
    *("instance", "ipAddress", "gkeMasterCluster", "cloudSqlInstance", "cloudFunction", "appEngineVersion"),
    *("cloudRunRevision", "network"),
)
_DESTINATIONS = (
    *("instance", "ipAddress", "forwardingRule", "gkeMasterCluster", "fqdn", "cloudSqlInstance", "redisInstance"),
    *("redisCluster", "gkePod"),
)
_NETWORKS = ("GCP_NETWORK", "NON_GCP_NETWORK", "INTERNET")

tests = located(
    _PACKAGE,
    "connectivityTests/{test}",
    "ConnectivityTest",
    "testId",
    id_rule=r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
    id_message="It must be up to 40 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    list_field="resources",
    mask="required",
    required=("source", "destination"),
    output_only=(
        *("displayName", "reachabilityDetails", "returnReachabilityDetails", "probingDetails"),
        "bypassFirewallChecksDetails",
    ),
)


@tests.on_create
async def run_first(test: Resource, call: Call) -> None:
    """Checked, and run once."""
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")
    _check(test.document)
    test.document["displayName"] = test.id
    _run(test, call)


@tests.on_update
async def run_changed(old: Resource, new: Resource, call: Call) -> None:
    """A changed test is run anew."""
    _check(new.document)
    _run(new, call)


@tests.verb("rerun")
async def rerun(test: Resource, call: Call) -> Json:
    """`rerun`: what the configuration says now."""
    _run(test, call)
    call.store.put(test)
    return tests.operation(test, call, "rerun")


def _check(document: Json) -> None:
    protocol = str(document.setdefault("protocol", "TCP")).upper()
    if protocol not in _PROTOCOLS:
        raise invalid_argument(f"protocol must be one of {', '.join(_PROTOCOLS)}.", {"protocol": protocol})
    for side, known in (("source", _SOURCES), ("destination", _DESTINATIONS)):
        endpoint = document[side]
        if not any(endpoint.get(field) for field in known):
            raise invalid_argument(f"The {side} needs one of {', '.join(known)}.", {side: "no endpoint"})
        kind = endpoint.get("networkType")
        if kind and kind not in (_NETWORKS if side == "destination" else _NETWORKS[:2]):
            raise invalid_argument(f"{side}.network_type can't be {kind}.", {f"{side}.network_type": str(kind)})
        if not 0 <= int(endpoint.get("port") or 0) <= 65_535:
            raise invalid_argument(f"{side}.port must be 1 to 65535.", {f"{side}.port": "1 to 65535"})
        if endpoint.get("ipAddress"):
            reachability.address(str(endpoint["ipAddress"]), f"{side}.ip_address")


def _run(test: Resource, call: Call) -> None:
    """The way there, and where it is asked for the way back."""
    details = reachability.analyse(test.document, call)
    test.document["reachabilityDetails"] = details
    test.document.pop("returnReachabilityDetails", None)
    if test.document.get("roundTrip") and details["result"] == "REACHABLE":
        test.document["returnReachabilityDetails"] = reachability.analyse(test.document, call, back=True)
