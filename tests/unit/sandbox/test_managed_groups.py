"""Managed groups make machines of templates, and autoscalers keep their sizes in bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing
from tests.unit.sandbox.test_machines import PROJECT, SUBNET, TEMPLATES, ZONE, Json, template

MANAGERS = f"{ZONE}/instanceGroupManagers"
REGION = f"{PROJECT}/regions/asia-south1"
OLD, NEW = "global/instanceTemplates/old", "global/instanceTemplates/new"


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API) as made:
        await ask(made, "POST", f"{PROJECT}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        subnet = {"name": "one", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(made, "POST", f"{REGION}/subnetworks", subnet)
        for name in ("old", "new"):
            await ask(made, "POST", TEMPLATES, template(name))
        yield made


def manager(name: str = "g", size: int = 2, **more: Any) -> Json:
    return {"name": name, "targetSize": size, "versions": [{"instanceTemplate": OLD}], **more}


async def members(router: Router, place: str = f"{MANAGERS}/g") -> list[str]:
    found = (await ask(router, "POST", f"{place}/listManagedInstances", {})).get("managedInstances") or []
    return [one["instance"].partition("/compute/v1")[2] for one in found]


async def template_of(router: Router, machine: str) -> str:
    items = (await ask(router, "GET", f"/compute/v1{machine}"))["metadata"]["items"]
    return next(str(item["value"]) for item in items if item["key"] == "instance-template").rpartition("/")[2]


async def test_a_group_has_as_many_machines_as_are_wanted(router: Router) -> None:
    await ask(router, "POST", MANAGERS, manager(baseInstanceName="web", namedPorts=[{"name": "http", "port": 80}]))
    first = await members(router)
    assert [name.rpartition("/")[2][:4] for name in first] == ["web-", "web-"]
    made = await ask(router, "GET", f"{MANAGERS}/g")
    assert made["status"]["isStable"]
    assert made["namedPorts"] == [{"name": "http", "port": 80}]
    assert made["instanceGroup"].endswith("/zones/asia-south1-a/instanceGroups/g")
    await ask(router, "POST", f"{MANAGERS}/g/resize?size=3", {})
    grown = await members(router)
    assert grown[:2] == first
    await ask(router, "POST", f"{MANAGERS}/g/resize?size=1", {})
    assert await members(router) == first[:1]
    group = f"{ZONE}/instanceGroups/g"
    assert (await ask(router, "GET", group))["size"] == 1
    await ask(router, "POST", f"{group}/addInstances", {"instances": [{"instance": grown[2]}]}, 400)
    await ask(router, "DELETE", group, status=400)
    await ask(router, "DELETE", f"{TEMPLATES}/old", status=400)
    await ask(router, "DELETE", f"{MANAGERS}/g")
    await ask(router, "GET", group, status=404)
    await ask(router, "GET", f"/compute/v1{first[0]}", status=404)
    await ask(router, "DELETE", f"{TEMPLATES}/old")


async def test_a_proactive_change_makes_machines_anew_and_an_opportunistic_one_waits(router: Router) -> None:
    await ask(router, "POST", MANAGERS, manager())
    one, old = f"{MANAGERS}/g", await members(router)
    change: Json = {"versions": [{"instanceTemplate": NEW}]}
    await ask(router, "PATCH", one, change, 400)
    stands = await ask(router, "GET", one)
    await ask(router, "PATCH", one, {**change, "fingerprint": stands["fingerprint"]})
    assert await members(router) == old
    stands = await ask(router, "GET", one)
    assert not stands["status"]["versionTarget"]["isReached"]
    canary = [{"instanceTemplate": OLD, "targetSize": {"fixed": 1}}, {"instanceTemplate": NEW}]
    change = {"versions": canary, "updatePolicy": {"type": "PROACTIVE"}, "fingerprint": stands["fingerprint"]}
    await ask(router, "PATCH", one, change)
    assert [await template_of(router, name) for name in await members(router)] == ["old", "new"]
    stands = await ask(router, "GET", one)
    assert stands["status"]["versionTarget"]["isReached"]
    sizes = [version["targetSize"] for version in stands["versions"]]
    assert sizes == [{"fixed": 1, "calculated": 1}, {"calculated": 1}]


async def test_a_region_s_group_spreads_its_machines_over_zones(router: Router) -> None:
    place = f"{REGION}/instanceGroupManagers"
    zones = [{"zone": f"zones/asia-south1-{letter}"} for letter in "ab"]
    await ask(router, "POST", place, manager(size=4, distributionPolicy={"zones": zones}))
    found = sorted(name.split("/")[4] for name in await members(router, f"{place}/g"))
    assert found == ["asia-south1-a", "asia-south1-a", "asia-south1-b", "asia-south1-b"]
    listed = await ask(router, "POST", f"{REGION}/instanceGroups/g/listInstances", {})
    assert len(listed["items"]) == 4
    await ask(router, "POST", f"{REGION}/instanceGroups", {"name": "h"}, 501)
    elsewhere = {"zones": [{"zone": "zones/us-east1-b"}]}
    await ask(router, "POST", place, manager("h", distributionPolicy=elsewhere), 400)
    policy = {"maxSurge": {"fixed": 1}}
    await ask(router, "POST", place, manager("h", distributionPolicy={"zones": zones}, updatePolicy=policy), 400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"versions": [{"instanceTemplate": "global/instanceTemplates/none"}]}, 404),
        ({"versions": []}, 400),
        ({"versions": [{"instanceTemplate": OLD}, {"instanceTemplate": NEW}]}, 400),
        ({"targetSize": 5000}, 400),
        ({"updatePolicy": {"type": "SOMETIMES"}}, 400),
        ({"updatePolicy": {"maxSurge": {"fixed": 0}, "maxUnavailable": {"fixed": 0}}}, 400),
        ({"autoHealingPolicies": [{"healthCheck": "global/healthChecks/none"}]}, 404),
        ({"targetPools": ["regions/asia-south1/targetPools/p"]}, 404),
        ({"targetPools": ["regions/us-east1/backendServices/p"]}, 404),
        ({"statefulPolicy": {"preservedState": {"disks": {"data": {"autoDelete": "NEVER"}}}}}, 400),
    ],
)
async def test_a_group_that_can_t_be_is_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", MANAGERS, {**manager(), **change}, status)
    await ask(router, "GET", f"{ZONE}/instanceGroups/g", status=404)


async def test_an_autoscaler_keeps_a_group_s_size_in_its_bounds(router: Router) -> None:
    await ask(router, "POST", MANAGERS, manager(size=0))
    place, target = f"{ZONE}/autoscalers", "zones/asia-south1-a/instanceGroupManagers/g"
    scaler: Json = {"name": "s", "target": target, "autoscalingPolicy": {"minNumReplicas": 2, "maxNumReplicas": 1}}
    await ask(router, "POST", place, scaler, 400)
    scaler["autoscalingPolicy"]["maxNumReplicas"] = 3
    await ask(router, "POST", place, {**scaler, "target": f"{target}-none"}, 404)
    await ask(router, "POST", place, scaler)
    assert len(await members(router)) == 2
    await ask(router, "POST", place, {**scaler, "name": "other"}, 400)
    await ask(router, "DELETE", f"{MANAGERS}/g", status=400)
    made = await ask(router, "GET", f"{place}/s")
    assert (made["status"], made["recommendedSize"]) == ("ACTIVE", 2)
    await ask(
        router,
        "PUT",
        f"{place}?autoscaler=s",
        {**scaler, "autoscalingPolicy": {"minNumReplicas": 1, "maxNumReplicas": 1}},
    )
    assert len(await members(router)) == 1
    assert (await ask(router, "GET", f"{MANAGERS}/g"))["status"]["autoscaler"].endswith("/autoscalers/s")
    await ask(router, "DELETE", f"{place}/s")
    await ask(router, "DELETE", f"{MANAGERS}/g")
    await ask(router, "DELETE", f"{PROJECT}/{SUBNET}", status=400)


async def test_a_machine_that_is_deleted_by_itself_is_made_again(router: Router) -> None:
    await ask(router, "POST", MANAGERS, manager())
    first = await members(router)
    before = (await ask(router, "GET", f"/compute/v1{first[0]}"))["id"]
    await ask(router, "DELETE", f"/compute/v1{first[0]}")
    assert sorted(await members(router)) == sorted(first)
    assert (await ask(router, "GET", f"/compute/v1{first[0]}"))["id"] != before
    assert await template_of(router, first[0]) == "old"
    await ask(router, "DELETE", f"{MANAGERS}/g")
    await ask(router, "GET", f"/compute/v1{first[0]}", status=404)


async def test_a_machine_of_a_template_has_what_is_said_besides(router: Router) -> None:
    source = "projects/prices/global/instanceTemplates/old"
    body = {"name": "own", "machineType": "zones/asia-south1-a/machineTypes/e2-small", "tags": {}}
    await ask(router, "POST", f"{ZONE}/instances?sourceInstanceTemplate={source}", body)
    made = await ask(router, "GET", f"{ZONE}/instances/own")
    assert made["machineType"].endswith("/e2-small")
    assert made["networkInterfaces"][0]["subnetwork"].endswith("/subnetworks/one")
    await ask(router, "POST", f"{ZONE}/instances?sourceInstanceTemplate={source}x", {"name": "none"}, 404)
