"""Names without a dataset: of the default dataset of a job, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import bigquery

ONE, TWO = "default_one", "default_two"

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module", autouse=True)
def datasets(client: bigquery.Client) -> Iterator[None]:
    for dataset in (ONE, TWO):
        client.create_dataset(dataset)
    yield
    for dataset in (ONE, TWO):
        client.delete_dataset(dataset, delete_contents=True)


@pytest.fixture(params=["query", "insert"])
def ask(request: pytest.FixtureRequest, client: bigquery.Client) -> Ask:
    """Ask by `jobs.query` or `jobs.insert`: its rows."""

    def asked(sql: str, dataset: str = "", **more: Any) -> list[tuple[Any, ...]]:
        config = bigquery.QueryJobConfig(**more)
        if dataset:
            config.default_dataset = f"{client.project}.{dataset}"
        if request.param == "query":
            return [tuple(row) for row in client.query_and_wait(sql, job_config=config)]
        return [tuple(row) for row in client.query(sql, job_config=config).result()]

    return asked


def tables(client: bigquery.Client, dataset: str) -> list[str]:
    return [table.table_id for table in client.list_tables(dataset)]


def test_a_table_is_of_the_default_dataset_through_its_life(client: bigquery.Client, ask: Ask) -> None:
    for dataset in (ONE, TWO):
        ask("CREATE TABLE people (id INT64, name STRING)", dataset)
        ask(f"INSERT people VALUES (1, '{dataset}'), (2, 'x')", dataset)  # noqa: S608
    assert ask("SELECT name FROM people ORDER BY id", ONE) == [(ONE,), ("x",)]
    assert ask(f"SELECT a.name, b.name FROM people AS a JOIN {TWO}.people AS b USING (id) WHERE id = 1", ONE) == [  # noqa: S608
        (ONE, TWO)
    ]
    ask("UPDATE people SET name = 'y' WHERE id = 2", ONE)
    ask("DELETE people WHERE id = 1", ONE)
    ask(f"MERGE people AS p USING {TWO}.people AS s ON p.id = s.id WHEN NOT MATCHED THEN INSERT ROW", ONE)
    assert ask(f"SELECT * FROM {ONE}.people ORDER BY id") == [(1, TWO), (2, "y")]  # noqa: S608
    ask("CREATE VIEW shown AS SELECT name FROM `people`", ONE)
    assert ask("SELECT COUNT(*) FROM shown", ONE) == [(2,)]
    ask("ALTER TABLE people ADD COLUMN more STRING", ONE)
    assert [field.name for field in client.get_table(f"{ONE}.people").schema] == ["id", "name", "more"]
    ask("DELETE /* one */ FROM people WHERE id = 2", ONE)
    assert ask("SELECT id FROM people", ONE) == [(1,)]
    ask("TRUNCATE TABLE people", ONE)
    assert ask("SELECT COUNT(*) FROM people", ONE) == [(0,)]
    assert sorted(tables(client, ONE)) == ["people", "shown"]
    ask("DROP VIEW shown", ONE)
    for dataset in (ONE, TWO):
        ask("DROP TABLE people", dataset)
        assert tables(client, dataset) == []


def test_a_name_of_a_with_is_no_table_but_may_be_read_of_one(ask: Ask) -> None:
    ask("CREATE OR REPLACE TABLE t AS SELECT [1, 2] AS items", ONE)
    assert ask("WITH t AS (SELECT ARRAY_LENGTH(items) AS n FROM t) SELECT n FROM t", ONE) == [(2,)]
    assert ask("WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT x FROM b") == [(2,)]
    assert ask(
        "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT MAX(x) FROM n", ONE
    ) == [(3,)]
    assert ask("SELECT item FROM t, t.items AS item ORDER BY item", ONE) == [(1,), (2,)]
    assert ask("SELECT x FROM UNNEST([1]) AS x", ONE) == [(1,)]
    ask("DROP TABLE t", ONE)


def test_scripts_have_temporary_tables_beside_those_of_the_dataset(ask: Ask) -> None:
    script = """
        DECLARE n INT64 DEFAULT 3;
        CREATE OR REPLACE TABLE kept AS SELECT n AS x;
        CREATE TEMP TABLE passing AS SELECT x + 1 AS x FROM kept;
        IF EXISTS (SELECT 1 FROM passing WHERE x = 4) THEN
          INSERT INTO kept SELECT x FROM passing;
        END IF;
        EXECUTE IMMEDIATE 'INSERT INTO kept SELECT MAX(x) + ? FROM kept' USING 1;
        FOR row IN (SELECT x FROM kept) DO SET n = n + row.x; END FOR;
        SELECT x, n FROM kept ORDER BY x;
    """
    assert ask(script, ONE) == [(3, 15), (4, 15), (5, 15)]
    assert ask(f"SELECT COUNT(*) FROM {ONE}.kept") == [(3,)]  # noqa: S608
    ask("DROP TABLE kept", ONE)


def test_routines_are_of_the_default_dataset(client: bigquery.Client, ask: Ask) -> None:
    ask("CREATE FUNCTION twice(x INT64) AS (2 * x)", TWO)
    assert ask(f"SELECT twice(twice(2)), {TWO}.twice(1), `{client.project}`.{TWO}.twice(3)", TWO) == [(8, 2, 6)]
    ask(f"CREATE PROCEDURE fill(n INT64) BEGIN CREATE OR REPLACE TABLE {TWO}.filled AS SELECT n AS x; END", TWO)
    ask("CALL fill(7)", TWO)
    assert ask("SELECT twice(x) FROM filled", TWO) == [(14,)]
    assert ask("CREATE TEMP FUNCTION thrice(x INT64) AS (3 * x); SELECT thrice(2)", TWO) == [(6,)]
    ask("DROP FUNCTION twice", TWO)
    ask("DROP PROCEDURE IF EXISTS fill", TWO)
    ask("DROP TABLE filled", TWO)
    assert list(client.list_routines(TWO)) == []


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM nowhere", "CREATE TABLE nowhere (a INT64)", "INSERT nowhere VALUES (1)", "DROP TABLE nowhere"],
)
def test_a_table_of_no_dataset_is_refused(ask: Ask, sql: str) -> None:
    with pytest.raises(GoogleAPICallError, match=r'Table "nowhere" must be qualified with a dataset'):
        ask(sql)


def test_a_routine_of_no_dataset_is_refused(ask: Ask) -> None:
    with pytest.raises(GoogleAPICallError, match='Routine name "f" missing dataset while no default dataset is set'):
        ask("CREATE FUNCTION f() AS (1)")


def test_a_session_has_its_temporary_tables(client: bigquery.Client) -> None:
    default = f"{client.project}.{ONE}"
    begun = client.query(
        "CREATE TEMP TABLE mine AS SELECT 1 AS x",
        job_config=bigquery.QueryJobConfig(create_session=True, default_dataset=default),
    )
    begun.result()
    session = [bigquery.ConnectionProperty("session_id", begun.session_info.session_id)]
    config = bigquery.QueryJobConfig(connection_properties=session, default_dataset=default)
    client.query("CREATE TABLE ours AS SELECT x + 1 AS x FROM mine", job_config=config).result()
    assert [tuple(row) for row in client.query_and_wait("SELECT * FROM mine, ours", job_config=config)] == [(1, 2)]
    assert tables(client, ONE) == ["ours"]
    client.delete_table(f"{ONE}.ours")


def test_a_job_has_the_text_and_the_default_that_it_was_given(client: bigquery.Client) -> None:
    client.query(f"CREATE OR REPLACE TABLE {ONE}.read AS SELECT 1 AS x").result()
    config = bigquery.QueryJobConfig(default_dataset=f"{client.project}.{ONE}")
    job = client.get_job(client.query("SELECT x FROM read", job_config=config).job_id)
    assert (job.query, job.default_dataset.dataset_id) == ("SELECT x FROM read", ONE)
    assert [table.table_id for table in job.referenced_tables] == ["read"]
    dry = client.query(
        "SELECT x FROM read",
        job_config=bigquery.QueryJobConfig(default_dataset=f"{client.project}.{ONE}", dry_run=True),
    )
    assert [field.name for field in dry.schema] == ["x"]
    client.delete_table(f"{ONE}.read")


def test_a_parameters_name_may_be_in_backticks(ask: Ask) -> None:
    """As Google's DB-API writes it, and so SQLAlchemy."""
    given = [bigquery.ScalarQueryParameter("id", "INT64", 7)]
    assert ask("SELECT @`id`", query_parameters=given) == [(7,)]


def test_clients_keep_tables_beside_results(client: bigquery.Client) -> None:
    """ibis and BigQuery DataFrames load what they hold to where a query's result is."""
    home = client.query("SELECT 1 AS x").destination
    table = bigquery.TableReference(bigquery.DatasetReference(client.project, home.dataset_id), "held_by_client")
    client.load_table_from_json([{"a": 1}], table).result()
    assert [tuple(row) for row in client.query_and_wait(f"SELECT a FROM `{table}`")] == [(1,)]  # noqa: S608
    assert (client.get_table(table).num_rows, [tuple(row) for row in client.list_rows(table)]) == (1, [(1,)])
    assert home.dataset_id not in [dataset.dataset_id for dataset in client.list_datasets()]
    client.delete_table(table)
