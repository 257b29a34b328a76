"""What Compute Engine refuses of machines, disks and the groups that they are in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

PROJECT = "/compute/v1/projects/prices"
ZONE = f"{PROJECT}/zones/asia-south1-a"
SUBNET = "regions/asia-south1/subnetworks/one"
IMAGE = "projects/debian-cloud/global/images/family/debian-12"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API) as made:
        await ask(made, "POST", f"{PROJECT}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        subnet = {"name": "one", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(made, "POST", f"{PROJECT}/regions/asia-south1/subnetworks", subnet)
        yield made


def machine(name: str = "m", **changes: Any) -> Json:
    return {
        "name": name,
        "machineType": "zones/asia-south1-a/machineTypes/e2-micro",
        "disks": [{"boot": True, "autoDelete": True, "initializeParams": {"sourceImage": IMAGE}}],
        "networkInterfaces": [{"subnetwork": SUBNET}],
        **changes,
    }


async def test_a_machine_shows_what_the_control_plane_would_show(router: Router) -> None:
    body = machine(networkInterfaces=[{"subnetwork": SUBNET, "accessConfigs": [{}]}])
    await ask(router, "POST", f"{ZONE}/instances", body)
    made = await ask(router, "GET", f"{ZONE}/instances/m")
    (interface,), (disk,) = made["networkInterfaces"], made["disks"]
    assert made["status"] == "RUNNING"
    assert (interface["networkIP"], interface["name"]) == ("10.1.0.2", "nic0")
    assert interface["network"].endswith("/global/networks/n")
    assert interface["accessConfigs"][0]["natIP"]
    assert (disk["deviceName"], disk["diskSizeGb"]) == ("persistent-disk-0", "10")
    assert "initializeParams" not in disk
    made = await ask(router, "GET", f"{ZONE}/disks/m")
    assert made["sourceImage"].startswith(
        "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/debian-12-"
    )
    assert [user.rpartition("/")[2] for user in made["users"]] == ["m"]
    await ask(router, "DELETE", f"{ZONE}/instances/m")
    await ask(router, "GET", f"{ZONE}/disks/m", status=404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"networkInterfaces": [{"subnetwork": "regions/asia-south1/subnetworks/none"}]}, 404),
        ({"networkInterfaces": [{"network": "global/networks/none"}]}, 404),
        ({"networkInterfaces": [{"network": "global/networks/n"}]}, 400),
        ({"networkInterfaces": [{"subnetwork": SUBNET, "networkIP": "10.2.0.5"}]}, 400),
        ({"networkInterfaces": [{"subnetwork": SUBNET, "accessConfigs": [{"natIP": "1.2.3.4"}]}]}, 400),
        ({"networkInterfaces": []}, 400),
        ({"machineType": "zones/asia-south1-a/machineTypes/e9-huge"}, 404),
        ({"machineType": "zones/asia-south1-b/machineTypes/e2-micro"}, 400),
        ({"disks": []}, 400),
        ({"disks": [{"boot": True, "source": "zones/asia-south1-a/disks/none"}]}, 404),
        ({"disks": [{"boot": True, "initializeParams": {"sourceImage": f"{IMAGE}-none"}}]}, 404),
        ({"disks": [{"boot": True, "initializeParams": {"sourceImage": IMAGE, "diskSizeGb": "5"}}]}, 400),
        ({"scheduling": {"provisioningModel": "SPOT", "automaticRestart": True}}, 400),
        ({"metadata": {"items": [{"key": "a b", "value": "x"}]}}, 400),
        ({"tags": {"items": ["Web"]}}, 400),
        ({"instanceEncryptionKey": {"kmsKeyName": "k"}}, 501),
        ({"params": {"resourceManagerTags": {"tagKeys/1": "tagValues/2"}}}, 501),
    ],
)
async def test_a_machine_that_can_t_be_is_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{ZONE}/instances", machine(**change), status)
    await ask(router, "GET", f"{ZONE}/instances/m", status=404)
    await ask(router, "GET", f"{ZONE}/disks/m", status=404)


async def test_images_are_found_by_family_by_name_and_by_another_version_s_name(router: Router) -> None:
    images = "/compute/v1/projects/windows-cloud/global/images"
    newest = await ask(router, "GET", f"{images}/family/windows-2019")
    assert (await ask(router, "GET", f"{images}/{newest['name']}")) == newest
    older = await ask(router, "GET", f"{images}/windows-server-2019-dc-v20221214")
    assert (older["family"], older["name"]) == ("windows-2019", "windows-server-2019-dc-v20221214")
    await ask(router, "GET", f"{images}/windows-server-2019-dc-2022", status=404)
    await ask(router, "GET", f"{images}/family/none", status=404)
    listed = await ask(router, "GET", f"{images}?filter=family%20eq%20windows-2019")
    assert listed["items"] == [newest]


async def test_what_a_machine_uses_stays(router: Router) -> None:
    await ask(router, "POST", f"{ZONE}/disks", {"name": "data", "sizeGb": "20"})
    await ask(router, "POST", f"{ZONE}/instances", machine())
    data = {"source": "zones/asia-south1-a/disks/data"}
    await ask(router, "POST", f"{ZONE}/instances/m/attachDisk", data)
    await ask(router, "POST", f"{ZONE}/instances", machine("two"))
    await ask(router, "POST", f"{ZONE}/instances/two/attachDisk", data, 400)
    await ask(router, "DELETE", f"{ZONE}/disks/data", status=400)
    await ask(router, "DELETE", f"{PROJECT}/{SUBNET}", status=400)
    await ask(router, "POST", f"{ZONE}/disks/data/resize", {"sizeGb": "10"}, 400)
    taken = machine("three", networkInterfaces=[{"subnetwork": SUBNET, "networkIP": "10.1.0.2"}])
    await ask(router, "POST", f"{ZONE}/instances", taken, 400)
    await ask(router, "POST", f"{ZONE}/instances/m/detachDisk?deviceName=none", {}, 400)
    await ask(router, "POST", f"{ZONE}/instances/m/detachDisk?deviceName=persistent-disk-1", {})
    await ask(router, "DELETE", f"{ZONE}/disks/data")


async def test_some_changes_need_a_machine_that_is_stopped_and_none_may_be_stale(router: Router) -> None:
    await ask(router, "POST", f"{ZONE}/instances", machine())
    kind = {"machineType": "zones/asia-south1-a/machineTypes/e2-medium"}
    one = f"{ZONE}/instances/m"
    await ask(router, "POST", f"{one}/setMachineType", kind, 400)
    await ask(router, "POST", f"{one}/stop", {})
    await ask(router, "POST", f"{one}/setMachineType", kind)
    await ask(router, "POST", f"{one}/suspend", {}, 400)
    await ask(router, "POST", f"{one}/start", {})
    made = await ask(router, "GET", one)
    assert (made["status"], made["machineType"].rpartition("/")[2]) == ("RUNNING", "e2-medium")
    tags = {"items": ["web"], "fingerprint": made["tags"]["fingerprint"]}
    await ask(router, "POST", f"{one}/setTags", tags)
    await ask(router, "POST", f"{one}/setTags", tags, 412)
    await ask(router, "PUT", one, {**await ask(router, "GET", one), "hostname": "a.example.com"}, 501)
    await ask(router, "PUT", one, {**await ask(router, "GET", one), "description": "new"})
    await ask(router, "POST", f"{one}/setDeletionProtection?deletionProtection=true", {})
    await ask(router, "DELETE", one, status=400)
    await ask(router, "GET", f"{one}/serialPort", status=501)


async def test_a_group_has_machines_of_its_zone_until_they_go(router: Router) -> None:
    await ask(router, "POST", f"{ZONE}/instanceGroups", {"name": "g"})
    await ask(router, "POST", f"{ZONE}/instances", machine())
    group, named = f"{ZONE}/instanceGroups/g", {"instances": [{"instance": "zones/asia-south1-a/instances/m"}]}
    await ask(router, "POST", f"{group}/removeInstances", named, 400)
    await ask(router, "POST", f"{group}/addInstances", named)
    await ask(router, "POST", f"{group}/addInstances", named, 400)
    missing = {"instances": [{"instance": "zones/asia-south1-a/instances/none"}]}
    await ask(router, "POST", f"{group}/addInstances", missing, 404)
    made = await ask(router, "GET", group)
    assert (made["size"], made["network"].rpartition("/")[2]) == (1, "n")
    (one,) = (await ask(router, "POST", f"{group}/listInstances", {}))["items"]
    assert (one["status"], one["instance"].rpartition("/")[2]) == ("RUNNING", "m")
    await ask(router, "DELETE", f"{ZONE}/instances/m")
    assert (await ask(router, "GET", group))["size"] == 0


async def test_a_resource_policy_is_of_one_kind_and_kept_while_a_disk_has_it(router: Router) -> None:
    place = f"{PROJECT}/regions/asia-south1/resourcePolicies"
    await ask(router, "POST", place, {"name": "p"}, 400)
    schedule = {"schedule": {"dailySchedule": {"daysInCycle": 1, "startTime": "04:00"}}}
    await ask(router, "POST", place, {"name": "p", "snapshotSchedulePolicy": schedule})
    await ask(router, "POST", f"{ZONE}/disks", {"name": "d"})
    named = {"resourcePolicies": ["regions/asia-south1/resourcePolicies/p"]}
    await ask(router, "POST", f"{ZONE}/disks/d/addResourcePolicies", named)
    await ask(router, "DELETE", f"{place}/p", status=400)
    await ask(router, "POST", f"{ZONE}/disks/d/removeResourcePolicies", named)
    await ask(router, "DELETE", f"{place}/p")
    replicas = ["zones/asia-south1-a", "zones/us-east1-b"]
    disks = f"{PROJECT}/regions/asia-south1/disks"
    await ask(router, "POST", disks, {"name": "d", "sizeGb": "10", "replicaZones": replicas}, 400)


TEMPLATES = f"{PROJECT}/global/instanceTemplates"


def template(name: str = "t", **changes: Any) -> Json:
    made = machine(machineType="e2-micro", **changes)
    del made["name"]
    return {"name": name, "properties": made}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"networkInterfaces": [{"network": "global/networks/none"}]}, 404),
        ({"networkInterfaces": [{"subnetwork": "regions/asia-south1/subnetworks/none"}]}, 404),
        ({"disks": [{"boot": True, "initializeParams": {"sourceImage": f"{IMAGE}-none"}}]}, 404),
        ({"disks": [{"boot": True, "initializeParams": {"diskType": "pd-none"}}]}, 404),
        ({"disks": [{"initializeParams": {"sourceImage": IMAGE}}]}, 400),
        ({"disks": [{"boot": True, "initializeParams": {"storagePool": "zones/asia-south1-a/storagePools/s"}}]}, 501),
        ({"tags": {"items": ["Web"]}}, 400),
        ({"resourceManagerTags": {"tagKeys/1": "tagValues/2"}}, 501),
    ],
)
async def test_a_template_of_what_can_t_be_is_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", TEMPLATES, template(**change), status)
    await ask(router, "GET", f"{TEMPLATES}/t", status=404)


async def test_a_template_answers_to_its_number_and_keeps_what_it_names(router: Router) -> None:
    await ask(router, "POST", TEMPLATES, template())
    made = await ask(router, "GET", f"{TEMPLATES}/t")
    assert (await ask(router, "GET", f"{TEMPLATES}/{made['id']}"))["name"] == "t"
    (disk,) = made["properties"]["disks"]
    assert (disk["type"], disk["mode"], disk["deviceName"]) == ("PERSISTENT", "READ_WRITE", "persistent-disk-0")
    await ask(router, "POST", TEMPLATES, template(), 409)
    await ask(router, "DELETE", f"{PROJECT}/{SUBNET}", status=400)
    await ask(router, "PATCH", f"{TEMPLATES}/t", {"description": "new"}, 501)
    elsewhere = f"{PROJECT}/regions/us-east1/instanceTemplates"
    await ask(router, "POST", elsewhere, template(), 400)
    await ask(router, "DELETE", f"{TEMPLATES}/{made['id']}")
    await ask(router, "DELETE", f"{PROJECT}/{SUBNET}")


async def test_a_reserved_address_is_in_use_while_a_machine_has_it(router: Router) -> None:
    there = f"{PROJECT}/regions/asia-south1/addresses"
    await ask(router, "POST", there, {"name": "outside"})
    inside = {"name": "inside", "addressType": "INTERNAL", "subnetwork": SUBNET, "address": "10.1.0.9"}
    await ask(router, "POST", there, inside)
    number = (await ask(router, "GET", f"{there}/outside"))["address"]
    interface = {"subnetwork": SUBNET, "networkIP": "10.1.0.9", "accessConfigs": [{"natIP": number}]}
    await ask(router, "POST", f"{ZONE}/instances", machine(networkInterfaces=[interface]))
    for name in ("outside", "inside"):
        found = await ask(router, "GET", f"{there}/{name}")
        assert (found["status"], [user.rpartition("/")[2] for user in found["users"]]) == ("IN_USE", ["m"])
        await ask(router, "DELETE", f"{there}/{name}", status=400)
    await ask(router, "DELETE", f"{ZONE}/instances/m")
    found = await ask(router, "GET", f"{there}/outside")
    assert (found["status"], found.get("users")) == ("RESERVED", None)
    await ask(router, "DELETE", f"{there}/outside")


async def test_an_interface_of_no_network_is_in_the_one_called_default(router: Router) -> None:
    bare = template("bare")
    bare["properties"]["networkInterfaces"] = [{}]
    await ask(router, "POST", TEMPLATES, bare)
    (interface,) = (await ask(router, "GET", f"{TEMPLATES}/bare"))["properties"]["networkInterfaces"]
    assert interface["network"].endswith("/global/networks/default")
