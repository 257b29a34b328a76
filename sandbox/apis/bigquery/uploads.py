"""Loads of data that comes with the request, as jobs of the names they were given: the engine names them itself.

BigQuery runs one name once: who gives it again, after an answer that never arrived, is told that it is there.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from sandbox.apis.bigquery import anonymous, child, documents, jobs, running
from sandbox.apis.bigquery.forward import forward, passed
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_REFERENCE = re.compile(rb'"jobReference"\s*:\s*(\{[^{}]*\})')
_HEAD = 65_536  # what the job is stands before its data


class Uploads:
    """Uploads in pieces, by their id, with the job that each becomes; and the jobs that run."""

    def __init__(self) -> None:
        self.references: dict[str, dict[str, Any]] = {}
        self.running: set[str] = set()


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
    engines = f"{call.project}/jobs/{names.url(str(job))}"
    runs = not itself and running.find(call.control, call.project, str(job)) is not None
    known = runs or _load(call, str(job)) is not None
    if known or await child.find(call.control, engines) is not None:
        text_ = f"Already Exists: Job {call.project}:{reference.get('location', 'US')}.{job}"
        raise ApiError("ALREADY_EXISTS", text_, code=409, reason="duplicate")
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
        if reference and _load(call, str(reference["jobId"])) is not None:
            raise ApiError("ALREADY_EXISTS", f"Already Exists: Job {call.project}:{reference['jobId']}", code=409)
    if not reference:
        return passed(call, await forward(call, path))
    # It runs to its end also where nobody waits for the answer any more.
    return await asyncio.shield(asyncio.ensure_future(_run(call, path, upload, reference)))


async def _run(call: Call, path: str, upload: str, reference: dict[str, Any]) -> Response:
    uploads, now = call.control.part(Uploads), call.control.clock()
    name = _name(call, str(reference["jobId"]))
    begun = running.document(call, reference, {"load": {}})
    record = Resource(running.FAILED, name, begun, now, now)
    with call.store.transaction():
        call.store.insert(record)
    uploads.running.add(name)
    done = False
    try:
        answer = await forward(call, path)
        if answer.status_code == 200:
            record.document = await _ended(call, begun, answer.json())
            done = True
            answer = httpx.Response(200, headers=answer.headers, content=json.dumps(record.document).encode())
        return passed(call, answer)
    finally:
        uploads.running.discard(name)
        with call.store.transaction():
            if done:
                call.store.put(record)
                uploads.references.pop(upload, None)
            else:  # more pieces are to come, or it was refused
                call.store.delete(running.FAILED, name)


async def _ended(call: Call, begun: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The job as the engine tells of it under a name of its own, without where the sandbox had laid its data aside."""
    renamed = {"job": told["jobReference"]["jobId"], "name": begun["jobReference"]["jobId"]}
    await ask(call.control, "renamed", {"project": call.project, **renamed}, call.project)
    configuration = told.get("configuration") or {}
    load = {key: value for key, value in (configuration.get("load") or {}).items() if key != "sourceUris"}
    status = told.get("status") or {}
    for error in (status.get("errorResult") or {}, *(status.get("errors") or ())):
        error.pop("location", None)
    times = {**begun["statistics"], "endTime": documents.milliseconds(call)}
    return {
        **begun,
        "etag": told.get("etag", ""),
        "configuration": {**configuration, "load": load, "jobType": "LOAD"},
        "status": status,
        "statistics": {**(told.get("statistics") or {}), **times},
    }


async def _get_job(call: Call) -> Response:
    """A job, by the name it was given."""
    found = _load(call, call.params["job"])
    if found is not None:
        return Response.of(found.document)
    if (document := await running.kept(call.control, call.project, call.params["job"])) is not None:
        return Response.of(document)
    answer = await forward(call, f"{child.BASE}/{call.project}/jobs/{names.url(call.params['job'])}")
    return passed(call, jobs.in_place(call.control, answer))


def _load(call: Call, job: str) -> Resource | None:
    name = _name(call, job)
    found = call.store.get(running.FAILED, name)
    if found is None or found.document["status"]["state"] == "DONE" or name in call.control.part(Uploads).running:
        return found
    with call.store.transaction():  # the sandbox ended while it ran
        call.store.delete(running.FAILED, name)
    return None


def _name(call: Call, job: str) -> str:
    return running.name(call.project, job)


ROUTES = [
    Route("GET", "v2/projects/{project}/jobs/{job}", _get_job, data=True),
    Route("POST", "v2/projects/{project}/jobs/{job}/cancel", running.cancel, data=True),
    Route("DELETE", "v2/projects/{project}/jobs/{job}/delete", running.delete, data=True),
    *(
        Route(method, f"{prefix}upload/bigquery/v2/projects/{{project}}/jobs", _upload, root=True, data=True)
        for prefix in ("", "resumable/")
        for method in ("POST", "PUT")
    ),
]
