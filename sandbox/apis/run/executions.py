"""Cloud Run v2: executions of jobs and their tasks, which really run."""

from __future__ import annotations

import copy
import random
import string
from typing import Any

from sandbox.apis.run import operations, rules
from sandbox.apis.run.jobs import condition, jobs
from sandbox.apis.run.services import CALLER
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.store import Resource
from sandbox.runtime.jobs import Execution, Jobs, TaskResult
from sandbox.runtime.parts import Parts
from sandbox.runtime.revisions import seconds

EXECUTION = "google.cloud.run.v2.Execution"

executions = Collection(
    path="v2/projects/{project}/locations/{location}/jobs/{job}/executions/{execution}",
    type=EXECUTION,
    operation_metadata=EXECUTION,
    create=None,
    update=(),
    parents=(jobs,),
    lro=True,
)
tasks = Collection(
    path="v2/projects/{project}/locations/{location}/jobs/{job}/executions/{execution}/tasks/{task}",
    type="google.cloud.run.v2.Task",
    create=None,
    update=(),
    delete=False,
    parents=(executions,),
)


@jobs.verb("run")
async def run(job: Resource, call: Call) -> Response:
    """Start an execution; its operation ends with it."""
    control, body = call.control, call.body()
    if body.get("etag") and body["etag"] != job.document["etag"]:
        raise ApiError("ABORTED", f"The etag of '{job.name}' does not match.")
    suffix = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))  # noqa: S311 - a name, no secret
    name = f"{job.name}/executions/{job.id}-{suffix}"
    template = copy.deepcopy(job.document["template"])
    _override(template, body.get("overrides") or {})
    document: dict[str, Any] = {
        "name": name,
        "uid": control.uid(),
        "creator": CALLER,
        "generation": "1",
        "observedGeneration": "1",
        "createTime": control.now(),
        "startTime": control.now(),
        "updateTime": control.now(),
        "launchStage": job.document["launchStage"],
        "job": job.id,
        "taskCount": template["taskCount"],
        "parallelism": template.get("parallelism", 0),
        "template": template["template"],
        "reconciling": True,
        "conditions": [condition("Completed", "CONDITION_RECONCILING", control)],
        "etag": control.etag(),
    }
    if call.flag("validateOnly") or body.get("validateOnly"):
        begun = operations.begin(control, _place(name), EXECUTION, document)
        return Response.of(operations.end(control, begun["name"], EXECUTION, document))
    with control.store.transaction():
        control.store.insert(Resource(executions.key, name, document, control.clock(), control.clock()))
        job.document["executionCount"] = int(job.document.get("executionCount") or 0) + 1
        job.document["latestCreatedExecution"] = {"name": name.rpartition("/")[2], "createTime": document["createTime"]}
        control.store.put(job)
        operation = operations.begin(control, _place(name), EXECUTION, document)
    control.spawn(_execute(control, name, operation["name"]), f"execute {name}")
    return Response.of(operation)


def _override(template: dict[str, Any], overrides: dict[str, Any]) -> None:
    """What one run changes: arguments, variables, number of tasks, timeout."""
    inner = template["template"]
    for override in overrides.get("containerOverrides") or ():
        container = inner["containers"][0]
        if override.get("name") and override["name"] != container.get("name"):
            raise invalid_argument(f"There is no container '{override['name']}'.", {"overrides": "unknown container"})
        if override.get("clearArgs"):
            container.pop("args", None)
        if override.get("args"):
            container["args"] = override["args"]
        new = {entry["name"]: entry for entry in override.get("env") or ()}
        container["env"] = [e for e in container.get("env") or () if e["name"] not in new] + list(new.values())
    if overrides.get("taskCount"):
        template["taskCount"] = int(overrides["taskCount"])
    if overrides.get("timeout"):
        inner["timeout"] = overrides["timeout"]
    rules.check_containers(inner, "template.template", service=False)
    rules.check_task(inner, "template.template")


