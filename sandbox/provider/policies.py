"""Types that decide a whole IAM policy (`google_*_iam_policy`): who holds which roles, and nobody else any.

As the types of bindings they are served for every resource that has a type for single members.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sandbox.provider import grants, members
from sandbox.provider.api import ApiError, Json
from sandbox.provider.checks.texts import unread
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.fields import parse_fields
from sandbox.provider.hooks.registry import Context
from sandbox.provider.jsontext import go_json
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_MEMBER, _POLICY = "_iam_member", "_iam_policy"
_NOT_OURS = ("role", "member", "condition")
_DATA = parse_fields("policy_data string required suppress=policy")


def of_member(kind: ResourceType) -> ResourceType:
    """The type of whole policies beside a type of single members."""
    fields = {name: field for name, field in kind.fields.items() if name not in _NOT_OURS} | _DATA
    return replace(kind, name=kind.name.removesuffix(_MEMBER) + _POLICY, fields=fields)


def is_policy(kind: ResourceType) -> bool:
    """Whether a type is one of whole policies."""
    return kind.grant is not None and kind.name.endswith(_POLICY)


def problems(config: dict[str, Any]) -> list[Problem]:
    """What is wrong with a policy's text."""
    text = config.get("policy_data")
    if not isinstance(text, str):
        return []
    try:
        bindings = _parsed(text).get("bindings") or []
    except ValueError as error:
        reason = unread(text) or error
        return [Problem(f"Could not unmarshal policy data {text}:\n{reason}", path=("policy_data",))]
    return [
        problem
        for at, binding in enumerate(bindings)
        for index, member in enumerate(binding.get("members") or [])
        for problem in members.problem_of(str(member), f"bindings.{at}.members.{index}", ("policy_data",))
    ]


async def put(ctx: Context) -> dict[str, Any]:
    """Make the policy the one declared, whatever stood there; creates and updates."""
    resource = grants.target(ctx)
    if ctx.prior is None or ctx.changed("policy_data"):
        await _write(ctx, resource, _parsed(ctx.planned["policy_data"]))
    return _state(ctx, resource, await grants.get_policy(ctx, resource))


async def read(ctx: Context) -> dict[str, Any] | None:
    """The whole policy as it stands; None where the resource itself is gone."""
    resource = grants.target(ctx)
    policy = await grants.seen(ctx, resource, '" with IAM Policy')
    return None if policy is None else _state(ctx, resource, policy)


async def delete(ctx: Context) -> None:
    """Leave the resource a policy that grants nothing."""
    resource = grants.target(ctx)
    etag = ctx.planned.get("etag")
    await _write(ctx, resource, {"etag": etag} if etag else {})


def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The arguments behind an import id: the resource's name."""
    known = grants.imported(kind, given, {}, [], given)
    return {name: value for name, value in known.items() if name not in _NOT_OURS}


async def _write(ctx: Context, resource: str, policy: Json) -> None:
    async with ctx.api.lock(f"iam {ctx.kind.service} {resource}"):
        try:
            await grants.set_policy(ctx, resource, {**policy, "version": 3})
        except ApiError as error:
            at = grants.described(ctx, resource)
            raise ProviderError(f"Error setting IAM policy for {at}: {error.text()}") from error


def _parsed(text: str) -> Json:
    """A policy's text as a document. Raises ValueError where it isn't one."""
    policy = json.loads(text)
    if not isinstance(policy, dict):
        raise ValueError("a policy is an object")  # noqa: TRY004
    return policy


def _state(ctx: Context, resource: str, policy: Json) -> dict[str, Any]:
    told = {name: policy[name] for name in ("auditConfigs", "bindings") if policy.get(name)}
    state = grants.parent_state(ctx, resource)
    return {**state, "id": grants.told(ctx, resource), "etag": policy.get("etag", ""), "policy_data": go_json(told)}
