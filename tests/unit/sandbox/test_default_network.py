"""The network that a new project has, and when it is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import orgpolicy, serviceusage
from sandbox.apis.compute import api as compute
from sandbox.apis.resourcemanager import api as resourcemanager
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

USED, MADE = "/compute/v1/projects/only-used/global", "/compute/v1/projects/made-here/global"
ENABLE = "/serviceusage/v1/projects/{}/services/compute.googleapis.com:enable"


@pytest.fixture
async def router(tmp_path: Path) -> AsyncIterator[Router]:
    with routing(tmp_path, compute.API, serviceusage.API, resourcemanager.API, orgpolicy.API) as made:
        assert serviceusage.API.start is not None
        await serviceusage.API.start(made.control)
        yield made


async def names(router: Router, url: str) -> set[str]:
    return {one["name"] for one in (await ask(router, "GET", url)).get("items") or []}


async def make(router: Router, **parent: Any) -> None:
    body = {"projectId": "made-here", "name": "Made here", **parent}
    await ask(router, "POST", "/cloudresourcemanager/v1/projects", body)


async def test_a_project_that_is_only_used_has_it_once_it_is_named(router: Router) -> None:
    await ask(router, "POST", ENABLE.format("only-used"), {})
    assert await names(router, f"{USED}/networks") == set()
    network = await ask(router, "GET", f"{USED}/networks/default")
    assert network["autoCreateSubnetworks"] is True and len(network["subnetworks"]) > 30
    assert network["description"] == "Default network for the project"
    rules = (await ask(router, "GET", f"{USED}/firewalls"))["items"]
    assert [rule["name"].removeprefix("default-allow-") for rule in rules] == ["icmp", "internal", "rdp", "ssh"]
    assert {rule["priority"] for rule in rules} == {65534}
    assert [rule["sourceRanges"] for rule in rules if rule["name"].endswith("internal")] == [["10.128.0.0/9"]]


async def test_an_internal_address_of_no_subnetwork_is_in_it(router: Router) -> None:
    await ask(router, "POST", ENABLE.format("only-used"), {})
    place = f"{USED.removesuffix('/global')}/regions/asia-south1/addresses"
    await ask(router, "POST", place, {"name": "a", "addressType": "INTERNAL"})
    made = await ask(router, "GET", f"{place}/a")
    assert made["subnetwork"].endswith("/regions/asia-south1/subnetworks/default")
    named = {"name": "b", "addressType": "INTERNAL", "network": "global/networks/default"}
    await ask(router, "POST", place, named, 400)


async def test_a_link_to_it_and_a_rule_of_no_network_name_it_too(router: Router) -> None:
    await ask(router, "POST", f"{USED}/firewalls", {"name": "any", "allowed": [{"IPProtocol": "tcp"}]})
    assert "default" in await names(router, f"{USED}/networks")
    route = {"name": "r", "network": "global/networks/default", "destRange": "192.0.2.0/24"}
    gateway = {"nextHopGateway": "global/gateways/default-internet-gateway"}
    await ask(router, "POST", "/compute/v1/projects/other-used/global/routes", {**route, **gateway})


async def test_a_project_that_is_made_has_it_with_compute_engine(router: Router) -> None:
    await make(router)
    assert await names(router, f"{MADE}/networks") == set()
    await ask(router, "POST", ENABLE.format("made-here"), {})
    assert await names(router, f"{MADE}/networks") == {"default"}


async def test_one_that_was_deleted_stays_away(router: Router) -> None:
    await ask(router, "GET", f"{USED}/networks/default")
    await ask(router, "DELETE", f"{USED}/networks/default", status=400)
    for rule in await names(router, f"{USED}/firewalls"):
        await ask(router, "DELETE", f"{USED}/firewalls/{rule}")
    await ask(router, "DELETE", f"{USED}/networks/default")
    await ask(router, "GET", f"{USED}/networks/default", status=404)
    await ask(router, "POST", f"{USED}/firewalls", {"name": "any", "allowed": [{"IPProtocol": "tcp"}]}, 404)
    await ask(router, "POST", f"{USED}/networks", {"name": "default", "autoCreateSubnetworks": False})


@pytest.mark.parametrize("above", ["projects/made-here", "folder", "organizations/77"])
async def test_a_policy_takes_it_away(router: Router, above: str) -> None:
    body = {"displayName": "Team", "parent": "organizations/77"}
    operation = await ask(router, "POST", "/cloudresourcemanager/v3/folders", body)
    folder = operation["response"]["name"]
    await make(router, parent={"type": "folder", "id": folder.partition("/")[2]})
    place = folder if above == "folder" else above
    policy = f"{place}/policies/compute.skipDefaultNetworkCreation"
    spec = {"rules": [{"enforce": True}]}
    await ask(router, "POST", f"/orgpolicy/v2/{place}/policies", {"name": policy, "spec": spec})
    await ask(router, "POST", ENABLE.format("made-here"), {})
    await ask(router, "GET", f"{MADE}/networks/default", status=404)
