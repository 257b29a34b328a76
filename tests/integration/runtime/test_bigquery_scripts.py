"""Scripts of BigQuery and their child jobs, through Google's client."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core.exceptions import NotFound

from tests.integration.runtime.running import PROJECT


def children(client: Any, job: Any) -> list[Any]:
    """The child jobs of a script, the first one first."""
    return list(client.list_jobs(parent_job=job))[::-1]


def places(job: Any) -> list[tuple[Any, ...]]:
    frames = job.script_statistics.stack_frames
    return [(each.start_line, each.start_column, each.end_line, each.end_column, each.text) for each in frames]


def test_each_statement_of_a_script_is_a_job(client: Any, scratch: str) -> None:
    script = f"""DECLARE n INT64 DEFAULT 2;
CREATE TABLE {scratch}.counted AS SELECT 1 AS x;
INSERT INTO {scratch}.counted VALUES (2), (3);
WHILE n > 0 DO
  SELECT n AS a;
  SET n = n - 1;
END WHILE;
EXECUTE IMMEDIATE 'SELECT "made" AS b';
SELECT 'last' AS c;"""  # noqa: S608
    job = client.query(script)
    assert [tuple(row) for row in job.result()] == [("last",)]
    found = children(client, job)
    assert job.num_child_jobs == len(found) == 6
    kinds = [each.statement_type for each in found]
    assert kinds == ["CREATE_TABLE_AS_SELECT", "INSERT", "SELECT", "SELECT", "SELECT", "SELECT"]
    assert {(each.parent_job_id, each.state, each.location) for each in found} == {(job.job_id, "DONE", job.location)}
    assert {each.script_statistics.evaluation_kind for each in found} == {"STATEMENT"}
    assert found[1].num_dml_affected_rows == 2
    assert places(found[3]) == [(5, 3, 5, 16, "SELECT n AS a")]
    again = [client.get_job(each.job_id, location=each.location) for each in found]
    assert [[tuple(row) for row in each.result()] for each in again[2:]] == [[(2,)], [(1,)], [("made",)], [("last",)]]
    listed = {each.job_id for each in client.list_jobs(max_results=20)}
    assert job.job_id in listed
    assert not listed & {each.job_id for each in found}


def test_a_query_in_an_expression_is_a_job_and_a_procedure_has_a_frame(client: Any, scratch: str) -> None:
    name = scratch.rpartition(".")[2]
    script = f"""DECLARE m INT64;
CREATE PROCEDURE {name}.seven() BEGIN
  SELECT 7 AS x;
END;
SET m = (SELECT MAX(x) FROM UNNEST([3, 4]) AS x);
CALL {name}.seven();"""  # noqa: S608
    job = client.query(script)
    assert [tuple(row) for row in job.result()] == [(7,)]
    expression, statement = children(client, job)
    assert expression.script_statistics.evaluation_kind == "EXPRESSION"
    assert places(expression) == [(5, 9, 5, 49, "(SELECT MAX(x) FROM UNNEST([3, 4]) AS x)")]
    inner, call = statement.script_statistics.stack_frames
    assert (inner.procedure_id, inner.text) == (f"{PROJECT}.{name}.seven", "SELECT 7 AS x")
    assert (call.procedure_id, call.start_line, call.text) == (None, 6, f"CALL {name}.seven()")


def test_the_child_that_failed_has_the_error(client: Any, scratch: str) -> None:
    job = client.query(f"BEGIN SELECT 1 AS x; SELECT * FROM {scratch}.none; END;")  # noqa: S608
    with pytest.raises(NotFound):
        job.result()
    assert client.get_job(job.job_id, location=job.location).num_child_jobs == 2
    errors = [each.error_result for each in children(client, job)]
    assert errors[0] is None
    assert errors[1]["reason"] == "notFound"


def test_a_statement_by_itself_has_no_children(client: Any) -> None:
    job = client.query("SELECT 1 AS x")
    job.result()
    assert (job.num_child_jobs, job.script_statistics) == (0, None)
    assert children(client, job) == []
