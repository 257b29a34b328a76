"""Cloud Tasks v2: tasks with HTTP targets. They are made, shown and deleted here, and sent by `dispatch`."""

from __future__ import annotations

import base64
import re
from typing import Any

from sandbox.apis.cloudtasks.dispatch import Dispatcher
from sandbox.apis.cloudtasks.request import METHODS, WITH_BODY, check_tokens, seconds
from sandbox.control import binary, durations
from sandbox.control.collection import Collection
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import already_exists, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Exists, Resource

_LATEST = 30 * 86_400
_SIZE_MOST = 102_400
_HEADERS_MOST = 80 * 1024
_GIVEN = ("name", "httpRequest", "scheduleTime", "dispatchDeadline", "retryConfig")
_OUTPUT_ONLY = {"createTime", "dispatchCount", "responseCount", "firstAttempt", "lastAttempt", "view"}
_RETRY = {"maxAttempts", "maxRetryDuration", "minBackoff", "maxBackoff", "maxDoublings"}


def collection(queues: Collection) -> Collection:
    """The tasks of queues."""
    tasks = Collection(
        path=f"{queues.path}/tasks/{{task}}",
        id_rule=r"[A-Za-z0-9_-]{1,500}",
        id_message="It must be 1 to 500 letters, numbers, hyphens or underscores.",
        create=None,
        update=(),
        delete=False,
        page_size=1000,
        labels=(),
        parents=(queues,),
    )
    tasks.shown_by(shown)

    @tasks.verb("run", data=True)
    async def run(task: Resource, call: Call) -> dict[str, Any]:
        """`tasks.run`: now, even where the queue is paused."""
        return shown(call.control.part(Dispatcher).run(task), call)

    return tasks


def shown(task: Resource, call: Call) -> dict[str, Any]:
    """Without the body, unless the whole is asked for."""
    view = call.query("responseView") or (call.body().get("responseView") if call.request.method == "POST" else "")
    full = str(view) in ("FULL", "2")
    document = {key: value for key, value in task.document.items() if key != "previousResponse"}
    document["view"] = "FULL" if full else "BASIC"
    if not full:
        document["httpRequest"] = {key: value for key, value in document["httpRequest"].items() if key != "body"}
    return document


def routes(queues: Collection, tasks: Collection) -> list[Route]:
    """Creation and deletion."""

    async def create(call: Call) -> Response:
        """`tasks.create`."""
        queue = queues.find(call.control, queues.name(call.params))
        if queue is None:
            raise not_found("Queue does not exist. If you just created the queue, wait for it to initialize.")
        given = call.body().get("task")
        if not isinstance(given, dict):
            raise invalid_argument("task is required.", {"task": "required"})
        document = _checked({key: value for key, value in given.items() if key not in _OUTPUT_ONLY}, call)
        name = str(document.get("name") or f"{queue.name}/tasks/{int(call.control.hex(15), 16):020d}")
        _check_name(tasks, call, queue.name, name)
        dispatcher = call.control.part(Dispatcher)
        if dispatcher.gone(name):
            raise already_exists("The task cannot be created because a task with this name existed too recently.")
        moment = call.control.clock()
        document |= {"name": name, "createTime": call.control.now(), "dispatchCount": 0, "responseCount": 0}
        task = Resource(tasks.key, name, document, moment, moment)
        try:
            call.store.insert(task)
        except Exists as error:
            raise already_exists("Requested entity already exists") from error
        dispatcher.add(task)
        return Response.of(shown(task, call))

    async def delete(call: Call) -> Response:
        """`tasks.delete`."""
        call.control.part(Dispatcher).drop(tasks.must(call.control, tasks.name(call.params)))
        return Response.of({})

    place = tasks.path.rpartition("/")[0]
    return [Route("POST", place, create, data=True), Route("DELETE", tasks.path, delete, data=True)]


def _refused(field: str, message: str) -> Exception:
    return invalid_argument(message, {f"task.{field}": message})


