"""Rows of results as a client asks for them: timestamps are seconds as a decimal fraction, unless it wants integers.

The engine always writes microseconds, which clients that don't ask for them (Google's for Java) read as seconds.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import httpx

from sandbox.apis.bigquery import documents
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquery.forward import passed
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.runtime.bigquery.fields import Field

ROWS = re.compile(r"datasets/([^/]+)/tables/([^/]+)/data")
_EPOCH = datetime.datetime(1970, 1, 1)
_FORMATS = ("TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED", "FLOAT64", "INT64", "ISO8601_STRING")


async def as_asked(call: Call, answer: httpx.Response) -> Response:
    """An answer of the engine, with its rows as the request wants them."""
    shown, rest = passed(call, answer), call.params.get("rest", "queries")
    if answer.status_code == 200 and "/rowAccessPolicies" in rest:
        return _with_times(answer.json())
    listed = ROWS.fullmatch(rest)
    if answer.status_code != 200 or not (listed or rest.split("/")[0] == "queries"):
        return shown
    wanted = _wanted(call)
    if wanted == "INT64" and (listed or b'"rows":[{' in answer.content):
        return shown  # as the engine writes it: what may be large isn't read
    document = answer.json()
    if listed:
        table = await tables.load(call.control, call.project, listed[1], listed[2])
        fields = (table.get("schema") or {}).get("fields") or []
    else:
        fields = (document.get("schema") or {}).get("fields") or []
    if wanted == "INT64" or not document.get("rows") or not _any_timestamp(fields):
        return shown
    document["rows"] = [_row(row, fields, wanted) for row in document["rows"]]
    return Response(shown.status, shown.headers, json.dumps(document).encode())


def _with_times(document: dict[str, Any]) -> Response:
    """Row access policies: their times are RFC 3339, where the engine has milliseconds."""
    for policy in (document, *document.get("rowAccessPolicies", ())):
        for name in ("creationTime", "lastModifiedTime"):
            if str(policy.get(name, "")).isdigit():
                policy[name] = timestamp(int(policy[name]) / 1000)
    return Response.of(document)


def written(call: Call, document: dict[str, Any], fields: Sequence[Field]) -> Response:
    """An answer that is made here, whose timestamps are microseconds, as the request wants it."""
    wanted = _wanted(call)
    if wanted != "INT64":
        document = {**document, "rows": [_row(row, fields, wanted) for row in document["rows"]]}
    return Response.of(document)


def _wanted(call: Call) -> str:
    """How timestamps are written."""
    options: dict[str, Any] = {}
    if call.request.method == "POST":
        options = documents.body(call).get("formatOptions") or {}
    output = call.query("formatOptions.timestampOutputFormat") or options.get("timestampOutputFormat") or _FORMATS[0]
    if output not in _FORMATS:
        raise invalid_argument(f"Invalid value at 'format_options.timestamp_output_format': {output}")
    whole = call.query("formatOptions.useInt64Timestamp") or str(options.get("useInt64Timestamp", ""))
    if output == _FORMATS[0]:
        return "INT64" if whole.lower() in ("true", "1") else "FLOAT64"
    return str(output)


def _any_timestamp(fields: Sequence[Field]) -> bool:
    return any(each["type"] == "TIMESTAMP" or _any_timestamp(each.get("fields") or []) for each in fields)


def _row(row: dict[str, Any], fields: Sequence[Field], wanted: str) -> dict[str, Any]:
    cells = zip(row["f"], fields, strict=False)
    return {"f": [{"v": _value(cell["v"], field, wanted)} for cell, field in cells]}


def _value(value: Any, field: Field, wanted: str) -> Any:
    if isinstance(value, list):
        return [{"v": _value(each["v"], field, wanted)} for each in value]
    if isinstance(value, dict):
        return _row(value, field.get("fields") or [], wanted)
    if field["type"] != "TIMESTAMP" or value is None:
        return value
    return seconds(int(value)) if wanted == "FLOAT64" else iso(int(value))


def seconds(microseconds: int) -> str:
    """A timestamp as BigQuery writes its seconds.

    >>> seconds(1767225600000000), seconds(1767225600123456), seconds(86400000000), seconds(0)
    ('1.7672256E9', '1.767225600123456E9', '86400.0', '0.0')
    """
    found = Decimal(microseconds).scaleb(-6).normalize()
    if not found or Decimal("1e-3") <= abs(found) < Decimal("1e7"):
        text = f"{found:f}"
        return text if "." in text else f"{text}.0"
    mantissa, _, exponent = f"{found:E}".partition("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def iso(microseconds: int) -> str:
    """A timestamp in ISO 8601.

    >>> iso(1767225600123456)
    '2026-01-01T00:00:00.123456Z'
    """
    return f"{(_EPOCH + datetime.timedelta(microseconds=microseconds)).isoformat(timespec='microseconds')}Z"
