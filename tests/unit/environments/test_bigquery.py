"""BigQuery's routines, and what may read a dataset without a role."""

from __future__ import annotations

import json

import pytest
from envctl.environments.models.bigquery_routines import standard_type

from tests.unit.environments.environment_files import EnvironmentFiles


def routine(envs: EnvironmentFiles, text: str) -> EnvironmentFiles:
    return envs.subprojects(alpha=f"datasets: {{d: {{routines: {{r: {text}}}}}}}")


def test_a_routine_of_a_file_has_its_text_and_types_as_the_api_has_them(envs: EnvironmentFiles) -> None:
    envs.file("rows.sql", "SELECT symbol FROM `${project_id}.d.v` WHERE price > least")
    alpha = """
        datasets:
          d:
            views: {v: {query: "SELECT 'x' AS symbol, 1 AS price"}}
            routines:
              rows_of:
                type: TABLE_VALUED_FUNCTION
                body_file: rows.sql
                arguments: [{name: least, type: numeric}]
                returns_table: [{name: symbol, type: "ARRAY<STRUCT<a INT64, b STRING>>"}]
        """
    made = envs.subprojects(alpha=alpha).load().tfvars["subprojects"]["alpha"]["datasets"]["d"]["routines"]["rows_of"]
    assert made["body"] == "SELECT symbol FROM `atm-dev-1.d.v` WHERE price > least"
    assert "body_file" not in made
    assert made["arguments"] == [{"name": "least", "type": '{"typeKind":"NUMERIC"}', "mode": None}]
    fields = [{"name": "a", "type": {"typeKind": "INT64"}}, {"name": "b", "type": {"typeKind": "STRING"}}]
    element = {"typeKind": "STRUCT", "structType": {"fields": fields}}
    assert json.loads(made["returns_table"][0]["type"]) == {"typeKind": "ARRAY", "arrayElementType": element}


def test_a_dollar_in_javascript_is_its_own(envs: EnvironmentFiles) -> None:
    envs.file("f.js", "return `${x}`;")
    text = "{language: JAVASCRIPT, body_file: f.js, arguments: [{name: x, type: STRING}], returns: STRING}"
    made = routine(envs, text).load().tfvars["subprojects"]["alpha"]["datasets"]["d"]["routines"]["r"]
    assert made["body"] == "return `${x}`;"


@pytest.mark.parametrize("text", ["", "INT", "ARRAY<INT64", "ARRAY<ARRAY<INT64>>", "STRUCT<>", "INT64 INT64", "a-b"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"type of GoogleSQL|arrays of arrays"):
        standard_type(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "has a body or a body_file"),
        ("{body: x, body_file: f.sql}", "has a body or a body_file"),
        ("{body_file: gone.sql}", "there is no file envs/gone.sql"),
        ("{body: x, arguments: [{name: x, type: INT}]}", "is not a type of GoogleSQL"),
        ("{body: x, arguments: [{name: x}, {name: X}]}", "names each argument once"),
        ("{language: JAVASCRIPT, body: x}", "a function in JavaScript needs a returns"),
        ("{type: PROCEDURE, language: JAVASCRIPT, body: x, returns: INT64}", "a routine of type PROCEDURE is in SQL"),
        ("{body: x, libraries: ['gs://a/b.js']}", "only functions in JavaScript have libraries"),
        ("{body: x, determinism: DETERMINISTIC}", "only functions in JavaScript say how deterministic"),
        ("{body: x, security: INVOKER}", "only procedures say whose rights they have"),
        ("{type: PROCEDURE, body: x, returns: INT64}", "only scalar functions have a returns"),
        ("{body: x, returns_table: [{name: x, type: INT64}]}", "only table functions have a returns_table"),
        ("{body: x, masking: true}", "what masks is a function in SQL with one argument"),
        ("{body: x, arguments: [{name: x, type: INT64, mode: OUT}]}", "only arguments of procedures have a mode"),
        ("{type: PROCEDURE, body: x, arguments: [{name: x}]}", "only arguments of functions in SQL are of any type"),
        ('{body: "(SELECT 1 FROM `${project_id}.d.gone`)"}', "reads d.gone, which is not declared"),
        ("{body_file: odd.sql}", "there is no variable ${project}"),
        ("{language: PYTHON, body: x}", "a routine in PYTHON is a procedure with a spark"),
    ],
)
def test_a_routine_that_bigquery_would_refuse(envs: EnvironmentFiles, text: str, message: str) -> None:
    envs.file("f.sql", "1").file("odd.sql", "SELECT '${project}'")
    assert message in routine(envs, text).problem()


