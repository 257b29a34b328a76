"""Notification channels, alert policies and uptime checks.

Google makes their names, so each is found by what it is called and by the subproject among its labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from envctl.validation.model import (
    Environment,
    Kind,
    Place,
    Read,
    Setting,
    Thing,
    World,
    always,
    declared_things,
)
from envctl.validation.normal import dig, duration, flag, labels, mapping, number, text, unordered

USER_LABELS = Setting(
    "labels",
    "userLabels",
    normal=labels,
    declared=lambda thing, _world: dict(thing.labels),
    says="its own, its subproject's and the environment's, and no other but those that begin with goog-",
)
ENABLED = Setting(
    "enabled", "enabled", normal=lambda value: value is not False, declared=always(True), says="switched on"
)
Found = Mapping[str, Any]


def by_name(items: str) -> Callable[[Thing, Found], Found | None]:
    """Selects what is called like the thing, of the same subproject."""

    def select(thing: Thing, answer: Found) -> Found | None:
        wanted, subproject = thing.fields["display_name"], thing.labels.get("subproject")
        for item in answer.get(items) or []:
            if item.get("displayName") == wanted and dig(item, "userLabels.subproject") == subproject:
                return dict(item)
        return None

    return select


def channel_names(thing: Thing, world: World, field: str = "channels") -> list[str]:
    """The names that Google gave the channels that a thing tells."""
    return [world.server_name(f"project/notification_channels/{key}") for key in thing.fields[field]]


# Channels

_LABEL = {"email": "email_address", "sms": "number", "topic": "topic", "google_chat": "space"}
_TYPE = {"email": "email", "sms": "sms", "topic": "pubsub", "google_chat": "google_chat"}


def _channels(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    for key, fields in values["notification_channels"].items():
        place = Place(values["project_id"], values["region"], "project", key)
        own = {**values["labels"], **fields["labels"]}
        named = {**fields, "display_name": fields["display_name"] or key}
        yield Thing(kind, place, kind.resource(place, named), named, ("notification_channels", key), own)


def _channel(thing: Thing, answer: Found) -> Found | None:
    if thing.fields["existing"]:
        return next((c for c in answer["notificationChannels"] if c.get("name") == thing.fields["existing"]), None)
    return by_name("notificationChannels")(thing, answer)


def _leads(label: str) -> Setting:
    return Setting(
        label,
        f"labels.{_LABEL[label]}",
        normal=text,
        when=lambda fields: fields[label] is not None,
        says=f"where a channel of type {_TYPE[label]} leads",
    )


NOTIFICATION_CHANNELS = Kind(
    name="notification_channels",
    noun="notification channel",
    document=Read(
        "monitoring",
        "v3/projects/{project}/notificationChannels",
        "monitoring.notificationChannels.list",
        items="notificationChannels",
    ),
    resource=lambda place, fields: str(
        fields["existing"] or f"projects/{place.project}/notificationChannels/{fields['display_name']}"
    ),
    settings=(
        *(_leads(label) for label in _LABEL),
        ENABLED,
        Setting(
            "labels",
            "userLabels",
            normal=labels,
            declared=lambda thing, _world: dict(thing.labels),
            when=lambda fields: fields["existing"] is None,
            says="its own and the environment's, and no other but those that begin with goog-",
        ),
    ),
    things=_channels,
    select=_channel,
    unchecked={"display_name": "what it is found by", "existing": "what it is found by"},
)


# Alerts

_KINDS = {
    "threshold": "conditionThreshold",
    "absent": "conditionAbsent",
    "log_match": "conditionMatchedLog",
    "promql": "conditionPrometheusQueryLanguage",
}
_API = {"value": "thresholdValue", "trigger_count": "trigger.count", "missing_data": "evaluationMissingData"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    """Fields as the API names them, without what says nothing."""
    if isinstance(value, Mapping):
        cleaned = {_API.get(key, _camel(key)): _plain(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in (None, "", [], {}, 0)}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return duration(value) if isinstance(value, str) and value[-1:] == "s" and value[:-1].isdigit() else value


def _condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    """A declared condition in the form of the API's."""
    if undelivered := condition["undelivered"]:
        metric, kind = "pubsub.googleapis.com/subscription/num_undelivered_messages", "pubsub_subscription"
        where = f'resource.label.subscription_id="{undelivered["subscription"]}"'
        body: dict[str, Any] = {
            "filter": f'metric.type="{metric}" AND resource.type="{kind}" AND {where}',
            "comparison": "COMPARISON_GT",
            "value": undelivered["more_than"],
            "duration": undelivered["duration"],
            "aggregations": [{"alignment_period": "60s", "per_series_aligner": "ALIGN_MAX"}],
        }
        return {"displayName": condition["name"], "conditionThreshold": _plain(body)}
    (kind,) = [one for one in _KINDS if condition[one]]
    body = {key: value for key, value in condition[kind].items() if key != "trigger_count"}
    # Labels and extractors keep their keys.
    kept = {_camel(key): body.pop(key) for key in ("labels", "label_extractors") if body.get(key)}
    return {"displayName": condition["name"], _KINDS[kind]: {**_plain(body), **kept}}


