"""BigQuery through Google's own client."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import datetime
import io
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    MethodNotImplemented,
    NotFound,
    PreconditionFailed,
)
from google.cloud import bigquery

from tests.integration.runtime.running import PROJECT, call, make_client, runtime
from tests.integration.sandbox_process import Sandbox

FIELDS = [
    bigquery.SchemaField("symbol", "STRING", mode="REQUIRED", description="NSE symbol"),
    bigquery.SchemaField("price", "NUMERIC"),
    bigquery.SchemaField("at", "TIMESTAMP"),
    bigquery.SchemaField("tags", "STRING", mode="REPEATED"),
]


@pytest.fixture
def dataset(client: bigquery.Client, request: pytest.FixtureRequest) -> Iterator[bigquery.Dataset]:
    name = re.sub(r"\W", "_", request.node.name)
    wanted = bigquery.Dataset(f"{PROJECT}.{name}")
    wanted.location = "asia-south1"
    yield client.create_dataset(wanted)
    client.delete_dataset(wanted, delete_contents=True, not_found_ok=True)


def test_dataset_comes_back_whole_with_what_the_server_sets(sandbox: Sandbox, client: bigquery.Client) -> None:
    body = {
        "datasetReference": {"datasetId": "whole", "projectId": PROJECT},
        "location": "asia-south1",
        "description": "d",
        "labels": {"goog-terraform-provisioned": "true"},
        "defaultTableExpirationMs": 3600000,
        "isCaseInsensitive": True,
        "storageBillingModel": "PHYSICAL",
    }
    created = call(sandbox, "POST", f"/bigquery/v2/projects/{PROJECT}/datasets", body)
    got = call(sandbox, "GET", f"/bigquery/v2/projects/{PROJECT}/datasets/whole")
    assert created == got
    assert got["defaultTableExpirationMs"] == "3600000"
    assert {
        key: got[key] for key in ("isCaseInsensitive", "storageBillingModel", "type", "maxTimeTravelHours", "id")
    } == {
        "isCaseInsensitive": True,
        "storageBillingModel": "PHYSICAL",
        "type": "DEFAULT",
        "maxTimeTravelHours": "168",
        "id": f"{PROJECT}:whole",
    }
    assert {"role": "OWNER", "specialGroup": "projectOwners"} in got["access"]
    client.delete_dataset("whole")
    with pytest.raises(NotFound, match="Not found: Dataset"):
        client.get_dataset("whole")


def test_dataset_is_patched_and_replaced(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    dataset.labels = {"a": "1", "b": "2"}
    dataset.description = "first"
    changed = client.update_dataset(dataset, ["labels", "description"])
    changed.labels["a"] = None
    changed.description = None
    entries = list(changed.access_entries)
    entries.append(bigquery.AccessEntry("roles/bigquery.dataViewer", "userByEmail", "someone@example.com"))
    changed.access_entries = entries
    again = client.update_dataset(changed, ["labels", "description", "access_entries"])
    assert (again.labels, again.description) == ({"b": "2"}, None)
    assert again.access_entries[-1].role == "READER"
    changed.friendly_name = "x"
    with pytest.raises(PreconditionFailed):
        client.update_dataset(changed, ["friendly_name"])


def test_dataset_that_exists_or_is_in_use_is_refused(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    with pytest.raises(Conflict, match="Already Exists: Dataset"):
        client.create_dataset(dataset)
    client.create_table(bigquery.Table(dataset.table("t"), FIELDS))
    with pytest.raises(BadRequest, match="is still in use"):
        client.delete_dataset(dataset)
    with pytest.raises(NotFound, match="Not found: Dataset"):
        client.create_table(bigquery.Table(f"{PROJECT}.no_such.t", FIELDS))
    with pytest.raises(BadRequest, match="alphanumeric"):
        client.create_dataset(f"{PROJECT}.not-a-name")


def test_table_comes_back_whole(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    table = bigquery.Table(dataset.table("ticks"), FIELDS)
    table.time_partitioning = bigquery.TimePartitioning(field="at", expiration_ms=86_400_000)
    table.require_partition_filter = True
    table.clustering_fields = ["symbol"]
    table.labels = {"k": "v"}
    created = client.create_table(table)
    got = client.get_table(table)
    assert created.to_api_repr() == got.to_api_repr()
    assert [field.to_api_repr() for field in got.schema] == [field.to_api_repr() for field in FIELDS]
    assert got.time_partitioning.expiration_ms == 86_400_000
    assert (got.require_partition_filter, got.clustering_fields, got.num_rows) == (True, ["symbol"], 0)
    assert (got.location, got.table_type) == ("asia-south1", "TABLE")
    assert [item.table_id for item in client.list_tables(dataset)] == ["ticks"]
    assert dataset.dataset_id in [item.dataset_id for item in client.list_datasets()]


def test_rows_are_inserted_queried_with_parameters_and_listed(
    client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    table = client.create_table(bigquery.Table(dataset.table("ticks"), FIELDS))
    rows = [
        {"symbol": s, "price": str(p), "at": "2026-11-20T09:15:00Z", "tags": ["a"]}
        for s, p in (("TCS", 10), ("INFY", 20))
    ]
    assert client.insert_rows_json(table, rows) == []
    parameters = [
        bigquery.ScalarQueryParameter("symbol", "STRING", "TCS"),
        bigquery.ArrayQueryParameter("tags", "STRING", ["a", "b"]),
    ]
    text = f"SELECT symbol, price FROM `{table}` WHERE symbol = @symbol AND tags[0] IN UNNEST(@tags)"
    job = client.query(text, job_config=bigquery.QueryJobConfig(query_parameters=parameters))
    assert [(row.symbol, int(row.price)) for row in job.result()] == [("TCS", 10)]
    client.query_and_wait(f"INSERT INTO `{table}` (symbol) VALUES ('SBIN')")
    assert sorted(row.symbol for row in client.list_rows(table)) == ["INFY", "SBIN", "TCS"]
    assert client.get_table(table).num_rows == 3


def test_row_that_does_not_fit_is_named_and_stops_the_others(
    client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    table = client.create_table(bigquery.Table(dataset.table("ticks"), FIELDS))
    rows = [{"symbol": "A"}, {"symbol": "B", "price": "dear"}, {"price": "1"}, {"symbol": "C", "colour": "red"}]
    errors = {e["index"]: e["errors"][0] for e in client.insert_rows_json(table, rows)}
    assert errors[0]["reason"] == "stopped"
    assert errors[1]["message"] == "Cannot convert value to numeric (bad value): dear"
    assert errors[2]["message"] == "Missing required field: symbol."
    assert errors[3]["message"] == "no such field: colour."
    assert client.get_table(table).num_rows == 0
    skipped = client.insert_rows_json(table, rows, skip_invalid_rows=True, ignore_unknown_values=True)
    assert [e["index"] for e in skipped] == [1, 2]
    assert sorted(row.symbol for row in client.list_rows(table)) == ["A", "C"]


def test_columns_are_added_and_relaxed_and_nothing_else(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    table = client.create_table(bigquery.Table(dataset.table("ticks"), FIELDS))
    client.insert_rows_json(table, [{"symbol": "A"}])
    new = bigquery.SchemaField("volume", "INTEGER")
    nested = bigquery.SchemaField("book", "RECORD", mode="REPEATED", fields=[bigquery.SchemaField("bid", "FLOAT")])
    table.schema = [bigquery.SchemaField("symbol", "STRING"), *FIELDS[1:], new, nested]
    changed = client.update_table(table, ["schema"])
    assert [field.name for field in changed.schema] == ["symbol", "price", "at", "tags", "volume", "book"]
    assert client.insert_rows_json(changed, [{"volume": 7, "book": [{"bid": 1.5}]}]) == []
    assert [
        row.volume for row in client.query_and_wait(f"SELECT volume FROM `{table}` ORDER BY volume NULLS LAST")
    ] == [7, None]
    for schema, message in (
        (changed.schema[1:], "Field symbol is missing in new schema"),
        ([bigquery.SchemaField("symbol", "INTEGER"), *changed.schema[1:]], "has changed type from STRING to INTEGER"),
        ([*changed.schema, bigquery.SchemaField("x", "STRING", mode="REQUIRED")], "Cannot add required fields"),
        ([bigquery.SchemaField("symbol", "STRING", mode="REQUIRED"), *changed.schema[1:]], "has changed mode"),
    ):
        fresh = client.get_table(table)
        fresh.schema = schema
        with pytest.raises(BadRequest, match=message):
            client.update_table(fresh, ["schema"])


def test_view_has_its_querys_columns_and_is_refused_where_the_query_fails(
    client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    source = client.create_table(bigquery.Table(dataset.table("ticks"), FIELDS))
    client.insert_rows_json(source, [{"symbol": "A"}, {"symbol": "A"}])
    view = bigquery.Table(dataset.table("counts"))
    view.view_query = f"SELECT symbol, COUNT(*) AS n FROM `{source}` GROUP BY symbol"
    created = client.create_table(view)
    assert (created.table_type, [field.name for field in created.schema]) == ("VIEW", ["symbol", "n"])
    assert [tuple(row) for row in client.query_and_wait(f"SELECT * FROM `{view}`")] == [("A", 2)]
    created.view_query = f"SELECT symbol FROM `{source}`"
    assert [field.name for field in client.update_table(created, ["view_query"]).schema] == ["symbol"]
    client.delete_table(view)
    broken = bigquery.Table(dataset.table("broken"))
    broken.view_query = f"SELECT no_such FROM `{source}`"
    with pytest.raises(BadRequest, match="no_such"):
        client.create_table(broken)
    with pytest.raises(NotFound, match="Not found: Table"):
        client.get_table(broken)


def test_what_sql_makes_and_changes_shows(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    name = f"{dataset.project}.{dataset.dataset_id}"
    client.query_and_wait(f"CREATE TABLE `{name}.made` (x INT64 NOT NULL, y ARRAY<STRING>)")
    client.query_and_wait(f"CREATE VIEW `{name}.seen` AS SELECT x FROM `{name}.made`")
    made = client.get_table(f"{name}.made")
    assert [(f.name, f.field_type, f.mode) for f in made.schema] == [
        ("x", "INTEGER", "REQUIRED"),
        ("y", "STRING", "REPEATED"),
    ]
    assert made.location == "asia-south1"
    client.query_and_wait(f"ALTER TABLE `{name}.made` ADD COLUMN late STRING, ADD COLUMN gone STRING")
    client.query_and_wait(f"ALTER TABLE `{name}.made` DROP COLUMN late, DROP COLUMN gone")
    client.query_and_wait(f"ALTER TABLE `{name}.made` ADD COLUMN z FLOAT64")
    assert [f.name for f in client.get_table(f"{name}.made").schema] == ["x", "y", "z"]
    assert client.insert_rows_json(f"{name}.made", [{"x": 1, "z": 0.5}]) == []
    client.query(f"CREATE OR REPLACE TABLE `{name}.made` (only STRING)").result()
    assert [f.name for f in client.get_table(f"{name}.made").schema] == ["only"]
    client.delete_table(f"{name}.seen")
    client.query_and_wait(f"DROP TABLE `{name}.made`")
    assert list(client.list_tables(dataset)) == []
    client.query_and_wait(f"CREATE SCHEMA `{PROJECT}.by_sql`")
    assert client.get_dataset("by_sql").access_entries
    client.delete_dataset("by_sql")


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        (
            "SELECT COUNT(*), 1 + 1, MAX(x) AS most, y FROM (SELECT 1 AS x, 2 AS y) GROUP BY y",
            ["f0_", "f1_", "most", "y"],
        ),
        ("SELECT * FROM (SELECT CAST(1 AS STRING), 'a')", ["f0_", "f1_"]),
        ("SELECT STRUCT(x, y) AS s FROM (SELECT 1 AS x, 2 AS y)", ["s", "x", "y"]),
        ("SELECT ARRAY_AGG(STRUCT(x, y)) AS s FROM (SELECT 1 AS x, 2 AS y)", ["s", "x", "y"]),
        ("SELECT [STRUCT(1, 'a'), STRUCT(2, 'b')] AS s", ["s", "_field_1", "_field_2"]),
    ],
)
def test_what_a_query_does_not_name_is_named(client: bigquery.Client, sql: str, names: list[str]) -> None:
    found = client.query(sql).result()
    assert [name for field in found.schema for name in (field.name, *(inner.name for inner in field.fields))] == names
    assert found.total_rows == 1


def test_failing_query_raises_its_error(client: bigquery.Client) -> None:
    with pytest.raises(BadRequest, match="Syntax error"):
        client.query_and_wait("SELEC 1")
    with pytest.raises(BadRequest, match="Syntax error"):
        client.query("SELEC 1").result()
    with pytest.raises((NotFound, Forbidden)):
        client.query_and_wait("SELECT * FROM no_such.t")


def test_table_has_a_policy_that_goes_with_it(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    table = client.create_table(bigquery.Table(dataset.table("t"), FIELDS))
    policy = client.get_iam_policy(table)
    policy.bindings = [{"role": "roles/bigquery.dataViewer", "members": {"user:a@example.com"}}]
    client.set_iam_policy(table, policy)
    assert client.get_iam_policy(table).bindings[0]["role"] == "roles/bigquery.dataViewer"
    client.delete_table(table)
    with pytest.raises(NotFound):
        client.get_iam_policy(table)
    client.create_table(bigquery.Table(dataset.table("t"), FIELDS))
    assert client.get_iam_policy(table).bindings == []


def test_file_is_loaded(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    config = bigquery.LoadJobConfig(
        source_format="CSV", skip_leading_rows=1, schema=[bigquery.SchemaField("a", "INTEGER")]
    )
    job = client.load_table_from_file(io.BytesIO(b"a\n1\n2\n"), dataset.table("loaded"), job_config=config)
    job.result()
    assert client.get_table(dataset.table("loaded")).num_rows == 2


def test_tables_are_read_by_many_at_once(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    tables = [f"{PROJECT}.{dataset.dataset_id}.t{number}" for number in range(4)]
    for table in tables:
        client.create_table(bigquery.Table(table, FIELDS))
    with ThreadPoolExecutor(8) as readers:
        found = list(readers.map(lambda number: client.get_table(tables[number % 4]).num_rows, range(200)))
    assert found == [0] * 200


def test_service_account_that_does_not_exist_gets_no_access(sandbox: Sandbox, dataset: bigquery.Dataset) -> None:
    entry = {"role": "READER", "userByEmail": f"nobody@{PROJECT}.iam.gserviceaccount.com"}
    path = f"/bigquery/v2/projects/{PROJECT}/datasets/{dataset.dataset_id}"
    answer = call(sandbox, "PATCH", path, {"access": [entry]}, expect=400)
    assert answer["error"]["errors"][0]["domain"] == "global"


def test_what_is_not_implemented_says_so(sandbox: Sandbox, dataset: bigquery.Dataset) -> None:
    path = f"/bigquery/v2/projects/{PROJECT}/datasets/{dataset.dataset_id}"
    assert call(sandbox, "POST", f"{path}:undelete", {}, expect=501)["error"]["code"] == 501
    body = {"tableReference": {"tableId": "x"}, "snapshotDefinition": {"snapshotTime": "2026-01-01T00:00:00Z"}}
    assert "snapshotDefinition" in call(sandbox, "POST", f"{path}/tables", body, expect=501)["error"]["message"]


def test_engine_that_dies_is_started_again(own_sandbox: Sandbox) -> None:
    own_sandbox.start()
    client = make_client(own_sandbox)
    client.create_dataset("again")
    os.kill(runtime(own_sandbox)["bigquery"]["pid"], signal.SIGKILL)
    assert client.get_dataset("again").dataset_id == "again"
    assert runtime(own_sandbox)["bigquery"]["starts"] == 2


def test_rows_are_seen_by_whom_a_row_access_policy_names(
    sandbox: Sandbox, client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    name = f"{PROJECT}.{dataset.dataset_id}.fills"
    client.query_and_wait(f"CREATE TABLE `{name}` (desk STRING)")
    client.query_and_wait(f"INSERT INTO `{name}` VALUES ('equity'), ('debt')")
    path = f"/bigquery/v2/projects/{PROJECT}/datasets/{dataset.dataset_id}/tables/fills/rowAccessPolicies"
    reference = {"datasetId": dataset.dataset_id, "tableId": "fills", "policyId": "equity"}
    policy = {"filterPredicate": "desk = 'equity'", "grantees": ["user:ann@example.com"]}
    made = call(sandbox, "POST", path, {"rowAccessPolicyReference": reference, **policy})
    assert datetime.datetime.fromisoformat(made["creationTime"]).year > 2020, "RFC 3339, which bq reads"
    table = path.removesuffix("/rowAccessPolicies")
    assert call(sandbox, "PATCH", table, {"schema": None, "description": "x"})["schema"]["fields"], "as bq sends it"

    ann = make_client(sandbox)
    ann._connection.extra_headers = {"X-Bqemu-Caller": "user:ann@example.com"}
    statement = f"SELECT desk FROM `{name}`"
    assert [row.desk for row in ann.query_and_wait(statement)] == ["equity"]
    assert list(client.query_and_wait(statement)) == [], "nobody sees what none gives"


def test_routines_are_called_and_tell_what_they_were_made_of(
    sandbox: Sandbox, client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    path = f"/bigquery/v2/projects/{PROJECT}/datasets/{dataset.dataset_id}/routines"
    number = {"typeKind": "INT64"}
    made = call(
        sandbox,
        "POST",
        path,
        {
            "routineReference": {"routineId": "twice"},
            "routineType": "SCALAR_FUNCTION",
            "definitionBody": "x * 2",
            "arguments": [{"name": "x", "dataType": number}],
            "dataGovernanceType": "DATA_MASKING",
        },
    )
    assert made["language"] == "SQL"
    assert made["dataGovernanceType"] == "DATA_MASKING"
    assert made["arguments"] == [{"name": "x", "dataType": number}], "no mode, which only procedures have"
    call(
        sandbox,
        "POST",
        path,
        {
            "routineReference": {"routineId": "up_to"},
            "routineType": "TABLE_VALUED_FUNCTION",
            "definitionBody": "SELECT n FROM UNNEST(GENERATE_ARRAY(1, most)) AS n",
            "arguments": [{"name": "most", "dataType": number}],
        },
    )
    name = f"{PROJECT}.{dataset.dataset_id}"
    rows = client.query_and_wait(f"SELECT `{name}.twice`(n) AS twice FROM `{name}.up_to`(3) ORDER BY n")
    assert [row.twice for row in rows] == [2, 4, 6]

    routine = client.get_routine(f"{name}.twice")
    routine.body = "x * 3"
    # A change is of the whole routine.
    whole = ["type_", "language", "arguments", "body"]
    assert client.update_routine(routine, whole).body == "x * 3"
    assert [row.n for row in client.query_and_wait(f"SELECT `{name}.twice`(1) AS n")] == [3]
    assert [routine.routine_id for routine in client.list_routines(dataset)] == ["twice", "up_to"]
    client.delete_routine(f"{name}.twice")
    with pytest.raises(NotFound, match="Routine"):
        client.get_routine(f"{name}.twice")


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"routineType": "FUNCTION"}, BadRequest, "routineType"),
    ({"language": "JAVASCRIPT"}, BadRequest, "Return type"),
    ({"definitionBody": ""}, BadRequest, "definition body"),
    ({"securityMode": "INVOKER"}, BadRequest, "procedures"),
    (
        {"language": "JAVASCRIPT", "returnType": {"typeKind": "INT64"}, "importedLibraries": ["gs://b/a.js"]},
        *(MethodNotImplemented, "importedLibraries"),
    ),
    ({"language": "PYTHON"}, MethodNotImplemented, "PYTHON"),
    ({"pythonOptions": {"entryPoint": "f"}}, MethodNotImplemented, "pythonOptions"),
]


def test_routines_that_are_refused(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    reference = {"projectId": PROJECT, "datasetId": dataset.dataset_id, "routineId": "r"}
    right = {"routineReference": reference, "routineType": "SCALAR_FUNCTION", "definitionBody": "1"}
    for wrong, error, message in REFUSED:
        with pytest.raises(error, match=message):
            client.create_routine(bigquery.Routine.from_api_repr({**right, **wrong}))


def test_what_reads_a_dataset_without_a_role_has_to_be_there(
    client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    view = {"projectId": PROJECT, "datasetId": dataset.dataset_id, "tableId": "one"}
    entries = list(dataset.access_entries)
    dataset.access_entries = [*entries, bigquery.AccessEntry(None, "view", view)]
    with pytest.raises(NotFound, match="one"):
        client.update_dataset(dataset, ["access_entries"])
    client.query_and_wait(f"CREATE TABLE `{PROJECT}.{dataset.dataset_id}.one` (n INT64)")
    with pytest.raises(BadRequest, match="is not a view"):
        client.update_dataset(dataset, ["access_entries"])
    client.query_and_wait(f"DROP TABLE `{PROJECT}.{dataset.dataset_id}.one`")
    client.query_and_wait(f"CREATE VIEW `{PROJECT}.{dataset.dataset_id}.one` AS SELECT 1 AS n")
    changed = client.update_dataset(dataset, ["access_entries"])
    assert changed.access_entries[-1].entity_id == view


@pytest.mark.parametrize(
    ("options", "moment"),
    [
        ({}, "1.767225600123456E9"),
        ({"useInt64Timestamp": "true"}, "1767225600123456"),
        ({"timestampOutputFormat": "ISO8601_STRING"}, "2026-01-01T00:00:00.123456Z"),
    ],
)
def test_values_are_written_as_bigquery_does(
    client: bigquery.Client, sandbox: Sandbox, dataset: bigquery.Dataset, options: dict[str, Any], moment: str
) -> None:
    """Google's client for Java reads them so: NUMERIC by its text, timestamps as seconds unless it asks otherwise."""
    path = f"/bigquery/v2/projects/{PROJECT}"
    columns = "TIMESTAMP '2026-01-01 00:00:00.123456' AS at, NUMERIC '3500.25' AS price, CAST('inf' AS FLOAT64) AS f"
    columns += ", [STRUCT(TIMESTAMP_SECONDS(0) AS s)] AS l"
    client.query_and_wait(f"CREATE OR REPLACE TABLE `{dataset.dataset_id}.t` AS SELECT {columns}")
    body = {
        "query": f"SELECT at, price, f, l FROM `{dataset.dataset_id}.t`",
        "useLegacySql": False,
        "location": "asia-south1",
    }
    asked = call(sandbox, "POST", f"{path}/queries", {**body, "formatOptions": options})
    parameters = "&".join(f"formatOptions.{name}={value}" for name, value in options.items())
    again = call(sandbox, "GET", f"{path}/queries/{asked['jobReference']['jobId']}?location=asia-south1&{parameters}")
    listed = call(sandbox, "GET", f"{path}/datasets/{dataset.dataset_id}/tables/t/data?{parameters}")
    for found in (asked, again, listed):
        at, price, infinite, many = (cell["v"] for cell in found["rows"][0]["f"])
        assert (at, price, infinite) == (moment, "3500.25", "Infinity")
        inner = many[0]["v"]["f"][0]["v"]
        assert inner == {"1767225600123456": "0", "1.767225600123456E9": "0.0"}.get(
            moment, "1970-01-01T00:00:00.000000Z"
        )


