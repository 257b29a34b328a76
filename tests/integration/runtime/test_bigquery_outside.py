"""Remote functions, which are called, and procedures for Spark, which are kept: through Google's client."""

# ruff: noqa: S608 - the statements are the tests' own

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, Conflict, GoogleAPICallError, NotFound
from google.cloud import bigquery

from tests.integration.runtime.running import PROJECT, call
from tests.integration.sandbox_process import Sandbox

LOCATION = "asia-south1"
CONNECTIONS = f"/bigqueryconnection/v1/projects/{PROJECT}/locations/{LOCATION}/connections"


class Endpoint:
    """What remote functions call: answers by `answer`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, Any]] = lambda asked: (
            200,
            {"replies": [sum(map(int, row)) for row in asked["calls"]]},
        )
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                endpoint.asked.append(asked)
                endpoint.tokens.append(self.headers["authorization"].removeprefix("Bearer "))
                status, document = endpoint.answer(asked)
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/f"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def accounts(sandbox: Sandbox) -> dict[str, str]:
    """The accounts of a connection for remote functions and of one for Spark."""
    remote = call(sandbox, "POST", f"{CONNECTIONS}?connectionId=remote", {"cloudResource": {}})
    spark = call(sandbox, "POST", f"{CONNECTIONS}?connectionId=spark", {"spark": {}})
    return {
        "remote": remote["cloudResource"]["serviceAccountId"],
        "spark": spark["spark"]["serviceAccountId"],
    }


@pytest.fixture(scope="module")
def place(client: bigquery.Client, accounts: dict[str, str]) -> Iterator[str]:
    wanted = bigquery.Dataset(f"{PROJECT}.outside")
    wanted.location = LOCATION
    yield str(client.create_dataset(wanted).reference)
    client.delete_dataset(wanted, delete_contents=True)


def argument(name: str, kind: str) -> bigquery.RoutineArgument:
    return bigquery.RoutineArgument(
        name=name, data_type=bigquery.StandardSqlDataType(type_kind=getattr(bigquery.StandardSqlTypeNames, kind))
    )


def remote(place: str, url: str, takes: list[str], gives: str, **options: Any) -> bigquery.Routine:
    made = bigquery.Routine(f"{place}.f", type_="SCALAR_FUNCTION")
    made.arguments = [argument(f"a{number}", kind) for number, kind in enumerate(takes)]
    made.return_type = bigquery.StandardSqlDataType(type_kind=getattr(bigquery.StandardSqlTypeNames, gives))
    made.remote_function_options = bigquery.RemoteFunctionOptions(
        endpoint=url, connection=f"projects/{PROJECT}/locations/{LOCATION}/connections/remote", **options
    )
    return made


@pytest.fixture
def make(client: bigquery.Client) -> Iterator[Callable[[bigquery.Routine], bigquery.Routine]]:
    made: list[bigquery.Routine] = []

    def create(routine: bigquery.Routine) -> bigquery.Routine:
        made.append(client.create_routine(routine))
        return made[-1]

    yield create
    for each in made:
        client.delete_routine(each, not_found_ok=True)


def test_a_remote_function_is_called_with_batches_of_rows(
    client: bigquery.Client, place: str, endpoint: Endpoint, accounts: dict[str, str], make: Any
) -> None:
    routine = make(
        remote(place, endpoint.url, ["INT64", "INT64"], "INT64", max_batching_rows=4, user_defined_context={"z": "1.5"})
    )
    assert (routine.language, routine.body) == (None, None), "it has neither"
    job = client.query(f"SELECT n, `{place}.f`(n, 1) AS more FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n ORDER BY n")
    assert [(row.n, row.more) for row in job.result()] == [(n, n + 1) for n in range(1, 11)]

    assert [len(asked["calls"]) for asked in endpoint.asked] == [4, 4, 2]
    first = endpoint.asked[0]
    assert first["calls"][0] == [1, 1]
    assert first["userDefinedContext"] == {"z": "1.5"}
    assert first["sessionUser"] == "developer@sandbox.localhost"
    assert first["caller"] == f"//bigquery.googleapis.com/projects/{PROJECT}/jobs/{PROJECT}:{LOCATION}.{job.job_id}"
    assert len({asked["requestId"] for asked in endpoint.asked}) == 3
    claims = json.loads(base64.urlsafe_b64decode(endpoint.tokens[0].split(".")[1] + "=="))
    assert (claims["email"], claims["aud"]) == (accounts["remote"], endpoint.url)

    routine = client.get_routine(routine.reference)
    assert routine.remote_function_options.max_batching_rows == 4
    options = routine.remote_function_options
    options.user_defined_context = {"z": "2"}
    routine.remote_function_options = options
    client.update_routine(routine, ["type_", "arguments", "return_type", "remote_function_options"])
    assert [row.n for row in client.query_and_wait(f"SELECT `{place}.f`(1, 2) AS n")] == [3]
    assert endpoint.asked[-1]["userDefinedContext"] == {"z": "2"}


VALUES = [
    ("BOOL", "TRUE", True),
    ("INT64", "9007199254740993", "9007199254740993"),
    ("FLOAT64", "1.5", 1.5),
    ("NUMERIC", "NUMERIC '1.25'", 1.25),
    ("STRING", """'it\\'s "so"'""", 'it\'s "so"'),
    ("BYTES", "b'\\x00\\xff'", "AP8="),
    ("DATE", "DATE '2026-01-02'", "2026-01-02"),
    ("DATETIME", "DATETIME '2026-01-02 03:04:05.6'", "2026-01-02T03:04:05.600"),
    ("TIME", "TIME '03:04:05'", "03:04:05"),
    ("TIMESTAMP", "TIMESTAMP '2026-01-02 03:04:05+00'", "2026-01-02T03:04:05Z"),
    ("JSON", """JSON '{"a": [1, null]}'""", {"a": [1, None]}),
]


