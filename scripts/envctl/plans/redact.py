"""A plan without its secrets: what may be kept, sent and shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..redaction import hidden, redacted
from .model import Change, Plan

if TYPE_CHECKING:
    from ..environments import LoadedEnvironment

_ACTIONS = {"replace": ["delete", "create"]}


def redacted_change(change: Change, names: Iterable[str] = ()) -> Change:
    """A change whose secret values are replaced: those that Terraform marks, and those that have a secret's name."""
    before = hidden(redacted(change.before, change.before_sensitive), names)
    after = hidden(redacted(change.after, change.after_sensitive), names)
    return Change(
        change.address,
        change.type,
        change.action,
        before,
        after,
        change.unknown,
        change.before_sensitive,
        change.after_sensitive,
        change.replace_paths,
        change.previous_address,
        change.imported,
    )


def redacted_document(plan: Plan, names: Iterable[str] = ()) -> dict[str, Any]:
    """A plan as a document of the same form, with nothing in it that must not be shown.

    Variables, prior state and configuration are left out: Terraform keeps secrets in clear there.
    """
    names = frozenset(names)
    return {
        "format_version": "1.2",
        "terraform_version": plan.terraform,
        "resource_changes": [_document(redacted_change(change, names)) for change in plan.resources],
        "output_changes": {name: {"actions": ["update"]} for name in plan.outputs},
    }


def secret_names(loaded: LoadedEnvironment) -> frozenset[str]:
    """Names of variables whose values the YAML takes from Secret Manager somewhere, and the secrets' own ids."""
    found: set[str] = set()
    for subproject in loaded.tfvars["subprojects"].values():
        found |= set(subproject["secrets"])
        for kind in ("services", "jobs", "worker_pools"):
            for thing in subproject[kind].values():
                for container in (thing, *thing["sidecars"].values()):
                    found |= set(container["secrets"])
    return frozenset(found)


def _document(change: Change) -> dict[str, Any]:
    document: dict[str, Any] = {
        "address": change.address,
        "type": change.type,
        "change": {
            "actions": _ACTIONS.get(change.action, [change.action]),
            "before": change.before,
            "after": change.after,
            "after_unknown": change.unknown,
            "before_sensitive": change.before_sensitive,
            "after_sensitive": change.after_sensitive,
        },
    }
    if change.replace_paths:
        document["change"]["replace_paths"] = [list(path) for path in change.replace_paths]
    if change.imported:
        document["change"]["importing"] = {}
    if change.previous_address:
        document["previous_address"] = change.previous_address
    return document
