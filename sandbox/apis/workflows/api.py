"""Workflows v1: definitions with their revisions. `workflowexecutions` runs them."""

from __future__ import annotations

from sandbox.control import locations, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

LOG_LEVELS = ("CALL_LOG_LEVEL_UNSPECIFIED", "LOG_ALL_CALLS", "LOG_ERRORS_ONLY", "LOG_NONE")
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
    enums={"callLogLevel": LOG_LEVELS, "executionHistoryLevel": _HISTORY_LEVELS},
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
        default = projects.compute_account(call.project)
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


def check_source(text: object) -> None:
    """Refuse a source that can't be deployed, with the place of what is wrong.

    >>> check_source("main: {steps: [{done: {return: 1}}]}")
    """
    if not isinstance(text, str) or not text.strip():
        raise invalid_argument("The workflow source is empty.", {"workflow.source_contents": "empty"})
    if len(text.encode()) > _SOURCE_MOST:
        raise invalid_argument("The workflow source is longer than 128 KB.", {"workflow.source_contents": "too long"})
    # Not at the top: the language is a tenth of what a sandbox loads, and most never meet a workflow.
    from sandbox.workflows import source
    from sandbox.workflows.errors import SourceError
    from sandbox.workflows.functions import blocks

    try:
        source.read(text, blocks)
    except SourceError as error:
        place = f":{error.position.line}:{error.position.column}" if error.position else ""
        message = f"main.workflows{place}: parse error: {error}"
        raise invalid_argument(message, {"workflow.source_contents": message}) from error
