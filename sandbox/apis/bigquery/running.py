"""Jobs that run apart from the request that began them.

Who begins one waits a moment for it, since most are done by then; a job that takes longer is told of as running, and is
asked for. It is stored from then on, so that one whose sandbox ended is told of as failed and not as running for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from sandbox.apis.bigquery import child, documents, locations
from sandbox.apis.oauth2 import EMAIL
from sandbox.control import names
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError
from sandbox.control.http import Response
from sandbox.control.store import Resource
from sandbox.runtime.bigquery.process import BigQuery

FAILED = "bigquery.loads"
"""Documents of jobs that the engine has none of, since they failed before it or with it."""
_COLLECTION = "bigquery.running"
_MOMENT = 0.5  # seconds that a job may take before it is told of as running
_DEFAULT_WAIT = 10.0  # seconds that BigQuery waits for results where a client doesn't say
_LOST = "The sandbox ended while the job ran: run it again."
_KINDS = ("query", "load", "extract", "copy")


@dataclass(slots=True)
class Job:
    """One that runs. `told`: someone knows of it as running."""

    document: dict[str, Any]
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    told: bool = False
    answer: Response | None = None
    error: Exception | None = None

    def result(self) -> Response:
        """The answer to who began it, once it has ended."""
        if self.answer is None:
            raise self.error or ApiError("INTERNAL", "The job has not ended.")
        return self.answer


class Running:
    """Jobs that run, by their names."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}


def name(project: str, job: str) -> str:
    """The name of a job's record."""
    return f"projects/{project}/jobs/{job}"


def document(call: Call, reference: dict[str, Any], configuration: dict[str, Any]) -> dict[str, Any]:
    """A job that runs from now on."""
    now = documents.milliseconds(call)
    kind = next((each for each in _KINDS if each in configuration), "query")
    location = locations.keep(call.control, call.project, reference, configuration)
    return {
        "kind": "bigquery#job",
        "id": f"{call.project}:{location}.{reference['jobId']}",
        "jobReference": {**reference, "projectId": call.project, "location": location},
        "configuration": {**configuration, "jobType": kind.upper()},
        "status": {"state": "RUNNING"},
        "statistics": {"creationTime": now, "startTime": now},
        "user_email": EMAIL,
    }


def failed(document: dict[str, Any], error: ApiError, moment: str) -> dict[str, Any]:
    """The same job, ended by an error."""
    said = {"reason": error.reason or "invalidQuery", "message": error.message}
    return {
        **document,
        "status": {"state": "DONE", "errorResult": said, "errors": [said]},
        "statistics": {**document["statistics"], "endTime": moment},
    }


def begin(call: Call, shown: dict[str, Any], work: Coroutine[Any, Any, Response]) -> Job:
    """Begin a job; it runs to its end also where nobody waits for it any more."""
    job = Job(shown)
    call.control.part(Running).jobs[name(call.project, shown["jobReference"]["jobId"])] = job
    call.control.spawn(_carry_out(call, job, work), f"BigQuery's job {shown['id']}")
    return job


async def ends(call: Call, job: Job, seconds: float = _MOMENT) -> bool:
    """Whether a job ends within that time. One that doesn't is known to run from now on."""
    try:
        async with asyncio.timeout(seconds):
            await job.ended.wait()
    except TimeoutError:
        if job.ended.is_set():
            return True
        _tell(call.control, job)
        return False
    return True


def wait_seconds(milliseconds: Any) -> float:
    """How long a request waits for a query, by its `timeoutMs`.

    >>> wait_seconds("500"), wait_seconds(None)
    (0.5, 10.0)
    """
    return int(milliseconds) / 1000 if str(milliseconds or "").isdigit() else _DEFAULT_WAIT


def find(control: Control, project: str, job: str) -> Job | None:
    """One that runs."""
    return control.part(Running).jobs.get(name(project, job))


async def kept(control: Control, project: str, job: str) -> dict[str, Any] | None:
    """What is told of a job that the engine has not, or not yet; None: ask it."""
    if (running := find(control, project, job)) is not None:
        _tell(control, running)
        return running.document
    record = control.store.get(_COLLECTION, name(project, job))
    if record is not None:
        await _settle(control, project, record)
    found = control.store.get(FAILED, name(project, job))
    return found.document if found is not None else None


