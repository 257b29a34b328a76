"""Entitlements: who may ask for which roles of a project, folder or organization, for how long, and who approves."""

from __future__ import annotations

from typing import Any

from sandbox.control import iam, projects
from sandbox.control.above import PLACES, check_number
from sandbox.control.collection import Collection, etag, now
from sandbox.control.context import Call
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.cloud.privilegedaccessmanager.v1"
_LEGACY = ("roles/owner", "roles/editor", "roles/viewer")
_KINDS = {"projects": "Project", "folders": "Folder", "organizations": "Organization"}
_LONGEST = 7 * 86_400
_RESOURCES = "cloudresourcemanager.googleapis.com"
_PRINCIPALS = [{"principals": [str]}]
ACCESS = {
    "gcpIamAccess": {
        "resource": str,
        "resourceType": str,
        "roleBindings": [{"role": str, "conditionExpression": str}],
    }
}
_STEP = {"approvers": _PRINCIPALS, "approvalsNeeded": int, "approverEmailRecipients": [str]}
_SHAPE = {
    "eligibleUsers": _PRINCIPALS,
    "maxRequestDuration": str,
    "privilegedAccess": ACCESS,
    "requesterJustificationConfig": {str: {}},
    "approvalWorkflow": {"manualApprovals": {"requireApproverJustification": bool, "steps": [_STEP]}},
    "additionalNotificationTargets": {str: [str]},
}


def _entitlements(place: str) -> Collection:
    """Those of projects, folders or organizations."""
    return Collection(
        path=f"v1/{place}/locations/{{location}}/entitlements/{{entitlement}}",
        type=f"{PACKAGE}.Entitlement",
        key=f"privilegedaccessmanager.entitlements.{place.partition('/')[0]}",
        operation_metadata=f"{PACKAGE}.OperationMetadata",
        id_rule=r"[a-z][a-z0-9-]{3,62}",
        id_message="It must be 4 to 63 lowercase letters, digits or hyphens, a letter first.",
        id_param="entitlementId",
        mask="required",
        shape=_SHAPE,
        labels=(),
        required=("eligibleUsers", "privilegedAccess", "maxRequestDuration", "requesterJustificationConfig"),
        output_only=("state",),
        on_create_set={"createTime": now},
        on_update_set={"updateTime": now, "etag": etag},
        lro=True,
        lro_deleted=True,
    )


ENTITLEMENTS = [_entitlements(place) for place in PLACES]


async def check(entitlement: Resource, call: Call) -> None:
    """What is asked for, by whom, of what; it is there at once."""
    check_number(call)
    if call.params["location"] != "global":
        raise invalid_argument("Entitlements are of the location global.", {"parent": "global"})
    _check(entitlement, call)
    entitlement.document["state"] = "AVAILABLE"


async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """As a new one; whether there is an approval at all stays as it was made."""
    if bool(new.document.get("approvalWorkflow")) != bool(old.document.get("approvalWorkflow")):
        raise invalid_argument("An approval workflow can't be added or taken away.", {"approvalWorkflow": "immutable"})
    _check(new, call)


def _check(entitlement: Resource, call: Call) -> None:
    document = entitlement.document
    for field in ("approvalWorkflow", "additionalNotificationTargets"):
        if not document.get(field):
            document.pop(field, None)
    _check_principals(document["eligibleUsers"], "eligibleUsers", call)
    if not 1800 <= seconds(document["maxRequestDuration"], "entitlement.max_request_duration") <= _LONGEST:
        raise invalid_argument(
            "maxRequestDuration is half an hour to seven days, such as 3600s.",
            {"maxRequestDuration": "1800s to 604800s"},
        )
    _check_access(entitlement)
    reasons = {key for key, value in document["requesterJustificationConfig"].items() if value is not None}
    if reasons not in ({"notMandatory"}, {"unstructured"}):
        raise invalid_argument(
            "requesterJustificationConfig is either notMandatory or unstructured.", {"requesterJustificationConfig": ""}
        )
    document["requesterJustificationConfig"] = {reasons.pop(): {}}
    if workflow := document.get("approvalWorkflow"):
        _check_workflow(workflow, call)


def _check_principals(entries: object, field: str, call: Call) -> None:
    """A list of one entry with those who may."""
    only = entries[0] if isinstance(entries, list) and len(entries) == 1 else None
    principals = only.get("principals") if isinstance(only, dict) else None
    if not isinstance(principals, list) or not principals:
        raise invalid_argument(f"{field} is a list of one entry, with one principal at least.", {field: "one entry"})
    for principal in principals:
        if str(principal).startswith(("allUsers", "allAuthenticatedUsers", "deleted:", "project")):
            raise invalid_argument(f"{principal} can't be asked who it is.", {"principals": "not a principal"})
        iam.check_member(call.control, principal)


def target(entitlement: Resource) -> str:
    """The full name of what it is for, which is where it is."""
    return f"//{_RESOURCES}/{entitlement.name.partition('/locations/')[0]}"


def _check_access(entitlement: Resource) -> None:
    access = (entitlement.document["privilegedAccess"] or {}).get("gcpIamAccess") or {}
    where = target(entitlement)
    kind = f"{_RESOURCES}/{_KINDS[entitlement.name.partition('/')[0]]}"
    given = iam.project(projects.number(where.rpartition("/")[2])) if kind.endswith("Project") else where
    if access.get("resource") not in (where, given) or access.get("resourceType") != kind:
        raise invalid_argument(
            f"An entitlement is for what it is in: resource {where}, resourceType {kind}.",
            {"privilegedAccess.gcpIamAccess.resource": where},
        )
    bindings = access.get("roleBindings") or []
    if not bindings:
        raise invalid_argument("One role at least is needed.", {"privilegedAccess.gcpIamAccess.roleBindings": "empty"})
    for binding in bindings:
        role = str(binding.get("role") or "")
        if not iam.is_role(role) or role in _LEGACY:
            raise invalid_argument(
                f"Role {role} can't be granted by an entitlement.",
                {"privilegedAccess.gcpIamAccess.roleBindings.role": role},
            )


def _check_workflow(workflow: Json, call: Call) -> None:
    steps = (workflow.get("manualApprovals") or {}).get("steps") or []
    if not 1 <= len(steps) <= 2:
        raise invalid_argument(
            "An approval has one step, or two.", {"approvalWorkflow.manualApprovals.steps": "1 or 2"}
        )
    for step in steps:
        _check_principals(step.get("approvers"), "approvers", call)
        step["approvalsNeeded"] = int(step.get("approvalsNeeded") or 1)
        if not 1 <= step["approvalsNeeded"] <= 5:
            raise invalid_argument("approvalsNeeded is 1 to 5.", {"approvalWorkflow": "approvalsNeeded"})


async def keep_used(entitlement: Resource, call: Call) -> None:
    """Not one with grants, where it isn't forced."""
    if not call.flag("force") and call.store.select("privilegedaccessmanager.grants", entitlement.name, limit=1):
        raise failed_precondition(f"The entitlement {entitlement.name} has grants: they go with it where force is set.")


def find(call: Call) -> Resource:
    """The entitlement of a path. Raises 404."""
    collection = next(one for one in ENTITLEMENTS if one.path.split("/")[2].strip("{}") in call.params)
    return collection.must(call.control, collection.name(call.params))


for _collection in ENTITLEMENTS:
    _collection.on_create(check)
    _collection.on_update(recheck)
    _collection.on_delete(keep_used)
