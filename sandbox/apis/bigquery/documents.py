"""JSON documents as BigQuery writes them: 64-bit numbers as text, patches, preconditions, pages."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sandbox.control import payload
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument

_INT64 = frozenset(
    {
        "defaultTableExpirationMs",
        "defaultPartitionExpirationMs",
        "maxTimeTravelHours",
        "expirationTime",
        "expirationMs",
        "start",
        "end",
        "interval",
        "precision",
        "scale",
        "maxLength",
        "refreshIntervalMs",
    }
)


def body(call: Call) -> dict[str, Any]:
    """The request's JSON object; nulls are kept, since a patch clears by them."""
    return payload.document(call.request, reason="parseError")


def normal(value: Any) -> Any:
    """A copy with 64-bit numbers as text and without nulls.

    >>> normal({"expirationMs": 5, "description": None, "fields": [{"precision": 3}]})
    {'expirationMs': '5', 'fields': [{'precision': '3'}]}
    """
    if isinstance(value, list):
        return [normal(item) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if inner is None:
            continue
        number = isinstance(inner, int | float) and not isinstance(inner, bool)
        found[key] = str(int(inner)) if key in _INT64 and number else normal(inner)
    return found


def patched(old: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """A document with a patch merged in: objects deeply, lists as a whole, null removes (RFC 7396).

    >>> patched({"labels": {"a": "1", "b": "2"}}, {"labels": {"a": None, "c": "3"}})
    {'labels': {'b': '2', 'c': '3'}}
    """
    result = copy.deepcopy(old)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            inner = result.get(key)
            result[key] = patched(inner if isinstance(inner, dict) else {}, value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def etag(document: dict[str, Any]) -> str:
    """An etag that changes with the document."""
    text = json.dumps({**document, "etag": ""}, sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode()


def check_match(call: Call, document: dict[str, Any]) -> None:
    """412 where the request's `If-Match` is not the document's etag."""
    wanted = call.request.headers.get("if-match")
    if wanted and wanted != "*" and wanted.strip('"') != str(document.get("etag", "")).strip('"'):
        raise ApiError("FAILED_PRECONDITION", "Precondition check failed.", code=412)


def milliseconds(call: Call) -> str:
    """The time, as BigQuery writes it."""
    return str(int(call.control.clock() * 1000))


def page(call: Call, items: Sequence[dict[str, Any]], default: int) -> tuple[Sequence[dict[str, Any]], str | None]:
    """The page that `maxResults` and `pageToken` ask for, and the token of the next one."""
    if call.query("filter"):
        raise ApiError("UNIMPLEMENTED", "The sandbox does not implement filter for lists of BigQuery.")
    begin = beginning(call)
    end = begin + call.integer("maxResults", default, 1_000_000)
    return items[begin:end], str(end) if end < len(items) else None


def beginning(call: Call) -> int:
    """Where the page begins that `pageToken` asks for; an empty one, which Google's clients for Go send, is none."""
    token = call.query("pageToken") or "0"
    if not token.isdigit():
        raise invalid_argument(f"Invalid page token: {token}")
    return int(token)
