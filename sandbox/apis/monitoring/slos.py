"""What Google refuses of a service level objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.apis.monitoring import basics
from sandbox.control.durations import seconds
from sandbox.control.errors import ApiError, invalid_argument

_DAY = 86_400
_PERIODS = {"DAY", "WEEK", "FORTNIGHT", "MONTH"}


def check(document: Mapping[str, Any], service_type: str) -> None:
    """Raises 400 with the field that is wrong. `service_type` is that of a basic service, empty for another."""
    goal = document.get("goal")
    if not isinstance(goal, int | float) or not 0 < goal <= 0.9999:
        raise _wrong("goal", "must be more than 0 and at most 0.9999")
    rolling, calendar = document.get("rollingPeriod"), document.get("calendarPeriod")
    if bool(rolling) == bool(calendar):
        raise _wrong("period", "a rolling or a calendar period")
    if rolling:
        period = seconds(rolling, "rolling_period")
        if period % _DAY or not _DAY <= period <= 30 * _DAY:
            raise _wrong("rolling_period", "must be 1 to 30 whole days")
    if calendar and calendar not in _PERIODS:
        raise _wrong("calendar_period", f"must be one of {', '.join(sorted(_PERIODS))}")
    _indicator(document.get("serviceLevelIndicator") or {}, service_type)


def _indicator(indicator: Mapping[str, Any], service_type: str) -> None:
    kinds = [kind for kind in ("basicSli", "requestBased", "windowsBased") if kind in indicator]
    if len(kinds) != 1:
        raise _wrong("service_level_indicator", "a basic, a request-based or a windows-based indicator")
    if kinds == ["basicSli"]:
        _basic(indicator["basicSli"], "basic_sli", service_type)
    elif kinds == ["requestBased"]:
        _requests(indicator["requestBased"], "request_based")
    else:
        _windows(indicator["windowsBased"], service_type)


def _basic(sli: Mapping[str, Any], where: str, service_type: str) -> None:
    if not basics.measured(service_type):
        which = f"services of the type {service_type}" if service_type else "custom services"
        raise _wrong(f"service_level_indicator.{where}", f"is not for {which}")
    if ("availability" in sli) == ("latency" in sli):
        raise _wrong(f"service_level_indicator.{where}", "availability or latency")
    if "latency" in sli and not sli["latency"].get("threshold"):
        raise _wrong(f"service_level_indicator.{where}.latency", "needs a threshold")


def _requests(sli: Mapping[str, Any], where: str) -> None:
    if ("goodTotalRatio" in sli) == ("distributionCut" in sli):
        raise _wrong(f"service_level_indicator.{where}", "a ratio of good and total, or a cut of a distribution")
    if ratio := sli.get("goodTotalRatio"):
        given = [name for name in ("goodServiceFilter", "badServiceFilter", "totalServiceFilter") if ratio.get(name)]
        if len(given) != 2:
            raise _wrong(f"service_level_indicator.{where}.good_total_ratio", "two of good, bad and total")
    if cut := sli.get("distributionCut"):
        _ranged(cut, f"{where}.distribution_cut", "distributionFilter")


def _windows(sli: Mapping[str, Any], service_type: str) -> None:
    period = seconds(sli.get("windowPeriod") or "300s", "window_period")
    if period % 60 or not 60 <= period <= _DAY:
        raise _wrong("service_level_indicator.windows_based.window_period", "must be whole minutes, at most a day")
    kinds = ("goodBadMetricFilter", "goodTotalRatioThreshold", "metricMeanInRange", "metricSumInRange")
    given = [kind for kind in kinds if kind in sli]
    if len(given) != 1:
        raise _wrong("service_level_indicator.windows_based", "one criterion of good windows")
    if threshold := sli.get("goodTotalRatioThreshold"):
        where = "windows_based.good_total_ratio_threshold"
        if ("performance" in threshold) == ("basicSliPerformance" in threshold):
            raise _wrong(f"service_level_indicator.{where}", "needs a performance")
        if basic := threshold.get("basicSliPerformance"):
            _basic(basic, f"{where}.basic_sli_performance", service_type)
        else:
            _requests(threshold["performance"], f"{where}.performance")
    for kind in ("metricMeanInRange", "metricSumInRange"):
        if metric := sli.get(kind):
            _ranged(metric, "windows_based", "timeSeries")


def _ranged(document: Mapping[str, Any], where: str, text: str) -> None:
    if not document.get(text) or not document.get("range"):
        raise _wrong(f"service_level_indicator.{where}", "a filter and a range")


def _wrong(where: str, text: str) -> ApiError:
    field = f"service_level_objective.{where}"
    return invalid_argument(f"Field {field} had an invalid value: {text}.", {field: text})
