"""Spanner's instances and databases: sizes, editions, operations, what Google refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.spanner.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/spanner/v1/projects/prices"
Json = dict[str, Any]


@pytest.fixture
def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        yield made


async def make(router: Router, name: str = "main-here", status: int = 200, **document: Any) -> Json:
    sized = any(field in document for field in ("processingUnits", "autoscalingConfig", "instanceType"))
    body = {"config": "regional-asia-south1", "displayName": "Main", **({} if sized else {"nodeCount": 1}), **document}
    answer: Json = await ask(router, "POST", f"{HERE}/instances", {"instanceId": name, "instance": body}, status)
    return answer


async def change(router: Router, mask: str, status: int = 200, **document: Any) -> Json:
    body = {"instance": document, "fieldMask": mask}
    answer: Json = await ask(router, "PATCH", f"{HERE}/instances/main-here", body, status)
    return answer


async def create_database(router: Router, statement: str = "CREATE DATABASE `prices`", **more: Any) -> Json:
    body = {"createStatement": statement, **more}
    answer: Json = await ask(router, "POST", f"{HERE}/instances/main-here/databases", body)
    return answer


async def test_an_instance_is_made_by_an_operation_that_stays_readable(router: Router) -> None:
    operation = await make(router)
    assert operation["name"].startswith("projects/prices/instances/main-here/operations/")
    assert operation["response"]["state"] == "READY"
    assert await ask(router, "GET", f"/spanner/v1/{operation['name']}") == operation
    listed = await ask(router, "GET", f"{HERE}/instances/main-here/operations")
    assert listed["operations"] == [operation]


@pytest.mark.parametrize(
    ("asked", "nodes", "units"),
    [
        ({"nodeCount": 2}, 2, 2000),
        ({"processingUnits": 300}, None, 300),
        (
            {"autoscalingConfig": {"autoscalingLimits": {"minNodes": 3, "maxNodes": 9}}, "edition": "ENTERPRISE"},
            3,
            3000,
        ),
    ],
)
async def test_nodes_and_processing_units_follow_from_each_other(
    router: Router, asked: Json, nodes: int | None, units: int
) -> None:
    shown = (await make(router, **asked))["response"]
    assert (shown.get("nodeCount"), shown["processingUnits"]) == (nodes, units)


async def test_a_size_that_changes_takes_the_other_with_it(router: Router) -> None:
    await make(router)
    assert (await change(router, "processingUnits", processingUnits=3000))["response"]["nodeCount"] == 3
    assert (await change(router, "nodeCount", nodeCount=2))["response"]["processingUnits"] == 2000


@pytest.mark.parametrize(
    "document",
    [
        {"config": "regional-nowhere"},
        {"displayName": "abc"},
        {"displayName": 5},
        {"edition": ["STANDARD"]},
        {"processingUnits": 150},
        {"processingUnits": 1500},
        {"nodeCount": 1, "processingUnits": 1000},
        {"autoscalingConfig": {"autoscalingLimits": {"minNodes": 1, "maxProcessingUnits": 2000}}},
        {"autoscalingConfig": {"autoscalingLimits": {"minNodes": 1, "maxNodes": 11}}},
        {"autoscalingConfig": {"autoscalingLimits": {"minNodes": 1, "maxNodes": 2}}, "edition": "STANDARD"},
        {"config": "nam3", "edition": "ENTERPRISE"},
        {"config": "nam3", "instanceType": "FREE_INSTANCE"},
        {"instanceType": "FREE_INSTANCE", "defaultBackupScheduleType": "AUTOMATIC"},
    ],
)
async def test_instances_that_are_refused(router: Router, document: Json) -> None:
    await make(router, status=404 if document.get("config") == "regional-nowhere" else 400, **document)


async def test_a_project_has_one_free_instance_which_may_come_to_be_paid_for(router: Router) -> None:
    assert "nodeCount" not in (await make(router, instanceType="FREE_INSTANCE"))["response"]
    await make(router, "other", status=400, instanceType="FREE_INSTANCE")
    paid = (await change(router, "instanceType", instanceType="PROVISIONED"))["response"]
    assert (paid["nodeCount"], paid["edition"]) == (1, "STANDARD")
    await change(router, "instanceType", 400, instanceType="FREE_INSTANCE")


async def test_configurations_of_googles_are_listed_and_custom_ones_have_more_replicas(router: Router) -> None:
    listed = (await ask(router, "GET", f"{HERE}/instanceConfigs"))["instanceConfigs"]
    assert {"nam3", "regional-asia-south1"} < {one["name"].rpartition("/")[2] for one in listed}
    base = await ask(router, "GET", f"{HERE}/instanceConfigs/nam11")
    more = {"location": "us-west1", "type": "READ_ONLY"}
    config = {"displayName": "More", "baseConfig": "nam11", "replicas": base["replicas"]}
    body = {"instanceConfigId": "custom-more", "instanceConfig": config}
    await ask(router, "POST", f"{HERE}/instanceConfigs", body, 400)
    config["replicas"] = [more]
    await ask(router, "POST", f"{HERE}/instanceConfigs", body, 400)
    config["replicas"] = [more, *base["replicas"]]
    await ask(router, "POST", f"{HERE}/instanceConfigs", {**body, "instanceConfigId": "more"}, 400)
    await ask(router, "POST", f"{HERE}/instanceConfigs", body)
    await make(router, config="custom-more")
    await ask(router, "DELETE", f"{HERE}/instanceConfigs/custom-more", status=400)
    await ask(router, "DELETE", f"{HERE}/instances/main-here")
    await ask(router, "DELETE", f"{HERE}/instanceConfigs/custom-more")


async def test_a_partition_is_elsewhere_and_needs_the_highest_edition(router: Router) -> None:
    await make(router)
    partition = {"config": "regional-us-east1", "displayName": "Far away", "nodeCount": 1}
    body = {"instancePartitionId": "far", "instancePartition": partition}
    await ask(router, "POST", f"{HERE}/instances/main-here/instancePartitions", body, 400)
    await change(router, "edition", edition="ENTERPRISE_PLUS")
    await ask(router, "POST", f"{HERE}/instances/main-here/instancePartitions", body)
    partition["config"] = "regional-asia-south1"
    await ask(
        router, "POST", f"{HERE}/instances/main-here/instancePartitions", {**body, "instancePartitionId": "x1"}, 400
    )


async def test_a_database_that_may_not_be_dropped_keeps_its_instance(router: Router) -> None:
    await make(router)
    await create_database(router)
    place = f"{HERE}/instances/main-here/databases/prices"
    await ask(router, "PATCH", f"{place}?updateMask=enableDropProtection", {"enableDropProtection": True})
    await ask(router, "DELETE", place, status=400)
    await ask(router, "DELETE", f"{HERE}/instances/main-here", status=400)
    await ask(router, "PATCH", f"{place}?updateMask=enableDropProtection", {"enableDropProtection": False})
    await ask(router, "DELETE", f"{HERE}/instances/main-here")
    await ask(router, "GET", place, status=404)


async def test_statements_before_one_that_fails_stay_carried_out(router: Router) -> None:
    await make(router)
    await create_database(router, extraStatements=["CREATE TABLE a (x INT64) PRIMARY KEY (x)"])
    place = f"{HERE}/instances/main-here/databases/prices/ddl"
    statements = ["CREATE INDEX b ON a (x)", "CREATE INDEX c ON nothing (x)", "CREATE INDEX d ON a (x)"]
    operation = await ask(router, "PATCH", place, {"statements": statements})
    assert operation["error"] == {"code": 5, "message": "Table not found: nothing", "details": []}
    kept = ["CREATE TABLE a (x INT64) PRIMARY KEY (x)", "CREATE INDEX b ON a (x)"]
    assert (await ask(router, "GET", place))["statements"] == kept
    assert "statements" not in await ask(router, "GET", place.removesuffix("/ddl"))


async def test_roles_of_a_database_are_those_that_its_statements_made(router: Router) -> None:
    await make(router)
    await create_database(router, extraStatements=["CREATE ROLE reader", "CREATE ROLE writer", "DROP ROLE writer"])
    listed = await ask(router, "GET", f"{HERE}/instances/main-here/databases/prices/databaseRoles")
    names = [role["name"].rpartition("/")[2] for role in listed["databaseRoles"]]
    assert names == ["public", "spanner_info_reader", "spanner_sys_reader", "reader"]


async def test_options_of_a_database_show_on_it(router: Router) -> None:
    await make(router, config="nam3")
    await create_database(router)
    place = f"{HERE}/instances/main-here/databases/prices"
    options = "ALTER DATABASE prices SET OPTIONS (version_retention_period = '36h', default_leader = 'us-east1')"
    await ask(router, "PATCH", f"{place}/ddl", {"statements": [options]})
    shown = await ask(router, "GET", place)
    assert (shown["versionRetentionPeriod"], shown["defaultLeader"]) == ("36h", "us-east1")
    for wrong in ("version_retention_period = '8d'", "default_leader = 'us-west1'", "colour = 'red'"):
        text = f"ALTER DATABASE prices SET OPTIONS ({wrong})"
        assert "error" in await ask(router, "PATCH", f"{place}/ddl", {"statements": [text]})


async def test_a_new_database_has_the_schedule_that_its_instance_wants(router: Router) -> None:
    await make(router)
    await create_database(router)
    place = f"{HERE}/instances/main-here/databases/prices/backupSchedules"
    (found,) = (await ask(router, "GET", place))["backupSchedules"]
    assert found["retentionDuration"] == "604800s"
    daily = {"spec": {"cronSpec": {"text": "0 2 * * *"}}, "retentionDuration": "86400s", "fullBackupSpec": {}}
    await ask(router, "POST", f"{place}?backup_schedule_id=daily", daily)
    often = {**daily, "spec": {"cronSpec": {"text": "0 */8 * * *"}}}
    await ask(router, "POST", f"{place}?backup_schedule_id=often", often, 400)
    less = {key: value for key, value in often.items() if key != "fullBackupSpec"} | {"incrementalBackupSpec": {}}
    await ask(router, "POST", f"{place}?backup_schedule_id=often", less, 400)  # of the edition STANDARD
    await change(router, "edition", edition="ENTERPRISE")
    await ask(router, "POST", f"{place}?backup_schedule_id=often", less)
    await ask(router, "PATCH", f"{place}/daily?updateMask=retentionDuration", {"retentionDuration": "60s"}, 400)


async def test_sessions_and_backups_are_refused_by_name(router: Router) -> None:
    await make(router)
    await create_database(router)
    place = f"{HERE}/instances/main-here"
    answer = await ask(router, "POST", f"{place}/databases/prices/sessions", {}, 501)
    assert "sessions" in answer["error"]["message"]
    await ask(router, "POST", f"{place}/backups?backupId=one", {}, 501)
    assert await ask(router, "GET", f"{place}/backups") == {}