async def of_project(control: Control, project: str) -> list[dict[str, Any]]:
    """All such jobs of a project."""
    for record in control.store.select(_COLLECTION, f"projects/{project}"):
        if record.name not in control.part(Running).jobs:
            await _settle(control, project, record)
    jobs = control.part(Running).jobs
    running = [job.document for called, job in jobs.items() if called.startswith(name(project, ""))]
    return [*running, *(each.document for each in control.store.select(FAILED, f"projects/{project}"))]


async def cancel(call: Call) -> Response:
    """`jobs.cancel`: ask that a job ends. One of a load, a copy or an extract runs on."""
    job = call.params["job"]
    running = find(call.control, call.project, job)
    if running is not None:
        _tell(call.control, running)
        call.control.spawn(call.control.part(BigQuery).stop_job(call.project, job), f"the stop of {job}")
    shown = await kept(call.control, call.project, job)
    if shown is None:
        path = f"{child.BASE}/{call.project}/jobs/{names.url(job)}"
        shown = locations.told(call.control, await child.ask(call.control, "GET", path))
    return Response.of({"kind": "bigquery#jobCancelResponse", "job": shown})


async def delete(call: Call) -> Response:
    """`jobs.delete`: forget a job that has ended."""
    job = call.params["job"]
    if find(call.control, call.project, job) is not None:
        raise ApiError("INVALID_ARGUMENT", f"Job {call.project}:{job} is still running.", code=400, reason="invalid")
    with call.store.transaction():
        for collection in (FAILED, _COLLECTION):
            call.store.delete(collection, name(call.project, job))
        locations.forget(call.control, call.project, job)
    return Response.of(
        await child.ask(call.control, "DELETE", f"{child.BASE}/{call.project}/jobs/{names.url(job)}/delete")
    )


def keep_failed(control: Control, project: str, shown: dict[str, Any]) -> None:
    """Keep a job that the engine has none of."""
    now = control.clock()
    control.store.keep(Resource(FAILED, name(project, shown["jobReference"]["jobId"]), shown, now, now))


async def _carry_out(call: Call, job: Job, work: Coroutine[Any, Any, Response]) -> None:
    called = name(call.project, job.document["jobReference"]["jobId"])
    try:
        try:
            job.answer = await work
            error = _error(job.answer)
        except ApiError as refused:
            job.error = refused
            error = None if refused.message.startswith("Already Exists: Job") else refused  # that one has the name
        except Exception as unforeseen:
            job.error = unforeseen
            error = ApiError("INTERNAL", "An internal error occurred.", reason="internalError")
        if job.told:
            with call.store.transaction():
                if error is not None:
                    moment = documents.milliseconds(call)
                    keep_failed(call.control, call.project, failed(job.document, error, moment))
                call.store.delete(_COLLECTION, called)
    finally:
        call.control.part(Running).jobs.pop(called, None)
        job.ended.set()


def _error(answer: Response) -> ApiError | None:
    """Why the engine refused a job that it keeps nothing of."""
    if answer.status < 400:
        return None
    error = answer.json()["error"]
    reason = (error.get("errors") or [{}])[0].get("reason", "")
    return ApiError(error.get("status", ""), str(error["message"]), code=answer.status, reason=reason)


def _tell(control: Control, job: Job) -> None:
    if job.told:
        return
    job.told = True
    reference, now = job.document["jobReference"], control.clock()
    with control.store.transaction():
        control.store.insert(
            Resource(_COLLECTION, name(reference["projectId"], reference["jobId"]), job.document, now, now)
        )


async def _settle(control: Control, project: str, record: Resource) -> None:
    """End a job that ran when the sandbox ended, unless the engine knows how it has ended."""
    known = await child.find(control, f"{project}/jobs/{names.url(record.id)}")
    with control.store.transaction():
        if known is None:
            lost = ApiError("UNAVAILABLE", _LOST, code=503, reason="backendError")
            moment = str(int(control.clock() * 1000))
            keep_failed(control, project, failed(record.document, lost, moment))
        control.store.delete(_COLLECTION, record.name)
