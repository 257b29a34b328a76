"""Creates, reads, updates and deletes one resource through its API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN, without_unknowns
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.fields import Field, camel_case
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context, find
from sandbox.provider.plan import same
from sandbox.provider.protection import refusal
from sandbox.provider.suppress import seconds

_DEFAULT_TIMEOUT = 1200.0
_FROM_SETTINGS = ("project", "region", "location", "zone")


class Incomplete(Exception):
    """Something failed after the resource was made: `state` must be kept, the problems told."""

    def __init__(self, state: dict[str, Any], error: ProviderError) -> None:
        self.state, self.error = state, error
        super().__init__(str(error))


def fill(template: str, state: Mapping[str, Any]) -> str:
    """A URL from its template; `{%name}` is one segment, slashes and all; `{+name}` is encoded already.

    `{~name}` is the end of a name that may be a full one; `{?name}` may lack. Raises ProviderError where a part lacks.
    """

    def part(match: re.Match[str]) -> str:
        value = state.get(match[2])
        if value is None or value is UNKNOWN:
            if match[1] == "?":
                return ""
            raise ProviderError(Problem(f"{match[2]}: required field is not set", path=(match[2],)))
        if match[1] == "+":
            return str(value)
        if match[1] == "~":
            value = str(value).rpartition("/")[2]
        safe = "" if match[1] in ("%", "~") else "/:@~!$'()*,;="
        return quote(str(value).lower() if isinstance(value, bool) else str(value), safe=safe)

    return re.sub(r"\{([%+~?]?)(\w+)\}", part, template)


def identity(template: str, state: Mapping[str, Any]) -> str:
    """A resource's id from its template: as a URL, but not encoded.

    >>> identity("hubs/{~hub}/groups/{name}", {"hub": "projects/p/hubs/h", "name": "g"})
    'hubs/h/groups/g'
    """

    def part(match: re.Match[str]) -> str:
        value = str(state.get(match[2]) or "")
        return value.rpartition("/")[2] if match[1] else value

    return re.sub(r"\{(~?)(\w+)\}", part, template)


def required(value: str | None, name: str) -> str:
    """The value of a setting. Raises ProviderError where it lacks."""
    if not value:
        raise ProviderError(Problem(f"{name}: required field is not set", path=(name,)))
    return value


def plan_deletion_policy(ctx: Context, default: str) -> None:
    """Plan the type's own policy where the configuration, the state and the provider's configuration say none."""
    if ctx.config.get("deletion_policy") is None and not (ctx.prior or {}).get("deletion_policy"):
        ctx.planned["deletion_policy"] = ctx.settings.declared_deletion_policy or default


def settle(ctx: Context) -> None:
    """Fill in what the provider's settings say for arguments still open at apply, in `ctx.planned`."""
    for name in _FROM_SETTINGS:
        field = ctx.kind.fields.get(name)
        if field is None or field.output_only or field.unread:
            continue
        if name in ctx.planned and ctx.planned[name] in (None, UNKNOWN):
            ctx.planned[name] = required(ctx.settings.get(name), name)


def _lent(ctx: Context) -> dict[str, Any]:
    """Arguments that the settings stand in for without becoming part of the state: those the server never sets."""
    fields = ctx.kind.fields
    known = {name: fields[name] for name in _FROM_SETTINGS if name in fields}
    names = (n for n, f in known.items() if f.lent or not (f.computed or f.api or f.default is not None))
    return {name: None for name in names if (ctx.prior or ctx.config).get(name) is None and not ctx.config.get(name)}


async def create(ctx: Context) -> dict[str, Any]:
    """Make the resource. Returns its state; raises ProviderError, or Incomplete once it exists."""
    settle(ctx)
    if "create" in ctx.kind.calls and ctx.planned.get("deletion_policy", "") in (None, UNKNOWN):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy
    try:
        await (find("create", ctx.kind.name) or general_create)(ctx)
    except ApiError as error:
        raise ProviderError(_problem(f"Error creating {ctx.kind.noun}: {error.text()}", error, ctx)) from error
    if ctx.planned.get("id") in (None, UNKNOWN):
        ctx.planned["id"] = identity(ctx.kind.id, ctx.planned)
    try:
        if after := find("after_create", ctx.kind.name):
            await after(ctx)
        return await _must_read(ctx)
    except (ApiError, ProviderError) as error:
        raise Incomplete(_known(ctx.planned), _told(error, ctx)) from error


async def general_create(ctx: Context) -> None:
    """One call with the whole document."""
    call = ctx.kind.calls["create"]
    document = document_of(ctx)
    body = {call.wrap: document} if call.wrap else document
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), body)
    if call.wait:
        await _wait(ctx, answer, "create")
    elif ctx.kind.id == "{name}" and ctx.kind.fields["name"].output_only:  # the server makes the name
        ctx.planned["name"] = ctx.planned["id"] = answer["name"]