async def _execute(control: Control, name: str, operation: str) -> None:
    """Run an execution and write down how it goes."""
    stored = executions.must(control, name)
    plan = _plan(name, stored.document)

    def changed(result: TaskResult) -> None:
        _record_task(control, name, plan, result)

    results = await control.part(Jobs).run(plan, changed)
    failed = [result for result in results if result.failed]
    current = executions.find(control, name)
    if current is None:
        operations.end(control, operation, EXECUTION, error=ApiError("ABORTED", f"Execution '{name}' was deleted."))
        return
    state = "CONDITION_FAILED" if failed else "CONDITION_SUCCEEDED"
    outcome = condition("Completed", state, control)
    if failed:
        outcome["message"] = f"{len(failed)} of {plan.tasks} tasks failed. {failed[0].message}"
        outcome["executionReason"] = "NON_ZERO_EXIT_CODE"
    moment = control.now()
    current.document.update(
        conditions=[outcome],
        completionTime=moment,
        updateTime=moment,
        reconciling=False,
        succeededCount=plan.tasks - len(failed),
        failedCount=len(failed),
        retriedCount=sum(result.attempt for result in results),
    )
    control.store.put(current)
    job = jobs.find(control, name.partition("/executions/")[0])
    latest = job.document.get("latestCreatedExecution") if job is not None else None
    if job is not None and latest and latest["name"] == plan.name:
        latest.update(completionTime=moment, completionStatus="EXECUTION_" + ("FAILED" if failed else "SUCCEEDED"))
        control.store.put(job)
    # As Google's: the operation of a failed execution carries the error.
    error = failed_precondition(outcome["message"]) if failed else None
    operations.end(control, operation, EXECUTION, current.document, error)


def _plan(name: str, document: dict[str, Any]) -> Execution:
    inner, project = document["template"], name.split("/")[1]
    return Execution(
        name=name.rpartition("/")[2],
        job=document["job"],
        project=project,
        location=name.split("/")[3],
        parts=Parts.of(project, inner),
        tasks=int(document["taskCount"]),
        parallelism=int(document["parallelism"]),
        retries=int(inner["maxRetries"]),
        timeout=seconds(inner["timeout"]),
    )


def _record_task(control: Control, execution: str, plan: Execution, result: TaskResult) -> None:
    name = f"{execution}/tasks/{plan.name}-task{result.index}"
    stored = tasks.find(control, name)
    moment = control.now()
    if stored is None:
        document = {
            "name": name,
            "uid": control.uid(),
            "createTime": moment,
            "startTime": moment,
            "job": plan.job,
            "execution": plan.name,
            "index": result.index,
        }
        stored = Resource(tasks.key, name, document, control.clock(), control.clock())
        control.store.insert(stored)
    stored.document.update(updateTime=moment, retried=result.attempt)
    if result.exit_code is None:
        stored.document["conditions"] = [condition("Completed", "CONDITION_RECONCILING", control)]
    else:
        state = "CONDITION_FAILED" if result.failed else "CONDITION_SUCCEEDED"
        stored.document["conditions"] = [condition("Completed", state, control)]
        stored.document["completionTime"] = moment
        stored.document["lastAttemptResult"] = {"exitCode": result.exit_code, "status": {"message": result.message}}
    control.store.put(stored)


def recover(control: Control) -> None:
    """Executions that ran when the sandbox ended have failed: their processes ended with it."""
    for execution in control.store.select(executions.key):
        if execution.document.get("completionTime") is None:
            outcome = condition("Completed", "CONDITION_FAILED", control)
            outcome["message"] = "The sandbox ended while the execution ran."
            execution.document.update(conditions=[outcome], completionTime=control.now(), reconciling=False)
            execution.document["failedCount"] = execution.document["taskCount"]
            control.store.put(execution)
            for operation in operations.pending(control, _place(execution.name), execution.name):
                error = failed_precondition(outcome["message"])
                operations.end(control, operation, EXECUTION, execution.document, error)


def _place(name: str) -> str:
    return name.partition("/jobs/")[0]
