"""IAM policies: read, write with etag and version rules, test. Any API can use them for its resources."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from typing import Any

from sandbox.control import binary, groups
from sandbox.control.context import Call, Control
from sandbox.control.errors import aborted, invalid_argument
from sandbox.control.http import Response

ACCOUNTS = "iam.serviceAccounts"

_MEMBER = re.compile(
    r"allUsers|allAuthenticatedUsers"
    r"|(?:user|serviceAccount|group):[^@\s]+@[^@\s]+"
    r"|domain:[\w.-]+|project(?:Owner|Editor|Viewer):[\w:.-]+"
    r"|principal(?:Set)?://\S+|deleted:(?:user|serviceAccount|group):\S+\?uid=\d+|deleted:principal://\S+"
    r"|iamMember:\S+"
)
_ROLE = re.compile(r"roles/[\w.]+|(?:projects|organizations)/[\w:.-]+/roles/[\w.]+")
_ACCOUNT = re.compile(r"serviceAccount:(?P<email>[a-z0-9-]+@(?P<project>[a-z0-9-]+)\.iam\.gserviceaccount\.com)")
_SERVICE_AGENT = re.compile(
    r"gcp-sa-|gcf-admin-robot|cloud(services|build|composer)|container-|compute-system|serverless-robot"
)


def _etag(policy: dict[str, Any]) -> str:
    text = json.dumps([policy.get("bindings", []), policy.get("serial", 0)], sort_keys=True)
    return binary.etag(b"\x07" + hashlib.sha256(text.encode()).digest()[:7])


def get_policy(control: Control, resource: str, version: int = 0) -> dict[str, Any]:
    """The policy of a full resource name as an API answers it.

    A caller that does not ask for version 3 sees conditional bindings without their conditions, under a changed role.
    """
    stored = control.store.policy(resource) or {}
    bindings = [dict(binding) for binding in stored.get("bindings", [])]
    conditional = any("condition" in binding for binding in bindings)
    if conditional and version < 3:
        for binding in bindings:
            condition = binding.pop("condition", None)
            if condition is not None:
                digest = hashlib.sha256(json.dumps(condition, sort_keys=True).encode()).hexdigest()[:20]
                binding["role"] = f"{binding['role']}_withcond_{digest}"
    policy: dict[str, Any] = {"version": 3 if conditional and version >= 3 else 1, "etag": _etag(stored)}
    if not bindings:
        policy["etag"] = _etag(stored) if stored else "ACAB"
    if bindings:
        policy["bindings"] = bindings
    if stored.get("auditConfigs"):
        policy["auditConfigs"] = stored["auditConfigs"]
    return policy


def set_policy(control: Control, resource: str, policy: object, mask: str = "") -> dict[str, Any]:
    """Replace a policy. Raises 409 where its etag is old and 400 where Google would refuse it."""
    if not isinstance(policy, dict):
        raise invalid_argument("The policy is missing.", {"policy": "required"})
    current = get_policy(control, resource, 3)
    if policy.get("etag") and policy["etag"] != current["etag"]:
        raise aborted(
            "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff."
        )
    bindings = _bindings(control, policy.get("bindings") or [])
    conditional = any("condition" in binding for binding in bindings)
    version = policy.get("version") or 0
    if version not in (0, 1, 3):
        raise invalid_argument(f"Invalid policy version {version}: 0, 1 or 3.", {"policy.version": "0, 1 or 3"})
    had_conditions = any("condition" in binding for binding in current.get("bindings", []))
    if (conditional or (had_conditions and policy.get("etag"))) and version != 3:
        raise invalid_argument(
            "Specified policy has conditions, or replaces one that has: its version must be 3.",
            {"policy.version": "must be 3"},
        )
    stored = control.store.policy(resource) or {}
    masked = [part.strip() for part in (mask or "bindings,etag").split(",")]
    stored = {**stored, "serial": stored.get("serial", 0) + 1}
    if "bindings" in masked:
        stored["bindings"] = bindings
    if "auditConfigs" in masked or "audit_configs" in masked:
        stored["auditConfigs"] = policy.get("auditConfigs") or []
    control.store.put_policy(resource, stored)
    return get_policy(control, resource, 3)


def _bindings(control: Control, bindings: object) -> list[dict[str, Any]]:
    """Checked and merged: one binding a role and condition, members once, in order."""
    if not isinstance(bindings, list):
        raise invalid_argument("bindings must be a list.", {"policy.bindings": "not a list"})
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for binding in bindings:
        if not isinstance(binding, dict):
            raise invalid_argument("A binding must be an object.", {"policy.bindings": "not an object"})
        role = str(binding.get("role", ""))
        if not is_role(role):
            raise invalid_argument(
                f"Role {role} is not supported for this resource.", {"policy.bindings.role": "unknown role"}
            )
        condition = binding.get("condition") or None
        if condition is not None and not (isinstance(condition, dict) and condition.get("expression")):
            raise invalid_argument("A condition needs an expression.", {"policy.bindings.condition": "no expression"})
        entry = merged.setdefault((role, json.dumps(condition, sort_keys=True)), {"role": role, "members": []})
        if condition is not None:
            entry["condition"] = condition
        for member in binding.get("members") or []:
            canonical = check_member(control, member)
            if canonical not in entry["members"]:
                entry["members"].append(canonical)
    for entry in merged.values():
        entry["members"].sort()
    return [merged[key] for key in sorted(merged) if merged[key]["members"]]


def is_role(name: str) -> bool:
    """Whether it is the name of a role, Google's or one's own; whether there is such a role isn't known.

    >>> is_role("roles/storage.admin"), is_role("admin")
    (True, False)
    """
    return _ROLE.fullmatch(name) is not None


def check_member(control: Control, member: object) -> str:
    """A member as it is stored. 400 for one that can't be, and for a service account that does not exist."""
    if not isinstance(member, str) or not _MEMBER.fullmatch(member):
        raise invalid_argument(f"Invalid member: {member}", {"policy.bindings.members": "not a principal"})
    kind, colon, rest = member.partition(":")
    if kind in ("user", "serviceAccount", "group", "domain"):
        member = f"{kind}{colon}{rest.lower()}"
    account = _ACCOUNT.fullmatch(member)
    if account and not _SERVICE_AGENT.search(account["project"]) and control.projects.known(account["project"]):
        email = account["email"]
        if control.store.get(ACCOUNTS, f"projects/{account['project']}/serviceAccounts/{email}") is None:
            raise invalid_argument(f"Service account {email} does not exist.")
    return member


