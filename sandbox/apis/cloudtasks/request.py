"""The HTTP request of a task: what it says, with what its queue overrides, and the headers that Cloud Tasks adds."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sandbox.control.context import Control
from sandbox.control.id_token import authorization
from sandbox.control.sending import Outgoing
from sandbox.control.store import Resource

METHODS = ("HTTP_METHOD_UNSPECIFIED", "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
WITH_BODY = ("POST", "PUT", "PATCH")
_RESERVED = ("host", "content-length", "user-agent", "authorization")
_RESERVED_STEMS = ("x-google-", "x-appengine-", "x-cloudtasks-")


def check_tokens(target: dict[str, Any], field: str, refused: Callable[[str, str], Exception]) -> None:
    """One kind of token at most, of an account; an OAuth token is for all of Google Cloud where it isn't said."""
    if "oidcToken" in target and "oauthToken" in target:
        raise refused(field, "Only one of oauthToken and oidcToken may be set.")
    for token in ("oauthToken", "oidcToken"):
        if token in target and not target[token].get("serviceAccountEmail"):
            raise refused(f"{field}.{token}", f"{token}.serviceAccountEmail is required.")
    if "oauthToken" in target:
        target["oauthToken"].setdefault("scope", "https://www.googleapis.com/auth/cloud-platform")


def seconds(text: str) -> float:
    """A timestamp's seconds since 1970.

    >>> seconds("1970-01-01T00:01:00.5Z")
    60.5
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def outgoing(control: Control, queue: Resource, task: Resource) -> Outgoing:
    """The request of a task's attempt, which has been noted in the task."""
    request, target = task.document["httpRequest"], queue.document.get("httpTarget") or {}
    method = target.get("httpMethod") or METHODS[0]
    if method == METHODS[0]:
        method = request["httpMethod"]
    url = _url(request["url"], target.get("uriOverride") or {})
    content = base64.b64decode(request.get("body", ""))
    headers = {"content-type": "application/octet-stream"} if content else {}
    overrides = {each["header"]["key"]: each["header"]["value"] for each in target.get("headerOverrides") or []}
    for key, value in {**request.get("headers", {}), **overrides}.items():
        lower = key.lower()
        if not lower.startswith(_RESERVED_STEMS) and lower not in _RESERVED[:3]:
            headers[lower] = str(value)
    headers |= _of_cloud_tasks(queue, task)
    tokens = target if "oidcToken" in target or "oauthToken" in target else request
    return Outgoing(method, url, headers | authorization(control, tokens, url), content)


def _url(given: str, override: dict[str, Any]) -> str:
    """The task's URL where the queue says nothing else, or says it for what the task leaves out only."""
    if not override:
        return given
    parts = urlsplit(given)
    always = override.get("uriOverrideEnforceMode") != "IF_NOT_EXISTS"
    scheme = str(override.get("scheme", "HTTPS")).lower() if always else parts.scheme
    host = override.get("host") if always else ""
    host = host or parts.hostname or ""
    port = override.get("port") if always or not parts.port else None
    port = port or (parts.port if not override.get("host") or not always else None)
    path = (override.get("pathOverride") or {}).get("path") or ""
    path = path if path and (always or parts.path in ("", "/")) else parts.path
    query = (override.get("queryOverride") or {}).get("queryParams") or ""
    query = query if query and (always or not parts.query) else parts.query
    return str(urlunsplit((scheme, f"{host}:{port}" if port else host, path, query, "")))


def _of_cloud_tasks(queue: Resource, task: Resource) -> dict[str, str]:
    document = task.document
    headers = {
        "user-agent": "Google-Cloud-Tasks",
        "x-cloudtasks-queuename": queue.id,
        "x-cloudtasks-taskname": task.id,
        "x-cloudtasks-taskretrycount": str(document["dispatchCount"] - 1),
        "x-cloudtasks-taskexecutioncount": str(document.get("responseCount", 0)),
        "x-cloudtasks-tasketa": f"{seconds(document['lastAttempt']['scheduleTime']):.6f}",
    }
    if before := document.get("previousResponse"):
        headers["x-cloudtasks-taskpreviousresponse"] = str(before)
        headers["x-cloudtasks-taskretryreason"] = f"HTTP status code {before}"
    return headers
