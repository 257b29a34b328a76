"""Executions of workflows through Google's clients, unchanged, and through the end of a sandbox."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud.workflows import executions_v1
from googleapiclient.discovery import build

from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

PROJECT = "executions"
PLACE = f"projects/{PROJECT}/locations/asia-south1"
DAILY = Path(__file__).parents[3] / "envs/workflows/daily-strategy.yaml"


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return sandbox.over_grpc(executions_v1.ExecutionsClient)  # this client has no REST


class Target:
    """A server that keeps what it got; a path has its answers in turn, the last one again and again."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.answers: dict[str, list[tuple[int, Any]]] = {}
        self.held = ""  # the path that is not answered until `released`
        self.released = threading.Event()
        target = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                target.got.append((self.path, dict(self.headers), json.loads(body or "null")))
                if self.path == target.held:
                    target.released.wait(30)
                answers = target.answers.get(self.path, [(200, {})])
                status, document = answers.pop(0) if len(answers) > 1 else answers[0]
                sent = json.dumps(document).encode()
                try:
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except OSError:
                    """The sandbox was killed meanwhile."""

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def target() -> Iterator[Target]:
    made = Target()
    yield made
    made.released.set()
    made.server.shutdown()
    made.server.server_close()


Deploy = Callable[..., str]


@pytest.fixture
def deploy(sandbox: Sandbox, request: pytest.FixtureRequest) -> Deploy:
    def make(source: str, **fields: Any) -> str:
        stem = request.node.name.replace("[", "-").replace("]", "").replace("_", "-")[:60]
        return _deploy(sandbox, stem, source, **fields)

    return make


def _deploy(sandbox: Sandbox, name: str, source: str, **fields: Any) -> str:
    document = {"sourceContents": source, **fields}
    answer = sandbox.request("POST", f"/workflows/v1/{PLACE}/workflows?workflowId={name}", document)
    assert answer.status == 200, answer.body
    return f"{PLACE}/workflows/{name}"


def _ended(client: Any, name: str) -> Any:
    assert eventually(lambda: client.get_execution(name=name).state.name != "ACTIVE", 20), f"{name} has not ended"
    return client.get_execution(name=name)


def test_an_execution_gives_its_result(client: Any, deploy: Deploy) -> None:
    workflow = deploy("main: {params: [a], steps: [{done: {return: '${a.n * 2}'}}]}")
    made = client.create_execution(parent=workflow, execution={"argument": '{"n": 21}', "labels": {"by": "test"}})
    assert made.workflow_revision_id.startswith("000001-") and "/projects/executions/" not in f"/{made.name}"
    ended = _ended(client, made.name)
    assert (ended.state.name, ended.result, ended.argument) == ("SUCCEEDED", "42", '{"n": 21}')
    assert ended.end_time >= ended.start_time
    listed = list(client.list_executions(parent=workflow))
    assert [(each.name, each.result, dict(each.labels)) for each in listed] == [(made.name, "", {"by": "test"})]
    assert not list(client.list_executions(request={"parent": workflow, "filter": 'state="FAILED"'}))


def test_a_failure_says_where_and_why(client: Any, deploy: Deploy) -> None:
    workflow = deploy("main:\n  steps:\n    - outer: {call: sub}\nsub:\n  steps:\n    - inner: {return: '${1 / 0}'}\n")
    ended = _ended(client, client.create_execution(parent=workflow, execution={}).name)
    assert ended.state.name == "FAILED"
    assert json.loads(ended.error.payload)["tags"] == ["ZeroDivisionError"]
    assert [(e.routine, e.step, e.position.line) for e in ended.error.stack_trace.elements] == [
        ("sub", "inner", 6),
        ("main", "outer", 3),
    ]
    assert 'in step "inner", routine "sub", line: 6' in ended.error.context


def test_a_bad_request_is_refused(client: Any, deploy: Deploy) -> None:
    workflow = deploy("main: {steps: [{done: {return: 1}}]}")
    with pytest.raises(exceptions.BadRequest, match="not JSON"):
        client.create_execution(parent=workflow, execution={"argument": "{"})
    with pytest.raises(exceptions.NotFound):
        client.create_execution(parent=f"{PLACE}/workflows/nosuch", execution={})
    ended = _ended(client, client.create_execution(parent=workflow, execution={}).name)
    with pytest.raises(exceptions.FailedPrecondition):
        client.cancel_execution(name=ended.name)


