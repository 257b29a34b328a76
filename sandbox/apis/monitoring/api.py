"""Cloud Monitoring v3, its configuration: channels, alerts, uptime checks, services with SLOs; v1: dashboards.

They are stored and checked. What is measured is in `series` and `metrics`; nothing alerts.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.monitoring import alerts, basics, groups, metrics, scopes, series, uptime
from sandbox.apis.monitoring import slos as monitoring_slos
from sandbox.control import operations
from sandbox.control.collection import Collection, etag
from sandbox.control.context import Call
from sandbox.control.errors import aborted, failed_precondition, invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

# Each kind of channel with the labels that it needs; those that end with a * are secrets.
_CHANNELS: dict[str, tuple[str, ...]] = {
    "email": ("email_address",),
    "sms": ("number",),
    "pubsub": ("topic",),
    "slack": ("channel_name", "auth_token*"),
    "pagerduty": ("service_key*",),
    "webhook_tokenauth": ("url",),
    "webhook_basicauth": ("url", "username", "password*"),
    "google_chat": ("space",),
}
_SECRET = {"auth_token", "service_key", "password"}
_LAYOUTS = ("gridLayout", "mosaicLayout", "rowLayout", "columnLayout")


def _record(resource: Resource, call: Call) -> dict[str, str]:
    return {"mutateTime": call.control.now()}


def _records(resource: Resource, call: Call) -> list[dict[str, str]]:
    return [_record(resource, call)]


channels = Collection(
    path="v3/projects/{project}/notificationChannels/{channel}",
    noun="NotificationChannel",
    id_required=False,
    mask="replace",
    required=("type",),
    defaults={"enabled": True},
    output_only=("verificationStatus",),
    on_create_set={"creationRecord": _record},
    on_update_set={"mutationRecords": _records},
    labels=("userLabels",),
)
policies = Collection(
    path="v3/projects/{project}/alertPolicies/{policy}",
    noun="AlertPolicy",
    id_required=False,
    mask="replace",
    required=("displayName", "combiner", "conditions"),
    defaults={"enabled": True},
    on_create_set={"creationRecord": _record},
    on_update_set={"mutationRecord": _record},
    labels=("userLabels",),
    enums={
        "combiner": ("COMBINE_UNSPECIFIED", "AND", "OR", "AND_WITH_MATCHING_RESOURCE"),
        "severity": ("SEVERITY_UNSPECIFIED", "CRITICAL", "ERROR", "WARNING"),
    },
)
uptime_checks = Collection(
    path="v3/projects/{project}/uptimeCheckConfigs/{check}",
    noun="UptimeCheckConfig",
    id_required=False,
    mask="replace",
    required=("displayName",),
    defaults={"period": "300s", "checkerType": "STATIC_IP_CHECKERS"},
    immutable=("monitoredResource", "checkerType"),
    labels=("userLabels",),
)
services = Collection(
    path="v3/projects/{project}/services/{service}",
    id_rule=r"[a-z0-9-]{1,63}",
    id_message="It must be 1 to 63 lowercase letters, digits or hyphens.",
    id_param="serviceId",
    id_required=False,
    labels=("userLabels",),
)
slos = Collection(
    path="v3/projects/{project}/services/{service}/serviceLevelObjectives/{slo}",
    noun="ServiceLevelObjective",
    id_rule=r"[a-z0-9-]{1,63}",
    id_message="It must be 1 to 63 lowercase letters, digits or hyphens.",
    id_param="serviceLevelObjectiveId",
    id_required=False,
    required=("goal", "serviceLevelIndicator"),
    parents=[services],
    labels=("userLabels",),
)
dashboards = Collection(
    path="v1/projects/{project}/dashboards/{dashboard}",
    id_required=False,
    id_rule=r"[A-Za-z0-9_.-]{1,100}",
    mask="replace",
    required=("displayName",),
    on_update_set={"etag": etag},
)

API = Api(
    "monitoring.googleapis.com",
    "monitoring",
    [
        channels,
        policies,
        uptime_checks,
        services,
        slos,
        dashboards,
        groups.groups,
        groups.snoozes,
    ],
    [*metrics.ROUTES, *series.ROUTES, *groups.ROUTES, *scopes.ROUTES, *operations.routes("v1")],
    start=series.start,
)


@channels.on_create
async def check_channel(channel: Resource, call: Call) -> None:
    """A kind that there is, with its labels."""
    _channel(channel.document)


@channels.on_update
async def recheck_channel(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; the kind stays."""
    if new.document.get("type") != old.document["type"]:
        raise invalid_argument("The type of a channel can't be changed.", {"notification_channel.type": "immutable"})
    _channel(new.document)


def _channel(document: dict[str, Any]) -> None:
    kind, labels = str(document.get("type", "")), document.get("labels") or {}
    if kind not in _CHANNELS:
        raise invalid_argument(
            f"Unrecognized channel type '{kind}'; known here are {', '.join(_CHANNELS)}.",
            {"notification_channel.type": "unknown"},
        )
    needed = {label.rstrip("*") for label in _CHANNELS[kind]}
    missing = sorted(needed - {key for key, value in labels.items() if value})
    unknown = sorted(set(labels) - needed)
    if missing or unknown:
        said = [f"missing {name}" for name in missing] + [f"unknown {name}" for name in unknown]
        raise invalid_argument(
            f"The labels of a channel of type {kind} are {', '.join(sorted(needed))}: {', '.join(said)}.",
            {"notification_channel.labels": ", ".join(said)},
        )


