"""What managed groups keep of their machines: by a policy, and by configurations of single ones."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing
from tests.unit.sandbox.test_machines import IMAGE, SUBNET, TEMPLATES, ZONE, Json, template
from tests.unit.sandbox.test_managed_groups import MANAGERS, PROJECT, REGION, members

STATEFUL = "global/instanceTemplates/stateful"
GROUP = f"{MANAGERS}/g"
DISK = "projects/prices/zones/asia-south1-a/disks"


@pytest.fixture
async def router(tmp_path: Any) -> Any:
    with routing(tmp_path, compute.API) as made:
        await ask(made, "POST", f"{PROJECT}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        subnet = {"name": "one", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(made, "POST", f"{REGION}/subnetworks", subnet)
        for name in ("stateful", "newer"):
            body = template(name)
            body["properties"]["disks"] = [
                {"boot": True, "autoDelete": True, "initializeParams": {"sourceImage": IMAGE}},
                {"deviceName": "data", "autoDelete": True, "initializeParams": {"diskSizeGb": "10", "diskName": ""}},
            ]
            body["properties"]["networkInterfaces"] = [{"subnetwork": SUBNET, "accessConfigs": [{}]}]
            await ask(made, "POST", TEMPLATES, body)
        yield made


def group(size: int = 1, **policy: Json) -> Json:
    body: Json = {"name": "g", "targetSize": size, "versions": [{"instanceTemplate": STATEFUL}]}
    return {**body, "statefulPolicy": {"preservedState": policy}} if policy else body


async def machine(router: Router, at: int = 0) -> Any:
    return await ask(router, "GET", f"/compute/v1{(await members(router))[at]}")


async def configs(router: Router) -> dict[str, str]:
    found = (await ask(router, "POST", f"{GROUP}/listPerInstanceConfigs", {})).get("items") or []
    return {one["name"]: one["status"] for one in found}


def disk_of(found: Any, device: str = "data") -> Any:
    return next((one for one in found["disks"] if one["deviceName"] == device), None)


async def test_a_policy_keeps_disks_and_numbers_of_machines_that_are_made_anew(router: Router) -> None:
    rule = {"autoDelete": "ON_PERMANENT_INSTANCE_DELETION"}
    kept = {"disks": {"data": {}}, "internalIPs": {"nic0": rule}, "externalIPs": {"nic0": rule}}
    await ask(router, "POST", MANAGERS, group(**kept))
    assert (await ask(router, "GET", GROUP))["status"]["stateful"]["hasStatefulConfig"]
    before = await machine(router)
    assert not disk_of(before)["autoDelete"]
    card = before["networkInterfaces"][0]
    addresses = (await ask(router, "GET", f"{REGION}/addresses"))["items"]
    held = {card["networkIP"], card["accessConfigs"][0]["natIP"]}
    assert {one["address"] for one in addresses} == held
    listed = (await ask(router, "POST", f"{GROUP}/listManagedInstances", {}))["managedInstances"][0]
    state = listed["preservedStateFromPolicy"]
    assert state["disks"]["data"]["source"] == disk_of(before)["source"]
    assert "/addresses/" in state["internalIPs"]["nic0"]["ipAddress"]["address"]

    await ask(router, "DELETE", f"/compute/v1{(await members(router))[0]}")  # it heals
    healed = await machine(router)
    await ask(router, "POST", f"{GROUP}/recreateInstances", {"instances": [healed["selfLink"]]})
    fingerprint = (await ask(router, "GET", GROUP))["fingerprint"]
    change = {"versions": [{"instanceTemplate": STATEFUL.replace("stateful", "newer")}], "fingerprint": fingerprint}
    await ask(router, "PATCH", GROUP, {**change, "updatePolicy": {"type": "PROACTIVE"}})
    for after in (healed, await machine(router)):
        assert after["id"] != before["id"]
        assert after["name"] == before["name"]
        assert disk_of(after)["source"] == disk_of(before)["source"]
        card = after["networkInterfaces"][0]
        assert {card["networkIP"], card["accessConfigs"][0]["natIP"]} == held
    await ask(router, "POST", f"{GROUP}/deleteInstances", {"instances": [before["selfLink"]]})
    assert (await ask(router, "GET", GROUP))["targetSize"] == 0
    assert "items" not in await ask(router, "GET", f"{REGION}/addresses")
    disks = (await ask(router, "GET", f"{ZONE}/disks"))["items"]
    assert [one["selfLink"] for one in disks] == [disk_of(before)["source"]]


async def test_a_policy_reaches_machines_that_are_there(router: Router) -> None:
    await ask(router, "POST", MANAGERS, group())
    assert disk_of(await machine(router))["autoDelete"]

    async def change(policy: Json | None) -> None:
        fingerprint = (await ask(router, "GET", GROUP))["fingerprint"]
        await ask(router, "PATCH", GROUP, {"statefulPolicy": policy, "fingerprint": fingerprint})

    await change({"preservedState": {"disks": {"data": {"autoDelete": "NEVER"}}, "internalIPs": {"nic0": {}}}})
    found = await machine(router)
    assert not disk_of(found)["autoDelete"]
    (address,) = (await ask(router, "GET", f"{REGION}/addresses"))["items"]
    assert address["address"] == found["networkInterfaces"][0]["networkIP"]
    await change({"preservedState": {"internalIPs": {"nic0": None}}})
    assert "internalIPs" not in (await ask(router, "GET", GROUP))["statefulPolicy"]["preservedState"]
    await change(None)
    assert disk_of(await machine(router))["autoDelete"]
    assert not (await ask(router, "GET", GROUP))["status"]["stateful"]["hasStatefulConfig"]


async def test_a_machine_is_made_by_name_with_a_state_of_its_own(router: Router) -> None:
    await ask(router, "POST", f"{ZONE}/disks", {"name": "own", "sizeGb": "10"})
    await ask(router, "POST", MANAGERS, group())
    state = {"metadata": {"mode": "active"}, "disks": {"data": {"source": f"{DISK}/own"}}}
    made = {"name": "node-1", "preservedState": state}
    await ask(router, "POST", f"{GROUP}/createInstances", {"instances": [{**made, "name": "Node"}]}, 400)
    none = {"name": "node-1", "preservedState": {"disks": {"data": {"source": f"{DISK}/none"}}}}
    await ask(router, "POST", f"{GROUP}/createInstances", {"instances": [none]}, 404)
    await ask(router, "POST", f"{GROUP}/createInstances", {"instances": [made]})
    await ask(router, "POST", f"{GROUP}/createInstances", {"instances": [made]}, 409)
    assert (await ask(router, "GET", GROUP))["targetSize"] == 2
    assert await configs(router) == {"node-1": "EFFECTIVE"}
    node = await ask(router, "GET", f"{ZONE}/instances/node-1")
    assert disk_of(node)["source"].endswith("/disks/own")
    assert {"key": "mode", "value": "active"} in node["metadata"]["items"]
    listed = (await ask(router, "POST", f"{GROUP}/listManagedInstances", {}))["managedInstances"]
    assert [one.get("preservedStateFromConfig", {}).get("metadata") for one in listed] == [None, {"mode": "active"}]
    await ask(router, "DELETE", f"{ZONE}/disks/own", status=400)
    await ask(router, "POST", f"{GROUP}/resize?size=1", {})
    assert await configs(router) == {}
    await ask(router, "DELETE", f"{ZONE}/disks/own")


async def test_a_configuration_is_applied_when_that_is_asked_for(router: Router) -> None:
    await ask(router, "POST", f"{ZONE}/disks", {"name": "own", "sizeGb": "10"})
    await ask(router, "POST", MANAGERS, group())
    first = await machine(router)
    name, link = first["name"], {"instances": [first["selfLink"]]}

    async def say(verb: str, body: Json, status: int = 200) -> None:
        await ask(router, "POST", f"{GROUP}/{verb}", body, status)

    await say("updatePerInstanceConfigs", {"perInstanceConfigs": [{"name": "nobody"}]}, 400)
    state = {"metadata": {"mode": "active"}}
    await say("updatePerInstanceConfigs", {"perInstanceConfigs": [{"name": name, "preservedState": state}]})
    more = {"disks": {"extra": {"source": f"{DISK}/own", "mode": "READ_ONLY"}}}
    await say("patchPerInstanceConfigs", {"perInstanceConfigs": [{"name": name, "preservedState": more}]})
    assert await configs(router) == {name: "UNAPPLIED"}
    for verb, field in (("listPerInstanceConfigs", "items"), ("listManagedInstances", "managedInstances")):
        assert field in await ask(router, "POST", f'{GROUP}/{verb}?filter=name="{name}"', {})
        assert field not in await ask(router, "POST", f'{GROUP}/{verb}?filter=name="other"', {})
    assert disk_of(await machine(router), "extra") is None
    await say("applyUpdatesToInstances", {**link, "mostDisruptiveAllowedAction": "NONE"}, 400)
    await say("applyUpdatesToInstances", {**link, "minimalAction": "SOME"}, 400)
    await say("applyUpdatesToInstances", link)
    found = await machine(router)
    assert (await configs(router), found["id"]) == ({name: "EFFECTIVE"}, first["id"])
    assert disk_of(found, "extra")["mode"] == "READ_ONLY"
    assert {"key": "mode", "value": "active"} in found["metadata"]["items"]

    await say("deletePerInstanceConfigs", {"names": [name]})
    assert await configs(router) == {name: "UNAPPLIED_DELETION"}
    await say("applyUpdatesToInstances", {"allInstances": True, "minimalAction": "REPLACE"})
    found = await machine(router)
    assert (await configs(router), found["name"]) == ({}, name)
    assert found["id"] != first["id"]
    assert disk_of(found, "extra") is None
    assert "mode" not in [item["key"] for item in found["metadata"]["items"]]
    await say("abandonInstances", link)
    assert await members(router) == []
    await ask(router, "GET", f"{ZONE}/instances/{name}")


async def test_a_group_that_is_scaled_or_spread_anew_keeps_nothing(router: Router) -> None:
    await ask(router, "POST", MANAGERS, group(disks={"data": {}}))
    target = "zones/asia-south1-a/instanceGroupManagers/g"
    scaler = {"name": "s", "target": target, "autoscalingPolicy": {"maxNumReplicas": 3}}
    await ask(router, "POST", f"{ZONE}/autoscalers", scaler, 400)
    spread = {**group(disks={"data": {}}), "distributionPolicy": {"zones": [{"zone": "zones/asia-south1-a"}]}}
    place = f"{REGION}/instanceGroupManagers"
    await ask(router, "POST", place, spread, 400)
    await ask(router, "POST", place, {**spread, "updatePolicy": {"instanceRedistributionType": "NONE"}})
    for wrong in ({"disks": {"none": {}}}, {"internalIPs": {"nic7": {}}}, {"disks": {"data": {"autoDelete": "SOON"}}}):
        await ask(router, "POST", MANAGERS, {**group(**wrong), "name": "h"}, 400)