def account_deleted(control: Control, email: str, unique_id: str) -> None:
    """Rewrite the bindings of a deleted service account as Google shows them."""
    member, gone = f"serviceAccount:{email}", f"deleted:serviceAccount:{email}?uid={unique_id}"
    for resource, policy in list(control.store.policies(member)):
        if _replace(policy, member, gone):
            control.store.put_policy(resource, policy)


def account_restored(control: Control, email: str, unique_id: str) -> None:
    """Undo `account_deleted`."""
    member, gone = f"serviceAccount:{email}", f"deleted:serviceAccount:{email}?uid={unique_id}"
    for resource, policy in list(control.store.policies(gone)):
        if _replace(policy, gone, member):
            control.store.put_policy(resource, policy)


def _replace(policy: dict[str, Any], old: str, new: str) -> bool:
    changed = False
    for binding in policy.get("bindings", []):
        if old in binding["members"]:
            binding["members"] = sorted({new if member == old else member for member in binding["members"]})
            changed = True
    if changed:
        policy["serial"] = policy.get("serial", 0) + 1
    return changed


def project(name: str) -> str:
    """The full name of a project, whose policy holds for all that is in it."""
    return f"//cloudresourcemanager.googleapis.com/projects/{name}"


def holds(
    control: Control, member: str, roles: Collection[str], resources: Iterable[str], permission: str = ""
) -> bool:
    """Whether a member has one of these roles on one of the resources, which are given by their full names.

    Whoever is in a group has what the group has. A custom role counts where it has the `permission`. A binding's
    condition is taken to be true: it isn't evaluated.
    """
    everyone, grouped = {member, "allUsers", "allAuthenticatedUsers"}, False
    for resource in resources:
        for binding in (control.store.policy(resource) or {}).get("bindings", []):
            role, members = str(binding["role"]), binding["members"]
            if role not in roles and not (permission and permission in _custom(control, role)):
                continue
            if not grouped and any(each.startswith("group:") for each in members):
                everyone |= {f"group:{group}" for group in groups.around(control, member.partition(":")[2])}
                grouped = True
            if not everyone.isdisjoint(members):
                return True
    return False


def _custom(control: Control, role: str) -> list[str]:
    """The permissions of a custom role of a project; of any other there are none to be known."""
    found = control.store.get("iam.roles", role) if role.startswith("projects/") else None
    return found.document.get("includedPermissions") or [] if found is not None else []


def requested_version(call: Call) -> int:
    """The policy version that a getIamPolicy request asks for, in its query or its body."""
    for name in ("options.requestedPolicyVersion", "optionsRequestedPolicyVersion", "options.requested_policy_version"):
        if text := call.request.param(name):
            return int(text) if text.isdigit() else 0
    if call.request.method == "POST":
        options = call.body().get("options") or {}
        value = options.get("requestedPolicyVersion", options.get("requested_policy_version", 0))
        return int(value)
    return 0


def answer(call: Call, resource: str) -> Response:
    """What getIamPolicy answers for a resource, by its full name."""
    return Response.of(get_policy(call.control, resource, requested_version(call)))


def answer_set(call: Call, resource: str) -> Response:
    """What setIamPolicy does to a resource, by its full name, and answers."""
    body = call.body()
    return Response.of(set_policy(call.control, resource, body.get("policy"), str(body.get("updateMask", ""))))


def permissions(call: Call) -> dict[str, Any]:
    """The answer of testIamPermissions: every caller may do everything until IAM is enforced."""
    wanted = call.body().get("permissions")
    if not isinstance(wanted, list):
        raise invalid_argument("permissions must be a list.", {"permissions": "required"})
    if any("*" in str(permission) for permission in wanted):
        raise invalid_argument("Permissions with wildcards are not allowed.", {"permissions": "wildcard"})
    return {"permissions": wanted} if wanted else {}
