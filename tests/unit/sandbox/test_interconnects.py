"""Attachments of partners' interconnects, and packets that are mirrored to a collector."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask
from tests.unit.sandbox.test_load_balancers import REGION, P, _network, _service, router
from tests.unit.sandbox.test_machines import Json

__all__ = ["router"]
ATTACHMENTS, MIRRORINGS = f"{REGION}/interconnectAttachments", f"{REGION}/packetMirrorings"


async def attach(served: Router, status: int = 200, **fields: Any) -> Any:
    body = {"name": "a", "type": "PARTNER", "router": "regions/asia-south1/routers/partner", **fields}
    return await ask(served, "POST", ATTACHMENTS, body, status)


async def test_a_partner_s_attachment_waits_for_the_partner(router: Router) -> None:
    await _network(router)
    for name, asn in (("partner", 16550), ("own", 64512)):
        body = {"name": name, "network": "global/networks/n", "bgp": {"asn": asn}}
        await ask(router, "POST", f"{REGION}/routers", body)
    await attach(router, 400, router="regions/asia-south1/routers/own")
    await attach(router, 404, router="regions/asia-south1/routers/none")
    await attach(router, 400, bandwidth="BPS_1G")
    await attach(router, 400, mtu=1300)
    await attach(router, 400, type="DEDICATED")
    await attach(router, 404, type="DEDICATED", interconnect="global/interconnects/mine")
    await attach(router, 501, type="PARTNER_PROVIDER")
    await attach(router, edgeAvailabilityDomain="AVAILABILITY_DOMAIN_2")
    made = await ask(router, "GET", f"{ATTACHMENTS}/a")
    assert (made["state"], made["mtu"], made["adminEnabled"]) == ("PENDING_PARTNER", 1440, True)
    assert made["pairingKey"].endswith("/asia-south1/2")
    await ask(router, "PATCH", f"{ATTACHMENTS}/a", {"mtu": 1500, "adminEnabled": False})
    labels = {"labels": {"of": "one"}, "labelFingerprint": made["labelFingerprint"]}
    await ask(router, "POST", f"{ATTACHMENTS}/a/setLabels", labels)
    changed = await ask(router, "GET", f"{ATTACHMENTS}/a")
    assert (changed["mtu"], changed["adminEnabled"], changed["labels"]) == (1500, False, {"of": "one"})
    await ask(router, "DELETE", f"{REGION}/routers/partner", status=400)
    interface = {"name": "i", "linkedInterconnectAttachment": "regions/asia-south1/interconnectAttachments/a"}
    both = {**interface, "subnetwork": "regions/asia-south1/subnetworks/s"}
    await ask(router, "PATCH", f"{REGION}/routers/partner", {"interfaces": [both]}, 400)
    await ask(router, "PATCH", f"{REGION}/routers/partner", {"interfaces": [interface]})
    await ask(router, "DELETE", f"{ATTACHMENTS}/a", status=400)
    await ask(router, "PATCH", f"{REGION}/routers/partner", {"interfaces": []})
    await ask(router, "DELETE", f"{ATTACHMENTS}/a")
    await ask(router, "DELETE", f"{REGION}/routers/partner")


@pytest.fixture
async def mirroring(router: Router) -> Json:
    place = await _network(router)
    service = await _service(router, "INTERNAL", "TCP")
    rule = {"loadBalancingScheme": "INTERNAL", "allPorts": True, "backendService": service, **place}
    await ask(router, "POST", f"{REGION}/forwardingRules", {"name": "c", "isMirroringCollector": True, **rule})
    await ask(router, "POST", f"{REGION}/forwardingRules", {"name": "plain", **rule})
    return {
        "name": "m",
        "network": {"url": place["network"]},
        "collectorIlb": {"url": "regions/asia-south1/forwardingRules/c"},
        "mirroredResources": {"subnetworks": [{"url": place["subnetwork"]}]},
    }


async def test_packets_are_mirrored_to_a_collector_of_the_region(router: Router, mirroring: Json) -> None:
    for wrong in (
        {"collectorIlb": {"url": "regions/asia-south1/forwardingRules/plain"}},
        {"mirroredResources": {}},
        {"mirroredResources": {"tags": list("abcdef")}},
        {"enable": "YES"},
        {"priority": 70_000},
        {"filter": {"direction": "UP"}},
        {"filter": {"cidrRanges": ["here"]}},
    ):
        await ask(router, "POST", MIRRORINGS, {**mirroring, **wrong}, 400)
    await ask(router, "POST", MIRRORINGS, mirroring)
    made = await ask(router, "GET", f"{MIRRORINGS}/m")
    assert (made["enable"], made["priority"], made["filter"]) == ("TRUE", 1000, {"direction": "BOTH"})
    await ask(router, "PATCH", f"{MIRRORINGS}/m", {"enable": "FALSE"})
    await ask(router, "DELETE", f"{REGION}/forwardingRules/c", status=400)
    await ask(router, "POST", f"{P}/global/networks", {"name": "other", "autoCreateSubnetworks": False})
    elsewhere = {**mirroring, "name": "o", "network": {"url": "global/networks/other"}}
    await ask(router, "POST", MIRRORINGS, elsewhere, 400)
    await ask(router, "DELETE", f"{MIRRORINGS}/m")
