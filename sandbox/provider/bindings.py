"""Types that decide who holds one role of an IAM policy (`google_*_iam_binding`): all its members and nobody else.

They are served for every resource that has a type for single members, whose table says where the policy is. Only
foreign modules use them here: our own add single members, and leave others' alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.provider import grants
from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.fields import parse_fields
from sandbox.provider.hooks.registry import Context
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_MEMBER, _BINDING = "_iam_member", "_iam_binding"
_MEMBERS = parse_fields("members set(string) required suppress=members")


def of_member(kind: ResourceType) -> ResourceType:
    """The type of bindings beside a type of single members."""
    fields = {name: field for name, field in kind.fields.items() if name != "member"} | _MEMBERS
    return replace(kind, name=kind.name.removesuffix(_MEMBER) + _BINDING, fields=fields)


def is_binding(kind: ResourceType) -> bool:
    """Whether a type is one of bindings."""
    return kind.grant is not None and kind.name.endswith(_BINDING)


async def put(ctx: Context) -> dict[str, Any]:
    """Make the members those declared, whoever held the role before; creates and updates."""
    resource = grants.target(ctx)
    wanted = grants.binding_of(ctx.planned)

    def change(policy: Json) -> bool:
        bindings = [one for one in policy.get("bindings", []) if not grants.same_binding(one, wanted)]
        # No member is no binding, and nothing of the kind is kept.
        made = [{**wanted, "members": sorted(ctx.planned["members"])}] if ctx.planned["members"] else []
        policy["bindings"] = [*bindings, *made]
        return True

    policy = await grants.put(ctx, resource, change)
    return {**_state(ctx, resource, policy), "members": ctx.planned["members"]}


async def read(ctx: Context) -> dict[str, Any] | None:
    """The binding's state: without members where the role has none, None where the resource itself is gone."""
    resource = grants.target(ctx)
    policy = await grants.seen(ctx, resource, f'" with IAM Binding (Role "{ctx.planned["role"]}")')
    return None if policy is None else _state(ctx, resource, policy)


async def delete(ctx: Context) -> None:
    """Take the role from all who hold it."""
    resource = grants.target(ctx)
    wanted = grants.binding_of(ctx.planned)

    def remove(policy: Json) -> bool:
        before = policy.get("bindings", [])
        policy["bindings"] = [one for one in before if not grants.same_binding(one, wanted)]
        return len(policy["bindings"]) < len(before)

    await grants.take(ctx, resource, remove)


def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The arguments behind an import id: `RESOURCE ROLE [CONDITION TITLE]`."""
    words = given.split(" ", 2)
    if len(words) < 2:
        raise ProviderError(
            f"Wrong number of parts to Binding id [{' '.join(words)}]; expected 'resource_name role [condition_title]'."
        )
    return grants.imported(kind, words[0], {"role": words[1], "members": []}, words[2:], given)


def _state(ctx: Context, resource: str, policy: Json) -> dict[str, Any]:
    found = grants.find_binding(policy, grants.binding_of(ctx.planned))
    return {**grants.state_of(ctx, resource, policy, found), "members": (found or {}).get("members", [])}
