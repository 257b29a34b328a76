"""A plan that would lose data of BigQuery is refused, with the line, unless the YAML gives the data up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from envctl.losses import DataLoss, left_over, losses, refuse_losses

from tests.unit.environments.environment_files import EnvironmentFiles

COLUMNS = [
    {"name": "at", "type": "TIMESTAMP", "mode": "REQUIRED"},
    {"name": "price", "type": "FLOAT64"},
    {"name": "more", "type": "RECORD", "fields": [{"name": "a", "type": "STRING"}, {"name": "b", "type": "STRING"}]},
]
PARTITIONS = [{"type": "DAY", "field": "at", "expiration_ms": 864_000_000}]
ADDRESS = 'module.bigquery["alpha"].google_bigquery_table.table["d/ticks"]'
ALPHA = """
    datasets:
      d:
        {allowed}
        tables:
          ticks:
            schema: ticks.json
            time_partitioning: {{field: at}}
    """


def table(columns: list[dict[str, Any]] = COLUMNS, **other: Any) -> dict[str, Any]:
    values = {"dataset_id": "d", "table_id": "ticks", "num_rows": 12, "time_partitioning": PARTITIONS}
    return {**values, "schema": json.dumps(columns), **other}


def plan(before: Any, after: Any, *actions: str, type: str = "google_bigquery_table", **change: Any) -> dict[str, Any]:
    body = {"before": before, "after": after, "actions": list(actions) or ["update"], **change}
    return {
        "planned_values": {"root_module": {"child_modules": [{}]}},
        "resource_changes": [{"address": ADDRESS, "type": type, "change": body}],
    }


def without(*names: str) -> list[dict[str, Any]]:
    return [column for column in COLUMNS if column["name"] not in names]


def retyped(column_name: str, **change: Any) -> list[dict[str, Any]]:
    return [{**column, **change} if column["name"] == column_name else column for column in COLUMNS]


REPLACE = ("delete", "create")
LOST = [
    (plan(table(), table(without("price"))), ["column price is dropped"]),
    (plan(table(), table([*without("price"), {"name": "cost", "type": "FLOAT"}])), ["column price is dropped"]),
    (
        plan(table(), table(retyped("more", fields=[{"name": "a", "type": "STRING"}])), *REPLACE),
        ["column more.b is dropped"],
    ),
    (
        plan(table(), table(retyped("price", type="STRING")), *REPLACE),
        ["column price changes from FLOAT to STRING, which replaces the table"],
    ),
    (
        plan(table(), table(retyped("price", mode="REQUIRED")), *REPLACE),
        ["column price changes from NULLABLE to REQUIRED, which replaces the table"],
    ),
    (
        plan(table(), table(time_partitioning=[{**PARTITIONS[0], "type": "HOUR"}])),
        ["its time_partitioning changes, which no table survives"],
    ),
    (plan(table(), table(time_partitioning=[])), ["its time_partitioning is removed, which no table survives"]),
    (
        plan(table(time_partitioning=[]), table()),
        ["its time_partitioning is added, which no table survives"],
    ),
    (
        plan(table(), table(time_partitioning=[{**PARTITIONS[0], "expiration_ms": 86_400_000}])),
        ["partitions older than 1 days are deleted"],
    ),
    (
        plan(table(), table(encryption_configuration=[{}]), *REPLACE, replace_paths=[["encryption_configuration"]]),
        ["the table is replaced by encryption_configuration"],
    ),
    (plan(table(), None, "delete"), ["the table is destroyed"]),
    (
        plan({"dataset_id": "d", "delete_contents_on_destroy": True}, {}, *REPLACE, type="google_bigquery_dataset"),
        ["the dataset is destroyed with all that is in it"],
    ),
]
KEPT = [
    plan(None, table(), "create"),
    plan(table(), table([*COLUMNS, {"name": "new", "type": "STRING"}])),
    plan(table(), table(retyped("at", mode="NULLABLE"))),
    plan(table(), table(retyped("price", name="PRICE", type="FLOAT", description="In rupees."))),
    plan(table(), table(time_partitioning=[{**PARTITIONS[0], "expiration_ms": 8_640_000_000}])),
    plan(table(), table(time_partitioning=[{**PARTITIONS[0], "expiration_ms": None}])),
    plan(table(view=[{"query": "SELECT 1"}]), None, "delete"),
    plan(table(materialized_view=[{}]), table(materialized_view=[{}]), *REPLACE),
    plan(table(external_data_configuration=[{}]), None, "delete"),
    plan(table(), None, "forget"),
    plan({"dataset_id": "d", "delete_contents_on_destroy": False}, None, "delete", type="google_bigquery_dataset"),
    {**plan(table(), None, "delete"), "planned_values": {}},
    {},
]


@pytest.mark.parametrize(("planned", "said"), LOST, ids=[said[0] for _, said in LOST])
def test_what_loses_data_is_named(planned: dict[str, Any], said: list[str]) -> None:
    assert [loss.what for loss in losses(planned)] == said


@pytest.mark.parametrize("planned", KEPT, ids=range(len(KEPT)))
def test_what_loses_nothing_is_not(planned: dict[str, Any]) -> None:
    assert losses(planned) == []


@pytest.fixture
def files(envs: EnvironmentFiles) -> EnvironmentFiles:
    envs.file("ticks.json", json.dumps(COLUMNS))
    return envs


def allowing(files: EnvironmentFiles, allowed: str, environment: str = "") -> Any:
    files.subprojects(alpha=ALPHA.format(allowed=allowed))
    files.dev(f"project_id: atm-dev-1\n{environment}")
    return files.load()


def test_the_refusal_names_table_column_line_and_what_to_write(files: EnvironmentFiles) -> None:
    loaded = allowing(files, "description: x")
    with pytest.raises(DataLoss) as refused:
        refuse_losses(plan(table(), table(without("price"))), loaded)
    assert str(refused.value).splitlines()[:2] == [
        "environment dev: the plan would lose data of 1 table",
        "envs/base.yaml:9:21: d.ticks: column price is dropped (12 rows when Terraform looked)",
    ]
    assert "write `allow_data_loss: [ticks]` in dataset d, apply" in refused.value.todo


def test_a_table_that_only_has_another_address_is_told_with_the_block_that_keeps_it(files: EnvironmentFiles) -> None:
    loaded = allowing(files, "description: x")
    gone = plan(table(project="p"), None, "delete")
    made = plan(None, table(project="p", table_constraints=[{}]), "create")["resource_changes"][0]
    there = ADDRESS.replace(".table[", ".referring[")
    planned = {**gone, "resource_changes": [*gone["resource_changes"], {**made, "address": there}]}
    with pytest.raises(DataLoss, match=r"d\.ticks: the table is destroyed, and made again, empty, as ") as refused:
        refuse_losses(planned, loaded)
    assert (
        f"infra/moved.tf that it is the same at another address, and plan again:\n\nmoved {{\n  from = {ADDRESS}\n"
        in (refused.value.todo)
    )
    assert "allow_data_loss" not in refused.value.todo


@pytest.mark.parametrize("gone", ["old", "ticks"])
def test_a_table_that_is_gone_has_the_nearest_line(files: EnvironmentFiles, gone: str) -> None:
    loaded = allowing(files, "description: x")
    removed = plan(table(table_id=gone), None, "delete")
    with pytest.raises(DataLoss, match=rf"envs/base.yaml:[78]:\d+: d.{gone}: the table is destroyed"):
        refuse_losses(removed, loaded)


def test_a_dataset_that_is_gone_has_the_line_of_its_subproject(files: EnvironmentFiles) -> None:
    with pytest.raises(DataLoss, match=r"envs/base.yaml:\d+:\d+: gone.ticks: the table is destroyed"):
        refuse_losses(plan(table(dataset_id="gone"), None, "delete"), allowing(files, "description: x"))


@pytest.mark.parametrize(("allowed", "refused"), [("[ticks]", False), ('["*"]', False), ("[other]", True)])
def test_the_yaml_may_give_data_up(files: EnvironmentFiles, allowed: str, refused: bool) -> None:
    loaded = allowing(files, f"allow_data_loss: {allowed}")
    assert "allow_data_loss" not in loaded.tfvars["subprojects"]["alpha"]["datasets"]["d"]
    for planned in (plan(table(), None, "delete"), plan(table(), table(without("price")))):
        if refused:
            with pytest.raises(DataLoss):
                refuse_losses(planned, loaded)
        else:
            refuse_losses(planned, loaded)


@pytest.mark.parametrize(
    ("environment", "refused"),
    [("cloud: sandbox\ndelete_contents: true", False), ("cloud: sandbox", True), ("delete_contents: true", True)],
)
def test_only_a_sandboxs_own_environment_loses_data_unasked(
    files: EnvironmentFiles, environment: str, refused: bool
) -> None:
    loaded = allowing(files, "description: x", environment)
    if refused:
        with pytest.raises(DataLoss):
            refuse_losses(plan(table(), None, "delete"), loaded)
    else:
        refuse_losses(plan(table(), None, "delete"), loaded)


@pytest.mark.parametrize(("allowed", "told"), [("[ticks]", False), ('["*"]', False), ("[old, ticks]", True)])
def test_a_permission_that_nothing_uses_is_told(files: EnvironmentFiles, allowed: str, told: bool) -> None:
    loaded = allowing(files, f"allow_data_loss: {allowed}")
    found = left_over(plan(table(), None, "delete"), loaded)
    assert [one.summary.partition(", and")[0] for one in found] == (
        ["envs/base.yaml:6:27: d.allow_data_loss names old"] if told else []
    )
    assert left_over({}, loaded), "a plan of nothing uses none"
