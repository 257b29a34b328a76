"""Drift as text, JSON, Markdown, and as the checks that other renderers take."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import json as checks_json
from . import markdown, text
from .model import Report

if TYPE_CHECKING:
    from envctl.drift.model import Drift, DriftResult


def as_report(result: DriftResult) -> Report:
    """The drift as checks; each says since when."""
    drifted = [replace(one.check, message=f"{one.check.message}, since {one.since}") for one in result.drifts]
    checks = (*drifted, *result.findings, *result.unknown, *result.excepted)
    return Report(f"drift of {result.environment}", checks, result.seconds, {"things": str(result.looked_at)})


def drift_text(result: DriftResult, *, terminal: bool = False, width: int = 100) -> str:
    """What a person reads."""
    if not (result.drifts or result.findings or result.unknown or result.excepted):
        return f"{result.environment}: no drift, {result.looked_at} things looked at in {result.seconds:.1f} s"
    lines = [text.render(as_report(result), terminal=terminal, width=width).rstrip("\n")]
    verdicts = Counter(str(one.verdict) for one in result.drifts)
    lines += [f"{number} {words}" for words, number in verdicts.most_common()]
    if result.imports:
        lines += ["", "What would adopt what should be ours (put it into a .tf file of infra/, and declare it):", ""]
        lines += result.imports
    return "\n".join(lines)


def drift_json(result: DriftResult) -> str:
    """The same for machines; `first_seen` is what a later run takes with --since."""
    document: dict[str, Any] = {
        "environment": result.environment,
        "drifts": [_drift(one) for one in result.drifts],
        "first_seen": dict(result.first_seen),
        "imports": list(result.imports),
        **checks_json.document(as_report(result)),
        "exit_code": result.exit_code,
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def drift_markdown(result: DriftResult) -> str:
    """The same as a section, such as of an issue."""
    body = markdown.render(as_report(result))
    if not result.imports:
        return body
    return "\n".join(
        [body, "<details><summary>import blocks</summary>", "", "```hcl", *result.imports, "```", "</details>", ""]
    )


def _drift(one: Drift) -> dict[str, Any]:
    check = checks_json.document(Report("", (one.check,)))["checks"][0]
    return {**check, "verdict": one.verdict.name.lower(), "since": one.since}