def _found_condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in condition.items() if key != "name"}
    for kind in _KINDS.values():
        if kind in found:
            body = {key: value for key, value in found[kind].items() if key != "trigger"}
            kept = {key: body.pop(key) for key in ("labels", "labelExtractors") if body.get(key)}
            found[kind] = {**_plain(body), **kept}
    return found


ALERT_LIST = Read(
    "monitoring",
    "v3/projects/{project}/alertPolicies",
    "monitoring.alertPolicies.list",
    items="alertPolicies",
)

ALERT_POLICIES = Kind(
    name="alert_policies",
    noun="alert policy",
    document=ALERT_LIST,
    resource=lambda place, fields: f"projects/{place.project}/alertPolicies/{fields['display_name']}",
    settings=(
        Setting("combiner", "combiner", normal=text),
        Setting("severity", "severity", normal=lambda value: text(value).replace("SEVERITY_UNSPECIFIED", "")),
        Setting(
            "conditions",
            "conditions",
            normal=unordered,
            declared=lambda thing, _world: [_condition(condition) for condition in thing.fields["conditions"]],
            found=lambda policy: [_found_condition(condition) for condition in policy.get("conditions") or []],
            says="each condition in full, but for how many series trigger it",
        ),
        Setting("channels", "notificationChannels", normal=unordered, declared=channel_names),
        Setting("rate_limit", "alertStrategy.notificationRateLimit.period", normal=duration),
        Setting("auto_close", "alertStrategy.autoClose", normal=duration),
        Setting("documentation", "documentation.content", normal=text),
        Setting("runbook", "documentation.links.0.url", normal=text),
        ENABLED,
        USER_LABELS,
    ),
    select=by_name("alertPolicies"),
    unchecked={"display_name": "what it is found by"},
)


# Uptime checks


def _host(thing: Thing, world: World) -> str:
    service = thing.fields["service"]
    if service is None:
        return str(thing.fields["host"])
    return world.service_uri(service).partition("://")[2].partition("/")[0].partition(":")[0]


def _port(thing: Thing, _world: World) -> int:
    return int(thing.fields["port"] or (443 if thing.fields["use_ssl"] else 80))


UPTIME_CHECKS = Kind(
    name="uptime_checks",
    noun="uptime check",
    document=Read(
        "monitoring",
        "v3/projects/{project}/uptimeCheckConfigs",
        "monitoring.uptimeCheckConfigs.list",
        items="uptimeCheckConfigs",
    ),
    resource=lambda place, fields: f"projects/{place.project}/uptimeCheckConfigs/{fields['display_name']}",
    settings=(
        Setting(
            "host",
            "monitoredResource.labels.host",
            normal=text,
            declared=_host,
            says="the host, or that of the service's address",
        ),
        Setting("path", "httpCheck.path", normal=text),
        Setting("port", "httpCheck.port", normal=number, declared=_port),
        Setting("use_ssl", "httpCheck.useSsl", normal=flag),
        Setting(
            "authenticate",
            "httpCheck.serviceAgentAuthentication.type",
            normal=text,
            declared=lambda thing, _world: "OIDC_TOKEN" if thing.fields["authenticate"] else "",
        ),
        Setting("method", "httpCheck.requestMethod", normal=lambda value: text(value) or "GET"),
        Setting("headers", "httpCheck.headers", normal=mapping, hidden=True),
        Setting(
            "status_classes",
            "httpCheck.acceptedResponseStatusCodes",
            normal=unordered,
            found=lambda check: [
                code.get("statusClass") for code in dig(check, "httpCheck.acceptedResponseStatusCodes") or []
            ],
        ),
        Setting("content", "contentMatchers.0.content", normal=text),
        Setting("matcher", "contentMatchers.0.matcher", normal=text, when=lambda fields: fields["content"] is not None),
        Setting("period", "period", normal=duration),
        Setting("timeout", "timeout", normal=duration),
        Setting("regions", "selectedRegions", normal=unordered),
        USER_LABELS,
    ),
    select=by_name("uptimeCheckConfigs"),
    unchecked={
        "display_name": "what it is found by",
        "service": "part of host",
        "body": "may hold a secret, so it isn't read",
        "alert_channels": "a kind of their own: uptime_alerts",
    },
)


def _uptime_alerts(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for check in declared_things(UPTIME_CHECKS, environment):
        if check.fields["alert_channels"]:
            name = f"{check.fields['display_name']} is down"
            fields = {"display_name": name, "channels": check.fields["alert_channels"]}
            resource = ALERT_POLICIES.resource(check.place, fields)
            yield Thing(kind, check.place, resource, fields, (*check.path, "alert_channels"), check.labels)


UPTIME_ALERTS = Kind(
    name="uptime_alerts",
    noun="alert of an uptime check",
    document=ALERT_LIST,
    resource=ALERT_POLICIES.resource,
    settings=(Setting("channels", "notificationChannels", normal=unordered, declared=channel_names), ENABLED),
    things=_uptime_alerts,
    select=by_name("alertPolicies"),
)