OUTSIDE = """
    bigquery_connections: {{calls: {{}}, jobs: {{spark: {{}}}}, elsewhere: {{location: europe-west1}}}}
    datasets: {{d: {{routines: {{r: {routine}}}}}}}
"""


def outside(envs: EnvironmentFiles, text: str) -> EnvironmentFiles:
    return envs.subprojects(alpha=OUTSIDE.format(routine=text))


def test_a_remote_function_has_its_connection_by_its_full_name(envs: EnvironmentFiles) -> None:
    text = "{remote: {connection: calls, endpoint: 'https://f.example.com/${environment}'}, returns: FLOAT64}"
    made = outside(envs, text).load().tfvars["subprojects"]["alpha"]["datasets"]["d"]["routines"]["r"]
    assert made["remote"] == {
        "connection": "projects/atm-dev-1/locations/asia-south1/connections/calls",
        "endpoint": "https://f.example.com/dev",
        "max_batching_rows": None,
        "context": {},
    }
    assert made["body"] is None


SERVICES = """
    service_accounts: {caller: {}}
    services: SERVICES
    bigquery_connections: {calls: CONNECTION}
    datasets: {d: {routines: {r: {remote: {connection: calls, REMOTE}, returns: FLOAT64}}}}
"""


def calling(
    envs: EnvironmentFiles, remote: str, connection: str = "{calls: [scorer]}", service: str = ""
) -> EnvironmentFiles:
    services = f"{{scorer: {{image: 'a:1', service_account: caller{service}}}}}"
    text = SERVICES.replace("SERVICES", services).replace("CONNECTION", connection).replace("REMOTE", remote)
    return envs.subprojects(alpha=text).dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')


def test_a_remote_function_of_a_service_has_the_address_that_follows_from_its_name(envs: EnvironmentFiles) -> None:
    """So the data needn't wait for what runs; and the connection may call the service."""
    alpha = calling(envs, "service: scorer, path: /score").load().tfvars["subprojects"]["alpha"]
    remote = alpha["datasets"]["d"]["routines"]["r"]["remote"]
    assert remote["endpoint"] == "https://scorer-123456789012.asia-south1.run.app/score"
    assert remote.keys() == {"connection", "endpoint", "max_batching_rows", "context"}
    assert alpha["services"]["scorer"]["connections"] == ["alpha/calls"]


@pytest.mark.parametrize(
    ("remote", "connection", "message"),
    [
        ("path: /score", "{}", "calls a service or an endpoint: give one of the two"),
        ("service: scorer, endpoint: 'https://f'", "{}", "calls a service or an endpoint: give one of the two"),
        ("endpoint: 'https://f', path: /score", "{}", "an endpoint has its path in itself"),
        ("service: gone", "{}", '"gone" names no service'),
        ("service: scorer", "{}", "the connection alpha/calls may not call the service alpha/scorer"),
        ("service: scorer", "{calls: [scorer, scorer]}", "names each service once"),
        ("service: scorer", "{calls: [scorer], spark: {}}", "only a connection without a source calls services"),
    ],
)
def test_what_a_remote_function_could_not_call(
    envs: EnvironmentFiles, remote: str, connection: str, message: str
) -> None:
    assert message in calling(envs, remote, connection).problem()


