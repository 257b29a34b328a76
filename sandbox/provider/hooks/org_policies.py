"""Organization policies by the older types: a call that sets, one that clears, and reading what isn't set too."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import complete, match, refusal
from sandbox.provider.resource import document_of, identity
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_PROJECT, _FOLDER = "google_project_organization_policy", "google_folder_organization_policy"
_TYPES = (_PROJECT, _FOLDER, "google_organization_policy")
_PREFIX = "constraints/"
_IDS = {
    _PROJECT: (
        "projects/{project}:constraints/{constraint}",
        "{project}:constraints/{constraint}",
        "{project}:{constraint}",
    ),
    _FOLDER: ("folders/{folder}/constraints/{constraint}", "folders/{folder}/{constraint}", "{folder}/{constraint}"),
}


def _constraint(ctx: Context) -> str:
    return _PREFIX + str(ctx.planned["constraint"]).removeprefix(_PREFIX)


async def _call(ctx: Context, verb: str, body: Json) -> Json:
    if ctx.kind.name == _PROJECT:
        parent = f"projects/{ctx.planned['project']}"
    elif ctx.kind.name == _FOLDER:
        parent = f"folders/{str(ctx.planned['folder']).removeprefix('folders/')}"
    else:
        parent = f"organizations/{ctx.planned['org_id']}"
    return dict(await ctx.api.call("POST", f"{ctx.kind.base}{parent}:{verb}", body))


@hook("create", *_TYPES)
@hook("update", *_TYPES)
async def put(ctx: Context) -> None:
    """Set what is said; where nothing is, the policy is that of the parent."""
    if ctx.prior is None:
        ctx.planned["id"] = identity(ctx.kind.id, ctx.planned)  # as the constraint is spelt now; it stays
    given = document_of(ctx)
    policy: Json = {"constraint": _constraint(ctx)}
    if (boolean := given.get("booleanPolicy")) is not None:
        policy["booleanPolicy"] = boolean
    if (restored := given.get("restorePolicy")) is not None:
        if not restored.get("default"):
            raise ProviderError("Invalid value for restore_policy. Expecting default = true")
        policy["restoreDefault"] = {}
    if (listed := given.get("listPolicy")) is not None:
        policy["listPolicy"] = _list(listed)
    if len(policy) == 1:
        await _call(ctx, "clearOrgPolicy", {"constraint": policy["constraint"]})
        return
    etag = ctx.planned.get("etag")
    await _call(ctx, "setOrgPolicy", {"policy": policy | ({"etag": etag} if etag not in (None, UNKNOWN) else {})})


def _list(listed: Json) -> Json:
    made: Json = {key: listed[key] for key in ("suggestedValue", "inheritFromParent") if listed.get(key)}
    for key, field in (("allow", "allowedValues"), ("deny", "deniedValues")):
        if (said := listed.get(key)) is None:
            continue
        if said.get("all"):
            made["allValues"] = key.upper()
        else:
            made[field] = said.get("values") or []
    return made


@hook("read", *_TYPES)
async def read(ctx: Context) -> Json | None:
    """The policy as the arguments say it."""
    found = await _call(ctx, "getOrgPolicy", {"constraint": _constraint(ctx)})
    told = {"version": 0, "etag": "", "updateTime": "", **found}
    if "restoreDefault" in found:
        told["restorePolicy"] = {"default": True}
    if "booleanPolicy" in found:
        told["booleanPolicy"] = {"enforced": False, **found["booleanPolicy"]}
    if (listed := found.get("listPolicy")) is not None:
        told["listPolicy"] = {"suggestedValue": "", "inheritFromParent": False, **listed}
        for key, field in (("allow", "allowedValues"), ("deny", "deniedValues")):
            if listed.get("allValues") == key.upper():
                told["listPolicy"][key] = {"all": True}
            elif listed.get(field):
                told["listPolicy"][key] = {"all": False, "values": listed[field]}
    return told


@hook("delete", *_TYPES)
async def clear(ctx: Context) -> None:
    """Back to what is above."""
    await _call(ctx, "clearOrgPolicy", {"constraint": _constraint(ctx)})


@hook("identify", _PROJECT, _FOLDER)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The id stays as it is given; a folder has its full name."""
    for form in _IDS[kind.name]:
        if parts := match(form, given):
            if "folder" in parts:
                parts["folder"] = f"folders/{parts['folder']}"
            return {**complete(kind, parts, settings), "id": given}
    raise refusal(given, list(_IDS[kind.name]))


@hook("identify", "google_organization_policy")
def identify_organization(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The constraint with or without its collection."""
    organization, slash, constraint = given.partition("/")
    if not slash:
        raise ProviderError(f"Invalid id format. Expecting {{org_id}}/{{constraint}}, got '{given}' instead.")
    return {"org_id": organization, "constraint": constraint, "id": given}


_CUSTOM = "google_org_policy_custom_constraint"


@hook("expand", _CUSTOM)
def constraint(ctx: Context, document: Json) -> Json:
    """The name in full."""
    return {**document, "name": identity(ctx.kind.id, ctx.planned)}


@hook("flatten", _CUSTOM)
def constraint_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The name by its end."""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}
