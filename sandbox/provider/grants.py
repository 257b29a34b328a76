"""Types that add one member to an IAM policy (`google_*_iam_member`), and what `bindings.py` and `policies.py` share.

A policy is shared, so it is read, changed and written back under its etag, and again where someone else wrote
in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.provider.api import Api, ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context, find
from sandbox.provider.importing import match
from sandbox.provider.resource import fill, identity
from sandbox.provider.settings import Settings
from sandbox.provider.suppress import normal_member
from sandbox.provider.table import Grant, ResourceType

_ATTEMPTS = 10
_AUDITED = "cloudresourcemanager/"
_KINDS = re.compile(r"_iam_(?:member|binding|policy)$")


def target(ctx: Context) -> str:
    """The full name of the resource whose policy it is; fills in the parts that the configuration left to defaults."""
    grant = _grant(ctx.kind)
    names = re.findall(r"\{(\w+)\}", grant.resource)
    last = ctx.planned.get(names[-1])
    if not _prefixed(grant) and isinstance(last, str) and (parts := match(grant.resource, last)):
        ctx.planned.update(parts)
    for name in names:
        value = ctx.planned.get(name)
        if value in (None, UNKNOWN):
            value = ctx.settings.get(name)
            if not value:
                raise ProviderError(Problem(f"{name}: required field is not set", path=(name,)))
            ctx.planned[name] = value
    parts = {name: _short(grant.resource, name, str(ctx.planned[name])) for name in names}
    if grant.whole:
        parts[names[-1]] = str(ctx.planned[names[-1]])
    return identity(grant.resource, parts)


def _prefixed(grant: Grant) -> bool:
    """Whether the parent has one name, which counts with or without its collection, and stays as it was given."""
    return grant.short and re.fullmatch(r"[^{]+\{\w+\}", grant.resource) is not None


def _short(template: str, name: str, value: str) -> str:
    """The part of a name that goes into the template: a full name given for a part of it counts by its end."""
    return value if template.startswith(f"{{{name}}}") else value.rpartition("/")[2]


def _grant(kind: ResourceType) -> Grant:
    if kind.grant is None:
        raise ValueError(f"{kind.name} is not a grant")
    return kind.grant


async def create(ctx: Context) -> dict[str, Any]:
    """Add the member."""
    resource = target(ctx)
    wanted, member = binding_of(ctx.planned), ctx.planned["member"]

    def add(policy: Json) -> bool:
        bindings = policy.setdefault("bindings", [])
        found = find_binding(policy, wanted)
        if found is None:
            found = {**wanted, "members": []}
            bindings.append(found)
        if has_member(found, member):
            return False
        found["members"].append(normal_member(member))
        return True

    return _state(ctx, resource, await put(ctx, resource, add))


async def read(ctx: Context) -> dict[str, Any] | None:
    """The grant's state, None where the member, the binding or the resource is gone."""
    resource = target(ctx)
    wanted, member = binding_of(ctx.planned), ctx.planned["member"]
    policy = await seen(ctx, resource, f' with IAM Member: Role "{wanted["role"]}" Member "{member}""')
    if policy is None:
        return None
    found = find_binding(policy, wanted)
    if found is None or not has_member(found, member):
        return None
    return _state(ctx, resource, policy)


async def delete(ctx: Context) -> None:
    """Take the member out again; a binding without members goes too."""
    resource = target(ctx)
    wanted, member = binding_of(ctx.planned), ctx.planned["member"]

    def remove(policy: Json) -> bool:
        found = find_binding(policy, wanted)
        if found is None or not has_member(found, member):
            return False
        same = normal_member(member)
        found["members"] = [member for member in found["members"] if normal_member(member) != same]
        policy["bindings"] = [binding for binding in policy["bindings"] if binding["members"]]
        return True

    await take(ctx, resource, remove)


async def seen(ctx: Context, resource: str, what: str) -> Json | None:
    """The policy, or None where its resource is gone. Raises ProviderError in the real provider's words: `what` are
    those that follow the resource's name.
    """
    try:
        return await get_policy(ctx, resource)
    except ApiError as error:
        if error.status in (404, 410):
            return None
        at = described(ctx, resource)
        raise ProviderError(
            f'Error when reading or editing Resource "{at}{what}: Error retrieving IAM policy for {at}: {error.text()}'
        ) from error