def test_the_address_of_a_service_needs_the_project_s_number(envs: EnvironmentFiles) -> None:
    said = calling(envs, "service: scorer").dev("project_id: atm-dev-1").problem()
    assert "needs the project's number, which names the service's address" in said


def test_a_service_without_an_address_of_its_own_is_no_endpoint(envs: EnvironmentFiles) -> None:
    said = calling(envs, "service: scorer", service=", default_url: false").problem()
    assert "alpha/scorer has no address of its own (default_url: false)" in said


def test_a_procedure_for_spark_keeps_what_is_pythons(envs: EnvironmentFiles) -> None:
    envs.file("train.py", "print(f'${1}')")
    text = (
        "{type: PROCEDURE, language: PYTHON, body_file: train.py, spark: {connection: jobs, py_files: ['gs://a/b.py']}}"
    )
    made = outside(envs, text).load().tfvars["subprojects"]["alpha"]["datasets"]["d"]["routines"]["r"]
    assert (made["body"], made["spark"]["py_files"]) == ("print(f'${1}')", ["gs://a/b.py"])


REMOTE = "remote: {connection: calls, endpoint: 'https://f'}"
SPARK = "type: PROCEDURE, language: PYTHON"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{{{REMOTE}}}", "a remote function needs a returns"),
        (f"{{{REMOTE}, returns: INT64, body: x}}", "what is remote has no body"),
        (f"{{{REMOTE}, returns: GEOGRAPHY}}", "remote functions return no GEOGRAPHY"),
        (f"{{{REMOTE}, returns: INT64, arguments: [{{name: x}}]}}", "remote functions take no argument of any type"),
        (f"{{{REMOTE}, returns: INT64, arguments: [{{name: x, type: ARRAY<INT64>}}]}}", "take no ARRAY<INT64>"),
        (f"{{{REMOTE}, returns: INT64, masking: true}}", "without language, spark and masking"),
        (f"{{{REMOTE}, type: PROCEDURE}}", "what is remote is a scalar function"),
        ("{remote: {connection: calls, endpoint: 'http://f'}, returns: INT64}", "is not an address"),
        (
            "{remote: {connection: jobs, endpoint: 'https://f'}, returns: INT64}",
            "is no connection of a remote function",
        ),
        ("{remote: {connection: gone, endpoint: 'https://f'}, returns: INT64}", '"gone" names no BigQuery connection'),
        ("{remote: {connection: elsewhere, endpoint: 'https://f'}, returns: INT64}", "is in europe-west1"),
        (f"{{{SPARK}, spark: {{connection: calls, main_file: 'gs://a/b.py'}}}}", "is no connection of a procedure"),
        (f"{{{SPARK}, spark: {{connection: jobs}}}}", "one of a body, a body_file, a main_file and a main_class"),
        (f"{{{SPARK}, body: x, security: INVOKER, spark: {{connection: jobs}}}}", "has its connection's rights"),
        (f"{{{SPARK}, spark: {{connection: jobs, main_class: A}}}}", "a main_class is in JAVA or SCALA"),
        ("{type: PROCEDURE, language: JAVA, body: x, spark: {connection: jobs}}", "and no body"),
        ("{body: x, spark: {connection: jobs}}", "what has a spark is a procedure"),
    ],
)
def test_what_bigquery_could_not_have_carried_out_elsewhere(envs: EnvironmentFiles, text: str, message: str) -> None:
    assert message in outside(envs, text).problem()


READ = """
    datasets:
      prices:
        authorized: {AUTHORIZED}
    """
OTHER = """
    datasets:
      reports:
        views: {last: {query: SELECT 1 AS one}}
        materialized_views: {kept: {query: SELECT 1 AS one}}
        routines: {rows_of: {type: TABLE_VALUED_FUNCTION, body: SELECT 1 AS one}}
    """


def reading(envs: EnvironmentFiles, text: str) -> EnvironmentFiles:
    return envs.subprojects(alpha=READ.replace("AUTHORIZED", text), beta=OTHER)


