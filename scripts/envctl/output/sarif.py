"""Checks as SARIF 2.1.0, as code scanning of GitHub takes them: each at its line of YAML."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .model import Check, Report, Result

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
# GitHub sorts by this number.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.0", "low": "2.0"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report, *, base: str = "docs/reference/policy.md") -> str:
    """One run: what failed and what couldn't be checked; what is excepted is there, suppressed."""
    shown = [check for check in report.checks if check.result is not Result.PASS]
    rules = {check.kind: check for check in report.checks}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "envctl",
                        "informationUri": "https://github.com/ai-trading-machine/platform",
                        "rules": [_rule(id, check, base) for id, check in sorted(rules.items())],
                    }
                },
                "automationDetails": {"id": f"{report.subject}/"},
                "columnKind": "utf16CodeUnits",
                "results": [_result(check) for check in shown],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _rule(id: str, check: Check, base: str) -> dict[str, Any]:
    severity = check.severity or "medium"
    rule: dict[str, Any] = {
        "id": id,
        "shortDescription": {"text": check.what},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "helpUri": f"{base}#{id.lower()}",
        "properties": {"security-severity": _SCORES[severity], "tags": ["policy"]},
    }
    if check.cause and check.cause.todo:
        rule["help"] = {"text": check.cause.todo}
    return rule


def _result(check: Check) -> dict[str, Any]:
    unknown = check.result is Result.UNKNOWN
    result: dict[str, Any] = {
        "ruleId": check.kind,
        "level": "warning" if unknown else _LEVELS[check.severity or "medium"],
        "kind": "review" if unknown else "fail",
        "message": {"text": check.message},
        "partialFingerprints": {"check/v1": hashlib.sha256(check.id.encode()).hexdigest()},
        "properties": {"id": check.id, "resource": check.resource},
    }
    if unknown:
        result["level"] = "none"
    if check.where:
        region = {"startLine": check.where.line, "startColumn": check.where.column}
        place = {"artifactLocation": {"uri": check.where.file}, "region": region}
        result["locations"] = [{"physicalLocation": place}]
    if check.result is Result.SKIPPED:
        result["suppressions"] = [{"kind": "external", "justification": check.message}]
    return result