async def put(ctx: Context, resource: str, edit: Callable[[Json], bool]) -> Json:
    """Change a policy so that it grants. Returns it; raises ProviderError in the real provider's words."""
    try:
        return await change(ctx, resource, edit)
    except ApiError as error:
        at = described(ctx, resource)
        raise ProviderError(
            f"Error applying IAM policy for {at}: Error setting IAM policy for {at}: {error.text()}"
        ) from error


async def take(ctx: Context, resource: str, edit: Callable[[Json], bool]) -> None:
    """Change a policy so that it grants no more; where its resource is gone, so is the grant."""
    try:
        await change(ctx, resource, edit)
    except ApiError as error:
        if error.status not in (404, 410):
            raise ProviderError(f"Error applying IAM policy for {described(ctx, resource)}: {error.text()}") from error


async def change(ctx: Context, resource: str, edit: Callable[[Json], bool]) -> Json:
    """Read the policy, edit it, write it; start over where it was written meanwhile. Returns the policy."""
    api: Api = ctx.api
    async with api.lock(f"iam {ctx.kind.service} {resource}"):
        for attempt in range(_ATTEMPTS):
            policy = await get_policy(ctx, resource)
            if not edit(policy):
                return policy
            try:
                return await set_policy(ctx, resource, policy)
            except ApiError as error:
                if error.status not in (409, 412) or attempt == _ATTEMPTS - 1:
                    raise
                await api.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")


