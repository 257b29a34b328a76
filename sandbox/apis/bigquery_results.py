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

from sandbox.apis import bigquery_child as child
from sandbox.apis import bigquery_documents as documents
from sandbox.apis import bigquery_table_documents as tables
from sandbox.apis.bigquery_forward import passed
from sandbox.apis.bigquery_schema import Field
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response

_ROWS = re.compile(r"datasets/([^/]+)/tables/([^/]+)/data")
_EPOCH = datetime.date(1970, 1, 1)
_FORMATS = ("TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED", "FLOAT64", "INT64", "ISO8601_STRING")


async def as_asked(call: Call, answer: httpx.Response) -> Response:
    """An answer of the engine, with its rows as the request wants them."""
    if answer.status_code != 200 or not _has_rows(call):
        return passed(call, answer)
    wanted, shown = _wanted(call), passed(call, answer)
    if wanted == "INT64" and b'"rows":[{' in answer.content:
        return shown
    document = answer.json()
    fields = (document.get("schema") or {}).get("fields") or await _fields(call)
    changed = _any_timestamp(fields) and wanted != "INT64"
    if changed:
        document["rows"] = [_row(row, fields, wanted) for row in document.get("rows") or []]
    if not fields and call.request.method == "GET" and (affected := await _affected(call)):
        document["numDmlAffectedRows"] = affected
        changed = True
    return Response(shown.status, shown.headers, json.dumps(document).encode()) if changed else shown


async def _affected(call: Call) -> str:
    """How many rows a statement changed, which the engine tells of its job only."""
    job = call.params["rest"].partition("/")[2]
    statistics = (await child.ask(call.control, "GET", f"{child.BASE}/{call.project}/jobs/{names.url(job)}")).get(
        "statistics"
    )
    return str(((statistics or {}).get("query") or {}).get("numDmlAffectedRows", ""))


def written(call: Call, document: dict[str, Any], fields: Sequence[Field]) -> Response:
    """An answer that is made here, whose timestamps are microseconds, as the request wants it."""
    wanted = _wanted(call)
    if wanted != "INT64":
        document = {**document, "rows": [_row(row, fields, wanted) for row in document["rows"]]}
    return Response.of(document)


def _has_rows(call: Call) -> bool:
    rest = call.params.get("rest", "queries")
    return rest.split("/")[0] == "queries" or _ROWS.fullmatch(rest) is not None


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


async def _fields(call: Call) -> list[Field]:
    found = _ROWS.fullmatch(call.params.get("rest", ""))
    if found is None:
        return []
    table = await tables.load(call.control, call.project, found[1], found[2])
    return list((table.get("schema") or {}).get("fields") or [])


def _any_timestamp(fields: Sequence[Field]) -> bool:
    return any(each["type"] == "TIMESTAMP" or _any_timestamp(each.get("fields") or []) for each in fields)


def _row(row: dict[str, Any], fields: Sequence[Field], wanted: str) -> dict[str, Any]:
    cells = zip(row["f"], fields, strict=False)
    return {"f": [{"v": _value(cell["v"], field, wanted)} for cell, field in cells]}


def _value(value: Any, field: Field, wanted: str) -> Any:
    if isinstance(value, list):
        return [{"v": _value(each["v"], {**field, "mode": "NULLABLE"}, wanted)} for each in value]
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
    whole, rest = divmod(microseconds, 1_000_000)
    days, clock = divmod(whole, 86_400)
    date = _EPOCH.fromordinal(_EPOCH.toordinal() + days)
    return f"{date:%Y-%m-%d}T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}.{rest:06}Z"
