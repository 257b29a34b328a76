"""One resource's operations, whichever kind of type it is: a resource of an API, or a grant."""

from __future__ import annotations

from typing import Any

from sandbox.provider import grants, importing, resource
from sandbox.provider.api import Api
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, find
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType
from sandbox.provider.validation import problems

State = dict[str, Any]


def validate(kind: ResourceType, config: State, settings: Settings) -> None:
    """Raise ProviderError with everything wrong in a configuration."""
    context = Context(kind, settings, None, None, {}, config, [], problems(kind.fields, config))
    if own := find("validate", kind.name):
        own(context)
    if context.problems:
        raise ProviderError(*context.problems)


async def apply(
    kind: ResourceType, prior: State | None, planned: State | None, config: State, settings: Settings, api: Api
) -> State | None:
    """Create, update or delete; the new state. Raises ProviderError, or Incomplete with the state reached."""
    if planned is None:
        if prior is not None:
            await _delete(Context(kind, settings, api, None, prior, {}))
        return None
    context = Context(kind, settings, api, prior, planned, config)
    if prior is None:
        create = grants.create if kind.grant else resource.create
        return await create(context)
    if kind.grant:
        return planned
    return await resource.update(context)


async def _delete(context: Context) -> None:
    await (grants.delete if context.kind.grant else resource.delete)(context)


async def read(kind: ResourceType, state: State, settings: Settings, api: Api) -> State | None:
    """The state now; None where the resource is gone."""
    context = Context(kind, settings, api, state, dict(state), {})
    return await (grants.read if kind.grant else resource.read)(context)


def imported(kind: ResourceType, given: str, settings: Settings) -> State:
    """The state an import starts with, which Terraform then has read."""
    identify = grants.identify if kind.grant else importing.identify
    known = identify(kind, given, settings)
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
