"""`/api/v1/reports`: what lies in the bucket of reports; and `/api/v1/errors`: what services complained of."""

from __future__ import annotations

import re
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from shared_services import BigQueryClient, Bucket, CloudNotFound, HttpProblem
from shared_services.logging.redaction import redactor

from .api_config import parts_of
from .people import REPORTS, Person, allowed

router = APIRouter(prefix="/api/v1", tags=["reports"])

Reader = Annotated[Person, allowed(REPORTS)]
_ERRORS = """
SELECT service, message, COUNT(*) AS times, MAX(timestamp) AS latest, ANY_VALUE(correlation_id) AS correlation_id
FROM `LOGS`
WHERE timestamp >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @hours HOUR) AND severity IN ('ERROR', 'CRITICAL')
GROUP BY service, message
ORDER BY times DESC, latest DESC
LIMIT @most
"""
_SHOWN = {"application/json": "application/json", "text/csv": "text/csv", "text/plain": "text/plain"}


@router.get("/reports")
def reports(
    request: Request,
    person: Reader,
    prefix: Annotated[str, Query(max_length=200)] = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """The reports whose names begin with a prefix."""
    listed = islice(_bucket(request).list(prefix), most + 1)
    found = [
        {"name": each.name, "size": each.size, "updated": each.updated.isoformat(), "type": each.content_type}
        for each in listed
    ]
    return {"reports": found[:most], "more": len(found) > most}


@router.get("/reports/{name:path}")
def report(request: Request, name: Annotated[str, Path(min_length=1, max_length=500)], person: Reader) -> Response:
    """A report, to be saved: what somebody wrote there is never a page of this service."""
    bucket = _bucket(request)
    kind = next((each.content_type for each in islice(bucket.list(name), 1) if each.name == name), "")
    try:
        data = bucket.read(name)
    except CloudNotFound:
        raise HttpProblem(404, f"there is no report {name}") from None
    file = "".join(c if c.isalnum() or c in "-_." else "_" for c in name.rpartition("/")[2])
    headers = {"content-disposition": f'attachment; filename="{file}"', "cache-control": "no-store"}
    return Response(data, headers=headers, media_type=_SHOWN.get(kind, "application/octet-stream"))


@router.get("/errors")
def errors(
    request: Request,
    person: Reader,
    hours: Annotated[int, Query(ge=1, le=168)] = 24,
    most: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:
    """What services logged as errors, the same ones together, most frequent first."""
    parts = parts_of(request)
    table = parts.environ.get("LOGS_TABLE", "")
    if not re.fullmatch(r"[\w.:-]+", table):
        raise HttpProblem(503, "LOGS_TABLE is not set: there are no logs here")
    query = _ERRORS.replace("LOGS", table)
    client = BigQueryClient(environ=parts.environ, maximum_bytes_billed=10 * 2**30, timeout_seconds=30)
    found = client.query(query, {"hours": hours, "most": most})
    # Not all that logs there hides what is secret.
    return {"hours": hours, "errors": [redactor().fields(dict(row)) for row in found]}


def _bucket(request: Request) -> Bucket:
    bucket = parts_of(request).reports
    if bucket is None:
        raise HttpProblem(503, "REPORTS_BUCKET is not set: there are no reports here")
    return bucket
