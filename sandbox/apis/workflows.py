"""Workflows v1: definitions with their revisions. Executions are not run yet and say so."""

from __future__ import annotations

from typing import Any

import yaml

from sandbox.control import locations, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_LOG_LEVELS = ("CALL_LOG_LEVEL_UNSPECIFIED", "LOG_ALL_CALLS", "LOG_ERRORS_ONLY", "LOG_NONE")
_HISTORY_LEVELS = (
    "EXECUTION_HISTORY_LEVEL_UNSPECIFIED",
    "EXECUTION_HISTORY_BASIC",
    "EXECUTION_HISTORY_DETAILED",
)
_SOURCE_MOST = 131_072
# A change of one of these makes a new revision.
_REVISED = ("sourceContents", "serviceAccount", "cryptoKeyName", "userEnvVars")

workflows = Collection(
    path="v1/projects/{project}/locations/{location}/workflows/{workflow}",
    type="google.cloud.workflows.v1.Workflow",
    operation_metadata="google.cloud.workflows.v1.OperationMetadata",
    id_rule=r"[A-Za-z](?:[\w-]{0,62}[A-Za-z0-9])?",
    id_message="It must be 1 to 64 letters, numbers, underscores or hyphens, a letter first, a letter or number last.",
    id_param="workflowId",
    output_only=("state", "revisionId", "revisionCreateTime", "stateError", "allKmsKeys", "allKmsKeysVersions"),
    on_create_set={"createTime": now, "state": lambda workflow, call: "ACTIVE"},
    on_update_set={"updateTime": now},
    enums={"callLogLevel": _LOG_LEVELS, "executionHistoryLevel": _HISTORY_LEVELS},
    required=("sourceContents",),
    location="region",
    iam=False,
    lro=True,
)

API = Api("workflows.googleapis.com", "workflows", [workflows], [*operations.routes("v1"), *locations.routes("v1")])


def _revise(workflow: Resource, call: Call, number: int) -> None:
    workflow.document["revisionId"] = f"{number:06d}-{call.control.hex(3)}"
    workflow.document["revisionCreateTime"] = call.control.now()


def _account(workflow: Resource, call: Call) -> None:
    """Google keeps the account as a full name; the default is the Compute Engine default account."""
    account = workflow.document.get("serviceAccount")
    if account and "/" not in account:
        workflow.document["serviceAccount"] = f"projects/{call.project}/serviceAccounts/{account}"
    elif account and account.startswith("projects/-/"):
        workflow.document["serviceAccount"] = f"projects/{call.project}/{account.removeprefix('projects/-/')}"
    elif not account:
        default = f"{projects.number(call.project)}-compute@developer.gserviceaccount.com"
        workflow.document["serviceAccount"] = f"projects/{call.project}/serviceAccounts/{default}"


@workflows.on_create
async def complete(workflow: Resource, call: Call) -> None:
    """The source is checked; the first revision."""
    check_source(workflow.document["sourceContents"])
    _account(workflow, call)
    _revise(workflow, call, 1)


@workflows.on_update
async def revise(old: Resource, new: Resource, call: Call) -> None:
    """A new revision where what runs changed."""
    if "sourceContents" in new.document:
        check_source(new.document["sourceContents"])
    _account(new, call)
    if any(old.document.get(field) != new.document.get(field) for field in _REVISED):
        _revise(new, call, int(old.document["revisionId"].partition("-")[0]) + 1)


def check_source(source: object) -> None:
    """Refuse a source that is no workflow: YAML or JSON with a `main` (or only steps), every step with a name.

    >>> check_source("main: {steps: [{done: {return: 1}}]}")
    """
    if not isinstance(source, str) or not source.strip():
        raise invalid_argument("The workflow source is empty.", {"workflow.source_contents": "empty"})
    if len(source.encode()) > _SOURCE_MOST:
        raise invalid_argument("The workflow source is longer than 128 KB.", {"workflow.source_contents": "too long"})
    try:
        document = yaml.load(source, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _refused(f"parse error: {str(error).strip()}") from error
    if isinstance(document, list):
        document = {"main": {"steps": document}}
    if not isinstance(document, dict):
        raise _refused("parse error: expected a 'main' workflow or a list of steps")
    if "main" not in document and not ("steps" in document and len(document) == 1):
        raise _refused("workflow not found: main")
    if "main" not in document:
        document = {"main": document}
    for name, workflow in document.items():
        if isinstance(workflow, list):
            workflow = {"steps": workflow}
        if not isinstance(workflow, dict) or "steps" not in workflow:
            raise _refused(f"in workflow '{name}': missing 'steps'")
        unknown = sorted(set(map(str, workflow)) - {"params", "steps"})
        if unknown:
            raise _refused(f"in workflow '{name}': unknown entry '{unknown[0]}'")
        _check_steps(str(name), workflow["steps"])


def _check_steps(workflow: str, steps: Any) -> None:
    if not isinstance(steps, list) or not steps:
        raise _refused(f"in workflow '{workflow}': 'steps' must be a non-empty list")
    seen: set[str] = set()
    for step in steps:
        if not isinstance(step, dict) or len(step) != 1:
            raise _refused(f"in workflow '{workflow}': each step must be an object with a single name")
        name, body = next(iter(step.items()))
        if not isinstance(body, dict | list):
            raise _refused(f"in workflow '{workflow}', step '{name}': not a step")
        if name in seen:
            raise _refused(f"in workflow '{workflow}': duplicate step name '{name}'")
        seen.add(str(name))


def _refused(text: str) -> Exception:
    message = f"main.workflows: {text}"
    return invalid_argument(message, {"workflow.source_contents": message})


class _Loader(yaml.SafeLoader):
    """The safe loader, but a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are unique."""
        seen = set()
        for key_node, _ in node.value:
            key = getattr(key_node, "value", None)
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key '{key}'", key_node.start_mark)
            if isinstance(key, str):
                seen.add(key)
        return super().construct_mapping(node, deep)
