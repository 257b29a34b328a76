"""Cloud SQL: certificates of clients, disaster recovery, pools that scale by themselves, endpoints by a policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.apis.compute import api as compute
from sandbox.apis.networkconnectivity.api import API as CONNECTIVITY
from sandbox.apis.privateca.api import API as PRIVATECA
from sandbox.apis.sqladmin.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

SQL = "/sqladmin/v1/projects/prices/instances"
Json = dict[str, Any]
PLUS: Json = {"tier": "db-perf-optimized-N-2", "edition": "ENTERPRISE_PLUS"}
LOGGED: Json = {"enabled": True, "binaryLogEnabled": True}


def mysql(name: str, region: str = "asia-south1", **more: Any) -> Json:
    settings = {**PLUS, **more.pop("settings", {})}
    return {"name": name, "region": region, "databaseVersion": "MYSQL_8_0", "settings": settings, **more}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API, compute.API, CONNECTIVITY, PRIVATECA) as made:
        await ask(made, "POST", SQL, mysql("primary", settings={"backupConfiguration": LOGGED}))
        await ask(made, "POST", SQL, mysql("recovery", "asia-south2", masterInstanceName="primary"))
        await ask(made, "POST", SQL, mysql("near", masterInstanceName="primary"))
        yield made


async def test_a_clients_certificate_is_signed_by_the_instances_authority(router: Router) -> None:
    made = await ask(router, "POST", f"{SQL}/primary/sslCerts", {"commonName": "client one"})
    told = made["clientCert"]["certInfo"]
    client = x509.load_pem_x509_certificate(told["cert"].encode())
    authority = x509.load_pem_x509_certificate(made["serverCaCert"]["cert"].encode())
    client.verify_directly_issued_by(authority)
    key = load_pem_private_key(made["clientCert"]["certPrivateKey"].encode(), None)
    assert key.public_key() == client.public_key()
    assert told["certSerialNumber"] == str(client.serial_number)
    kept = await ask(router, "GET", f"{SQL}/primary/sslCerts/{told['sha1Fingerprint']}")
    assert kept == told
    assert "certPrivateKey" not in kept
    await ask(router, "POST", f"{SQL}/primary/sslCerts", {"commonName": "client one"}, 409)
    await ask(router, "POST", f"{SQL}/primary/sslCerts", {"commonName": "client,one"}, 400)
    await ask(router, "DELETE", f"{SQL}/primary/sslCerts/{told['sha1Fingerprint']}")
    assert (await ask(router, "GET", f"{SQL}/primary/sslCerts"))["items"] == []


async def test_a_reset_makes_another_authority_and_leaves_no_client(router: Router) -> None:
    before = await ask(router, "POST", f"{SQL}/primary/sslCerts", {"commonName": "client"})
    await ask(router, "POST", f"{SQL}/primary/resetSslConfig")
    listed = await ask(router, "GET", f"{SQL}/primary/listServerCas")
    assert [each["cert"] for each in listed["certs"]] != [before["serverCaCert"]["cert"]]
    assert (await ask(router, "GET", f"{SQL}/primary/sslCerts"))["items"] == []


async def test_a_switchover_makes_the_dr_replica_the_primary_and_back(router: Router) -> None:
    await ask(router, "POST", f"{SQL}/primary/databases", {"name": "orders"})
    await ask(router, "POST", f"{SQL}/recovery/switchover", status=400)
    cluster = {"replicationCluster": {"failoverDrReplicaName": "recovery"}}
    await ask(router, "PATCH", f"{SQL}/primary", cluster)
    assert (await ask(router, "GET", f"{SQL}/recovery"))["replicationCluster"] == {"drReplica": True}
    await ask(router, "POST", f"{SQL}/recovery/switchover")
    primary, replica = await ask(router, "GET", f"{SQL}/recovery"), await ask(router, "GET", f"{SQL}/primary")
    assert primary["instanceType"] == "CLOUD_SQL_INSTANCE"
    assert sorted(primary["replicaNames"]) == ["near", "primary"]
    assert primary["replicationCluster"] == {"failoverDrReplicaName": "prices:primary"}
    assert primary["settings"]["backupConfiguration"]["enabled"]
    assert (replica["masterInstanceName"], replica["replicationCluster"]) == ("prices:recovery", {"drReplica": True})
    assert not replica["settings"]["backupConfiguration"]["enabled"]
    await ask(router, "POST", f"{SQL}/recovery/databases", {"name": "more"})
    await ask(router, "POST", f"{SQL}/primary/switchover")
    assert (await ask(router, "GET", f"{SQL}/primary/databases/more"))["instance"] == "primary"
    assert (await ask(router, "GET", f"{SQL}/primary/databases/orders"))["instance"] == "primary"


@pytest.mark.parametrize("name", ["near", "none", "primary"])
async def test_what_recovers_nobody_is_not_designated(router: Router, name: str) -> None:
    await ask(router, "PATCH", f"{SQL}/primary", {"replicationCluster": {"failoverDrReplicaName": name}}, 400)


async def test_a_dr_replica_that_goes_or_is_promoted_is_designated_no_more(router: Router) -> None:
    cluster = {"replicationCluster": {"failoverDrReplicaName": "prices:recovery"}}
    await ask(router, "PATCH", f"{SQL}/primary", cluster)
    await ask(router, "POST", f"{SQL}/recovery/promoteReplica")
    for name in ("primary", "recovery"):
        assert "replicationCluster" not in await ask(router, "GET", f"{SQL}/{name}")


def pool(**config: Any) -> Json:
    scaled = {"enabled": True, "minNodeCount": 2, "maxNodeCount": 4, **config}
    scaled.setdefault("targetMetrics", [{"metric": "AVERAGE_CPU_UTILIZATION", "targetValue": 0.5}])
    settings = {"readPoolAutoScaleConfig": scaled}
    return mysql(
        "pool", settings=settings, masterInstanceName="primary", instanceType="READ_POOL_INSTANCE", nodeCount=1
    )


async def test_a_pool_that_scales_is_within_its_bounds(router: Router) -> None:
    await ask(router, "POST", SQL, pool())
    assert (await ask(router, "GET", f"{SQL}/pool"))["nodeCount"] == 2
    higher = pool(minNodeCount=3)["settings"]["readPoolAutoScaleConfig"]
    await ask(router, "PATCH", f"{SQL}/pool", {"settings": {"readPoolAutoScaleConfig": higher}})
    assert (await ask(router, "GET", f"{SQL}/pool"))["nodeCount"] == 3


@pytest.mark.parametrize(
    "config", [{"minNodeCount": 5}, {"maxNodeCount": 21}, {"targetMetrics": []}, {"targetMetrics": [{"metric": "X"}]}]
)
async def test_bounds_that_google_refuses(router: Router, config: Json) -> None:
    await ask(router, "POST", SQL, pool(**config), 400)


async def test_a_pool_of_certificate_authorities_is_there_where_it_is_named(router: Router) -> None:
    pool = "projects/prices/locations/asia-south1/caPools/own"
    own = {"serverCaMode": "CUSTOMER_MANAGED_CAS_CA", "serverCaPool": pool}
    for network, status in (({"serverCaPool": pool}, 400), ({"serverCaMode": own["serverCaMode"]}, 400), (own, 404)):
        await ask(router, "POST", SQL, mysql("certified", settings={"ipConfiguration": network}), status)
    place, _, id_ = pool.rpartition("/")
    await ask(router, "POST", f"/privateca/v1/{place}?caPoolId={id_}", {"tier": "DEVOPS"})
    await ask(router, "POST", SQL, mysql("certified", settings={"ipConfiguration": own}))


async def test_a_policy_of_the_network_lets_an_endpoint_be_made(router: Router) -> None:
    here = "/compute/v1/projects/prices"
    await ask(router, "POST", f"{here}/global/networks", {"name": "consumer", "autoCreateSubnetworks": False})
    network = "projects/prices/global/networks/consumer"
    subnet = {"name": "consumer", "network": network, "ipCidrRange": "10.8.0.0/24"}
    await ask(router, "POST", f"{here}/regions/asia-south1/subnetworks", subnet)
    connections = [{"consumerNetwork": network, "consumerProject": "prices"}]
    consumers = {"pscEnabled": True, "pscAutoConnections": connections}
    body = mysql("connected", settings={"ipConfiguration": {"ipv4Enabled": False, "pscConfig": consumers}})
    await ask(router, "POST", SQL, body)
    assert await _status(router) == ("CONNECTION_POLICY_MISSING", None)
    policy = {
        "network": network,
        "serviceClass": "google-cloud-sql",
        "pscConfig": {"subnetworks": ["projects/prices/regions/asia-south1/subnetworks/consumer"]},
    }
    place = "/networkconnectivity/v1/projects/prices/locations/asia-south1/serviceConnectionPolicies"
    await ask(router, "POST", f"{place}?serviceConnectionPolicyId=sql", policy)
    await ask(router, "PATCH", f"{SQL}/connected", {"settings": {"userLabels": {"a": "b"}}})
    assert await _status(router) == ("VALID", "10.8.0.2")
    reserved = await ask(router, "GET", f"{here}/regions/asia-south1/addresses")
    assert [one["address"] for one in reserved["items"]] == ["10.8.0.2"]
    await ask(router, "DELETE", f"{SQL}/connected")
    assert not (await ask(router, "GET", f"{here}/regions/asia-south1/addresses")).get("items")


async def _status(router: Router) -> tuple[str, str | None]:
    told = (await ask(router, "GET", f"{SQL}/connected"))["settings"]["ipConfiguration"]["pscConfig"]
    (made,) = told["pscAutoConnections"]
    return made["consumerNetworkStatus"], made.get("ipAddress")
