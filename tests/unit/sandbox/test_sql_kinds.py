"""Cloud SQL: read pools, clones, pooled connections, and what SQL Server has and others haven't."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.apis.sqladmin.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

SQL = "/sqladmin/v1/projects/prices/instances"
Json = dict[str, Any]
LOGGED: Json = {"enabled": True, "binaryLogEnabled": True}
PLUS: Json = {"tier": "db-perf-optimized-N-2", "edition": "ENTERPRISE_PLUS"}


def mysql(name: str, **more: Any) -> Json:
    settings = {"tier": "db-custom-1-3840", **more.pop("settings", {})}
    return {"name": name, "region": "asia-south1", "databaseVersion": "MYSQL_8_0", "settings": settings, **more}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        await ask(made, "POST", SQL, mysql("primary", settings={"backupConfiguration": LOGGED}))
        yield made


async def test_a_read_pool_has_nodes(router: Router) -> None:
    above = mysql("fast", settings={**PLUS, "backupConfiguration": LOGGED})
    await ask(router, "POST", SQL, above)
    pool = mysql("pool", settings=PLUS, masterInstanceName="fast", instanceType="READ_POOL_INSTANCE")
    await ask(router, "POST", SQL, pool, status=400)
    await ask(router, "POST", SQL, {**pool, "nodeCount": 2})
    await ask(router, "PATCH", f"{SQL}/pool", {"nodeCount": 3})
    assert (await ask(router, "GET", f"{SQL}/pool"))["nodeCount"] == 3


async def test_a_null_in_a_patch_clears_what_is_set(router: Router) -> None:
    window = {"maintenanceWindow": {"day": 7, "hour": 3}, "passwordValidationPolicy": None}
    await ask(router, "PATCH", f"{SQL}/primary", {"settings": window})
    set_so = (await ask(router, "GET", f"{SQL}/primary"))["settings"]
    assert set_so["maintenanceWindow"]["day"] == 7
    assert "passwordValidationPolicy" not in set_so
    await ask(router, "PATCH", f"{SQL}/primary", {"settings": {"maintenanceWindow": None}})
    assert (await ask(router, "GET", f"{SQL}/primary"))["settings"].get("maintenanceWindow", {}).get("day") != 7


async def test_a_clone_has_the_databases_and_users_of_its_source(router: Router) -> None:
    await ask(router, "POST", f"{SQL}/primary/databases", {"name": "book"})
    await ask(router, "POST", f"{SQL}/primary/users", {"name": "reader", "password": "x"})
    context = {"cloneContext": {"destinationInstanceName": "copy"}}
    await ask(router, "POST", f"{SQL}/primary/clone", context)
    made = await ask(router, "GET", f"{SQL}/copy")
    assert (made["connectionName"], made["settings"]["tier"]) == ("prices:asia-south1:copy", "db-custom-1-3840")
    assert (await ask(router, "GET", f"{SQL}/copy/databases/book"))["instance"] == "copy"
    assert [user["name"] for user in (await ask(router, "GET", f"{SQL}/copy/users"))["items"]] == ["reader"]
    await ask(router, "DELETE", f"{SQL}/copy/databases/book")
    await ask(router, "GET", f"{SQL}/primary/databases/book")
    await ask(router, "POST", f"{SQL}/primary/clone", context, status=409)
    moment = {"cloneContext": {"destinationInstanceName": "then", "pointInTime": "2026-01-30T09:00:00Z"}}
    await ask(router, "POST", f"{SQL}/primary/clone", moment, status=501)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"masterInstanceName": "primary", "instanceType": "CLOUD_SQL_INSTANCE"}, 400),
        ({"instanceType": "READ_REPLICA_INSTANCE"}, 400),
        ({"settings": {"connectionPoolConfig": {"connectionPoolingEnabled": True}}}, 400),
        ({"settings": {"timeZone": "India Standard Time"}}, 400),
    ],
)
async def test_what_cloud_sql_refuses(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", SQL, mysql("new", **change), status=status)


async def test_sql_server_needs_a_password_and_has_settings_of_its_own(router: Router) -> None:
    audit = {"bucket": "gs://audit", "retentionInterval": "86400s", "uploadInterval": "600s"}
    settings = {"timeZone": "India Standard Time", "sqlServerAuditConfig": audit, "availabilityType": "REGIONAL"}
    server = mysql("server", settings={**settings, "backupConfiguration": {"enabled": True}})
    server["databaseVersion"] = "SQLSERVER_2022_STANDARD"
    await ask(router, "POST", SQL, server, status=400)
    await ask(router, "POST", SQL, {**server, "rootPassword": "canary"})
    made = await ask(router, "GET", f"{SQL}/server")
    assert (made["settings"]["timeZone"], made["settings"]["sqlServerAuditConfig"]) == ("India Standard Time", audit)
    assert "canary" not in str(made)
    names = [one["name"] for one in (await ask(router, "GET", f"{SQL}/server/databases"))["items"]]
    assert names == ["master", "model", "msdb", "tempdb"]


async def test_an_instance_is_brought_to_a_newer_release_by_a_patch_of_its_own(router: Router) -> None:
    born = "MYSQL_8_0.R20260101.00_00"
    assert (await ask(router, "GET", f"{SQL}/primary"))["maintenanceVersion"] == born
    newer = {"maintenanceVersion": "MYSQL_8_0.R20260301.01_02"}
    await ask(router, "PATCH", f"{SQL}/primary", {**newer, "settings": {"tier": "db-f1-micro"}}, status=400)
    assert (await ask(router, "GET", f"{SQL}/primary"))["settings"]["tier"] == "db-custom-1-3840"
    await ask(router, "PATCH", f"{SQL}/primary", newer)
    assert (await ask(router, "GET", f"{SQL}/primary"))["maintenanceVersion"] == newer["maintenanceVersion"]
    for refused in (born, "MYSQL_8_4.R20260401.00_00", "MYSQL_8_0.tomorrow", "newest"):
        await ask(router, "PATCH", f"{SQL}/primary", {"maintenanceVersion": refused}, status=400)
    await ask(router, "PATCH", f"{SQL}/primary", {"databaseVersion": "MYSQL_8_4"})
    assert (await ask(router, "GET", f"{SQL}/primary"))["maintenanceVersion"] == "MYSQL_8_4.R20260301.01_02"


async def test_a_new_instance_has_the_release_that_it_asks_for(router: Router) -> None:
    await ask(router, "POST", SQL, mysql("older", maintenanceVersion="MYSQL_8_0.R20251001.00_00"))
    assert (await ask(router, "GET", f"{SQL}/older"))["maintenanceVersion"] == "MYSQL_8_0.R20251001.00_00"
    await ask(router, "POST", SQL, mysql("foreign", maintenanceVersion="POSTGRES_17.R20251001.00_00"), status=400)


async def test_instances_are_listed_by_a_filter(router: Router) -> None:
    await ask(router, "POST", SQL, {**mysql("elsewhere"), "region": "europe-west1"})

    async def listed(text: str) -> list[str]:
        return [one["name"] for one in (await ask(router, "GET", f"{SQL}?filter={quote(text)}"))["items"]]

    assert await listed("") == ["elsewhere", "primary"]
    assert await listed("databaseVersion:MYSQL_8_0 AND region:europe-west1 AND state:RUNNABLE") == ["elsewhere"]
    assert await listed("settings.tier:db-f1-micro") == []


async def test_nothing_is_backed_up(router: Router) -> None:
    assert "items" not in await ask(router, "GET", f"{SQL}/primary/backupRuns")
    await ask(router, "GET", f"{SQL}/primary/backupRuns/7", status=404)
    await ask(router, "GET", f"{SQL}/nowhere/backupRuns", status=404)