def test_what_is_authorized_is_named_as_google_has_it(envs: EnvironmentFiles) -> None:
    text = "views: [beta/reports.last, beta/reports.kept], datasets: [beta/reports], routines: [beta/reports.rows_of]"
    alpha = reading(envs, text).load().tfvars["subprojects"]["alpha"]
    reports = "projects/atm-dev-1/datasets/reports"
    assert alpha["datasets"]["prices"]["authorized"] == {
        "views": [f"{reports}/tables/last", f"{reports}/tables/kept"],
        "datasets": [reports],
        "routines": [f"{reports}/routines/rows_of"],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("views: [beta/reports.lest]", '"beta/reports.lest" names no view (did you mean "beta/reports.last"?)'),
        ("views: [reports.last]", '"reports.last" names no view'),
        ("routines: [beta/reports.last]", '"beta/reports.last" names no routine'),
        ("datasets: [beta/reports, beta/reports]", "names each once"),
    ],
)
def test_what_is_authorized_is_there(envs: EnvironmentFiles, text: str, message: str) -> None:
    assert message in reading(envs, text).problem()


TABLES = """
    buckets: {raw: {}}
    secrets: {ledger: {}}
    bigquery_connections:
      lake: {CONNECTION}
    datasets:
      d:
        tables:
          one: {schema: one.json, primary_key: [a]}
          two: {schema: one.json, TWO}
        external_tables:
          files: {format: CSV, source_uris: ["gs://raw/*"], FILES}
    """
KEY = "foreign_keys: {k: {table: one, column: a, references: a}}"


def tables(
    envs: EnvironmentFiles, two: str = KEY, files: str = "", connection: str = "reads: [raw]"
) -> EnvironmentFiles:
    envs.file("one.json", '[{"name": "a", "type": "STRING"}, {"name": "n", "type": "INT64"}]')
    text = TABLES.replace("TWO", two).replace("FILES", files).replace("CONNECTION", connection)
    return envs.subprojects(alpha=text)


def test_files_are_read_through_a_connection_of_that_name(envs: EnvironmentFiles) -> None:
    made = tables(envs, files="connection: lake").load().tfvars["subprojects"]["alpha"]
    name = made["datasets"]["d"]["external_tables"]["files"]["connection"]
    assert name.endswith("/locations/asia-south1/connections/lake")
    assert made["bigquery_connections"]["lake"]["reads"] == [f"{name.split('/')[1]}-raw"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"two": KEY.replace("table: one", "table: none")}, '"none" is no table of this dataset'),
        ({"two": KEY.replace("references: a", "references: n")}, '"n" is not the primary key of one, which is a'),
        ({"two": KEY.replace("column: a", "column: b")}, 'the schema has no column "b"'),
        ({"two": KEY.replace("column: a", "column: n")}, '"n" and one.a are of different types'),
        ({"two": KEY.replace("table: one", "table: two") + ", primary_key: [a]"}, "two has foreign keys itself"),
        ({"files": "parquet: {}"}, "files of format CSV have no such options"),
        ({"files": "metadata_cache: {}"}, "BigQuery remembers only what it reads through a connection"),
        ({"files": "hive_partitioning: {source_uri_prefix: 'gs://other/'}"}, 'doesn\'t begin with "gs://other"'),
        ({"files": "connection: sea"}, '"sea" names no BigQuery connection'),
        ({"connection": "reads: [raw], writes: [raw]"}, "whoever writes raw reads it too"),
        (
            {"connection": "spark: {}, cloud_sql: {instance: x, database: b, username: u, password_secret: ledger}"},
            "a connection has one source",
        ),
    ],
)
def test_tables_and_connections_that_bigquery_would_refuse(
    envs: EnvironmentFiles, changed: dict[str, str], message: str
) -> None:
    assert message in "\n".join(tables(envs, **changed).problems())