def _check_name(tasks: Collection, call: Call, queue: str, name: str) -> None:
    parts = name.split("/")
    if len(parts) != 8 or parts[::2] != ["projects", "locations", "queues", "tasks"]:
        raise _refused("name", f"Invalid task name '{name}': {queue}/tasks/TASK.")
    parts[1] = call.control.projects.resolve(parts[1], call.control.clock())
    if "/".join(parts[:6]) != queue:
        raise _refused("name", f"The queue of the request ({queue}) must be that of the task's name ({name}).")
    tasks.check_id(parts[7])


def _checked(document: dict[str, Any], call: Call) -> dict[str, Any]:
    """What a request gives, checked and completed."""
    if "httpRequest" not in document:
        raise unimplemented("The sandbox does not implement App Engine targets of Cloud Tasks: give httpRequest.")
    if unknown := sorted(set(document) - set(_GIVEN)):
        if "appEngineHttpRequest" in unknown:
            raise _refused("http_request", "A task has one target.")
        raise _refused(unknown[0], f"Unknown name \"{unknown[0]}\" at 'task'.")
    document["httpRequest"] = _http(dict(document["httpRequest"] or {}))
    deadline = str(document.setdefault("dispatchDeadline", "600s"))
    if not durations.FORM.fullmatch(deadline) or not 15 <= float(deadline[:-1]) <= 1800:
        raise _refused("dispatch_deadline", "The dispatch deadline must be 15s to 1800s.")
    now = call.control.clock()
    try:
        due = seconds(str(document.get("scheduleTime") or timestamp(now)))
    except ValueError as error:
        raise _refused("schedule_time", "scheduleTime is not a timestamp.") from error
    if due > now + _LATEST:
        raise _refused("schedule_time", "The schedule time is more than 30 days in the future.")
    document["scheduleTime"] = timestamp(max(due, now))
    for field, value in (document.get("retryConfig") or {}).items():
        whole = field in ("maxAttempts", "maxDoublings")
        fits = isinstance(value, int) if whole else bool(durations.FORM.fullmatch(str(value)))
        if field not in _RETRY or not fits or (value == 0 and field == "maxAttempts"):
            raise _refused(f"retry_config.{field}", f"Invalid value for {field}: {value}.")
    return document


def _http(request: dict[str, Any]) -> dict[str, Any]:
    url, method = str(request.get("url", "")), request.get("httpMethod") or "POST"
    if not re.match(r"https?://[^/\s]+", url) or len(url) > 2083:
        raise _refused("http_request.url", "The URL must begin with http:// or https://, of at most 2083 characters.")
    if isinstance(method, int) and 0 <= method < len(METHODS):
        method = METHODS[method]
    if method not in METHODS:
        raise _refused("http_request.http_method", f"Unknown method {method}.")
    request["httpMethod"] = method = "POST" if method == METHODS[0] else method
    if request.get("body"):
        if method not in WITH_BODY:
            raise _refused("http_request.body", "HTTP body is only allowed with POST, PUT and PATCH.")
        request["body"] = _body(str(request["body"]))
    headers = request.get("headers") or {}
    if sum(len(str(key)) + len(str(value)) for key, value in headers.items()) > _HEADERS_MOST:
        raise _refused("http_request.headers", "The headers are at most 80 KB.")
    if any(re.search(r"[\r\n\0]", f"{key}{value}") for key, value in headers.items()):
        raise _refused("http_request.headers", "A header is one line.")
    check_tokens(request, "http_request", _refused)
    if "oidcToken" in request:
        request["oidcToken"].setdefault("audience", url)
    return request


def _body(text: str) -> str:
    try:
        data = binary.decode(text)
    except ValueError as error:
        raise _refused("http_request.body", "The body is not base64.") from error
    if len(data) > _SIZE_MOST:
        raise _refused("http_request.body", f"A task is at most {_SIZE_MOST} bytes.")
    return base64.b64encode(data).decode()
