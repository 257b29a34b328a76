"""Cloud Run v2: jobs. Their executions are in `executions`."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.apis.run import operations, rules
from sandbox.apis.run import template as run_template
from sandbox.apis.run.services import CALLER, EGRESS, ENVIRONMENTS, STAGES
from sandbox.control import crud
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

JOB = "google.cloud.run.v2.Job"

_STATUS = (
    "generation",
    "deleteTime",
    "expireTime",
    "creator",
    "observedGeneration",
    "terminalCondition",
    "conditions",
    "executionCount",
    "latestCreatedExecution",
    "reconciling",
    "satisfiesPzs",
)


def _caller(resource: Resource, call: Call) -> str:
    return CALLER


jobs = Collection(
    path="v2/projects/{project}/locations/{location}/jobs/{job}",
    type=JOB,
    operation_metadata=JOB,
    id_param="jobId",
    id_rule=r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    id_message="Only lowercase letters, digits and hyphens; it begins with a letter, does not end with a hyphen and is "
    "less than 64 characters.",
    defaults={"launchStage": "GA"},
    output_only=_STATUS,
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag, "lastModifier": _caller},
    required=("template", "template.template"),
    enums={
        "launchStage": STAGES,
        "template.template.executionEnvironment": ENVIRONMENTS,
        "template.template.vpcAccess.egress": EGRESS,
    },
    location="region",
    iam=True,
    lro=True,
)


@jobs.on_create
async def check_new(job: Resource, call: Call) -> None:
    """Refuse what Cloud Run refuses, fill in the defaults."""
    await _complete(job, call)
    job.document.update(generation="1", observedGeneration="1", creator=CALLER, reconciling=False)
    job.document["terminalCondition"] = condition("Ready", "CONDITION_SUCCEEDED", call.control)
    job.document["conditions"] = []


@jobs.on_update
async def check_changed(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    await _complete(new, call)
    dropped = {*_STATUS, *jobs.on_create_set, *jobs.on_update_set}
    if any(new.document.get(key) != old.document.get(key) for key in {*new.document, *old.document} - dropped):
        generation = str(int(old.document["generation"]) + 1)
        new.document.update(generation=generation, observedGeneration=generation)


async def _complete(job: Resource, call: Call) -> None:
    template, project = job.document["template"], job.name.split("/")[1]
    inner = template["template"]
    rules.check_annotations(job.document.get("annotations"), "annotations")
    rules.check_containers(inner, "template.template", service=False)
    template.setdefault("taskCount", 1)
    run_template.fill_task(inner, project)
    rules.check_task(inner, "template.template")
    for field, least in (("taskCount", 1), ("parallelism", 0)):
        if not least <= int(template.get(field) or least) <= 10_000:
            raise invalid_argument(f"{field} must be {least} to 10000.", {f"template.{field}": "out of range"})
    await rules.check_references(call.control, project, inner, "template.template")


async def _create(call: Call) -> Response:
    return _answered(call, await crud.create(jobs, operations.cleaned(call)))


async def _update(call: Call) -> Response:
    return _answered(call, await crud.update(jobs, operations.replacing(operations.cleaned(call))))


async def _delete(call: Call) -> Response:
    document = copy.deepcopy(jobs.must(call.control, jobs.name(call.params)).document)
    response = await crud.delete(jobs, call)
    return _answered(call, response, {**document, "deleteTime": call.control.now()})


def _answered(call: Call, response: Response, document: dict[str, Any] | None = None) -> Response:
    """The operation of the general case, with the job as its metadata and response."""
    if call.flag("validateOnly"):
        return response
    operation = response.json()
    if document is None:
        document = jobs.must(call.control, operation["response"]["name"]).document
    return Response.of(operations.end(call.control, operation["name"], JOB, document))


def condition(kind: str, state: str, control: Control) -> dict[str, Any]:
    """A condition that came to be now."""
    return {"type": kind, "state": state, "lastTransitionTime": control.now()}


ROUTES = [
    Route("POST", "v2/projects/{project}/locations/{location}/jobs", _create),
    Route("PATCH", jobs.path, _update),
    Route("DELETE", jobs.path, _delete),
]
