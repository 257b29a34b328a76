"""One resource's operations, whichever kind of type it is: a resource of an API, or a part or all of a policy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.provider import bindings, grants, importing, members, policies, resource
from sandbox.provider.api import Api
from sandbox.provider.codec import UNKNOWN, is_known
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.hooks.registry import Context, find
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType
from sandbox.provider.validation import problems

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Operations:
    """What a kind of type does."""

    create: Callable[[Context], Awaitable[State]]
    update: Callable[[Context], Awaitable[State]]
    read: Callable[[Context], Awaitable[State | None]]
    delete: Callable[[Context], Awaitable[None]]
    identify: Callable[[ResourceType, str, Settings], State]


async def _as_planned(context: Context) -> State:
    """A grant has nothing that could change in place."""
    return context.planned


_RESOURCE = _Operations(resource.create, resource.update, resource.read, resource.delete, importing.identify)
_GRANT = _Operations(grants.create, _as_planned, grants.read, grants.delete, grants.identify)
_POLICY = _Operations(policies.put, policies.put, policies.read, policies.delete, policies.identify)
_BINDING = _Operations(bindings.put, bindings.put, bindings.read, bindings.delete, bindings.identify)


def _of(kind: ResourceType) -> _Operations:
    if bindings.is_binding(kind):
        return _BINDING
    if policies.is_policy(kind):
        return _POLICY
    return _GRANT if kind.grant else _RESOURCE


def validate(kind: ResourceType, config: State, settings: Settings) -> None:
    """Raise ProviderError with everything wrong in a configuration."""
    context = Context(kind, settings, None, None, {}, config, [], problems(kind.fields, config))
    if kind.grant:
        context.problems += (policies if policies.is_policy(kind) else members).problems(config)
    if kind.deprecated:
        context.problems.append(Problem("Deprecated Resource", kind.deprecated, warning=True))
    if own := find("validate", kind.name):
        own(context)
    if context.problems:
        raise ProviderError(*context.problems)


async def apply(
    kind: ResourceType, prior: State | None, planned: State | None, config: State, settings: Settings, api: Api
) -> State | None:
    """Create, update or delete; the new state. Raises ProviderError, or Incomplete with the state reached."""
    does = _of(kind)
    if planned is None:
        if prior is not None:
            await does.delete(Context(kind, settings, api, None, prior, {}))
        return None
    context = Context(kind, settings, api, prior, planned, config)
    state = await (does.create if prior is None else does.update)(context)
    return state if kind.strict else as_applied(kind.fields, planned, state)


def as_applied(fields: Mapping[str, Field], planned: State, state: State) -> State:
    """The state as the SDK has it until the next read: known sets, and what is empty or null, as they were planned."""
    kept = dict(state)
    for name, f in fields.items():
        before, now = planned.get(name), state.get(name)
        if f.element and not before and not now:
            kept[name] = before
        if before == "" and now is None:
            kept[name] = before
        if not isinstance(before, list) or not isinstance(now, list) or not before or not now:
            continue
        if f.kind == "set":
            kept[name] = before if is_known(before) and not f.write_only else now
        elif f.nested and len(before) == len(now):
            kept[name] = [
                as_applied(f.fields, old, new) if isinstance(old, dict) and isinstance(new, dict) else new
                for old, new in zip(before, now, strict=True)
            ]
    return kept


async def read(kind: ResourceType, state: State, settings: Settings, api: Api) -> State | None:
    """The state now; None where the resource is gone."""
    return await _of(kind).read(Context(kind, settings, api, state, dict(state), {}))


def imported(kind: ResourceType, given: str, settings: Settings) -> State:
    """The state an import starts with, which Terraform then has read."""
    known = _of(kind).identify(kind, given, settings)
    state = fit(kind, {})
    for name, f in kind.fields.items():
        if f.api is None and f.default is not None:
            state[name] = f.default
        if f.from_provider and f.name == "deletion_policy":
            state[name] = settings.deletion_policy
    return state | {name: value for name, value in known.items() if value is not UNKNOWN}


def fit(kind: ResourceType, state: State) -> State:
    """A state in the shape of the schema: unknown attributes go, missing ones are null."""
    names = [*kind.fields, "id", *(["timeouts"] if kind.timeouts else [])]
    return {name: state.get(name, [] if name in kind.fields and kind.fields[name].block else None) for name in names}
