"""What Google refuses of an alert policy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument

_KINDS = (
    "conditionThreshold",
    "conditionAbsent",
    "conditionMatchedLog",
    "conditionPrometheusQueryLanguage",
    "conditionMonitoringQueryLanguage",
    "conditionSql",
)
_MOST = 6
_SECONDS = re.compile(r"\d+(?:\.\d{1,9})?s")
_COMPARISONS = {"COMPARISON_GT", "COMPARISON_LT"}


def check(document: Mapping[str, Any]) -> None:
    """Raises 400 with the field that is wrong."""
    conditions = document.get("conditions") or []
    if not 1 <= len(conditions) <= _MOST:
        raise _wrong("conditions", f"an alert policy has 1 to {_MOST} conditions")
    if document.get("combiner") == "COMBINE_UNSPECIFIED":
        raise _wrong("combiner", "must be specified")
    for at, condition in enumerate(conditions):
        _condition(f"conditions[{at}]", condition)
    _strategy(document.get("alertStrategy") or {}, logs=any("conditionMatchedLog" in c for c in conditions))


def _condition(where: str, condition: Mapping[str, Any]) -> None:
    kinds = [kind for kind in _KINDS if kind in condition]
    if len(kinds) != 1:
        raise _wrong(where, "a condition has one kind")
    if not condition.get("displayName"):
        raise _wrong(f"{where}.display_name", "must not be empty")
    body = condition[kinds[0]]
    if kinds[0] in ("conditionThreshold", "conditionAbsent"):
        _filtered(f"{where}.{kinds[0]}", body, absent=kinds[0] == "conditionAbsent")
    elif kinds[0] == "conditionMatchedLog":
        if not str(body.get("filter", "")).strip():
            raise _wrong(f"{where}.condition_matched_log.filter", "must not be empty")
    elif not str(body.get("query", "")).strip():
        raise _wrong(f"{where}.query", "must not be empty")


def _filtered(where: str, body: Mapping[str, Any], *, absent: bool) -> None:
    text = str(body.get("filter", ""))
    if "select_slo_" not in text:
        for word in ("metric.type", "resource.type"):
            if word not in text:
                raise _wrong(f"{where}.filter", f'must specify a restriction on "{word}" in the filter')
    duration = _seconds(f"{where}.duration", body.get("duration", "0s"))
    if duration % 60 or (absent and not 120 <= duration <= 86_400 - 1800) or duration > 86_400:
        raise _wrong(f"{where}.duration", "must be a multiple of 60s; for absence at least 120s, at most 23.5 hours")
    if not absent and body.get("comparison") not in _COMPARISONS:
        raise _wrong(f"{where}.comparison", "must be COMPARISON_GT or COMPARISON_LT")
    for aggregation in body.get("aggregations") or []:
        if _seconds(f"{where}.aggregations.alignment_period", aggregation.get("alignmentPeriod", "60s")) < 60:
            raise _wrong(f"{where}.aggregations.alignment_period", "must be at least 60s")


def _strategy(strategy: Mapping[str, Any], *, logs: bool) -> None:
    limit = (strategy.get("notificationRateLimit") or {}).get("period")
    if logs and not limit:
        raise _wrong("alert_strategy.notification_rate_limit", "must be specified for log-match policies")
    if limit and not logs:
        raise _wrong("alert_strategy.notification_rate_limit", "is for log-match policies only")
    if limit and not 300 <= _seconds("alert_strategy.notification_rate_limit.period", limit) <= 172_800:
        raise _wrong("alert_strategy.notification_rate_limit.period", "must be 300s to 172800s")
    closing = strategy.get("autoClose")
    if closing and not 1800 <= _seconds("alert_strategy.auto_close", closing) <= 604_800:
        raise _wrong("alert_strategy.auto_close", "must be 1800s to 604800s")


def _seconds(where: str, text: object) -> float:
    if not isinstance(text, str) or not _SECONDS.fullmatch(text):
        raise _wrong(where, "must be seconds, such as 60s")
    return float(text[:-1])


def _wrong(where: str, text: str) -> ApiError:
    field = f"alert_policy.{where}"
    return invalid_argument(f"Field {field} had an invalid value: {text}.", {field: text})
