"""IAM v1: custom roles of projects and organizations.

Permissions are checked by their form; the list of Google's isn't known here.
"""

from __future__ import annotations

import re

from sandbox.control import crud, masks
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_STAGES = ("ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP")
_PERMISSION = re.compile(r"[a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*){2,}")
_MOST = 3000


def _collection(parent: str) -> Collection:
    return Collection(
        path=f"v1/{parent}/roles/{{role}}",
        noun="Role",
        id_rule=r"[a-zA-Z0-9_.]{3,64}",
        id_message="It must be 3 to 64 letters, digits, underscores or periods.",
        create=None,
        update=(),
        listing=False,
        delete=False,
        labels=(),
    )


roles = _collection("projects/{project}")
organization_roles = _collection("organizations/{organization}")


def _kind(call: Call) -> Collection:
    """That of the path: both have one key in the store."""
    return organization_roles if "organization" in call.params else roles


def _role(call: Call) -> Resource:
    kind = _kind(call)
    return kind.must(call.control, kind.name(call.params))


def _check(role: Resource) -> None:
    document = role.document
    stage = document.setdefault("stage", "ALPHA")
    if stage not in _STAGES:
        raise invalid_argument(f"Unknown launch stage {stage}.", {"role.stage": stage})
    if len(str(document.get("title") or "").encode()) > 100:
        raise invalid_argument("The title is longer than 100 bytes.", {"role.title": "too long"})
    permissions = document.get("includedPermissions") or []
    wrong = [one for one in permissions if not _PERMISSION.fullmatch(str(one))]
    if wrong:
        raise invalid_argument(f"Permission {wrong[0]} is not valid.", {"role.included_permissions": wrong[0]})
    if len(permissions) > _MOST:
        raise invalid_argument(f"A role has at most {_MOST} permissions.", {"role.included_permissions": "too many"})


async def create(call: Call) -> Response:
    """`roles.create`: `{roleId, role}`."""
    body, parent = call.body(), _kind(call).parent(call.params)
    given = str(body.get("roleId") or "")
    roles.check_id(given)
    name = f"{parent}/roles/{given}"
    if roles.find(call.control, name) is not None:
        raise already_exists(f"A role named {given} in {parent} already exists.")
    moment = call.control.clock()
    role = Resource(roles.key, name, {**(body.get("role") or {}), "name": name}, moment, moment)
    _check(role)
    return _store(call, role, new=True)


def _store(call: Call, role: Resource, *, new: bool = False) -> Response:
    role.document["etag"] = call.control.etag()
    role.updated = call.control.clock()
    (call.store.insert if new else call.store.put)(role)
    return Response.of(role.document)


async def every(call: Call) -> Response:
    """`roles.list`; permissions with `view=FULL` alone, deleted ones with `showDeleted`."""
    full, deleted = call.query("view") == "FULL", call.query("showDeleted") == "true"
    left_out = () if full else ("includedPermissions",)
    found = [
        {key: value for key, value in role.document.items() if key not in left_out}
        for role in call.store.select(roles.key, _kind(call).parent(call.params))
        if deleted or not role.document.get("deleted")
    ]
    return Response.of({"roles": found} if found else {})


async def patch(call: Call) -> Response:
    """`roles.patch`; without a mask all that the body has."""
    body = dict(call.body())
    role = _role(call)
    if role.document.get("deleted"):
        raise failed_precondition(f"The role {role.name} is deleted. Undelete it first.")
    crud.check_etag(role, body.pop("etag", None))
    body.pop("name", None)
    role.document = masks.apply(role.document, body, masks.paths(call.query("updateMask")) or list(body))
    _check(role)
    return _store(call, role)


async def delete(call: Call) -> Response:
    """`roles.delete`: kept for seven days, its id taken for longer."""
    role = _role(call)
    if role.document.get("deleted"):
        raise failed_precondition(f"The role {role.name} is deleted already.")
    role.document["deleted"] = True
    return _store(call, role)


async def undelete(call: Call) -> Response:
    """`roles.undelete`."""
    role = _role(call)
    if not role.document.pop("deleted", False):
        raise not_found(f"The role {role.name} is not deleted.")
    return _store(call, role)


def routes() -> list[Route]:
    """The routes of roles."""
    found = []
    for kind in (roles, organization_roles):
        place = kind.path.rpartition("/")[0]
        found += [
            Route("POST", place, create),
            Route("GET", place, every),
            Route("PATCH", kind.path, patch),
            Route("DELETE", kind.path, delete),
            Route("POST", kind.path, undelete, "undelete"),
        ]
    return found
