"""Connectors that are no method of an API: Google's additions for what workflows often do."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sandbox.workflows.errors import fault
from sandbox.workflows.library.registry import must_be
from sandbox.workflows.values import to_json

if TYPE_CHECKING:
    from sandbox.workflows.task import Task

Connect = Callable[["Task", str, dict[str, Any]], Awaitable[Any]]
Helper = Callable[["Task", dict[str, Any], Connect], Awaitable[Any]]

HELPERS: dict[str, Helper] = {}
_EXECUTIONS = "workflowexecutions.v1.projects.locations.workflows.executions"
_SECRETS = "secretmanager.v1.projects.secrets"


def _helper(name: str) -> Callable[[Helper], Helper]:
    def register(run: Helper) -> Helper:
        HELPERS[name] = run
        return run

    return register


def _place(task: Task, arguments: dict[str, Any]) -> tuple[str, str]:
    project = arguments.get("project_id") or task.world.environment["GOOGLE_CLOUD_PROJECT_ID"]
    return project, arguments.get("location") or task.world.environment["GOOGLE_CLOUD_LOCATION"]


@_helper(f"{_EXECUTIONS}.run")
async def _run(task: Task, arguments: dict[str, Any], connect: Connect) -> Any:
    """Execute another workflow, and wait for its result."""
    project, location = _place(task, arguments)
    workflow = must_be("string", arguments.get("workflow_id"), "workflow_id")
    parent = f"projects/{project}/locations/{location}/workflows/{workflow}"
    body = {"argument": to_json(arguments["argument"])} if arguments.get("argument") is not None else {}
    execution = await connect(task, f"{_EXECUTIONS}.create", {"parent": parent, "body": body})
    pause = 0.25
    while execution["state"] in ("ACTIVE", "QUEUED"):
        await asyncio.sleep(pause)
        pause = min(pause * 1.25, 60.0)
        execution = await connect(task, f"{_EXECUTIONS}.get", {"name": execution["name"]})
    if execution["state"] != "SUCCEEDED":
        message = f"the execution {execution['name']} is {execution['state']}"
        raise fault("OperationError", message, operation=execution, error=execution.get("error"))
    return json.loads(execution.get("result", "null"))


@_helper(f"{_SECRETS}.versions.accessString")
async def _access_string(task: Task, arguments: dict[str, Any], connect: Connect) -> str:
    """The payload of a secret's version as a text."""
    project, _ = _place(task, arguments)
    secret = must_be("string", arguments.get("secret_id"), "secret_id")
    name = f"projects/{project}/secrets/{secret}/versions/{arguments.get('version', 'latest')}"
    answer = await connect(task, f"{_SECRETS}.versions.access", {"name": name})
    try:
        return base64.b64decode(answer["payload"]["data"]).decode()
    except UnicodeDecodeError as error:
        raise fault("ValueError", f"the payload of {name} is not UTF-8") from error


@_helper(f"{_SECRETS}.addVersionString")
async def _add_version_string(task: Task, arguments: dict[str, Any], connect: Connect) -> Any:
    """A new version of a secret, of a text."""
    project, _ = _place(task, arguments)
    secret = must_be("string", arguments.get("secret_id"), "secret_id")
    data = base64.b64encode(must_be("string", arguments.get("data"), "data").encode()).decode()
    parent = f"projects/{project}/secrets/{secret}"
    return await connect(task, f"{_SECRETS}.addVersion", {"parent": parent, "body": {"payload": {"data": data}}})
