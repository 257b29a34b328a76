"""Asking BigQuery's engine for what the Storage API needs of it."""

from __future__ import annotations

import json
from typing import Any

from sandbox.apis.bigquery import child
from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.runtime.bigquery.process import STORAGE


class StorageError(ApiError):
    """An error with BigQuery's own word for it, such as STREAM_FINALIZED, about an entity."""

    def __init__(self, status: str, code: str, message: str, entity: str) -> None:
        detail = {
            "@type": "type.googleapis.com/google.cloud.bigquery.storage.v1.StorageError",
            "code": code or "STORAGE_ERROR_CODE_UNSPECIFIED",
            "entity": entity,
            "errorMessage": message,
        }
        super().__init__(status, f"{message} Entity: {entity}", details=[detail] if code else [])


async def ask(
    control: Control,
    verb: str,
    asked: dict[str, Any],
    entity: str,
    *,
    rows: bytes | None = None,
    headers: dict[str, str] | None = None,
    reads: bool = False,
) -> dict[str, Any]:
    """The engine's answer, of `runtime/bigquery/storage.py`; its error as this API's, about the `entity`.

    `reads`: it changes nothing, so that it may be asked twice.
    """
    body = json.dumps(asked).encode() + b"\n" + (rows or b"")
    answer = await child.send(control, "POST", f"{STORAGE}/{verb}", headers=headers, body=body, reads=reads)
    if answer.status_code < 400:
        found: dict[str, Any] = answer.json()
        return found
    error = answer.json().get("error", {}) if answer.content else {}
    if "storage" in error:
        raise StorageError(error["status"], error["storage"], error["message"], entity)
    raise child.refusal(answer)
