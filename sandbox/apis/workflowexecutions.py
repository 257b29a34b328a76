"""Workflow Executions v1: executions of workflows with their history, their callbacks, and Pub/Sub as a trigger."""

from __future__ import annotations

import json
from typing import Any

import msgpack

from sandbox.apis.logging.filter import compile_filter
from sandbox.apis.workflows.api import LOG_LEVELS, workflows
from sandbox.apis.workflows.network import Network, header_name
from sandbox.apis.workflows.outside import Journal, Pinned
from sandbox.apis.workflows.runs import Runner
from sandbox.control import paging, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_MOST_ARGUMENT = 32 * 1024
_PATH = "v1/projects/{project}/locations/{location}/workflows/{workflow}/executions/{execution}"
_SET = ("startTime", "createTime", "endTime", "duration", "state", "result", "error", "workflowRevisionId", "status")
_FULL_ONLY = ("argument", "result", "error", "callLogLevel", "status")

executions = Collection(
    path=_PATH,
    create=None,
    update=(),
    delete=False,
    listing=False,
    enums={"callLogLevel": LOG_LEVELS},
    location="region",
    parents=(workflows,),
)


async def _start(control: Control) -> None:
    Journal.schema(control.store)
    control.provide(Runner(control, Network(control)))


async def _ready(control: Control) -> None:
    control.part(Runner).resume()


async def _stop(control: Control) -> None:
    await control.part(Runner).network.close()


API = Api(
    "workflowexecutions.googleapis.com", "workflowexecutions", [executions], start=_start, ready=_ready, stop=_stop
)


@API.route("POST", _PATH.rpartition("/")[0])
async def create(call: Call) -> Response:
    """`executions.create`."""
    return Response.of(_begin(call, _workflow(call), call.body()))


@API.route("POST", _PATH.removesuffix("/executions/{execution}"), verb="triggerPubsubExecution")
async def trigger(call: Call) -> Response:
    """`workflows.triggerPubsubExecution`: what a push subscription of Pub/Sub sends becomes the argument."""
    body, workflow = call.body(), _workflow(call)
    message = body.get("message")
    if not isinstance(message, dict):
        raise invalid_argument("message is required.", {"message": "required"})
    mode = body.get("gcpCloudEventsMode", body.get("GCPCloudEventsMode", ""))
    if mode not in ("", "CE_PUBSUB_BINDING"):
        raise invalid_argument(f"Unknown mode '{mode}'.", {"GCPCloudEventsMode": "unknown"})
    given: dict[str, Any] = {
        key: value for key, value in body.items() if key in ("message", "subscription", "deliveryAttempt")
    }
    return Response.of(_begin(call, workflow, {"argument": json.dumps(given)}))


def _workflow(call: Call) -> Resource:
    return workflows.must(call.control, workflows.name(call.params))


