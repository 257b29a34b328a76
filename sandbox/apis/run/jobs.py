"""Cloud Run v2: jobs. Their executions are in `executions`."""

from __future__ import annotations

from typing import Any

from sandbox.apis.run import operations, rules
from sandbox.apis.run import template as run_template
from sandbox.apis.run.services import CALLER, EGRESS, ENVIRONMENTS, STAGES, caller
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
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
    on_update_set={"updateTime": now, "etag": etag, "lastModifier": caller},
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


def condition(kind: str, state: str, control: Control) -> dict[str, Any]:
    """A condition that came to be now."""
    return {"type": kind, "state": state, "lastTransitionTime": control.now()}


ROUTES = operations.routes(jobs, JOB)