@pytest.mark.parametrize(("kind", "value", "sent"), VALUES, ids=[kind for kind, *_ in VALUES])
def test_values_go_and_come_as_json(
    client: bigquery.Client, place: str, endpoint: Endpoint, make: Any, kind: str, value: str, sent: Any
) -> None:
    endpoint.answer = lambda asked: (200, {"replies": [row[0] for row in asked["calls"]]})
    make(remote(place, endpoint.url, [kind], kind))
    same = "TO_JSON_STRING(back) = TO_JSON_STRING(v)" if kind == "JSON" else "back = v"
    statement = f"SELECT {same} AS same FROM (SELECT v, `{place}.f`(v) AS back FROM (SELECT {value} AS v))"
    assert [row.same for row in client.query_and_wait(statement)] == [True]
    assert endpoint.asked[0]["calls"] == [[sent]]
    assert [row.n for row in client.query_and_wait(f"SELECT `{place}.f`(NULL) AS n")] == [None]


ANSWERS: list[tuple[int, Any, str]] = [
    (400, {"errorMessage": "no such symbol"}, "Received response code 400 from endpoint .* no such symbol"),
    (403, {}, "Received response code 403 from endpoint"),
    (503, {}, "Received response code 503 from endpoint"),
    (200, {"errorMessage": "not today"}, "not today"),
    (200, {"replies": [1, 2]}, "2 replies to 1 calls"),
    (200, [1], "no replies to 1 calls"),
    (200, {"replies": ["a"]}, "gave what is no INT64"),
]


@pytest.mark.parametrize(("status", "document", "message"), ANSWERS)
def test_an_endpoint_that_fails_fails_the_query(
    client: bigquery.Client, place: str, endpoint: Endpoint, make: Any, status: int, document: Any, message: str
) -> None:
    endpoint.answer = lambda asked: (status, document)
    make(remote(place, endpoint.url, ["INT64"], "INT64"))
    with pytest.raises(GoogleAPICallError, match=message):
        client.query_and_wait(f"SELECT `{place}.f`(1)", job_retry=None)
    assert len(endpoint.asked) == (3 if status == 503 else 1), "what may pass is asked again"


def test_a_remote_function_is_made_by_a_statement(client: bigquery.Client, place: str, endpoint: Endpoint) -> None:
    statement = f"""CREATE {{}} `{place}.f`(n INT64, `of` INT64) RETURNS INT64
        REMOTE WITH CONNECTION `{PROJECT}.{LOCATION}.remote`
        OPTIONS (endpoint = '{endpoint.url}', max_batching_rows = 2, user_defined_context = [('z', '1')],
        description = {{}});
    """
    client.query_and_wait(statement.format("FUNCTION", "'one'"))
    with pytest.raises(Conflict):
        client.query_and_wait(statement.format("FUNCTION", "'two'"), job_retry=None)
    client.query_and_wait(statement.format("FUNCTION IF NOT EXISTS", "'two'"))
    assert client.get_routine(f"{place}.f").description == "one"
    client.query_and_wait(statement.format("OR REPLACE FUNCTION", "'three'"))
    routine = client.get_routine(f"{place}.f")
    assert routine.description == "three"
    assert routine.remote_function_options.to_api_repr() == {
        "endpoint": endpoint.url,
        "connection": f"{PROJECT}.{LOCATION}.remote",
        "maxBatchingRows": "2",
        "userDefinedContext": {"z": "1"},
    }
    assert [row.n for row in client.query_and_wait(f"SELECT `{place}.f`(1, 2) AS n")] == [3]
    client.query_and_wait(f"DROP FUNCTION `{place}.f`")
    with pytest.raises(NotFound):
        client.get_routine(f"{place}.f")
    made = f"CREATE FUNCTION `{place}.f`() RETURNS INT64 REMOTE WITH CONNECTION `{PROJECT}.{LOCATION}.remote`"
    for wrong, message in (("endpoint = 1", "endpoint"), ("colour = 'red'", "colour")):
        with pytest.raises(GoogleAPICallError, match=message):
            client.query_and_wait(f"{made} OPTIONS ({wrong})", job_retry=None, retry=None)


