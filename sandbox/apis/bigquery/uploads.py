"""Loads of data that comes with the request, as jobs of the names they were given: the engine names them itself.

BigQuery runs one name once: who gives it again, after an answer that never arrived, is told that it is there.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.apis.bigquery import anonymous, child, jobs, locations, running
from sandbox.apis.bigquery.forward import forward, passed
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.router import Route

_REFERENCE = re.compile(rb'"jobReference"\s*:\s*(\{[^{}]*\})')
_HEAD = 65_536  # what the job is stands before its data


class Uploads:
    """Uploads in pieces, by their id: the job that each becomes."""

    def __init__(self) -> None:
        self.references: dict[str, dict[str, Any]] = {}


async def refuse_taken(call: Call, text: bytes, *, itself: bool = False) -> dict[str, Any]:
    """The reference of a job that is to be made; 409 where there is one of that name, but for the job `itself`."""
    await anonymous.make_home(call.control, call.project, text[:_HEAD])
    found = _REFERENCE.search(text[:_HEAD])
    try:
        reference: dict[str, Any] = json.loads(found[1]) if found else {}
    except ValueError:
        return {}
    job = reference.get("jobId")
    if not job:
        return {}
    runs = not itself and running.find(call.control, call.project, str(job)) is not None
    failed = call.store.get(running.FAILED, running.name(call.project, str(job))) is not None
    if runs or failed or await child.find(call.control, f"{call.project}/jobs/{names.url(str(job))}") is not None:
        raise _taken(call, reference)
    return reference


async def _upload(call: Call) -> Response:
    """Load data from the request, whole or in pieces."""
    path, uploads = f"/upload/bigquery/v2/projects/{call.project}/jobs", call.control.part(Uploads)
    upload = call.query("uploadId")
    if call.request.method == "POST" and not upload:
        reference = await refuse_taken(call, call.request.body)
        if call.query("uploadType") == "resumable":
            answer = await forward(call, path)
            places = parse_qs(urlsplit(answer.headers.get("location", "")).query)
            if reference and places.get("upload_id"):
                uploads.references[places["upload_id"][0]] = reference
            return passed(call, answer)
    else:
        reference = uploads.references.get(upload, {})
        if reference and running.find(call.control, call.project, str(reference["jobId"])) is not None:
            raise _taken(call, reference)
    if not reference:
        return await _run(call, path, upload, "")
    job = running.begin(
        call, running.document(call, reference, {"load": {}}), _run(call, path, upload, str(reference["jobId"]))
    )
    await job.ended.wait()
    return job.result()


def _taken(call: Call, reference: dict[str, Any]) -> ApiError:
    text = f"Already Exists: Job {call.project}:{reference.get('location', locations.DEFAULT)}.{reference['jobId']}"
    return ApiError("ALREADY_EXISTS", text, code=409, reason="duplicate")


async def _run(call: Call, path: str, upload: str, name: str) -> Response:
    """The answer to a piece, or to the last one: the job, which the engine has run under a name of its own."""
    answer = await forward(call, path)
    if answer.status_code != 200:  # more pieces are to come, or it was refused
        return passed(call, answer)
    call.control.part(Uploads).references.pop(upload, None)
    engines = answer.json()["jobReference"]["jobId"]
    renamed = {"project": call.project, "job": engines, "name": name or engines}
    await ask(call.control, "renamed", renamed, call.project)
    job = await child.send(call.control, "GET", f"{child.BASE}/{call.project}/jobs/{names.url(renamed['name'])}")
    return passed(call, jobs.in_place(call.control, job))


ROUTES = [
    Route(method, f"{prefix}upload/bigquery/v2/projects/{{project}}/jobs", _upload, root=True, data=True)
    for prefix in ("", "resumable/")
    for method in ("POST", "PUT")
]
