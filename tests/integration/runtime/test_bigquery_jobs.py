"""What jobs of BigQuery tell of themselves, and what is a job's alone, through Google's client."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery

from tests.integration.runtime.running import PROJECT, call
from tests.integration.sandbox_process import Sandbox

QUERIES = f"/bigquery/v2/projects/{PROJECT}/queries"
JOBS = f"/bigquery/v2/projects/{PROJECT}/jobs"


def rows(client: Any, sql: str, **config: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(sql, job_config=bigquery.QueryJobConfig(**config)).result()]


def test_temporary_tables_end_with_their_script(client: Any) -> None:
    script = "CREATE TEMP TABLE seen AS SELECT 5 AS x; INSERT INTO seen VALUES (6); SELECT SUM(x) FROM _SESSION.seen;"
    assert rows(client, script) == rows(client, script) == [(11,)]
    with pytest.raises(BadRequest, match='Table "seen" must be qualified with a dataset'):
        rows(client, "SELECT * FROM seen")
    with pytest.raises(BadRequest, match="requires a script or session"):
        rows(client, "CREATE TEMP TABLE seen AS SELECT 1 AS x")


def test_temporary_tables_of_a_session_are_its_own(client: Any) -> None:
    sessions = []
    for value in (1, 2):
        config = bigquery.QueryJobConfig(create_session=True)
        job = client.query(f"CREATE TEMP TABLE kept AS SELECT {value} AS x", job_config=config)
        job.result()
        sessions.append([bigquery.ConnectionProperty("session_id", job.session_info.session_id)])
    found = [rows(client, "SELECT x FROM kept", connection_properties=each) for each in (*sessions, *sessions)]
    assert found == [[(1,)], [(2,)]] * 2
    with pytest.raises(BadRequest, match="must be qualified"):
        rows(client, "CREATE TEMP TABLE other AS SELECT 1 AS x; SELECT x FROM kept;")


def test_ranges_are_taken_as_parameters(client: Any) -> None:
    first, last = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
    parameters = [
        bigquery.RangeQueryParameter("DATE", start=first, end=last, name="month"),
        bigquery.RangeQueryParameter("DATE", start=first, name="open"),
        bigquery.ScalarQueryParameter("day", "DATE", first),
        bigquery.ScalarQueryParameter("text", "STRING", "@month"),
    ]
    found = rows(client, "SELECT @month, @open, RANGE_CONTAINS(@month, @day), @text", query_parameters=parameters)
    assert found == [({"start": first, "end": last}, {"start": first, "end": None}, True, "@month")]


def test_a_job_that_is_read_again_is_as_it_was_asked_for(client: Any, scratch: str) -> None:
    target = f"{scratch}.filled"
    config = bigquery.QueryJobConfig(
        destination=target, write_disposition="WRITE_APPEND", labels={"team": "a"}, priority="BATCH"
    )
    job = client.query("SELECT 1 AS x", job_config=config)
    job.result()
    again = client.get_job(job.job_id)
    assert (str(again.destination), again.write_disposition) == (target, "WRITE_APPEND")
    assert (again.labels, again.priority) == ({"team": "a"}, "BATCH")


def test_a_job_tells_what_it_read_and_what_it_changed(client: Any, scratch: str) -> None:
    rows(client, f"CREATE TABLE {scratch}.parts (id INT64, tags ARRAY<STRUCT<name STRING>>)")
    read = f"SELECT part.id, tag.name FROM {scratch}.parts AS part, part.tags AS tag"  # noqa: S608
    planned = client.query(read, job_config=bigquery.QueryJobConfig(dry_run=True))
    assert [str(each) for each in planned.referenced_tables] == [f"{scratch}.parts"]
    for change, counted in (
        ("INSERT INTO {} (id) VALUES (1), (2)", bigquery.DmlStats(inserted_row_count=2)),
        ("UPDATE {} SET id = 3 WHERE id = 2", bigquery.DmlStats(updated_row_count=1)),
        ("DELETE FROM {} WHERE TRUE", bigquery.DmlStats(deleted_row_count=2)),
    ):
        job = client.query(change.format(f"{scratch}.parts"))
        job.result()
        assert job.dml_stats == counted


def test_who_asks_for_the_results_of_a_failed_job_is_told_why(client: Any, sandbox: Sandbox) -> None:
    """Google's clients for Go and Java wait for a job so."""
    job = client.query("SELECT ERROR('on purpose')")
    assert "on purpose" in call(sandbox, "GET", f"{QUERIES}/{job.job_id}", expect=400)["error"]["message"]
    call(sandbox, "GET", f"{QUERIES}/no-such-job", expect=404)
    listed = next(each for each in client.list_jobs(max_results=20) if each.job_id == job.job_id)
    assert "on purpose" in listed.error_result["message"]


