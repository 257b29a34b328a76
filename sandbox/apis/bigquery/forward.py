"""Requests that BigQuery's engine answers itself, and its answers as they are passed on."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from sandbox.apis.bigquery import child
from sandbox.control.context import Call
from sandbox.control.errors import unimplemented
from sandbox.control.http import Response
from sandbox.runtime.bigquery.process import BigQuery

# Headers that belong to one connection, or that the answer here gets anew.
_OWN = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host", "date", "server"}
)


async def forward(
    call: Call, path: str, body: bytes | None = None, more: Mapping[str, str] | None = None
) -> httpx.Response:
    """The engine's answer to the request, or to another body, at a path of its own, with `more` headers."""
    headers = {key: value for key, value in call.request.headers.items() if key not in _OWN} | dict(more or {})
    if call.request.headers.get("content-encoding"):
        headers["content-encoding"] = call.request.headers["content-encoding"]
    sent = call.request.body if body is None else body
    query = f"?{urlencode(call.request.query, doseq=True)}" if call.request.query else ""
    return await child.send(call.control, call.request.method, path + query, headers=headers, body=sent)


def passed(call: Call, answer: httpx.Response) -> Response:
    """An answer of the engine, its links pointing here."""
    if answer.status_code in (404, 405) and b'"error"' not in answer.content:
        raise unimplemented(f"The sandbox does not implement {call.request.method} {call.request.path}.")
    headers = {key: value for key, value in answer.headers.items() if key not in _OWN}
    if "location" in headers:
        headers["location"] = headers["location"].replace(call.control.part(BigQuery).base, call.control.url, 1)
    return Response(answer.status_code, headers, answer.content)
