"""Services with objectives, the objectives, and the alerts on how fast their error budget burns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, World, declared_things
from envctl.validation.normal import dig, duration, text, unordered

from .monitoring import ALERT_LIST, ALERT_POLICIES, ENABLED, USER_LABELS, by_name, channel_names

_DAY = 86_400
_RUN = "run.googleapis.com"
_RATES = {"fast": [14.4, 14.4], "slow": [6, 6]}

SLO_SERVICES = Kind(
    name="slo_services",
    noun="service with objectives",
    document=Read("monitoring", "v3/{name}", "monitoring.services.get"),
    resource=lambda place, _fields: f"projects/{place.project}/services/{place.key}",
    settings=(
        Setting(
            "display_name",
            "displayName",
            normal=text,
            declared=lambda thing, _world: thing.fields["display_name"] or thing.place.key,
        ),
        USER_LABELS,
    ),
    unchecked={"slos": "a kind of their own"},
)


def _slos(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for service in declared_things(SLO_SERVICES, environment):
        for key, fields in service.fields["slos"].items():
            place = Place(
                service.place.project, service.place.region, service.place.subproject, f"{service.place.key}.{key}"
            )
            own = {**environment.tfvars["labels"], "subproject": place.subproject, **fields["labels"]}
            path = (*service.path, "slos", key)
            yield Thing(kind, place, kind.resource(place, fields), fields, path, own, parent=service.id)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item not in (None, "", 0)}
    return float(value) if isinstance(value, int) else value


def _ratio(ratio: Mapping[str, Any]) -> dict[str, Any]:
    return {"goodTotalRatio": {f"{name}ServiceFilter": ratio[name] for name in ("good", "bad", "total")}}


def _cut(cut: Mapping[str, Any], text_field: str) -> dict[str, Any]:
    return {text_field: cut["filter"], "range": {"min": cut["min"], "max": cut["max"]}}


def _requests(metric: str, service: str) -> str:
    name = service.rpartition("/")[2]
    where = f'resource.type="cloud_run_revision" AND resource.label.service_name="{name}"'
    return f'metric.type="{_RUN}/{metric}" AND {where}'


def _indicator(thing: Thing, _world: World) -> Any:
    slo = thing.fields
    if slo["availability"]:
        total = _requests("request_count", slo["availability"])
        bad = f'{total} AND metric.label.response_code_class="5xx"'
        declared: dict[str, Any] = {"requestBased": _ratio({"good": None, "bad": bad, "total": total})}
    elif slo["latency"]:
        within = {"filter": _requests("request_latencies", slo["latency"]["service"]), "min": None}
        cut = _cut({**within, "max": slo["latency"]["milliseconds"]}, "distributionFilter")
        declared = {"requestBased": {"distributionCut": cut}}
    elif slo["ratio"]:
        declared = {"requestBased": _ratio(slo["ratio"])}
    elif slo["distribution"]:
        declared = {"requestBased": {"distributionCut": _cut(slo["distribution"], "distributionFilter")}}
    else:
        declared = {"windowsBased": _windows(slo["windows"])}
    return declared


def _windows(windows: Mapping[str, Any]) -> dict[str, Any]:
    declared: dict[str, Any] = {"windowPeriod": windows["period"], "goodBadMetricFilter": windows["good_bad_filter"]}
    for name, api in (("mean_in_range", "metricMeanInRange"), ("sum_in_range", "metricSumInRange")):
        if windows[name]:
            declared[api] = _cut(windows[name], "timeSeries")
    if windows["ratio"]:
        threshold = {"threshold": windows["ratio_threshold"], "performance": _ratio(windows["ratio"])}
        declared["goodTotalRatioThreshold"] = threshold
    return declared


def _rolling(thing: Thing, _world: World) -> str | None:
    days = thing.fields["rolling_days"]
    return f"{days * _DAY}s" if days else None


SLOS = Kind(
    name="slos",
    noun="objective",
    document=Read("monitoring", "v3/{name}", "monitoring.slos.get"),
    resource=lambda place, _fields: (
        f"projects/{place.project}/services/{place.key.replace('.', '/serviceLevelObjectives/')}"
    ),
    settings=(
        Setting(
            "display_name",
            "displayName",
            normal=text,
            declared=lambda thing, _world: thing.fields["display_name"] or thing.place.key.partition(".")[2],
        ),
        Setting("goal", "goal"),
        Setting("rolling_days", "rollingPeriod", normal=duration, declared=_rolling),
        Setting("calendar_period", "calendarPeriod", normal=text),
        Setting(
            "indicator",
            "serviceLevelIndicator",
            normal=_plain,
            declared=_indicator,
            says="availability, latency, ratio, distribution or windows, in full",
        ),
        USER_LABELS,
    ),
    things=_slos,
    unchecked={
        **dict.fromkeys(("availability", "latency", "ratio", "distribution", "windows"), "part of indicator"),
        "burn_alerts": "a kind of their own",
    },
)


def _burn_alerts(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for slo in _slos(SLOS, environment):
        burn = slo.fields["burn_alerts"]
        for speed in _RATES if burn else ():
            name = f"{slo.place.key.replace('.', '/')} burns its error budget: {speed}"
            fields = {**burn, "display_name": name, "speed": speed}
            place = Place(slo.place.project, slo.place.region, slo.place.subproject, f"{slo.place.key}.{speed}")
            own = {**environment.tfvars["labels"], "subproject": place.subproject}
            path = (*slo.path, "burn_alerts")
            yield Thing(kind, place, ALERT_POLICIES.resource(place, fields), fields, path, own)


BURN_ALERTS = Kind(
    name="burn_alerts",
    noun="burn-rate alert",
    document=ALERT_LIST,
    resource=ALERT_POLICIES.resource,
    settings=(
        Setting(
            "rates",
            "conditions.conditionThreshold.thresholdValue",
            declared=lambda thing, _world: _RATES[thing.fields["speed"]],
            found=lambda policy: [dig(c, "conditionThreshold.thresholdValue") for c in policy.get("conditions") or []],
            says="14.4 twice where it is fast, 6 twice where it is slow",
        ),
        Setting("channels", "notificationChannels", normal=unordered, declared=channel_names),
        Setting("runbook", "documentation.links.0.url", normal=text),
        ENABLED,
        USER_LABELS,
    ),
    things=_burn_alerts,
    select=by_name("alertPolicies"),
)
