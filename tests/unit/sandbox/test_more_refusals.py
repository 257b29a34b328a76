"""What Certificate Manager, Service Directory, Firestore, peerings and firewall policies refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import certificatemanager, firestore, servicedirectory
from sandbox.apis.compute import api as compute
from sandbox.apis.run import api as run
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

CERTIFICATES = "/certificatemanager/v1/projects/prices/locations/global"
DIRECTORY = "/servicedirectory/v1/projects/prices/locations/asia-south1/namespaces"
DATABASES = "/firestore/v1/projects/prices/databases"
NETWORKS = "/compute/v1/projects/prices/global/networks"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API, certificatemanager.API, servicedirectory.API, firestore.API) as made:
        yield made


async def test_a_wildcard_needs_a_proof_and_a_map_is_kept_while_it_has_entries(router: Router) -> None:
    wildcard = {"managed": {"domains": ["*.example.com"]}}
    await ask(router, "POST", f"{CERTIFICATES}/certificates?certificateId=c", {}, 400)
    await ask(router, "POST", f"{CERTIFICATES}/certificates?certificateId=c", wildcard, 400)
    proof = {"domain": "example.com"}
    await ask(router, "POST", f"{CERTIFICATES}/dnsAuthorizations?dnsAuthorizationId=d", proof)
    record = (await ask(router, "GET", f"{CERTIFICATES}/dnsAuthorizations/d"))["dnsResourceRecord"]
    assert (record["name"], record["type"]) == ("_acme-challenge.example.com.", "CNAME")
    wildcard["managed"]["dnsAuthorizations"] = ["projects/prices/locations/global/dnsAuthorizations/d"]
    await ask(router, "POST", f"{CERTIFICATES}/certificates?certificateId=c", wildcard)

    await ask(router, "POST", f"{CERTIFICATES}/certificateMaps?certificateMapId=m", {})
    entries = f"{CERTIFICATES}/certificateMaps/m/certificateMapEntries"
    entry: dict[str, Any] = {"hostname": "a.example.com", "certificates": [f"{CERTIFICATES[27:]}/certificates/none"]}
    await ask(router, "POST", f"{entries}?certificateMapEntryId=e", entry, 404)
    entry["certificates"] = ["projects/prices/locations/global/certificates/c"]
    await ask(router, "POST", f"{entries}?certificateMapEntryId=e", {**entry, "matcher": "PRIMARY"}, 400)
    await ask(router, "POST", f"{entries}?certificateMapEntryId=e", entry)
    await ask(router, "POST", f"{entries}?certificateMapEntryId=f", entry, 400)
    await ask(router, "DELETE", f"{CERTIFICATES}/certificates/c", status=400)
    await ask(router, "DELETE", f"{CERTIFICATES}/certificateMaps/m", status=400)
    await ask(router, "DELETE", f"{entries}/e")
    await ask(router, "DELETE", f"{CERTIFICATES}/certificateMaps/m")


async def test_a_service_resolves_to_its_endpoints(router: Router) -> None:
    await ask(router, "POST", f"{DIRECTORY}?namespaceId=n", {})
    await ask(router, "POST", f"{DIRECTORY}/n/services?serviceId=s", {"annotations": {"a": "x" * 2000}}, 400)
    await ask(router, "POST", f"{DIRECTORY}/n/services?serviceId=s", {})
    place = f"{DIRECTORY}/n/services/s/endpoints"
    await ask(router, "POST", f"{place}?endpointId=e", {"port": 70_000}, 400)
    await ask(router, "POST", f"{place}?endpointId=e", {"network": "default"}, 400)
    await ask(router, "POST", f"{place}?endpointId=e", {"address": "10.0.0.2", "port": 80})
    found = (await ask(router, "POST", f"{DIRECTORY}/n/services/s:resolve", {}))["service"]["endpoints"]
    assert [(one["address"], one["port"]) for one in found] == [("10.0.0.2", 80)]


async def test_a_database_that_is_protected_stays_and_an_index_is_made_once(router: Router) -> None:
    await ask(router, "POST", f"{DATABASES}?databaseId=main", {"locationId": "moon", "type": "FIRESTORE_NATIVE"}, 400)
    body = {"locationId": "eur3", "type": "FIRESTORE_NATIVE", "deleteProtectionState": "DELETE_PROTECTION_ENABLED"}
    await ask(router, "POST", f"{DATABASES}?databaseId=main", body)
    await ask(router, "DELETE", f"{DATABASES}/main", status=400)

    indexes = f"{DATABASES}/main/collectionGroups/quotes/indexes"
    await ask(router, "POST", indexes, {"fields": [{"fieldPath": "symbol"}]}, 400)
    fields = {"fields": [{"fieldPath": "symbol", "order": "DESCENDING"}]}
    made = (await ask(router, "POST", indexes, fields))["response"]
    assert made["fields"][-1] == {"fieldPath": "__name__", "order": "DESCENDING"}
    await ask(router, "POST", indexes, fields, 409)
    schedules = f"{DATABASES}/main/backupSchedules"
    await ask(router, "POST", schedules, {"retention": "a week", "dailyRecurrence": {}}, 400)
    await ask(router, "POST", schedules, {"retention": "604800s", "dailyRecurrence": {}})
    await ask(router, "POST", schedules, {"retention": "604800s", "dailyRecurrence": {}}, 400)


async def test_a_peering_is_active_once_there_is_one_back(router: Router) -> None:
    for name in ("a", "b"):
        await ask(router, "POST", NETWORKS, {"name": name, "autoCreateSubnetworks": False})
        subnet = {"name": name, "network": f"global/networks/{name}", "ipCidrRange": "10.0.0.0/24"}
        await ask(router, "POST", "/compute/v1/projects/prices/regions/asia-south1/subnetworks", subnet)
    to_b, to_a = ({"networkPeering": {"name": "p", "network": f"global/networks/{peer}"}} for peer in "ba")
    await ask(router, "POST", f"{NETWORKS}/a/addPeering", to_b, 400)  # their ranges overlap
    await ask(router, "DELETE", "/compute/v1/projects/prices/regions/asia-south1/subnetworks/b")
    await ask(router, "POST", f"{NETWORKS}/a/addPeering", to_b)
    await ask(router, "POST", f"{NETWORKS}/a/addPeering", to_b, 409)
    assert (await ask(router, "GET", f"{NETWORKS}/a"))["peerings"][0]["state"] == "INACTIVE"

    await ask(router, "POST", f"{NETWORKS}/b/addPeering", to_a)
    assert (await ask(router, "GET", f"{NETWORKS}/a"))["peerings"][0]["state"] == "ACTIVE"
    await ask(router, "POST", f"{NETWORKS}/b/removePeering", {"name": "p"})
    await ask(router, "POST", f"{NETWORKS}/b/removePeering", {"name": "p"}, 404)
    assert (await ask(router, "GET", f"{NETWORKS}/a"))["peerings"][0]["state"] == "INACTIVE"


POLICIES = "/compute/v1/projects/prices/global/firewallPolicies"
ABOVE = "/compute/v1/locations/global/firewallPolicies"


def _rule(**fields: Any) -> dict[str, Any]:
    match = {"srcIpRanges": ["10.0.0.0/8"], "layer4Configs": [{"ipProtocol": "tcp"}]}
    return {"priority": 1, "action": "allow", "direction": "INGRESS", "match": match, **fields}


async def test_a_network_has_one_firewall_policy_whose_rules_have_a_priority_each(router: Router) -> None:
    await ask(router, "POST", NETWORKS, {"name": "a", "autoCreateSubnetworks": False})
    for name in ("one", "two"):
        await ask(router, "POST", POLICIES, {"name": name})
    for wrong in (
        _rule(priority=2_147_483_647),
        _rule(action="wave through"),
        _rule(direction="EGRESS"),
        _rule(match={"layer4Configs": [{"ipProtocol": "tcp"}]}),
        _rule(match={"srcIpRanges": ["ten"], "layer4Configs": [{"ipProtocol": "tcp"}]}),
    ):
        await ask(router, "POST", f"{POLICIES}/one/addRule", wrong, 400)
    await ask(router, "POST", f"{POLICIES}/one/addRule", _rule())
    await ask(router, "POST", f"{POLICIES}/one/addRule", _rule(), 400)
    await ask(router, "POST", f"{POLICIES}/one/patchRule?priority=1", {"action": "deny"})
    assert (await ask(router, "GET", f"{POLICIES}/one/getRule?priority=1"))["action"] == "deny"
    await ask(router, "POST", f"{POLICIES}/one/removeRule?priority=2147483647", {}, 400)

    attached = {"name": "x", "attachmentTarget": "global/networks/a"}
    await ask(
        router, "POST", f"{POLICIES}/one/addAssociation", {**attached, "attachmentTarget": "global/networks/b"}, 404
    )
    await ask(router, "POST", f"{POLICIES}/one/addAssociation", attached)
    await ask(router, "POST", f"{POLICIES}/two/addAssociation", attached, 400)
    await ask(router, "DELETE", f"{POLICIES}/one", status=400)
    await ask(router, "POST", f"{POLICIES}/two/addAssociation?replaceExistingAssociation=true", attached)
    await ask(router, "DELETE", f"{POLICIES}/one")


async def test_a_policy_above_projects_is_a_folder_s_or_an_organization_s(router: Router) -> None:
    await ask(router, "POST", f"{ABOVE}?parentId=projects/prices", {"shortName": "p"}, 400)
    made = await ask(router, "POST", f"{ABOVE}?parentId=folders/1", {"shortName": "p"})
    await ask(router, "POST", f"{ABOVE}?parentId=folders/1", {"shortName": "p"}, 409)
    one = f"{ABOVE}/{made['targetId']}"
    await ask(router, "POST", f"{one}/addRule", _rule())
    await ask(router, "POST", f"{one}/addAssociation", {"name": "x", "attachmentTarget": "projects/prices"}, 400)
    await ask(router, "POST", f"{one}/addAssociation", {"name": "x", "attachmentTarget": "folders/1"})
    assert (await ask(router, "GET", f"{one}/getAssociation?name=x"))["attachmentTarget"] == "folders/1"
    await ask(router, "PATCH", one, {"description": "d", "fingerprint": "stale"}, 412)
    await ask(router, "DELETE", one, status=400)
    await ask(router, "POST", f"{one}/removeAssociation?name=x", {})
    await ask(router, "DELETE", one)
    assert "items" not in await ask(router, "GET", f"{ABOVE}?parentId=folders/1")


async def test_an_attachment_is_of_subnets_of_one_network_in_its_region(router: Router) -> None:
    subnets = "/compute/v1/projects/prices/regions/{}/subnetworks"
    for network in ("n1", "n2"):
        await ask(router, "POST", NETWORKS, {"name": network, "autoCreateSubnetworks": False})
    places = (("n1", "asia-south1", "10.1"), ("n2", "asia-south1", "10.2"), ("n1", "us-east1", "10.3"))
    for network, region, block in places:
        subnet = {"name": f"s-{network}", "network": f"global/networks/{network}", "ipCidrRange": f"{block}.0.0/24"}
        await ask(router, "POST", subnets.format(region), subnet)
    place = "/compute/v1/projects/prices/regions/asia-south1/networkAttachments"
    attachment = {"name": "a", "connectionPreference": "ACCEPT_MANUAL"}
    one, two, far = (f"regions/{region}/subnetworks/s-{network}" for network, region, _ in places)
    await ask(router, "POST", place, {**attachment, "subnetworks": [one, two]}, 400)
    await ask(router, "POST", place, {**attachment, "subnetworks": [far]}, 400)
    await ask(router, "POST", place, {**attachment, "subnetworks": [one], "connectionPreference": "ACCEPT"}, 400)
    await ask(router, "POST", place, {**attachment, "subnetworks": [one]})
    made = await ask(router, "GET", f"{place}/a")
    assert made["network"].endswith("/global/networks/n1")
    await ask(router, "DELETE", f"{subnets.format('asia-south1')}/s-n1", status=400)
    await ask(router, "PATCH", f"{place}/a", {"description": "new"}, 400)


async def test_a_service_of_several_regions_is_refused_by_name(tmp_path: Path) -> None:
    body = {"template": {"containers": [{"image": "us-docker.pkg.dev/cloudrun/container/hello"}]}}
    with routing(tmp_path, run.API) as made:
        refused = await ask(made, "POST", "/run/v2/projects/prices/locations/global/services?serviceId=s", body, 501)
        assert "global" in refused["error"]["message"]
        await ask(made, "POST", "/run/v2/projects/prices/locations/nowhere/services?serviceId=s", body, 403)
