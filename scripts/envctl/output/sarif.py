"""Checks as SARIF 2.1.0, as code scanning of GitHub takes them: each at its line of YAML."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from .model import Check, Location, Report, Result

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
# GitHub sorts by this number.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.0", "low": "2.0"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_REPOSITORY = "https://github.com/ai-trading-machine/platform"
_TOOLS = {"envctl": _REPOSITORY, "checkov": "https://www.checkov.io"}


def render(*reports: Report, base: str = "docs/reference/policy.md", anchors: bool = True, home: str = "") -> str:
    """A run each: what failed and what couldn't be checked; what is excepted is there, suppressed.

    Args:
        reports: of whatever checked.
        base: the page that explains envctl's own rules.
        anchors: whether each rule has its own place on it.
        home: the file in which what has no line of its own is told: GitHub takes no finding without a place.
    """
    runs = [_run(report, base, anchors, Location(home, 1, 1) if home else None) for report in reports]
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _run(report: Report, base: str, anchors: bool, home: Location | None) -> dict[str, Any]:
    of_rule: dict[str, list[Check]] = {}
    for check in report.checks:
        of_rule.setdefault(check.kind, []).append(check)
    rules = [_rule(id, checks) for id, checks in sorted(of_rule.items())]
    if report.tool == "envctl":
        for rule in rules:
            rule["helpUri"] = f"{_REPOSITORY}/blob/main/{base}" + (f"#{rule['id'].lower()}" if anchors else "")
    shown = [check for check in report.checks if check.result is not Result.PASS]
    return {
        "tool": {"driver": {"name": report.tool, "informationUri": _TOOLS[report.tool], "rules": rules}},
        "automationDetails": {"id": f"{report.subject}/"},
        "columnKind": "utf16CodeUnits",
        "results": [_result(check, home) for check in shown],
    }


def _rule(id: str, checks: list[Check]) -> dict[str, Any]:
    severity = checks[0].severity or "medium"
    titles, todos = {check.what for check in checks}, {check.cause.todo for check in checks if check.cause}
    rule: dict[str, Any] = {
        "id": id,
        # A rule of the policy has one title; what drifts differs in this and that.
        "shortDescription": {"text": titles.pop() if len(titles) == 1 else id},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity], "tags": ["policy"]},
    }
    if len(todos) == 1 and (todo := todos.pop()):
        rule["help"] = {"text": todo}
    return rule


def _result(check: Check, home: Location | None) -> dict[str, Any]:
    unknown = check.result is Result.UNKNOWN
    result: dict[str, Any] = {
        "ruleId": check.kind,
        "level": "none" if unknown else _LEVELS[check.severity or "medium"],
        "kind": "review" if unknown else "fail",
        "message": {"text": check.message},
        "partialFingerprints": {"check/v1": hashlib.sha256(check.id.encode()).hexdigest()},
        "properties": {"id": check.id, "resource": check.resource},
    }
    if place := check.where or home:
        region = {"startLine": place.line, "startColumn": place.column}
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": quote(place.file)}, "region": region}}]
    if check.result is Result.SKIPPED:
        result["suppressions"] = [{"kind": "external", "justification": check.message}]
    return result