@channels.shown_by
def without_secrets(channel: Resource, call: Call) -> dict[str, Any]:
    """Secrets are told in part only, as Google does."""
    labels = channel.document.get("labels") or {}
    hidden = {key: "*" * 8 + value[-4:] if key in _SECRET else value for key, value in labels.items()}
    return {**channel.document, "labels": hidden} if hidden else channel.document


@channels.on_delete
async def unused(channel: Resource, call: Call) -> None:
    """A channel that an alert notifies stays, unless it is forced."""
    project = channel.name.rpartition("/notificationChannels/")[0]
    for policy in call.store.select(policies.key, project):
        used = policy.document.get("notificationChannels") or []
        if channel.name not in used:
            continue
        if not call.flag("force"):
            raise failed_precondition(f"Cannot delete {channel.name}: the alert policy {policy.name} notifies it.")
        policy.document["notificationChannels"] = [name for name in used if name != channel.name]
        call.store.put(policy)


@policies.on_create
async def check_policy(policy: Resource, call: Call) -> None:
    """Checked; its conditions get names."""
    _policy(policy, call)


@policies.on_update
async def recheck_policy(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; conditions keep their names by what they are called."""
    known = {condition["displayName"]: condition["name"] for condition in old.document["conditions"]}
    for condition in new.document.get("conditions") or []:
        if "name" not in condition and condition.get("displayName") in known:
            condition["name"] = known[condition["displayName"]]
    _policy(new, call)


def _policy(policy: Resource, call: Call) -> None:
    alerts.check(policy.document)
    for at, name in enumerate(policy.document.get("notificationChannels") or []):
        if channels.find(call.control, str(name)) is None:
            text = f'Field alert_policy.notification_channels[{at}] had an invalid value of "{name}": no such channel.'
            raise invalid_argument(text, {f"alert_policy.notification_channels[{at}]": "not found"})
    for condition in policy.document["conditions"]:
        condition.setdefault("name", f"{policy.name}/conditions/{call.control.hex(20)}")


@uptime_checks.on_create
async def check_uptime(check: Resource, call: Call) -> None:
    """Checked, with what the server fills in."""
    uptime.complete(check.document, call.project)


@uptime_checks.on_update
async def recheck_uptime(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    uptime.complete(new.document, call.project)


@uptime_checks.on_delete
async def unwatched(check: Resource, call: Call) -> None:
    """A check that an alert looks at stays."""
    project = check.name.rpartition("/uptimeCheckConfigs/")[0]
    for policy in call.store.select(policies.key, project):
        if check.id in str(policy.document["conditions"]):
            raise failed_precondition(f"Cannot delete {check.name}: the alert policy {policy.name} looks at it.")


@services.on_create
async def check_service(service: Resource, call: Call) -> None:
    """One of one's own, or a basic one of a known kind."""
    basics.complete(service.document, call.project)


@services.on_update
async def recheck_service(old: Resource, new: Resource, call: Call) -> None:
    """Of the kind that it was."""
    before, after = basics.kind(old.document), basics.kind(new.document)
    if before != after or ("custom" in old.document) != ("custom" in new.document):
        raise invalid_argument("The kind of a service can't be changed.", {"service.identifier": "immutable"})
    basics.complete(new.document, call.project)


@slos.on_create
async def check_slo(slo: Resource, call: Call) -> None:
    """By what its service is."""
    service = services.must(call.control, slo.parent)
    monitoring_slos.check(slo.document, basics.kind(service.document))


@slos.on_update
async def recheck_slo(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    await check_slo(new, call)


@dashboards.on_create
async def check_dashboard(dashboard: Resource, call: Call) -> None:
    """One layout."""
    _dashboard(dashboard.document)


@dashboards.on_update
async def recheck_dashboard(old: Resource, new: Resource, call: Call) -> None:
    """The whole document, with the etag that was read."""
    if not call.body().get("etag"):
        raise aborted("The etag of the dashboard is missing from the request.")
    _dashboard(new.document)


def _dashboard(document: dict[str, Any]) -> None:
    layouts = [layout for layout in _LAYOUTS if layout in document]
    if len(layouts) != 1:
        raise invalid_argument(f"A dashboard has one layout: {', '.join(_LAYOUTS)}.", {"dashboard.layout": "one"})
    for tile in (document.get("mosaicLayout") or {}).get("tiles") or []:
        for position in ("xPos", "yPos"):  # zeros are told by nothing
            if tile.get(position) == 0:
                del tile[position]
    unknown = set(document) - {"name", "displayName", "etag", "dashboardFilters", "labels", "annotations", *layouts}
    if unknown:
        listed = ", ".join(sorted(unknown))
        raise invalid_argument(f"Invalid JSON payload received. Unknown name \"{listed}\" at 'dashboard'.")