def test_an_endpoint_that_is_not_there_is_named(client: bigquery.Client, place: str, make: Any) -> None:
    make(remote(place, "http://127.0.0.1:9/f", ["INT64"], "INT64"))
    with pytest.raises(GoogleAPICallError, match=r"http://127\.0\.0\.1:9/f could not be reached"):
        client.query_and_wait(f"SELECT `{place}.f`(1)", job_retry=None)


def test_a_procedure_for_spark_is_kept_and_says_that_there_is_no_spark(
    client: bigquery.Client, sandbox: Sandbox, place: str
) -> None:
    path = f"/bigquery/v2/projects/{PROJECT}/datasets/outside/routines"
    options = {"connection": f"{PROJECT}.{LOCATION}.spark", "runtimeVersion": "2.2", "properties": {"a": "b"}}
    body = {"routineType": "PROCEDURE", "language": "PYTHON", "definitionBody": "print(1)", "sparkOptions": options}
    made = call(sandbox, "POST", path, {"routineReference": {"routineId": "p"}, **body})
    assert {key: made[key] for key in body} == body
    with pytest.raises(GoogleAPICallError, match="does not run Spark"):
        client.query_and_wait(f"CALL `{place}.p`()", job_retry=None)
    changed = call(sandbox, "PUT", f"{path}/p", {**body, "definitionBody": "print(2)"})
    assert (changed["definitionBody"], changed["language"]) == ("print(2)", "PYTHON")
    client.delete_routine(f"{place}.p")


REMOTE = {
    "routineType": "SCALAR_FUNCTION",
    "returnType": {"typeKind": "INT64"},
    "remoteFunctionOptions": {"endpoint": "https://f.example.com", "connection": f"{PROJECT}.{LOCATION}.remote"},
}
SPARK = {
    "routineType": "PROCEDURE",
    "language": "PYTHON",
    "definitionBody": "print(1)",
    "sparkOptions": {"connection": f"{PROJECT}.{LOCATION}.spark"},
}
OPTIONS = REMOTE["remoteFunctionOptions"]
WRONG: list[tuple[dict[str, Any], dict[str, Any], type[Exception], str]] = [
    (REMOTE, {"routineType": "PROCEDURE"}, BadRequest, "SCALAR_FUNCTION"),
    (REMOTE, {"language": "SQL"}, BadRequest, "no language"),
    (REMOTE, {"definitionBody": "1"}, BadRequest, "no definition body"),
    (REMOTE, {"returnType": {"typeKind": "GEOGRAPHY"}}, BadRequest, "GEOGRAPHY"),
    (REMOTE, {"remoteFunctionOptions": {**OPTIONS, "endpoint": "f"}}, BadRequest, "endpoint"),
    (REMOTE, {"remoteFunctionOptions": {**OPTIONS, "connection": "remote"}}, BadRequest, "Invalid connection"),
    (REMOTE, {"remoteFunctionOptions": {**OPTIONS, "connection": f"{PROJECT}.us.remote"}}, BadRequest, "location"),
    (REMOTE, {"remoteFunctionOptions": {**OPTIONS, "connection": f"{PROJECT}.{LOCATION}.none"}}, NotFound, "none"),
    (REMOTE, {"remoteFunctionOptions": SPARK["sparkOptions"] | {"endpoint": "https://f"}}, BadRequest, "kind"),
    (SPARK, {"routineType": "SCALAR_FUNCTION"}, BadRequest, "procedures"),
    (SPARK, {"language": "SQL"}, BadRequest, "PYTHON, JAVA, SCALA"),
    (SPARK, {"definitionBody": ""}, BadRequest, "mainFileUri"),
    (SPARK, {"language": "JAVA"}, BadRequest, "definition body"),
    (SPARK, {"sparkOptions": None}, BadRequest, "sparkOptions"),
]


@pytest.mark.parametrize(("right", "wrong", "error", "message"), WRONG)
def test_what_bigquery_refuses_is_refused(
    client: bigquery.Client,
    place: str,
    right: dict[str, Any],
    wrong: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    project, dataset = place.split(".")
    reference = {"projectId": project, "datasetId": dataset, "routineId": "refused"}
    with pytest.raises(error, match=message):
        client.create_routine(bigquery.Routine.from_api_repr({**right, "routineReference": reference, **wrong}))