def test_the_client_of_discovery_documents(sandbox: Sandbox, deploy: Deploy) -> None:
    options = {"api_endpoint": sandbox.url}
    api = build("workflowexecutions", "v1", credentials=AnonymousCredentials(), client_options=options)
    executions = api.projects().locations().workflows().executions()
    made = executions.create(parent=deploy("- done: {return: ok}"), body={"argument": "null"}).execute()
    assert eventually(lambda: executions.get(name=made["name"]).execute()["state"] != "ACTIVE")
    assert executions.get(name=made["name"]).execute()["result"] == '"ok"'
    (step,) = executions.stepEntries().list(parent=made["name"]).execute()["stepEntries"]
    assert (step["step"], step["stepType"], step["state"]) == ("done", "STEP_RETURN", "STATE_SUCCEEDED")
    assert executions.stepEntries().get(name=step["name"]).execute() == step
    kept = json.loads(executions.exportData(name=made["name"]).execute()["data"])
    assert kept["execution"]["name"] == made["name"]
    message = {"message": {"data": "aGk=", "messageId": "1"}, "subscription": "projects/p/subscriptions/s"}
    workflow = api.projects().locations().workflows()
    pushed = workflow.triggerPubsubExecution(workflow=made["name"].partition("/executions/")[0], body=message).execute()
    assert json.loads(pushed["argument"])["message"]["data"] == "aGk="


def test_an_execution_is_cancelled_where_it_is(client: Any, deploy: Deploy, sandbox: Sandbox) -> None:
    workflow = deploy("main: {steps: [{first: {assign: [{a: 1}]}}, {nap: {call: sys.sleep, args: {seconds: 600}}}]}")
    made = client.create_execution(parent=workflow, execution={})
    assert eventually(lambda: bool(client.get_execution(name=made.name).status.current_steps))
    now = client.get_execution(name=made.name)
    assert [(step.routine, step.step) for step in now.status.current_steps] == [("main", "nap")]
    assert client.cancel_execution(name=made.name).state.name == "CANCELLED"
    steps = sandbox.get(f"/workflowexecutions/v1/{made.name}/stepEntries")["stepEntries"]
    assert [(each["step"], each["stepType"], each["state"]) for each in steps] == [
        ("first", "STEP_ASSIGN", "STATE_SUCCEEDED"),
        ("nap", "STEP_STD_LIB_CALL", "STATE_CANCELLED"),
    ]


def test_the_daily_strategy_of_this_repository_runs(
    client: Any, deploy: Deploy, sandbox: Sandbox, target: Target
) -> None:
    """The workflow as it is deployed: it asks again while the service is busy, and tells its topic."""
    place = f"/pubsub/v1/projects/{PROJECT}"
    sandbox.request("PUT", f"{place}/topics/runs", {})
    sandbox.request("PUT", f"{place}/subscriptions/runs", {"topic": f"projects/{PROJECT}/topics/runs"})
    environment = {"SERVICE": "strategy", "REGION": "asia-south1", "RUNS_TOPIC": f"projects/{PROJECT}/topics/runs"}
    source = DAILY.read_text().replace("initial_delay: 5", "initial_delay: 0.01")
    workflow = deploy(source, userEnvVars=environment, serviceAccount="daily@executions.iam.gserviceaccount.com")
    target.answers["/run"] = [(503, {}), (200, {"signals": 3})]
    argument = json.dumps({"trigger": "schedule", "service_url": target.url})
    ended = _ended(client, client.create_execution(parent=workflow, execution={"argument": argument}).name)
    result = json.loads(ended.result)
    identity = ended.name.rpartition("/")[2]
    assert result == {"run_id": identity, "trigger": "schedule", "status": "succeeded", "result": {"signals": 3}}
    assert [(path, body["run_id"]) for path, _, body in target.got] == [("/run", identity)] * 2
    token = target.got[0][1]["Authorization"].removeprefix("Bearer ").split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=="))
    assert (claims["aud"], claims["email"]) == (target.url, "daily@executions.iam.gserviceaccount.com")
    pulled = sandbox.request("POST", f"{place}/subscriptions/runs:pull", {"maxMessages": 1}).json()
    (message,) = pulled["receivedMessages"]
    assert json.loads(base64.b64decode(message["message"]["data"])) == result
    assert message["message"]["attributes"] == {"workflow": "daily-strategy", "status": "succeeded"}
    sandbox.request("DELETE", f"{place}/subscriptions/runs")
    sandbox.request("DELETE", f"{place}/topics/runs")

    target.answers["/run"] = [(400, {"reason": "no strategies"})]
    ended = _ended(client, client.create_execution(parent=workflow, execution={"argument": argument}).name)
    assert ended.state.name == "FAILED"


def test_logs_and_other_workflows(client: Any, deploy: Deploy, sandbox: Sandbox) -> None:
    inner = deploy("main: {params: [a], steps: [{done: {return: '${a + 1}'}}]}").rpartition("/")[2]
    source = f"""
main:
  steps:
    - tell: {{call: sys.log, args: {{json: {{symbol: TCS}}, severity: WARNING}}}}
    - ask:
        call: googleapis.workflowexecutions.v1.projects.locations.workflows.executions.run
        args: {{workflow_id: {inner}, argument: 41}}
        result: found
    - done: {{return: "${{found}}"}}
"""
    workflow = _deploy(sandbox, f"outer-{inner}"[:60], source)
    ended = _ended(client, client.create_execution(parent=workflow, execution={}).name)
    assert ended.result == "42"
    identity = ended.name.rpartition("/")[2]
    wanted = f'labels."workflows.googleapis.com/execution_id"="{identity}"'
    asked = {"resourceNames": [f"projects/{PROJECT}"], "filter": wanted}

    def entries() -> list[Any]:
        return list(sandbox.request("POST", "/logging/v2/entries:list", asked).json()["entries"])

    assert eventually(lambda: len(entries()) == 2)
    entry, end = entries()
    assert end["jsonPayload"]["state"] == "SUCCEEDED" and end["logName"].endswith("executions_system")
    assert entry["jsonPayload"] == {"symbol": "TCS"} and entry["severity"] == "WARNING"
    assert entry["resource"]["type"] == "workflows.googleapis.com/Workflow"


