"""Memorystore: endpoints by a policy of the network, an authority of its own, what Google refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from sandbox.apis.compute import api as compute
from sandbox.apis.memorystore import API
from sandbox.apis.networkconnectivity.api import API as CONNECTIVITY
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/memorystore/v1/projects/prices/locations/asia-south1/instances"
COMPUTE = "/compute/v1/projects/prices"
NETWORK = "projects/prices/global/networks/here"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API, compute.API, CONNECTIVITY) as made:
        await ask(made, "POST", f"{COMPUTE}/global/networks", {"name": "here", "autoCreateSubnetworks": False})
        subnet = {"name": "here", "network": NETWORK, "ipCidrRange": "10.8.0.0/24"}
        await ask(made, "POST", f"{COMPUTE}/regions/asia-south1/subnetworks", subnet)
        yield made


async def allow(router: Router) -> None:
    policy = {
        "network": NETWORK,
        "serviceClass": "gcp-memorystore",
        "pscConfig": {"subnetworks": ["projects/prices/regions/asia-south1/subnetworks/here"]},
    }
    place = "/networkconnectivity/v1/projects/prices/locations/asia-south1/serviceConnectionPolicies"
    await ask(router, "POST", f"{place}?serviceConnectionPolicyId=here", policy)


ENDPOINTS = [{"connections": [{"pscAutoConnection": {"network": NETWORK, "projectId": "prices"}}]}]


async def test_an_instance_has_endpoints_that_the_networks_policy_lets_be_made(router: Router) -> None:
    body = {"shardCount": 1, "endpoints": ENDPOINTS}
    await ask(router, "POST", f"{HERE}?instanceId=cache", body, 400)
    await allow(router)
    await ask(router, "POST", f"{HERE}?instanceId=cache", body)
    (endpoint,) = (await ask(router, "GET", f"{HERE}/cache"))["endpoints"]
    addresses = [one["pscAutoConnection"]["ipAddress"] for one in endpoint["connections"]]
    assert addresses == ["10.8.0.2", "10.8.0.3"]
    await ask(router, "DELETE", f"{HERE}/cache")
    assert not (await ask(router, "GET", f"{COMPUTE}/regions/asia-south1/addresses")).get("items")


async def test_an_instance_that_encrypts_has_an_authority(router: Router) -> None:
    await ask(router, "POST", f"{HERE}?instanceId=open", {"shardCount": 1})
    await ask(router, "GET", f"{HERE}/open/certificateAuthority", status=400)
    body = {"shardCount": 1, "transitEncryptionMode": "SERVER_AUTHENTICATION"}
    await ask(router, "POST", f"{HERE}?instanceId=closed", body)
    told = await ask(router, "GET", f"{HERE}/closed/certificateAuthority")
    text = told["managedServerCa"]["caCerts"][0]["certificates"][0]
    found = x509.load_pem_x509_certificate(text.encode())
    found.verify_directly_issued_by(found)


async def test_a_protected_instance_stays_and_an_engine_does_not_go_back(router: Router) -> None:
    await ask(router, "POST", f"{HERE}?instanceId=cache", {"shardCount": 1, "deletionProtectionEnabled": True})
    await ask(router, "DELETE", f"{HERE}/cache", status=400)
    await ask(router, "PATCH", f"{HERE}/cache?updateMask=engineVersion", {"engineVersion": "VALKEY_7_2"}, 400)
    await ask(
        router, "PATCH", f"{HERE}/cache?updateMask=deletionProtectionEnabled", {"deletionProtectionEnabled": False}
    )
    await ask(router, "DELETE", f"{HERE}/cache")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"shardCount": 251}, 400),
        ({"shardCount": 2, "mode": "CLUSTER_DISABLED"}, 400),
        ({"replicaCount": 6}, 400),
        ({"nodeType": "HUGE"}, 400),
        ({"engineVersion": "REDIS_7_0"}, 400),
        ({"zoneDistributionConfig": {"mode": "SINGLE_ZONE"}}, 400),
        ({"persistenceConfig": {"mode": "AOF", "rdbConfig": {"rdbSnapshotPeriod": "ONE_HOUR"}}}, 400),
        ({"managedBackupSource": {"backup": "x"}}, 501),
        ({"crossInstanceReplicationConfig": {"instanceRole": "SECONDARY"}}, 501),
    ],
)
async def test_instances_that_are_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{HERE}?instanceId=cache", {"shardCount": 1, **change}, status)
