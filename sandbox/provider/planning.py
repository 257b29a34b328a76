"""Plans one resource: the general difference, then labels, provider defaults and the type's own hook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider import labels
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Path, Problem, ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.hooks.registry import Context, find
from sandbox.provider.plan import Differ, only_empties
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType


def plan(
    kind: ResourceType,
    prior: dict[str, Any] | None,
    proposed: dict[str, Any],
    config: dict[str, Any],
    settings: Settings,
) -> tuple[dict[str, Any], list[Path]]:
    """The planned state and the paths that force a replacement."""
    differ = Differ(creating=prior is None, strict=kind.strict)
    planned = differ.body(kind.fields, prior, proposed)
    planned["id"] = prior["id"] if prior else UNKNOWN
    if kind.timeouts:
        planned["timeouts"] = proposed.get("timeouts")
    context = Context(kind, settings, None, prior, planned, config, differ.replace)
    context.problems += _refused(kind.fields, config, ())
    _provider_defaults(context)
    labels.plan_labels(kind.fields, prior, planned, settings)
    if own := find("plan", kind.name):
        own(context)
    if context.problems:
        raise ProviderError(*context.problems)
    if prior is not None and not context.replace and only_empties(prior, planned):
        return prior, []
    return planned, context.replace


def _refused(fields: Mapping[str, Field], body: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What is known and not served, in blocks too, must stay empty."""
    for name, field in fields.items():
        value = body.get(name)
        if field.refused and value not in (None, False, [], ""):
            yield Problem(
                f"The sandbox does not serve {name}", "hashicorp/google-beta has this argument.", (*path, name)
            )
        elif field.nested and isinstance(value, list):
            for at, inner in enumerate(value):
                if isinstance(inner, Mapping):
                    step: Path = (*path, name, at) if field.kind == "list" else (*path, name)
                    yield from _refused(field.fields, inner, step)


def _provider_defaults(context: Context) -> None:
    planned, kind = context.planned, context.kind
    for name, field in kind.fields.items():
        if field.from_provider and (planned.get(name) is UNKNOWN or planned.get(name) is None):
            if context.config.get(name) is UNKNOWN:
                continue
            value = context.settings.get(name)
            if not value:
                raise ProviderError(
                    Problem(
                        f"Failed to retrieve {name}, pid: , err: {name}: required field is not set",
                        f'Set {name} on the {kind.name} or in the provider "google" block.',
                        (name,),
                    )
                )
            planned[name] = value