def _begin(call: Call, workflow: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Store an execution and what it keeps of its workflow, and run it."""
    control, argument = call.control, body.get("argument", "")
    if len(str(argument).encode()) > _MOST_ARGUMENT:
        raise invalid_argument("The argument is longer than 32 KB.", {"execution.argument": "too long"})
    try:
        json.loads(argument or "null")
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid_argument("The argument is not JSON.", {"execution.argument": f"not JSON: {error}"}) from error
    taken = ("argument", "callLogLevel", "labels", "executionHistoryLevel")
    given: dict[str, Any] = {key: body[key] for key in taken if key in body}
    moment, identity = control.clock(), control.uid()
    document: dict[str, Any] = {
        **given,
        "name": f"{workflow.name}/executions/{identity}",
        "createTime": timestamp(moment),
        "startTime": timestamp(moment),
        "state": "ACTIVE",
        "workflowRevisionId": workflow.document["revisionId"],
    }
    execution = Resource(executions.key, document["name"], document, moment, moment)
    with control.store.transaction():
        control.store.insert(execution)
        _pinned(call, workflow, identity, given.get("callLogLevel", "")).save(control.store, execution.name)
    control.part(Runner).start(execution)
    return _view(execution, call)


def _pinned(call: Call, workflow: Resource, identity: str, level: str) -> Pinned:
    document = workflow.document
    environment = {
        **document.get("userEnvVars", {}),
        "GOOGLE_CLOUD_PROJECT_ID": call.project,
        "GOOGLE_CLOUD_PROJECT_NUMBER": projects.number(call.project),
        "GOOGLE_CLOUD_LOCATION": call.params["location"],
        "GOOGLE_CLOUD_SERVICE_ACCOUNT_NAME": document["serviceAccount"].rpartition("/")[2],
        "GOOGLE_CLOUD_WORKFLOW_ID": workflow.id,
        "GOOGLE_CLOUD_WORKFLOW_REVISION_ID": document["revisionId"],
        "GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID": identity,
        "GOOGLE_CLOUD_WORKFLOW_EXECUTION_ATTEMPT": "1",
    }
    account = environment["GOOGLE_CLOUD_SERVICE_ACCOUNT_NAME"]
    return Pinned(document["sourceContents"], account, environment, level or document.get("callLogLevel", ""))


@executions.shown_by
def _view(execution: Resource, call: Call) -> dict[str, Any]:
    """With the project's number, and where it is now."""
    shown = {**execution.document, "name": projects.by_number(execution.name)}
    if shown["state"] == "ACTIVE":
        took = max(0.0, call.control.clock() - execution.created)
        shown |= {"duration": f"{took:.6f}s"}
        if current := call.control.part(Runner).current(execution.name):
            shown["status"] = {"currentSteps": current}
    if call.query("view") == "BASIC":
        return _basic(shown)
    return shown


def _basic(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key not in _FULL_ONLY}


@API.route("GET", _PATH.rpartition("/")[0])
async def list_page(call: Call) -> Response:
    """`executions.list`: the newest first."""
    if call.query("orderBy").replace("_t", "T") not in ("", "createTime desc", "startTime desc"):
        raise unimplemented("The sandbox orders executions by 'createTime desc' only.")
    if "-" not in (call.params["workflow"], call.params["location"]):
        _workflow(call)
    accepts = compile_filter(call.query("filter")) if call.query("filter") else None
    found = call.store.select(executions.key, executions.parent(call.params))
    found = [each for each in found if accepts is None or accepts(_view(each, call))]
    after = paging.after(call.query("pageToken"))
    found = [each for each in sorted(found, key=_newest) if _newest(each) > after]
    size = call.integer("pageSize", 100, 1000) or 100
    full = call.query("view") == "FULL"

    def render(each: Resource) -> dict[str, Any]:
        shown = _view(each, call)
        return shown if full else _basic(shown)

    return Response.of(paging.page("executions", found[: size + 1], size, _newest, render))


def _newest(execution: Resource) -> str:
    return f"{int((1e11 - execution.created) * 1e6):020d}/{execution.id}"


@executions.verb("cancel")
async def cancel(execution: Resource, call: Call) -> dict[str, Any]:
    """End an execution that runs."""
    if execution.document["state"] != "ACTIVE":
        raise failed_precondition(f"Execution '{execution.id}' is not active: {execution.document['state']}.")
    await call.control.part(Runner).cancel(execution)
    return _view(executions.must(call.control, execution.name), call)


@executions.verb("exportData", "GET")
async def export_data(execution: Resource, call: Call) -> dict[str, Any]:
    """The execution as JSON."""
    if execution.document["state"] == "ACTIVE":
        raise failed_precondition(f"Execution '{execution.id}' is still active.")
    steps = [entry for _, entry in _steps(execution.name, call)]
    return {"data": json.dumps({"execution": _view(execution, call), "stepEntries": steps})}


@executions.verb("deleteExecutionHistory")
async def delete_history(execution: Resource, call: Call) -> dict[str, Any]:
    """Forget the steps of an execution that ended."""
    if execution.document["state"] == "ACTIVE":
        raise failed_precondition(f"Execution '{execution.id}' is still active.")
    Journal.drop(call.store, execution.name, history=True)
    return {}


@workflows.deleted
async def forget(workflow: Resource, call: Call) -> None:
    """The executions of a workflow go with it."""
    for execution in call.store.select(executions.key, workflow.name):
        if execution.document["state"] == "ACTIVE":
            await call.control.part(Runner).cancel(execution)
        Journal.drop(call.store, execution.name, history=True)
        call.store.delete(executions.key, execution.name)


# History and callbacks


def _execution(call: Call) -> Resource:
    return executions.must(call.control, executions.name(call.params))


def _steps(name: str, call: Call) -> list[tuple[int, dict[str, Any]]]:
    rows = call.store.rows("SELECT number, document FROM workflow_steps WHERE execution = ? ORDER BY number", (name,))
    return [
        (number, {"name": f"{projects.by_number(name)}/stepEntries/{number}", **json.loads(text)})
        for number, text in rows
    ]


@API.route("GET", f"{_PATH}/stepEntries")
async def list_steps(call: Call) -> Response:
    """`stepEntries.list`, in the order in which the steps began."""
    found, skip = _steps(_execution(call).name, call), call.integer("skip", 0)
    if call.query("filter"):
        accepts = compile_filter(call.query("filter"))
        found = [each for each in found if accepts(each[1])]
    if call.query("orderBy").endswith(" desc"):
        found.reverse()
    start = int(paging.after(call.query("pageToken")) or 0) + skip
    size = call.integer("pageSize", 1000, 1000) or 1000
    shown = [entry for _, entry in found[start : start + size]]
    answer: dict[str, Any] = {"stepEntries": shown, "totalSize": len(found)}
    if start + size < len(found):
        answer["nextPageToken"] = paging.token(str(start + size))
    return Response.of(answer)


@API.route("GET", f"{_PATH}/stepEntries/{{entry}}")
async def get_step(call: Call) -> Response:
    """`stepEntries.get`."""
    for number, entry in _steps(_execution(call).name, call):
        if str(number) == call.params["entry"]:
            return Response.of(entry)
    raise not_found(f"Step entry '{call.params['entry']}' was not found.")


@API.route("GET", f"{_PATH}/callbacks")
async def list_callbacks(call: Call) -> Response:
    """`callbacks.list`: those of an execution that runs."""
    name = _execution(call).name
    rows = call.store.rows(
        "SELECT id, method, payload FROM workflow_callbacks WHERE execution = ? ORDER BY id", (name,)
    )
    waiting = call.control.part(Runner).waiting(name)
    found = [
        {
            "name": f"{projects.by_number(name)}/callbacks/{identity}",
            "method": method,
            "waiters": str(int(identity in waiting)),
            **({"availablePayloads": [f"{identity}/payload"]} if payload is not None else {}),
        }
        for identity, method, payload in rows
    ]
    return Response.of({"callbacks": found} if found else {})


async def _receive(call: Call) -> Response:
    """A request for a callback: kept until the execution takes it."""
    execution, identity = _execution(call), call.params["callback"]
    where = (execution.name, identity)
    rows = call.store.rows("SELECT method, payload FROM workflow_callbacks WHERE execution = ? AND id = ?", where)
    if not rows:
        raise not_found(f"Callback '{identity}' was not found.")
    method, payload = rows[0]
    if method != call.request.method:
        raise ApiError("INVALID_ARGUMENT", f"Callback '{identity}' takes {method}, not {call.request.method}.")
    if payload is not None:
        raise ApiError("RESOURCE_EXHAUSTED", f"Callback '{identity}' holds a request that was not taken yet.")
    packed = msgpack.packb(_received(call, identity))
    call.store.execute("UPDATE workflow_callbacks SET payload = ? WHERE execution = ? AND id = ?", (packed, *where))
    call.control.part(Runner).arrived(execution.name)
    return Response.of({})


def _received(call: Call, identity: str) -> dict[str, Any]:
    request = call.request
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body: Any = request.body
    try:
        if kind == "application/json":
            body = json.loads(request.body) if request.body else None
        elif kind.startswith("text/"):
            body = request.body.decode()
    except ValueError as error:
        raise invalid_argument(f"The body is not {kind}.", {"body": str(error)}) from error
    sent = {
        "body": body,
        "headers": {header_name(name): text for name, text in request.headers.items()},
        "method": request.method,
        "query": {name: values if len(values) > 1 else values[0] for name, values in request.query.items()},
        "url": f"/callbacks/{identity}",
    }
    return {"http_request": sent, "received_time": call.control.now(), "type": "HTTP"}


for _method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
    API.route(_method, f"{_PATH}/callbacks/{{callback}}", data=True)(_receive)
