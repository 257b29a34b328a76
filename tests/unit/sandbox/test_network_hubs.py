"""Hubs and spokes: who is accepted, what a spoke may link, what can't go while it is used; regional endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.networkconnectivity.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

BASE = "/networkconnectivity/v1/projects"
HUBS = f"{BASE}/prices/locations/global/hubs"
SPOKES = f"{BASE}/prices/locations/global/spokes"
THEIRS = f"{BASE}/orders/locations/global/spokes"
HUB = "projects/prices/locations/global/hubs/h"
COMPUTE = "/compute/v1/projects"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API, API) as made:
        for project in ("prices", "orders"):
            network = {"name": "n", "autoCreateSubnetworks": False}
            await ask(made, "POST", f"{COMPUTE}/{project}/global/networks", network)
        await ask(made, "POST", f"{HUBS}?hubId=h", {"presetTopology": "STAR"})
        yield made


def linked(project: str = "prices", group: str = "edge") -> Json:
    network = f"projects/{project}/global/networks/n"
    return {"hub": HUB, "group": f"{HUB}/groups/{group}", "linkedVpcNetwork": {"uri": network}}


async def test_a_hub_has_the_groups_and_route_tables_of_its_topology(router: Router) -> None:
    await ask(router, "POST", f"{HUBS}?hubId=mesh", {})
    for hub, expected in (("h", ["center", "edge"]), ("mesh", ["default"])):
        groups = (await ask(router, "GET", f"{HUBS}/{hub}/groups"))["groups"]
        assert [one["name"].rpartition("/")[2] for one in groups] == expected
        tables = (await ask(router, "GET", f"{HUBS}/{hub}/routeTables"))["routeTables"]
        assert [one["name"] for one in tables] == [one["routeTable"] for one in groups]
    await ask(router, "DELETE", f"{HUBS}/h/groups/edge", status=404)
    await ask(router, "DELETE", f"{HUBS}/h")
    await ask(router, "GET", f"{HUBS}/h/groups/edge", status=404)


async def test_spokes_of_other_projects_wait_until_they_are_accepted(router: Router) -> None:
    await ask(router, "POST", f"{SPOKES}?spokeId=ours", linked())
    assert (await ask(router, "GET", f"{SPOKES}/ours"))["state"] == "ACTIVE"
    await ask(router, "POST", f"{THEIRS}?spokeId=theirs", linked("orders"))
    waiting = await ask(router, "GET", f"{THEIRS}/theirs")
    assert (waiting["state"], waiting["reasons"][0]["code"]) == ("INACTIVE", "PENDING_REVIEW")
    name = {"spokeUri": waiting["name"]}
    await ask(router, "POST", f"{HUBS}/h:rejectSpoke", {**name, "details": "Not now"})
    reason = (await ask(router, "GET", f"{THEIRS}/theirs"))["reasons"][0]
    assert (reason["code"], reason["userDetails"]) == ("REJECTED", "Not now")
    await ask(router, "POST", f"{HUBS}/h:acceptSpoke", name)
    accepted = await ask(router, "GET", f"{THEIRS}/theirs")
    assert (accepted["state"], accepted.get("reasons")) == ("ACTIVE", None)
    listed = (await ask(router, "GET", f"{HUBS}/h:listSpokes"))["spokes"]
    assert len(listed) == 2
    counts = (await ask(router, "GET", f"{HUBS}/h"))["spokeSummary"]["spokeTypeCounts"]
    assert counts == [{"spokeType": "VPC_NETWORK", "count": "2"}]


async def test_a_group_accepts_the_projects_that_it_lists(router: Router) -> None:
    body = {"autoAccept": {"autoAcceptProjects": ["orders"]}}
    await ask(router, "PATCH", f"{HUBS}/h/groups/edge?updateMask=autoAccept.autoAcceptProjects", body)
    await ask(router, "POST", f"{THEIRS}?spokeId=theirs", linked("orders"))
    assert (await ask(router, "GET", f"{THEIRS}/theirs"))["state"] == "ACTIVE"


async def test_a_network_is_the_spoke_of_one_hub_and_keeps_the_hub(router: Router) -> None:
    await ask(router, "POST", f"{SPOKES}?spokeId=one", linked())
    await ask(router, "POST", f"{SPOKES}?spokeId=two", linked(), 400)
    await ask(router, "DELETE", f"{HUBS}/h", status=400)
    await ask(router, "PATCH", f"{SPOKES}/one?updateMask=linkedVpcNetwork.uri", linked("orders"), 400)
    await ask(router, "DELETE", f"{SPOKES}/one")
    await ask(router, "DELETE", f"{HUBS}/h")


async def test_a_producers_network_needs_the_spoke_of_the_network_that_it_peers_with(router: Router) -> None:
    producer = {
        **linked(),
        "linkedVpcNetwork": None,
        "linkedProducerVpcNetwork": {"network": "projects/prices/global/networks/n", "peering": "p"},
    }
    await ask(router, "POST", f"{SPOKES}?spokeId=producer", producer, 404)
    peering = {"networkPeering": {"name": "p", "network": "projects/orders/global/networks/n"}}
    await ask(router, "POST", f"{COMPUTE}/prices/global/networks/n/addPeering", peering)
    await ask(router, "POST", f"{SPOKES}?spokeId=producer", producer, 400)
    await ask(router, "POST", f"{SPOKES}?spokeId=one", linked())
    await ask(router, "POST", f"{SPOKES}?spokeId=producer", producer)
    made = await ask(router, "GET", f"{SPOKES}/producer")
    below = (await ask(router, "GET", f"{SPOKES}/one"))["linkedVpcNetwork"]["producerVpcSpokes"]
    assert below == [made["name"]]
    await ask(router, "DELETE", f"{SPOKES}/one", status=400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"hub": HUB + "x"}, 404),
        ({"group": f"{HUB}/groups/default"}, 404),
        ({"group": ""}, 400),
        ({"linkedVpcNetwork": {"uri": "projects/prices/global/networks/none"}}, 404),
        ({"linkedVpcNetwork": {"uri": "projects/prices/global/networks/n", "excludeExportRanges": ["x"]}}, 400),
        ({"linkedVpnTunnels": {"uris": ["x"]}}, 400),
        ({"linkedVpcNetwork": None}, 400),
        ({"linkedVpcNetwork": None, "linkedVpnTunnels": {"uris": ["x"]}}, 403),
        ({"linkedVpcNetwork": None, "gateway": {"capacity": "CAPACITY_1_GBPS"}}, 501),
        ({"linkedVpcNetwork": None, "linkedInterconnectAttachments": {"uris": ["x"]}}, 501),
    ],
)
async def test_spokes_that_are_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{SPOKES}?spokeId=s", {**linked(), **change}, status)


async def test_a_regional_endpoint_holds_its_number(router: Router) -> None:
    place = f"{COMPUTE}/prices/regions/asia-south1"
    subnet = {"name": "s", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
    await ask(router, "POST", f"{place}/subnetworks", subnet)
    endpoints = f"{BASE}/prices/locations/asia-south1/regionalEndpoints"
    body: Json = {
        "targetGoogleApi": "storage.asia-south1.rep.googleapis.com",
        "accessType": "REGIONAL",
        "network": "projects/prices/global/networks/n",
        "subnetwork": "projects/prices/regions/asia-south1/subnetworks/s",
    }
    await ask(router, "POST", f"{endpoints}?regionalEndpointId=one", body)
    number = (await ask(router, "GET", f"{endpoints}/one"))["address"]
    await ask(router, "POST", f"{endpoints}?regionalEndpointId=two", {**body, "address": number}, 400)
    await ask(router, "POST", f"{endpoints}?regionalEndpointId=two", body)
    assert (await ask(router, "GET", f"{endpoints}/two"))["address"] != number
    elsewhere = {**body, "targetGoogleApi": "storage.us-east1.rep.googleapis.com"}
    await ask(router, "POST", f"{endpoints}?regionalEndpointId=three", elsewhere, 400)
    await ask(router, "POST", f"{endpoints}?regionalEndpointId=three", {**body, "address": "10.2.0.1"}, 400)