def test_columns_may_be_words_of_the_engine(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    words = ["at", "semi", "positional", "overlaps", "binary", "lambda", "show", "summarize", "pivot_wider"]
    columns = ", ".join(f"{number} AS `{word}`" for number, word in enumerate(words))
    client.query_and_wait(f"CREATE TABLE `{dataset.dataset_id}.t` AS SELECT {columns}")
    query = f"SELECT {', '.join(words)} FROM `{dataset.dataset_id}.t` WHERE at = 0 ORDER BY semi"
    row = next(iter(client.query_and_wait(query)))
    assert list(row.items()) == [(word, number) for number, word in enumerate(words)]


def test_partitions_are_listed_places_read_and_changes_counted(
    client: bigquery.Client, dataset: bigquery.Dataset
) -> None:
    table = f"{dataset.dataset_id}.t"
    client.query_and_wait(f"CREATE TABLE `{table}` (d DATE, g GEOGRAPHY) PARTITION BY d")
    rows = "('2026-01-01', ST_GEOGPOINT(1, 2)), ('2026-01-02', NULL)"
    assert client.query_and_wait(f"INSERT `{table}` VALUES {rows}").num_dml_affected_rows == 2
    assert client.list_partitions(table) == ["20260101", "20260102"]
    found = client.query_and_wait(f"SELECT g FROM `{table}` ORDER BY d")
    assert [row["g"] for row in found] == ["POINT(1 2)", None]
    assert client.query(f"DELETE FROM `{table}` WHERE true").result().num_dml_affected_rows == 2
    client.query_and_wait(f"CREATE TABLE `{dataset.dataset_id}.plain` AS SELECT 1 AS a")
    with pytest.raises(BadRequest, match="not partitioned"):
        client.list_partitions(f"{dataset.dataset_id}.plain")


def test_the_older_list_of_tables(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    """dbt builds its catalog of it."""
    name = f"{dataset.project}.{dataset.dataset_id}"
    everything = f"SELECT table_id, row_count, type FROM `{name}.__TABLES__` ORDER BY table_id"
    assert list(client.query(everything).result()) == []
    client.query(f"CREATE TABLE `{name}.ticks` AS SELECT 1 AS lots UNION ALL SELECT 2").result()
    client.query(f"CREATE VIEW `{name}.all_ticks` AS SELECT * FROM `{name}.ticks`").result()
    assert [row.values() for row in client.query(everything).result()] == [("all_ticks", 0, 2), ("ticks", 2, 1)]
    joined = f"SELECT t.table_id FROM `{name}`.__TABLES_SUMMARY__ AS t WHERE t.type = 1"
    assert [row.table_id for row in client.query(joined).result()] == ["ticks"]
    with pytest.raises(NotFound, match="Not found: Dataset"):
        client.query("SELECT * FROM nowhere.__TABLES__").result()


def test_distinct_values_without_null(client: bigquery.Client) -> None:
    sql = "SELECT ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY x DESC) AS a FROM UNNEST([1, 2, NULL, 2]) AS x"
    assert [row.a for row in client.query(sql).result()] == [[2, 1]]


def test_what_a_dataset_is_said_to_hold_may_have_any_sign(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    table = bigquery.Table(dataset.table("said"), schema=[bigquery.SchemaField("n", "INTEGER")])
    table.description = "Bank Nifty's \\ first\nof all"
    client.create_table(table)
    options = f"`{dataset.project}`.{dataset.dataset_id}.INFORMATION_SCHEMA.TABLE_OPTIONS"
    asked = f"SELECT option_value FROM {options} WHERE option_name = 'description'"
    assert ["Nifty's" in row.option_value for row in client.query(asked).result()] == [True]
    for view, columns in (("TABLES", 1), ("COLUMNS", 1), ("VIEWS", 0), ("MATERIALIZED_VIEWS", 0)):
        counted = f"SELECT COUNT(*) FROM {dataset.dataset_id}.INFORMATION_SCHEMA.{view} WHERE table_name = 'said'"
        assert [row[0] for row in client.query(counted).result()] == [columns]


def test_an_array_is_asked_for_its_members(client: bigquery.Client) -> None:
    days = bigquery.ArrayQueryParameter("days", "DATE", [datetime.date(2026, 1, 30), datetime.date(2026, 1, 31)])
    config = bigquery.QueryJobConfig(query_parameters=[days])
    sql = "SELECT day FROM UNNEST([DATE '2026-01-31', DATE '2026-02-01']) AS day WHERE day IN UNNEST(@days)"
    assert [row.day for row in client.query(sql, job_config=config).result()] == [datetime.date(2026, 1, 31)]
    script = f"DECLARE days ARRAY<DATE>; SET days = ARRAY[DATE '2026-01-31']; {sql.replace('@days', 'days')}"
    assert [row.day for row in client.query(script).result()] == [datetime.date(2026, 1, 31)]
