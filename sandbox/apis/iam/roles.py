"""IAM v1: custom roles of a project. Permissions are checked by their form; the list of Google's isn't known here."""

from __future__ import annotations

import re

from sandbox.control import crud, masks
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_PATH = "v1/projects/{project}/roles"
_STAGES = ("ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP")
_PERMISSION = re.compile(r"[a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*){2,}")
_MOST = 3000

roles = Collection(
    path=f"{_PATH}/{{role}}",
    noun="Role",
    id_rule=r"[a-zA-Z0-9_.]{3,64}",
    id_message="It must be 3 to 64 letters, digits, underscores or periods.",
    create=None,
    update=(),
    listing=False,
    delete=False,
    labels=(),
)


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
    """`projects.roles.create`: `{roleId, role}`."""
    body = call.body()
    given = str(body.get("roleId") or "")
    roles.check_id(given)
    name = f"projects/{call.project}/roles/{given}"
    if roles.find(call.control, name) is not None:
        raise already_exists(f"A role named {given} in projects/{call.project} already exists.")
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
    """`projects.roles.list`; permissions with `view=FULL` alone, deleted ones with `showDeleted`."""
    full, deleted = call.query("view") == "FULL", call.query("showDeleted") == "true"
    left_out = () if full else ("includedPermissions",)
    found = [
        {key: value for key, value in role.document.items() if key not in left_out}
        for role in call.store.select(roles.key, f"projects/{call.project}")
        if deleted or not role.document.get("deleted")
    ]
    return Response.of({"roles": found} if found else {})


async def patch(call: Call) -> Response:
    """`projects.roles.patch`; without a mask all that the body has."""
    body = dict(call.body())
    role = roles.must(call.control, roles.name(call.params))
    if role.document.get("deleted"):
        raise failed_precondition(f"The role {role.name} is deleted. Undelete it first.")
    crud.check_etag(role, body.pop("etag", None))
    body.pop("name", None)
    role.document = masks.apply(role.document, body, masks.paths(call.query("updateMask")) or list(body))
    _check(role)
    return _store(call, role)


async def delete(call: Call) -> Response:
    """`projects.roles.delete`: kept for seven days, its id taken for longer."""
    role = roles.must(call.control, roles.name(call.params))
    if role.document.get("deleted"):
        raise failed_precondition(f"The role {role.name} is deleted already.")
    role.document["deleted"] = True
    return _store(call, role)


async def undelete(call: Call) -> Response:
    """`projects.roles.undelete`."""
    role = roles.must(call.control, roles.name(call.params))
    if not role.document.pop("deleted", False):
        raise not_found(f"The role {role.name} is not deleted.")
    return _store(call, role)


def routes() -> list[Route]:
    """The routes of roles."""
    return [
        Route("POST", _PATH, create),
        Route("GET", _PATH, every),
        Route("PATCH", roles.path, patch),
        Route("DELETE", roles.path, delete),
        Route("POST", roles.path, undelete, "undelete"),
    ]
