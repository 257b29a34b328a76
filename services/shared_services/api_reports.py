"""`/api/v1/reports`: what lies in the bucket of reports."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from shared_services import Bucket, CloudNotFound, HttpProblem

from .api_config import parts_of
from .people import REPORTS, Person, allowed

router = APIRouter(prefix="/api/v1", tags=["reports"])

Reader = Annotated[Person, allowed(REPORTS)]
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


def _bucket(request: Request) -> Bucket:
    bucket = parts_of(request).reports
    if bucket is None:
        raise HttpProblem(503, "REPORTS_BUCKET is not set: there are no reports here")
    return bucket
