"""Read replicas of Cloud SQL, Private Service Connect and SQL Server: what is had, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.sqladmin import api as sqladmin
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/sqladmin/v1/projects/prices/instances"
Json = dict[str, Any]
TIER = "db-custom-2-7680"


def instance(name: str, version: str, **settings: Any) -> Json:
    return {"name": name, "region": "asia-south1", "databaseVersion": version, "settings": {"tier": TIER, **settings}}


LOGGED = {"backupConfiguration": {"enabled": True, "binaryLogEnabled": True}}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, sqladmin.API, compute.API) as made:
        await ask(made, "POST", P, instance("primary", "MYSQL_8_0", **LOGGED))
        await ask(made, "POST", P, instance("silent", "MYSQL_8_0"))
        yield made


def replica(of: str = "primary", **more: Any) -> Json:
    return {"name": "replica", "masterInstanceName": of, "settings": {"tier": TIER}, **more}


async def test_a_replica_has_what_its_primary_has_until_it_is_promoted(router: Router) -> None:
    await ask(router, "POST", P, replica(region="asia-south2"))
    made = await ask(router, "GET", f"{P}/replica")
    assert (made["instanceType"], made["masterInstanceName"]) == ("READ_REPLICA_INSTANCE", "prices:primary")
    assert (made["databaseVersion"], made["region"]) == ("MYSQL_8_0", "asia-south2")
    assert (await ask(router, "GET", f"{P}/primary"))["replicaNames"] == ["replica"]
    await ask(router, "POST", f"{P}/primary/databases", {"name": "orders"})
    await ask(router, "POST", f"{P}/replica/databases", {"name": "others"}, 400)
    await ask(router, "POST", f"{P}/replica/users", {"name": "ann"}, 400)
    assert (await ask(router, "GET", f"{P}/replica/databases/orders"))["instance"] == "replica"
    await ask(router, "DELETE", f"{P}/primary", status=400)
    await ask(router, "POST", f"{P}/replica/promoteReplica")
    await ask(router, "DELETE", f"{P}/primary")
    alone = await ask(router, "GET", f"{P}/replica")
    assert (alone["instanceType"], alone.get("masterInstanceName")) == ("CLOUD_SQL_INSTANCE", None)
    assert (await ask(router, "GET", f"{P}/replica/databases/orders"))["name"] == "orders"
    await ask(router, "POST", f"{P}/replica/promoteReplica", status=400)


async def test_a_replica_is_of_its_primarys_edition_unless_it_says_another(router: Router) -> None:
    plus = {"tier": "db-perf-optimized-N-2"}
    await ask(router, "POST", P, instance("plus", "MYSQL_8_0", **plus, edition="ENTERPRISE_PLUS", **LOGGED))
    await ask(router, "POST", P, {**replica("plus"), "settings": plus})
    assert (await ask(router, "GET", f"{P}/replica"))["settings"]["edition"] == "ENTERPRISE_PLUS"
    other = {**replica("plus"), "name": "other", "settings": {"tier": TIER, "edition": "ENTERPRISE"}}
    await ask(router, "POST", P, other)
    assert (await ask(router, "GET", f"{P}/other"))["settings"]["edition"] == "ENTERPRISE"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (replica("none"), 404),
        (replica("silent"), 400),
        (replica(databaseVersion="MYSQL_5_7"), 400),
        ({**instance("alone", "MYSQL_8_0"), "replicaConfiguration": {"failoverTarget": True}}, 400),
        ({**instance("pool", "POSTGRES_15"), "instanceType": "READ_POOL_INSTANCE"}, 400),
    ],
)
async def test_a_replica_that_google_refuses(router: Router, body: Json, status: int) -> None:
    await ask(router, "POST", P, body, status)


CONSUMERS = {"ipv4Enabled": False, "pscConfig": {"pscEnabled": True, "allowedConsumerProjects": ["prices"]}}


async def test_consumers_reach_an_instance_while_it_is_published(router: Router) -> None:
    await ask(router, "POST", P, instance("connected", "POSTGRES_15", ipConfiguration=CONSUMERS))
    made = await ask(router, "GET", f"{P}/connected")
    assert made["dnsName"].endswith(".asia-south1.sql.goog.")
    assert made["ipAddresses"] == []
    link = f"/compute/v1/{made['pscServiceAttachmentLink']}"
    assert (await ask(router, "GET", link))["consumerAcceptLists"] == [{"projectIdOrNum": "prices"}]
    await ask(
        router, "PATCH", f"{P}/connected", {"settings": {"ipConfiguration": {"ipv4Enabled": True, "pscConfig": {}}}}
    )
    assert "dnsName" not in await ask(router, "GET", f"{P}/connected")
    await ask(router, "GET", link, status=404)


@pytest.mark.parametrize("field", ["pscAutoDnsEnabled", "networkAttachmentUri"])
async def test_connections_that_make_themselves_are_not_served(router: Router, field: str) -> None:
    network = {"ipv4Enabled": False, "pscConfig": {"pscEnabled": True, field: "x"}}
    await ask(router, "POST", P, instance("connected", "POSTGRES_15", ipConfiguration=network), 501)


async def test_sql_server_has_its_own_databases_and_no_users_of_iam(router: Router) -> None:
    body = {**instance("server", "SQLSERVER_2019_STANDARD"), "rootPassword": "x"}
    await ask(router, "POST", P, body)
    listed = await ask(router, "GET", f"{P}/server/databases")
    assert {one["name"] for one in listed["items"]} == {"master", "model", "msdb", "tempdb"}
    await ask(router, "POST", f"{P}/server/users", {"name": "ann", "password": "x"})
    await ask(router, "POST", f"{P}/server/users", {"name": "bob", "type": "CLOUD_IAM_USER"}, 400)


@pytest.mark.parametrize(
    "change",
    [{"rootPassword": ""}, {"databaseVersion": "SQLSERVER_6_5"}, {"settings": {"tier": "db-f1-micro"}}],
)
async def test_an_sql_server_that_google_refuses(router: Router, change: Json) -> None:
    body = {**instance("server", "SQLSERVER_2019_STANDARD"), "rootPassword": "x", **change}
    await ask(router, "POST", P, body, 400)
