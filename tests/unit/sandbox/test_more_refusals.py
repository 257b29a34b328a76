"""What Certificate Manager, Service Directory, Firestore and peerings of networks refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import certificatemanager, firestore, servicedirectory
from sandbox.apis.compute import api as compute
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Router
from sandbox.control.store import Store

CERTIFICATES = "/certificatemanager/v1/projects/prices/locations/global"
DIRECTORY = "/servicedirectory/v1/projects/prices/locations/asia-south1/namespaces"
DATABASES = "/firestore/v1/projects/prices/databases"
NETWORKS = "/compute/v1/projects/prices/global/networks"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    control = Control(Store(tmp_path / "sandbox.db"), tmp_path)
    made = Router(control)
    for api in (compute.API, certificatemanager.API, servicedirectory.API, firestore.API):
        made.add(api)
    yield made
    control.store.close()


async def ask(router: Router, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    response = await router.dispatch(Request.of(method, path, body))
    assert response.status == status, response.body
    return response.json() if response.body else {}


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
