"""Connectors, `googleapis.*`: calls of Google's APIs as their discovery documents describe them.

The documents come with google-api-python-client, so each method of each API that it knows is a connector; whether the
sandbox serves it is for the API to answer.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.documents import discovery_document
from sandbox.workflows import library
from sandbox.workflows.connector_helpers import HELPERS
from sandbox.workflows.errors import WorkflowError, fault
from sandbox.workflows.library.registry import must_be
from sandbox.workflows.library.web import AGENT, read
from sandbox.workflows.retries import again
from sandbox.workflows.task import Task
from sandbox.workflows.values import is_number, to_json, type_name
from sandbox.workflows.world import Outgoing

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_TIMEOUT = 1800.0


def find(name: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The document and the method of a connector, without `googleapis.`; None where Google has no such method."""
    service, _, rest = name.partition(".")
    version, _, path = rest.partition(".")
    if not path or not service.isalnum() or not version.isalnum():
        return None
    document = discovery_document(service, version)
    *resources, method = path.split(".")
    found: Any = document
    for resource in resources:
        found = found.get("resources", {}).get(resource) if found else None
    described = found.get("methods", {}).get(method) if found and document else None
    return None if described is None or document is None else (document, described)


def is_connector(name: str) -> bool:
    """Whether there is a connector, by its name without `googleapis.`."""
    return name in HELPERS or find(name) is not None


async def connect(task: Task, name: str, arguments: dict[str, Any]) -> Any:
    """Call a connector; an operation that runs long is waited for. Raises WorkflowError."""
    if name in HELPERS:
        return await HELPERS[name](task, arguments, connect)
    described = find(name)
    if described is None:
        raise fault("TypeError", f"unknown connector 'googleapis.{name}'")
    document, method = described
    settings = must_be("map", arguments.get("connector_params") or {}, "connector_params")
    request = _request(document, method, name, arguments, settings)
    suffix = "" if method["httpMethod"] == "GET" else "_non_idempotent"
    predicate = library.FUNCTIONS[f"http.default_retry_predicate{suffix}"]

    async def retried(error: WorkflowError) -> bool:
        return bool(predicate.run(error.value))

    async def send() -> Any:
        return read(await task.world.send(request))["body"]

    answer = await again(task, lambda: task.once(send), retried)
    url = _operation(document, answer)
    if url is None or settings.get("skip_polling"):
        return answer
    return await task.once(lambda: _wait(task, url, answer, settings))


def _request(
    document: dict[str, Any], method: dict[str, Any], name: str, arguments: dict[str, Any], settings: dict[str, Any]
) -> Outgoing:
    parameters = {**document.get("parameters", {}), **method.get("parameters", {})}
    path, query = method["path"], []
    if method.get("supportsMediaUpload") and arguments.get("uploadType") == "media":
        path = method["mediaUpload"]["protocols"]["simple"]["path"].lstrip("/")
    for key, value in arguments.items():
        if key in ("body", "connector_params"):
            continue
        described = parameters.get(key)
        if described is None:
            raise fault("TypeError", f"googleapis.{name} has no argument '{key}'")
        if described.get("location") == "path":
            text = _text(value, key)
            path = path.replace(f"{{{key}}}", quote(text, safe="")).replace(f"{{+{key}}}", quote(text, safe="/:@~"))
        else:
            query += [(key, _text(each, key)) for each in (value if isinstance(value, list) else [value])]
    missing = next(
        (key for key, described in parameters.items() if described.get("required") and key not in arguments), None
    )
    if missing is not None:
        raise fault("TypeError", f"googleapis.{name} needs the argument '{missing}'")
    base = document["rootUrl"] + ("" if path.startswith(("upload/", "resumable/")) else document["servicePath"])
    url = base + path + (f"?{urlencode(query)}" if query else "")
    headers, content = {"User-Agent": AGENT}, b""
    body = arguments.get("body")
    if isinstance(body, bytes | str) and path.startswith("upload/"):
        content = body.encode() if isinstance(body, str) else body
        headers["Content-Type"] = "text/plain" if isinstance(body, str) else "application/octet-stream"
    elif body is not None:
        content, headers["Content-Type"] = to_json(body).encode(), "application/json; charset=utf-8"
    auth = {"type": "OAuth2", "scopes": settings.get("scopes", _SCOPE)}
    return Outgoing(method["httpMethod"], url, headers, content, _TIMEOUT, auth)


def _text(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) or is_number(value):
        return str(value)
    raise fault("TypeError", f"argument '{name}' must be a text or a number, not {type_name(value)}")


def _operation(document: dict[str, Any], answer: Any) -> str | None:
    """Where to ask for an operation that isn't done; None where the answer is none."""
    if not isinstance(answer, dict):
        return None
    kind = str(answer.get("kind", ""))
    if kind.endswith(("#operation", "#job")) and "selfLink" in answer:
        return str(answer["selfLink"])
    name = str(answer.get("name", ""))
    is_long = "/operations/" in f"/{name}" and ("done" in answer or "metadata" in answer)
    return f"{document['rootUrl']}{document['version']}/{name}" if is_long else None


async def _wait(task: Task, url: str, answer: dict[str, Any], settings: dict[str, Any]) -> Any:
    policy = must_be("map", settings.get("polling_policy") or {}, "polling_policy")
    pause, factor = float(policy.get("initial_delay", 1.0)), float(policy.get("multiplier", 1.25))
    longest = float(policy.get("max_delay", 60.0))
    until = task.world.now() + float(settings.get("timeout", _TIMEOUT))
    request = Outgoing("GET", url, {"User-Agent": AGENT}, auth={"type": "OAuth2", "scopes": _SCOPE})
    while not _done(answer):
        if task.world.now() > until:
            raise fault(
                "TimeoutError", f"the operation {answer.get('name', url)} was not done in time", operation=answer
            )
        await asyncio.sleep(min(pause, longest))
        pause *= factor
        answer = read(await task.world.send(request))["body"]
        if not isinstance(answer, dict):
            raise fault("ResponseTypeError", f"the answer of {url} is no operation")
    error = answer.get("error") or _status(answer).get("errorResult")
    if error:
        text = error.get("message") or next((each.get("message") for each in error.get("errors", [])), None)
        raise fault("OperationError", text or "the operation failed", operation=answer, error=error)
    return answer.get("response", answer)


def _done(answer: dict[str, Any]) -> bool:
    return bool(answer.get("done")) or _status(answer).get("state") == "DONE"


def _status(answer: dict[str, Any]) -> dict[str, Any]:
    """A job's status; an operation of Compute Engine or Cloud SQL has its state in its place."""
    status = answer.get("status")
    return status if isinstance(status, dict) else {"state": status}
