"""Cloud Monitoring: names that the server makes, dashboards as JSON, sensitive labels, periods of SLOs in days."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.flatten import with_zeros
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import document_of, fill
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_CHANNEL = "google_monitoring_notification_channel"
_DASHBOARD = "google_monitoring_dashboard"
_SERVICE = "google_monitoring_custom_service"
_SLO = "google_monitoring_slo"
_UPTIME = "google_monitoring_uptime_check_config"
_POLICY = "google_monitoring_alert_policy"
_GROUP = "google_monitoring_group"
_DESCRIPTOR = "google_monitoring_metric_descriptor"
_NAMED = (_CHANNEL, _SERVICE, _SLO, _UPTIME, _POLICY, _GROUP, _DESCRIPTOR)
_SENSITIVE = ("auth_token", "service_key", "password")
_DAY = 86_400


@hook("create", *_NAMED)
async def create(ctx: Context) -> None:
    """Create; the server makes the name, or completes it."""
    url = ctx.kind.calls["create"].url
    for name in ("service_id", "slo_id"):
        if ctx.planned.get(name) in (None, UNKNOWN):
            url = url.partition("?")[0] if f"{{{name}}}" in url else url
    document = await _send(ctx, "POST", ctx.kind.base + fill(url, ctx.planned))
    ctx.planned["name"] = ctx.planned["id"] = document["name"]


async def _send(ctx: Context, method: str, url: str) -> Json:
    return dict(await ctx.api.call(method, url, document_of(ctx)))


@hook("identify", *_NAMED)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name, after the project if it is given too; what was given stays the id."""
    project, _, name = given.rpartition(" ")
    if not name:
        raise refusal(given, ["{project} {name}", "{name}"])
    known = {"name": name, "id": given, "project": project or settings.project}
    if match := re.fullmatch(r"projects/([^/]+)/services/([^/]+)(?:/serviceLevelObjectives/[^/]+)?", name):
        known["project"] = match[1]
    return known


@hook("flatten", _SERVICE, _SLO, _UPTIME)
def short_ids(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The id at the end of the name, and a label that only says what the project is."""
    short = str(document["name"]).rpartition("/")[2]
    state[{_SERVICE: "service_id", _SLO: "slo_id", _UPTIME: "uptime_check_id"}[ctx.kind.name]] = short
    return state


@hook("expand", _SERVICE)
def custom(ctx: Context, document: Json) -> Json:
    """Only services of one's own can be made."""
    return {**document, "custom": {}}


@hook("expand", _SLO)
def days_as_seconds(ctx: Context, document: Json) -> Json:
    """The period in seconds, and availability without Terraform's own switch."""
    if days := document.get("rollingPeriod"):
        document["rollingPeriod"] = f"{int(days) * _DAY}s"
    for sli in _basic(document):
        if "availability" in sli:
            sli["availability"] = {}
    return document


@hook("read", _SLO)
async def seconds_as_days(ctx: Context) -> Json | None:
    """The SLO, its period in days."""
    document: Json | None = await ctx.api.get(f"{ctx.kind.base}v3/{ctx.planned['name']}")
    if document is not None:
        if period := document.get("rollingPeriod"):
            document["rollingPeriod"] = int(float(period.removesuffix("s"))) // _DAY
        for sli in _basic(document):
            if "availability" in sli:
                sli["availability"] = {"enabled": True}
    return document


def _basic(document: Json) -> list[Json]:
    indicator = document.get("serviceLevelIndicator") or {}
    windows = (indicator.get("windowsBased") or {}).get("goodTotalRatioThreshold") or {}
    return [sli for sli in (indicator.get("basicSli"), windows.get("basicSliPerformance")) if sli]


@hook("expand", _CHANNEL)
def with_secrets(ctx: Context, document: Json) -> Json:
    """Sensitive labels go with the others; those that are only written come from the configuration."""
    configured = (ctx.config.get("sensitive_labels") or [{}])[0]
    labels = dict(document.get("labels") or {})
    for name in _SENSITIVE:
        value = configured.get(name) or configured.get(f"{name}_wo")
        if value and value is not UNKNOWN:
            labels[name] = value
    document.pop("sensitiveLabels", None)
    document["labels"] = labels
    return document


@hook("flatten", _CHANNEL)
def without_secrets(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Sensitive labels, which the API only tells in part, stay as they were written."""
    fields = ctx.kind.fields["sensitive_labels"].fields
    state["sensitive_labels"] = [with_zeros(fields, one) for one in ctx.planned.get("sensitive_labels") or []]
    labels = state.get("labels")
    if labels:
        own = ctx.planned.get("labels") or {}
        if state["sensitive_labels"]:
            labels = {key: value for key, value in labels.items() if key not in _SENSITIVE}
        state["labels"] = {key: own.get(key, value) if key in _SENSITIVE else value for key, value in labels.items()}
    return state


@hook("plan", _DASHBOARD)
def normal_json(ctx: Context) -> None:
    """Dashboards are kept as JSON without blanks, its keys in order."""
    ctx.planned["dashboard_json"] = _normal(ctx.planned.get("dashboard_json"))


def _normal(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return _written(json.loads(text))
    except ValueError:
        return text


def _written(document: Any) -> str:
    """As Go writes JSON, which is what the real provider keeps."""
    text = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@hook("create", _DASHBOARD)
async def create_dashboard(ctx: Context) -> None:
    """The text is the document."""
    url = fill("monitoring/v1/projects/{project}/dashboards", ctx.planned)
    made = await ctx.api.call("POST", f"/{url}", json.loads(ctx.planned["dashboard_json"]))
    ctx.planned["id"] = made["name"]


@hook("read", _DASHBOARD)
async def read_dashboard(ctx: Context) -> Json | None:
    """The document."""
    document: Json | None = await ctx.api.get(f"/monitoring/v1/{ctx.planned['id']}")
    return document


@hook("flatten", _DASHBOARD)
def as_text(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """All of it, with the name and the etag that the server adds."""
    return {**state, "dashboard_json": _written(document), "project": str(document["name"]).split("/")[1]}


@hook("update", _DASHBOARD)
async def update_dashboard(ctx: Context) -> None:
    """The whole document, with the etag that was read."""
    if ctx.changed("dashboard_json"):
        before, after = json.loads((ctx.prior or {})["dashboard_json"]), json.loads(ctx.planned["dashboard_json"])
        await ctx.api.call("PATCH", f"/monitoring/v1/{ctx.planned['id']}", {**after, "etag": before.get("etag")})


@hook("delete", _DASHBOARD)
async def delete_dashboard(ctx: Context) -> None:
    """By its name."""
    await ctx.api.call("DELETE", f"/monitoring/v1/{ctx.planned['id']}")


@hook("identify", _DASHBOARD)
def identify_dashboard(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name, or by the id in the provider's project."""
    name = given if "/" in given else f"projects/{settings.project}/dashboards/{given}"
    if not re.fullmatch(r"projects/[^/]+/dashboards/[^/]+", name):
        raise refusal(given, ["projects/{project}/dashboards/{id}", "{id}"])
    return {"id": name, "project": name.split("/")[1]}