CALLBACK = """
main:
  steps:
    - make: {call: events.create_callback_endpoint, args: {http_callback_method: POST}, result: callback}
    - tell: {call: http.post, args: {url: "%s/told", body: {url: "${callback.url}"}}}
    - first: {call: events.await_callback, args: {callback: "${callback}", timeout: 20}, result: one}
    - second: {call: events.await_callback, args: {callback: "${callback}", timeout: 20}, result: two}
    - done: {return: ["${one.http_request.body}", "${two.http_request.body}"]}
"""


def test_an_execution_waits_for_callbacks(client: Any, deploy: Deploy, sandbox: Sandbox, target: Target) -> None:
    workflow = deploy(CALLBACK % target.url)
    made = client.create_execution(parent=workflow, execution={})
    _seen(target, "/told")
    url = target.got[0][2]["url"]
    assert sandbox.request("GET", url).status == 400
    for number in (1, 2):
        assert eventually(lambda sent=number: sandbox.request("POST", url, {"number": sent}).status == 200)  # type: ignore[misc]
    assert json.loads(_ended(client, made.name).result) == [{"number": 1}, {"number": 2}]
    assert sandbox.request("POST", url, {}).status == 404


@pytest.mark.parametrize("end", [Sandbox.kill, Sandbox.stop], ids=["killed", "stopped"])
def test_a_sandbox_that_ended_goes_on_where_it_was(
    tmp_path: Path, target: Target, end: Callable[[Sandbox], Any]
) -> None:
    """What was answered is not asked again, what was under way is; nothing is lost and the callback still works."""
    sandbox = Sandbox(tmp_path / "state").start()
    try:
        source = f"""
main:
  steps:
    - one: {{call: http.post, args: {{url: "{target.url}/one"}}, result: first}}
    - noted: {{assign: [{{id: "${{uuid.generate()}}"}}]}}
    - tell: {{call: http.post, args: {{url: "{target.url}/id", body: "${{id}}"}}}}
    - make: {{call: events.create_callback_endpoint, result: callback}}
    - two: {{call: http.post, args: {{url: "{target.url}/two", body: {{url: "${{callback.url}}"}}}}}}
    - wait: {{call: events.await_callback, args: {{callback: "${{callback}}", timeout: 60}}, result: called}}
    - done: {{return: ["${{first.body.n}}", "${{id}}", "${{called.http_request.body}}"]}}
"""
        target.answers["/one"] = [(200, {"n": 7})]
        target.held = "/two"
        _deploy(sandbox, "durable", source)
        workflow = f"/workflowexecutions/v1/{PLACE}/workflows/durable/executions"
        made = sandbox.request("POST", workflow, {}).json()
        _seen(target, "/two")
        end(sandbox)
        target.released.set()
        # Its workflow is another by now: the execution keeps what it began with.
        sandbox.start()
        changed = {"sourceContents": "main: {steps: [{a: {return: other}}]}"}
        sandbox.request("PATCH", f"/workflows/v1/{PLACE}/workflows/durable?updateMask=sourceContents", changed)
        _seen(target, "/two", 2)
        # The address of a callback is that of the sandbox, whose port may be another now.
        path = (
            "/workflowexecutions/"
            + next(body["url"] for _, _, body in target.got if isinstance(body, dict)).partition(
                "/workflowexecutions/"
            )[2]
        )
        assert sandbox.request("POST", path, {"said": "late"}).status == 200
        end(sandbox)
        sandbox.start()
        place = f"/workflowexecutions/v1/{made['name']}"
        assert eventually(lambda: sandbox.get(place)["state"] != "ACTIVE", 20), "it has not ended"
        now = sandbox.get(place)
        noted = next(body for path, _, body in target.got if path == "/id")
        assert json.loads(now["result"]) == [7, noted, {"said": "late"}]
        assert [path for path, _, _ in target.got].count("/one") == 1
        steps = sandbox.get(f"{place}/stepEntries")["stepEntries"]
        assert [each["step"] for each in steps] == ["one", "noted", "tell", "make", "two", "wait", "done"]
    finally:
        sandbox.kill()


def _seen(target: Target, path: str, times: int = 1) -> None:
    assert eventually(lambda: [got for got, _, _ in target.got].count(path) >= times, 20), f"{path} was not asked"