async def read(ctx: Context) -> dict[str, Any] | None:
    """The resource's state now, or None where it is gone. `ctx.planned` is the state as it was."""
    lent = _lent(ctx)
    settle(ctx)
    try:
        if own := find("read", ctx.kind.name):
            document = await own(ctx)
        else:
            document = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    except ApiError as error:
        what = f'Error when reading or editing {ctx.kind.noun} "{ctx.planned.get("id")}": {error.text()}'
        raise ProviderError(_problem(what, error, ctx)) from error
    if document is None:
        return None
    state = flatten(ctx.kind, document, ctx.planned) | lent
    if own := find("flatten", ctx.kind.name):
        state = own(ctx, document, state)
    return state


async def update(ctx: Context) -> dict[str, Any]:
    """Bring the resource from `ctx.prior` to `ctx.planned`."""
    settle(ctx)
    try:
        await (find("update", ctx.kind.name) or general_update)(ctx)
    except ApiError as error:
        what = f'Error updating {ctx.kind.noun} "{ctx.planned.get("id")}": {error.text()}'
        raise ProviderError(_problem(what, error, ctx)) from error
    return await _must_read(ctx)


async def general_update(ctx: Context) -> None:
    """One call with the whole document, and the mask of what changed where the API takes one."""
    changed = changed_fields(ctx)
    if not changed:
        return
    call = ctx.kind.calls.get("update")
    if call is None:
        raise ProviderError(f"{ctx.kind.name} cannot be updated, and {', '.join(f.name for f in changed)} changed")
    document = document_of(ctx)
    url = ctx.kind.base + fill(call.url, ctx.planned)
    if call.mask:
        mask = ",".join(dict.fromkeys(".".join(f.api or ()) for f in changed))
        url += ("&" if "?" in url else "?") + f"updateMask={quote(mask, safe='')}"
    answer = await ctx.api.call(call.method, url, {call.wrap: document} if call.wrap else document)
    if call.wait:
        await _wait(ctx, answer, "update")


def changed_fields(ctx: Context) -> list[Field]:
    """The top-level fields that the API knows and that differ from the prior state."""
    prior = ctx.prior or {}
    found = []
    for name, f in ctx.kind.fields.items():
        effective = f"effective_{name}"
        if effective in ctx.kind.fields:
            if ctx.changed(effective):
                found.append(f)
        elif f.api is None or f.output_only or ctx.planned.get(name) is UNKNOWN:
            continue
        elif not same(f, prior.get(name), ctx.planned.get(name)):
            found.append(f)
    return found


async def delete(ctx: Context) -> None:
    """Delete the resource. `ctx.planned` is its state."""
    if refused := refusal(ctx.kind, ctx.planned):
        raise ProviderError(refused)
    if ctx.planned.get("deletion_policy") == "ABANDON":
        return
    settle(ctx)
    try:
        await (find("delete", ctx.kind.name) or general_delete)(ctx)
    except ApiError as error:
        if error.status in (404, 410):
            return
        what = f"Error when reading or editing {ctx.kind.noun}: {error.text()}"
        raise ProviderError(_problem(what, error, ctx)) from error


async def general_delete(ctx: Context) -> None:
    """One call."""
    call = ctx.kind.calls["delete"]
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned))
    if call.wait:
        await _wait(ctx, answer, "delete")


def document_of(ctx: Context) -> Json:
    """The document that the plan comes to, as it is sent."""
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    own = find("expand", ctx.kind.name)
    return own(ctx, document) if own else document


async def _wait(ctx: Context, operation: Json, step: str) -> None:
    try:
        await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, step))
    except TimeoutError as error:
        raise ProviderError(f"Error waiting to {step} {ctx.kind.noun}: {error}") from error
    except ApiError as error:
        raise ProviderError(_problem(f"Error waiting to {step} {ctx.kind.noun}: {error.text()}", error, ctx)) from error


def timeout(state: Mapping[str, Any], step: str) -> float:
    """How long an operation may take: the `timeouts` block, else twenty minutes."""
    timeouts = state.get("timeouts")
    value = seconds(timeouts.get(step)) if isinstance(timeouts, Mapping) else None
    return _DEFAULT_TIMEOUT if value is None else value


async def _must_read(ctx: Context) -> dict[str, Any]:
    state = await read(ctx)
    if state is None:
        raise ProviderError(
            f'Error reading {ctx.kind.noun} "{ctx.planned.get("id")}": it is gone right after the change'
        )
    return state


def _known(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: without_unknowns(value) for name, value in state.items()}


def _told(error: ApiError | ProviderError, ctx: Context) -> ProviderError:
    if isinstance(error, ProviderError):
        return error
    return ProviderError(_problem(f"Error creating {ctx.kind.noun}: {error.text()}", error, ctx))


def _problem(summary: str, error: ApiError, ctx: Context) -> Problem:
    """The problem, at the argument the API named."""
    names = {camel_case(name): name for name in ctx.kind.fields}
    for said in error.fields:
        for step in said.replace("_", ".").split("."):
            if step in names:
                return Problem(summary, path=(names[step],))
    return Problem(summary)
