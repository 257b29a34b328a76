"""Checks as one JSON document."""

from __future__ import annotations

import json
from typing import Any

from .model import Check, Report


def render(report: Report) -> str:
    """The report's document, indented, with a newline at the end."""
    return json.dumps(document(report), indent=2, ensure_ascii=False, default=str) + "\n"


def document(report: Report) -> dict[str, Any]:
    """`{"checks": […], "summary": {…}}`. Empty fields are left out.

    A check always has `id`, `kind`, `resource`, `what`, `result`, `where` ("file:line:column" or null) and `message`.
    """
    counts = {result.value: number for result, number in report.counts.items()}
    return {
        "checks": [_check(check) for check in report.checks],
        "summary": {
            "subject": report.subject,
            **counts,
            "total": len(report.checks),
            "causes": len(report.groups()),
            "exit_code": report.exit_code,
            "seconds": round(report.duration, 3),
            **({"notes": dict(report.notes)} if report.notes else {}),
        },
    }


def _check(check: Check) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": check.id,
        "kind": check.kind,
        "resource": check.resource,
        "what": check.what,
        "result": check.result.value,
        "where": str(check.where) if check.where else None,
        "message": check.message,
    }
    if check.expected is not None or check.actual is not None:
        document |= {"expected": check.expected, "actual": check.actual}
    if check.severity:
        document["severity"] = check.severity
    if check.permission:
        document["permission"] = check.permission
    if check.cause:
        document["cause"] = {"id": check.cause.id, "title": check.cause.title, "todo": check.cause.todo}
    return document
