"""Jobs as they are listed and looked at, and what is told of one where the engine does not."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from sandbox.apis.bigquery import child, documents, locations, running
from sandbox.apis.bigquery.forward import forward, passed
from sandbox.apis.bigquerystorage.engine import ask
from sandbox.apis.oauth2 import EMAIL
from sandbox.control import names
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.router import Route

_MOST = 10_000  # of the newest, among which jobs are found by state and time
_PAGE = 50
_REFERENCE = re.compile(rb'"jobReference":\{[^{}]*\}')
_NO_BYTES = b'"totalBytesProcessed":"0"'


async def list_jobs(call: Call) -> Response:
    """`jobs.list`: the newest first, by pages; those of a script where it is their parent, else none of scripts."""
    wanted = {state.upper() for state in call.request.query.get("stateFilter", ())}
    least, most = call.integer("minCreationTime", 0), call.integer("maxCreationTime", 0)
    filtered = wanted or least or most
    end = documents.beginning(call) + call.integer("maxResults", _PAGE, 1_000_000) + 1
    parent = call.query("parentJobId")
    asked = {"project": call.project, "most": _MOST if filtered else end, "parent": parent}
    none = wanted and "DONE" not in wanted  # the engine has jobs that ended only
    found = [] if none else (await ask(call.control, "jobs", asked, call.project))["jobs"]
    if not parent:
        found = _together([_as_kept(each) for each in await running.of_project(call.control, call.project)], found)
    fitting = [
        job
        for job in found
        if (not wanted or job["state"] in wanted)
        and least <= job["creation_time"]
        and (not most or job["creation_time"] <= most)
    ]
    shown, token = documents.page(call, fitting, _PAGE)
    listed = {"kind": "bigquery#jobList", "jobs": [_shown(call, job) for job in shown]}
    return Response.of({**listed, **({"nextPageToken": token} if token else {})})


def _together(own: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Jobs of the engine and others, the newest first."""
    engines = {job["job_id"] for job in found}
    whole = [*(job for job in own if job["job_id"] not in engines), *found]
    return sorted(whole, key=lambda job: -int(job["creation_time"])) if own else found


def _as_kept(document: dict[str, Any]) -> dict[str, Any]:
    """A job's document in the words of the engine's records."""
    told = dict(document.get("statistics") or {})
    times = {
        key: int(told.pop(name)) if told.get(name) else None
        for key, name in (("creation_time", "creationTime"), ("start_time", "startTime"), ("end_time", "endTime"))
    }
    return {
        **times,
        "creation_time": times["creation_time"] or 0,
        "job_id": document["jobReference"]["jobId"],
        "job_type": document["configuration"]["jobType"],
        "state": document["status"]["state"],
        "error_result": document["status"].get("errorResult"),
        "configuration": document["configuration"],
        "statistics": told,
    }


def _shown(call: Call, job: dict[str, Any]) -> dict[str, Any]:
    location = locations.of_job(call.control, call.project, job["job_id"], job)
    reference = {"projectId": call.project, "jobId": job["job_id"], "location": location}
    times = {"creationTime": job["creation_time"], "startTime": job["start_time"], "endTime": job["end_time"]}
    error = job.get("error_result")
    told = {key: str(time) for key, time in times.items() if time is not None}
    return {
        "kind": "bigquery#job",
        "id": f"{call.project}:{location}.{job['job_id']}",
        "jobReference": reference,
        "state": job["state"],
        "status": {"state": job["state"], **({"errorResult": error, "errors": [error]} if error else {})},
        **({"errorResult": error} if error else {}),
        "configuration": {"jobType": job["job_type"], **job["configuration"]},
        "statistics": {**told, **(job.get("statistics") or {})},
        "user_email": job.get("user_email") or EMAIL,
    }


async def get(call: Call) -> Response:
    """`jobs.get`."""
    job = call.params["job"]
    if (document := await running.kept(call.control, call.project, job)) is not None:
        return Response.of(document)
    answer = await forward(call, f"{child.BASE}/{call.project}/jobs/{names.url(job)}")
    return passed(call, in_place(call.control, answer))


async def failure(call: Call, job: str) -> ApiError | None:
    """The error of a job that failed, which BigQuery answers to who asks for its results; None: it did not."""
    document = await running.kept(call.control, call.project, job)
    document = document or await child.find(call.control, f"{call.project}/jobs/{names.url(job)}")
    error = ((document or {}).get("status") or {}).get("errorResult")
    return child.failure(str(error.get("reason", "")), str(error.get("message", ""))) if error else None


def in_place(control: Control, answer: httpx.Response) -> httpx.Response:
    """An answer with a job, and where it ran."""
    if answer.status_code != 200:
        return answer
    content = json.dumps(locations.told(control, answer.json())).encode()
    return httpx.Response(200, headers=answer.headers, content=content)


def of_results(control: Control, answer: httpx.Response, job: dict[str, Any]) -> httpx.Response:
    """An answer with a query's results, and what the engine tells of its job only: its place, the bytes that it has
    read, the rows that it changed.

    They stand before the rows, which aren't read here.
    """
    statistics = job.get("statistics") or {}
    reference = json.dumps(locations.told(control, job)["jobReference"])
    head = f'"jobReference":{reference}'
    changed = (statistics.get("query") or {}).get("numDmlAffectedRows")
    if changed is not None and b'"numDmlAffectedRows"' not in answer.content:
        head += f',"numDmlAffectedRows":"{changed}"'
    content = _REFERENCE.sub(lambda _: head.encode(), answer.content, count=1)
    processed = str(statistics.get("totalBytesProcessed", "0")).encode()
    content = content.replace(_NO_BYTES, b'"totalBytesProcessed":"%s"' % processed, 1)
    return httpx.Response(answer.status_code, headers=answer.headers, content=content)


ROUTES = [
    Route("GET", "v2/projects/{project}/jobs", list_jobs),
    Route("GET", "v2/projects/{project}/jobs/{job}", get, data=True),
    Route("POST", "v2/projects/{project}/jobs/{job}/cancel", running.cancel, data=True),
    Route("DELETE", "v2/projects/{project}/jobs/{job}/delete", running.delete, data=True),
]