def test_a_load_of_a_request_is_listed_once_by_its_name(client: Any, sandbox: Sandbox, scratch: str) -> None:
    config = bigquery.LoadJobConfig(source_format="NEWLINE_DELIMITED_JSON", autodetect=True)
    job = client.load_table_from_file(io.BytesIO(b'{"x": 1}'), f"{scratch}.told", job_config=config)
    job.result()
    listed = list(client.list_jobs(max_results=20, min_creation_time=job.created))
    assert [(each.job_id, each.job_type, each.state) for each in listed] == [(job.job_id, "load", "DONE")]
    shown = call(sandbox, "GET", f"{JOBS}/{job.job_id}")
    assert "file:" not in f"{shown}{call(sandbox, 'GET', f'{JOBS}?maxResults=5')}"  # where the sandbox had the data
    text = f"SELECT job_type FROM `region-us`.INFORMATION_SCHEMA.JOBS WHERE job_id = '{job.job_id}'"  # noqa: S608
    assert rows(client, text) == [("LOAD",)]


def test_jobs_are_listed_by_pages_the_newest_first(client: Any, sandbox: Sandbox) -> None:
    made = [client.query(f"SELECT {number}").job_id for number in range(5)]
    listed = dict.fromkeys(job.job_id for job in client.list_jobs(max_results=30, page_size=4))
    assert [job for job in listed if job in made] == made[::-1]
    assert list(client.list_jobs(state_filter="running")) == []
    assert len(call(sandbox, "GET", f"{JOBS}?pageToken=&maxResults=3")["jobs"]) == 3  # as Google's client for Go asks


def test_a_project_with_dashes_needs_no_quotes(client: Any, scratch: str) -> None:
    table = f"{scratch}.dashed"
    assert "-" in table
    rows(client, f"CREATE TABLE {table} (id INT64)")
    rows(client, f"INSERT INTO {table} VALUES (1), (2); UPDATE {table} SET id = 3 WHERE id = 2;")  # noqa: S608
    rows(client, f"MERGE {table} AS t USING {table} AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET id = t.id + 1")
    assert rows(client, f"SELECT a.id FROM {table} AS a JOIN {table} USING (id) ORDER BY 1") == [(2,), (4,)]  # noqa: S608
    rows(client, f"TRUNCATE TABLE {table}")
    rows(client, f"DROP TABLE {table}")


def test_a_job_runs_where_it_is_asked_to_or_where_its_data_is(client: Any, sandbox: Sandbox, scratch: str) -> None:
    rows(client, f"CREATE TABLE {scratch}.placed AS SELECT 1 AS x")
    home = client.get_dataset(scratch).location
    elsewhere = client.query("SELECT 1", location="EU")
    elsewhere.result()
    assert [elsewhere.location, client.get_job(elsewhere.job_id).location] == ["EU", "EU"]
    assert client.get_table(elsewhere.destination).location == "EU"
    listed = {job.job_id: job.location for job in client.list_jobs(max_results=3)}
    assert listed[elsewhere.job_id] == "EU"
    for text, place in ((f"SELECT * FROM {scratch}.placed", home), ("SELECT 1", "US")):  # noqa: S608
        asked = {"query": text, "useLegacySql": False}
        made = call(sandbox, "POST", JOBS, {"configuration": {"query": asked}})["jobReference"]
        found = call(sandbox, "POST", QUERIES, asked)["jobReference"]
        again = call(sandbox, "GET", f"{QUERIES}/{found['jobId']}")["jobReference"]
        assert [made["location"], found["location"], again["location"]] == [place] * 3


def test_a_dataset_that_is_elsewhere_is_not_found(client: Any, sandbox: Sandbox, scratch: str) -> None:
    table = f"{scratch}.placed_elsewhere"
    rows(client, f"CREATE TABLE {table} AS SELECT 1 AS x")
    message = f"Dataset {PROJECT}:{scratch.rpartition('.')[2]} was not found in location EU"
    begun = (
        lambda: client.query(f"SELECT * FROM {table}", location="EU"),  # noqa: S608
        lambda: client.query(f"DECLARE y INT64; SET y = (SELECT MAX(x) FROM {table});", location="EU"),  # noqa: S608
        lambda: client.copy_table(table, f"{table}_2", location="EU"),
        lambda: client.extract_table(table, "gs://no-bucket-of-this-name/x", location="EU"),
        lambda: client.load_table_from_uri("gs://no-bucket-of-this-name/x", table, location="EU"),
    )
    for begin in begun:
        with pytest.raises(NotFound, match=message):
            begin().result()
    asked = {"query": f"SELECT * FROM {table}", "useLegacySql": False, "location": "EU"}  # noqa: S608
    assert call(sandbox, "POST", QUERIES, asked, 404)["error"]["errors"][0]["reason"] == "notFound"
    other = bigquery.Dataset(f"{client.project}.elsewhere")
    other.location = "EU"
    client.create_dataset(other)
    with pytest.raises(NotFound, match="was not found in location"):
        rows(client, f"CREATE TABLE elsewhere.t AS SELECT * FROM {table}")  # noqa: S608
    client.delete_dataset(other)
