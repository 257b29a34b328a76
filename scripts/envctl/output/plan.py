"""Plans, applies and destroys as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from envctl.console import paint

if TYPE_CHECKING:
    from envctl.operations import ApplyResult, DestroyResult, PlanResult
    from envctl.redaction import AttributeDiff, ResourceDiff

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red"), "replace": ("-/+", "red")}
_SHOWN_ATTRIBUTES = 12
_WIDTH = 100


def plan_text(result: PlanResult) -> str:
    """What a person reads after `plan`: changes by address, with the attributes of updates and replacements."""
    lines = [_provider_line(result.provider)]
    lines += [f"drift: {change.address} was changed outside of Terraform ({change.action})" for change in result.drift]
    for diff in result.diffs:
        action = _action(diff)
        sign, style = _SIGNS[action]
        lines.append(paint(f"{sign} {diff.address}", style))
        if action in ("update", "replace"):
            lines += _attributes(diff)
    lines += [f"warning: {warning.summary}" for warning in result.warnings]
    if result.changes:
        command = f"envctl apply {result.words} --plan {result.plan_file}"
        lines.append(f"\nsaved to {result.plan_file}; apply it with `{command}`")
    elif result.outputs_change:
        lines.append("only outputs change")
    else:
        lines.append(f"{result.environment}: nothing to change")
    return "\n".join(lines)


def plan_json(result: PlanResult) -> str:
    """The same for machines."""
    document: dict[str, Any] = asdict(result)
    document["plan_file"] = str(result.plan_file)
    return json.dumps(document, indent=2)


def plan_markdown(result: PlanResult) -> str:
    """The same as a section of a pull request's comment: what is destroyed or replaced first."""
    danger = {"delete": 0, "replace": 1, "update": 2, "create": 3}
    diffs = sorted(result.diffs, key=lambda diff: (danger[_action(diff)], diff.address))
    counts = Counter(_action(diff) for diff in diffs)
    words = {"delete": "to destroy", "replace": "to replace", "update": "to change", "create": "to add"}
    summary = ", ".join(f"**{counts[action]}** {words[action]}" for action in danger if counts[action])
    lines = [f"### {result.environment}", "", summary or "Nothing to change.", ""]
    if diffs:
        lines += ["<details><summary>changes</summary>", "", "```diff"]
        for diff in diffs:
            sign = _SIGNS[_action(diff)][0]
            lines.append(f"{'!' if sign == '~' else sign[0]} {diff.address}{' (replaced)' if sign == '-/+' else ''}")
            if _action(diff) in ("update", "replace"):
                lines += [line.replace("`", "'") for line in _attributes(diff)]
        lines += ["```", "</details>", ""]
    lines += [f"- drift: `{change.address}` was changed outside of Terraform" for change in result.drift]
    return "\n".join(lines)


def applied_text(result: ApplyResult) -> str:
    """What a person reads after `apply`."""
    done = f"{result.added} added, {result.changed} changed, {result.removed} removed"
    warnings = [f"warning: {warning.summary}" for warning in result.warnings]
    return "\n".join([_provider_line(result.provider), *warnings, f"{result.environment}: {done}"])


def applied_json(result: ApplyResult) -> str:
    return json.dumps(asdict(result), indent=2)


def destroyed_text(result: DestroyResult) -> str:
    """What a person reads after `destroy`: above all, what is left."""
    lines = [_provider_line(result.provider), f"{result.environment}: {result.removed} removed"]
    if result.left:
        lines.append("left:")
        groups: dict[tuple[str, str], list[str]] = {}
        for left in result.left:
            groups.setdefault((left.kind, left.why), []).append(left.name)
        for (kind, why), names in groups.items():
            lines += [f"  {kind}: {why}", *(f"    {name}" for name in names)]
    return "\n".join(lines)


def destroyed_json(result: DestroyResult) -> str:
    return json.dumps(asdict(result), indent=2)


def _provider_line(provider: str) -> str:
    if provider == "embedded":
        return "provider: hashicorp/google as embedded in the sandbox"
    return "provider: hashicorp/google from the registry"


def _action(diff: ResourceDiff) -> str:
    if set(diff.actions) == {"delete", "create"}:
        return "replace"
    return diff.actions[0] if diff.actions[0] in _SIGNS else "update"


def _attributes(diff: ResourceDiff) -> list[str]:
    known = [
        attribute
        for attribute in diff.attributes
        if not attribute.after.startswith("(known after") or attribute.replaces
    ]
    lines = [f"    {_attribute(attribute)}" for attribute in known[:_SHOWN_ATTRIBUTES]]
    if len(known) > _SHOWN_ATTRIBUTES:
        lines.append(f"    … and {len(known) - _SHOWN_ATTRIBUTES} more attributes (see --format json)")
    return lines


def _attribute(attribute: AttributeDiff) -> str:
    text = f"{attribute.path}: {_short(attribute.before) or 'nothing'} → {_short(attribute.after) or 'nothing'}"
    return f"{text}  # forces replacement" if attribute.replaces else text


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
