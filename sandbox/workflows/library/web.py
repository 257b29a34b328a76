"""`http.*` and `retry.*`: requests, and when they are made again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.workflows.errors import WorkflowError, fault
from sandbox.workflows.library.helpers import format_double
from sandbox.workflows.library.registry import CONSTANTS, FUNCTIONS, function, must_be
from sandbox.workflows.values import is_number, to_json, type_name
from sandbox.workflows.world import Answer, Outgoing

if TYPE_CHECKING:
    from sandbox.workflows.task import Task

AGENT = "GoogleCloudWorkflows; (+https://cloud.google.com/workflows/docs)"
_LARGEST = 2 * 1024 * 1024
_LONGEST = 1800
_ARGUMENTS = "url headers body query auth timeout private_service_name ca_certificate"
_NONE: dict[str, Any] = dict.fromkeys(_ARGUMENTS.split()[1:])


async def request(task: Task, method: str, url: Any, *rest: Any) -> dict[str, Any]:
    """Send and read; an answer of 400 and above is an HttpError."""
    headers, body, query, auth, timeout, private, certificate = rest
    if private is not None or certificate is not None:
        raise fault("ValueError", "the sandbox does not implement private_service_name and ca_certificate")
    sent = _outgoing(method, must_be("string", url, "url"), headers, body, query, auth, timeout)
    return read(await task.world.send(sent))


def read(answer: Answer) -> dict[str, Any]:
    """The map of an answer. Raises the HttpError of a failure."""
    if len(answer.content) > _LARGEST:
        raise fault("ResourceLimitError", f"HTTP response of {len(answer.content)} bytes exceeds {_LARGEST}")
    found = {"code": answer.status, "headers": dict(answer.headers), "body": _body(answer)}
    if answer.status >= 400:
        message = f"HTTP server responded with error code {answer.status}"
        raise WorkflowError({"message": message, "tags": ["HttpError"], **found})
    return found


def _body(answer: Answer) -> Any:
    kind = next((text for name, text in answer.headers.items() if name.lower() == "content-type"), "")
    kind = kind.partition(";")[0].strip().lower()
    if not answer.content:
        return None if kind == "application/json" else "" if kind.startswith("text/") else None
    try:
        if kind == "application/json" or kind.endswith("+json"):
            return json.loads(answer.content)
        if kind.startswith("text/") or kind in ("application/xml", "application/x-www-form-urlencoded"):
            return answer.content.decode()
    except ValueError as error:
        raise fault("ResponseTypeError", f"the body of the response is not {kind}") from error
    return answer.content


def _outgoing(method: str, url: str, headers: Any, body: Any, query: Any, auth: Any, timeout: Any) -> Outgoing:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise fault("ValueError", f"'{url}' is no URL of http or https")
    if query:
        pairs = parse_qsl(parts.query, keep_blank_values=True) + _pairs(must_be("map", query, "query"), "query")
        url = urlunsplit(parts._replace(query=urlencode(pairs)))
    sent = {name: _text(value, name) for name, value in (must_be("map", headers, "headers") if headers else {}).items()}
    content = _content(body, sent)
    agent = next((name for name in sent if name.lower() == "user-agent"), "User-Agent")
    sent[agent] = f"{sent[agent]} {AGENT}" if agent in sent else AGENT
    seconds = _LONGEST if timeout is None else must_be("number", timeout, "timeout")
    if not 0 < seconds <= _LONGEST:
        raise fault("ValueError", f"timeout must be above 0 and {_LONGEST} seconds at most")
    if auth is not None and must_be("map", auth, "auth").get("type") not in ("OIDC", "OAuth2"):
        raise fault("ValueError", "auth.type must be OIDC or OAuth2")
    return Outgoing(method, url, sent, content, seconds, auth)


def _content(body: Any, headers: dict[str, str]) -> bytes:
    if body is None:
        return b""
    named = next((text for name, text in headers.items() if name.lower() == "content-type"), None)
    if named is None:
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json; charset=utf-8"
        headers["Content-Type"] = kind
    elif isinstance(body, str):
        return body.encode()
    elif named.partition(";")[0].strip() == "application/x-www-form-urlencoded" and not isinstance(body, bytes):
        return urlencode(_pairs(must_be("map", body, "body"), "body")).encode()
    return body if isinstance(body, bytes) else to_json(body).encode()


def _pairs(given: dict[str, Any], what: str) -> list[tuple[str, str]]:
    found = []
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        found += [(name, _text(each, f"{what}.{name}")) for each in values if each is not None]
    return found


def _text(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if is_number(value):
        return format_double(value) if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return value
    raise fault("TypeError", f"'{name}' must be a text or a number, not {type_name(value)}")


def _method(name: str) -> None:
    @function(f"http.{name}", _ARGUMENTS, "effect", **_NONE)
    async def run(task: Task, *values: Any) -> dict[str, Any]:
        return await request(task, name.upper(), *values)


for _name in ("get", "post", "put", "patch", "delete"):
    _method(_name)


@function("http.request", f"method {_ARGUMENTS}", "effect", **_NONE)
async def _request(task: Task, method: Any, *values: Any) -> dict[str, Any]:
    return await request(task, must_be("string", method, "method").upper(), *values)


def _is_retried(error: Any, codes: tuple[int, ...], tags: tuple[str, ...]) -> bool:
    if not isinstance(error, dict):
        return False
    given = error.get("tags")
    found = given if isinstance(given, list) else []
    return ("HttpError" in found and error.get("code") in codes) or any(tag in found for tag in tags)


@function("http.default_retry_predicate", "e")
def _default_retry_predicate(error: Any) -> bool:
    return _is_retried(error, (429, 502, 503, 504), ("ConnectionError", "ConnectionFailedError", "TimeoutError"))


@function("http.default_retry_predicate_non_idempotent", "e")
def _default_retry_predicate_non_idempotent(error: Any) -> bool:
    return _is_retried(error, (429, 503), ("ConnectionFailedError",))


@function("retry.always", "e")
def _always(_error: Any) -> bool:
    return True


@function("retry.never", "e")
def _never(_error: Any) -> bool:
    return False


CONSTANTS["retry.default_backoff"] = {"initial_delay": 1.0, "max_delay": 60.0, "multiplier": 1.25}
for _suffix in ("", "_non_idempotent"):
    CONSTANTS[f"http.default_retry{_suffix}"] = {
        "predicate": FUNCTIONS[f"http.default_retry_predicate{_suffix}"],
        "max_retries": 5,
        "backoff": CONSTANTS["retry.default_backoff"],
    }