async def get_policy(ctx: Context, resource: str) -> Json:
    """The policy, in the form that carries conditions."""
    if own := find("read", _of_members(ctx.kind)):
        policy: Json = await own(ctx)
        return policy
    grant, path = _grant(ctx.kind), _path(ctx, resource)
    if resource.startswith("b/"):
        return dict(await ctx.api.call("GET", f"{path}/iam?optionsRequestedPolicyVersion=3"))
    if grant.get == "POST" and not grant.query:
        return dict(await ctx.api.call("POST", f"{path}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}}))
    if grant.slash:
        return dict(await ctx.api.call("GET", f"{path}/getIamPolicy?optionsRequestedPolicyVersion=3"))
    query = "?options.requestedPolicyVersion=3" if grant.query else ""
    return dict(await ctx.api.call(grant.get, f"{path}:getIamPolicy{query}"))


def _path(ctx: Context, resource: str) -> str:
    """The URL of a resource. A name with slashes counts as one segment."""
    grant = _grant(ctx.kind)
    if ctx.kind.base.endswith("/projects/"):  # a project counts with its collection too, and stays as it was given
        resource = resource.rpartition("/")[2]
    if not grant.whole:
        return ctx.kind.base + fill("{r}", {"r": resource})
    last = re.findall(r"\{(\w+)\}", grant.resource)[-1]
    name = str(ctx.planned[last])
    return ctx.kind.base + fill("{r}{%name}", {"r": resource.removesuffix(name), "name": name})


async def set_policy(ctx: Context, resource: str, policy: Json) -> Json:
    """Write the policy under its etag."""
    if any(binding.get("condition") for binding in policy.get("bindings", [])):
        policy["version"] = 3
    if own := find("update", _of_members(ctx.kind)):
        written: Json = await own(ctx, policy)
        return written
    path = _path(ctx, resource)
    if resource.startswith("b/"):
        return dict(await ctx.api.call("PUT", f"{path}/iam", policy))
    mask = {"updateMask": "bindings,etag,auditConfigs"} if ctx.kind.service.startswith(_AUDITED) else {}
    between = "/" if _grant(ctx.kind).slash else ":"
    return dict(await ctx.api.call("POST", f"{path}{between}setIamPolicy", {"policy": policy, **mask}))


def binding_of(state: dict[str, Any]) -> Json:
    """What a state grants: role and condition."""
    wanted: Json = {"role": state["role"]}
    if conditions := state.get("condition"):
        body = conditions[0]
        wanted["condition"] = {key: body[key] for key in ("title", "description", "expression") if body.get(key)}
    return wanted


def find_binding(policy: Json, wanted: Json) -> Json | None:
    """The policy's binding of that role under that condition."""
    return next((binding for binding in policy.get("bindings", []) if same_binding(binding, wanted)), None)


def same_binding(binding: Json, wanted: Json) -> bool:
    """Whether a binding is of the wanted role and condition."""
    same = _same_condition(binding.get("condition"), wanted.get("condition"))
    return bool(binding.get("role") == wanted["role"] and same)


def _same_condition(standing: Json | None, wanted: Json | None) -> bool:
    if wanted and set(wanted) == {"title"}:  # imported by title
        return bool(standing) and (standing or {}).get("title") == wanted["title"]
    keys = ("title", "description", "expression")
    return [(standing or {}).get(key) or "" for key in keys] == [(wanted or {}).get(key) or "" for key in keys]


def has_member(binding: Json, member: str) -> bool:
    """Whether a binding has the member, however it is spelt."""
    return normal_member(member) in map(normal_member, binding.get("members", []))


def _condition_state(condition: Json) -> Json:
    return {key: condition.get(key, "") for key in ("description", "expression", "title")}


def _state(ctx: Context, resource: str, policy: Json) -> dict[str, Any]:
    found = find_binding(policy, binding_of(ctx.planned))
    state = state_of(ctx, resource, policy, found)
    same = normal_member(state["member"])
    state["member"] = next((one for one in (found or {}).get("members", []) if normal_member(one) == same), same)
    start = f"{told(ctx, resource)}/{state['role']}"
    return {**state, "id": f"{start}/{same}{state['id'].removeprefix(start)}"}


def state_of(ctx: Context, resource: str, policy: Json, found: Json | None) -> dict[str, Any]:
    """The state of a role's binding."""
    state = parent_state(ctx, resource)
    if found and found.get("condition"):
        state["condition"] = [_condition_state(found["condition"])]
    state["etag"] = policy.get("etag", "")
    conditions = state.get("condition") or []
    key = "".join(f"/{conditions[0][part]}" for part in ("title", "description", "expression")) if conditions else ""
    state["id"] = f"{told(ctx, resource)}/{state['role']}{key}"
    return state


def told(ctx: Context, resource: str) -> str:
    """How ids name the parent."""
    return "/".join(resource.split("/")[1::2]) if _grant(ctx.kind).bare else resource


def parent_state(ctx: Context, resource: str) -> dict[str, Any]:
    """What is planned, with the parent by its full name, as the real provider keeps it."""
    state = {name: (None if value is UNKNOWN else value) for name, value in ctx.planned.items()}
    last = re.findall(r"\{(\w+)\}", _grant(ctx.kind).resource)[-1]
    if not _grant(ctx.kind).short:
        state[last] = resource
    if _grant(ctx.kind).lent:
        state["project"] = (ctx.config if ctx.prior is None else ctx.prior).get("project")
    return state


def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The arguments behind an import id: `RESOURCE ROLE MEMBER [CONDITION TITLE]`."""
    words = given.split(" ", 3)
    if len(words) < 3:
        raise ProviderError(
            f"Wrong number of parts to Member id [{' '.join(words)}]; "
            "expected 'resource_name role member [condition_title]'."
        )
    return imported(kind, words[0], {"role": words[1], "member": words[2]}, words[3:], given)


def imported(kind: ResourceType, parent: str, told: dict[str, Any], titles: list[str], given: str) -> dict[str, Any]:
    """The arguments that an import tells: those of the parent, `told`, and a condition by its title."""
    resource = _grant(kind).resource
    names = re.findall(r"\{(\w+)\}", resource)
    state: dict[str, Any] = dict.fromkeys(kind.fields)
    parts = match(resource, parent, whole=_grant(kind).whole) or match("/".join(f"{{{n}}}" for n in names), parent)
    if parts and _prefixed(_grant(kind)):
        parts = {names[-1]: identity(resource, parts)}
    titled = [{"title": title, "expression": "", "description": ""} for title in titles]
    return {**state, **(parts or {names[-1]: parent}), **told, "condition": titled, "id": given}


def _of_members(kind: ResourceType) -> str:
    """The type whose hooks read and write the policy: the one of single members."""
    return _KINDS.sub("_iam_member", kind.name)


def described(ctx: Context, resource: str) -> str:
    """A resource as messages name it."""
    noun = _of_members(ctx.kind).removeprefix("google_").removesuffix("_iam_member").replace("_", "")
    noun = {"billingaccount": "billingAccount"}.get(noun, noun)
    return f'{noun} "{resource}"'
