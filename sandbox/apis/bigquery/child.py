"""Asking BigQuery's engine, and its answers as this API's."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.runtime.bigquery.process import BigQuery, EngineDown

BASE = "/bigquery/v2/projects"

_STATUS_OF_REASON = {
    "accessDenied": ("PERMISSION_DENIED", 403),
    "notFound": ("NOT_FOUND", 404),
    "duplicate": ("ALREADY_EXISTS", 409),
    "quotaExceeded": ("RESOURCE_EXHAUSTED", 403),
    "internalError": ("INTERNAL", 500),
    "backendError": ("UNAVAILABLE", 503),
    "notImplemented": ("UNIMPLEMENTED", 501),
}


async def send(
    control: Control,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    document: Any = None,
    reads: bool = False,
) -> httpx.Response:
    """An answer of the engine, whatever its status; `reads` as of `BigQuery.send`. 503 where it is not up."""
    engine = control.part(BigQuery)
    try:
        return await engine.send(method, path, headers=headers, body=body, document=document, reads=reads)
    except EngineDown as error:
        raise ApiError("UNAVAILABLE", str(error)) from error


async def ask(control: Control, method: str, path: str, document: Any = None) -> dict[str, Any]:
    """An answer of the engine as JSON; its error as this API's."""
    answer = await send(control, method, path, document=document)
    if answer.status_code >= 400:
        raise refusal(answer)
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


def refusal(answer: httpx.Response) -> ApiError:
    """The engine's error."""
    try:
        error = answer.json()["error"]
        reason = error["errors"][0]["reason"]
        message = str(error["message"])
    except (ValueError, LookupError, TypeError):
        return ApiError("INTERNAL", f"BigQuery's engine answered {answer.status_code}.")
    return failure(reason, message, answer.status_code)


def failure(reason: str, message: str, code: int = 400) -> ApiError:
    """An error by its reason."""
    status, code = _STATUS_OF_REASON.get(reason, ("INVALID_ARGUMENT", code))
    return ApiError(status, message, code=code, reason=reason)


async def run(control: Control, project: str, statement: str) -> dict[str, Any]:
    """Run a statement to its end. Raises what the query's error is."""
    body = {"query": statement, "useLegacySql": False, "timeoutMs": 600_000}
    answer = await ask(control, "POST", f"{BASE}/{project}/queries", body)
    if answer.get("errors"):
        first = answer["errors"][0]
        raise failure(str(first.get("reason", "invalidQuery")), str(first.get("message", "")))
    return answer


async def find(control: Control, path: str) -> dict[str, Any] | None:
    """A document of the engine below `projects/`, or None."""
    answer = await send(control, "GET", f"{BASE}/{path}")
    if answer.status_code == 404:
        return None
    if answer.status_code >= 400:
        raise refusal(answer)
    found: dict[str, Any] = answer.json()
    return found


def dataset_path(project: str, dataset: str) -> str:
    """Below `projects/`."""
    return f"{project}/datasets/{quote(dataset, safe='')}"


def table_path(project: str, dataset: str, table: str) -> str:
    """Below `projects/`."""
    return f"{dataset_path(project, dataset)}/tables/{quote(table, safe='')}"


def quoted(project: str, dataset: str, table: str) -> str:
    """A table's name in a statement. Its parts were checked, so none has a backtick."""
    if "`" in project + dataset + table:
        raise invalid_argument("A name has no backtick.")
    return f"`{project}`.`{dataset}`.`{table}`"
