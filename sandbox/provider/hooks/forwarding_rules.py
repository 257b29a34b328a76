"""Forwarding rules, global and regional: what their targets and labels need."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import NETWORKS, SUBNETWORKS, completed, set_labels, short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.labels import ATTRIBUTION
from sandbox.provider.resource import fill

_GLOBAL, _REGIONAL = "google_compute_global_forwarding_rule", "google_compute_forwarding_rule"
_RULES = (_GLOBAL, _REGIONAL)
_ATTACHMENTS = "/serviceAttachments/"


@hook("plan", *_RULES)
def plan(ctx: Context) -> None:
    """The provider puts no label of its own on a forwarding rule; without labels they are the server's to tell."""
    mine = ctx.planned.get("labels") or {}
    for name in ("terraform_labels", "effective_labels"):
        known = ctx.planned.get(name)
        if isinstance(known, dict):
            kept = {key: value for key, value in known.items() if key != ATTRIBUTION or key in mine}
            ctx.planned[name] = kept if kept or ctx.prior is not None else UNKNOWN
    if ctx.kind.name == _REGIONAL and ctx.prior is not None:
        old, new = str(ctx.prior.get("target") or ""), str(ctx.planned.get("target") or "")
        if ctx.changed("target") and _ATTACHMENTS in old and _ATTACHMENTS in new:
            ctx.replace.append(("target",))
        if ctx.changed("allow_global_access") and ctx.planned.get("load_balancing_scheme") == "INTERNAL_MANAGED":
            ctx.replace.append(("allow_global_access",))


@hook("expand", _REGIONAL)
def in_full(ctx: Context, document: Json) -> Json:
    """Links in full; what an endpoint is labelled comes after it is made."""
    document.pop("region", None)
    completed(ctx, document, {"network": NETWORKS, "subnetwork": SUBNETWORKS})
    project, region = (str(ctx.planned.get(name)).rpartition("/")[2] for name in ("project", "region"))
    for name in ("target", "backendService"):
        if isinstance(value := document.get(name), str) and not value.startswith(("https://", "projects/")):
            place = f"projects/{project}/" + ("" if value.startswith(("regions/", "zones/")) else f"regions/{region}/")
            document[name] = place + value
    if _ATTACHMENTS in str(document.get("target") or ""):
        document.pop("labels", None)
    return document


@hook("expand", _GLOBAL)
def network_in_full(ctx: Context, document: Json) -> Json:
    """The network by its short name too."""
    return completed(ctx, document, {"network": NETWORKS})


@hook("after_create", _REGIONAL)
async def label(ctx: Context) -> None:
    """Labels of an endpoint."""
    labels = ctx.planned.get("effective_labels")
    if _ATTACHMENTS in str(ctx.planned.get("target") or "") and labels and labels is not UNKNOWN:
        await set_labels(ctx, fill(ctx.kind.id, ctx.planned), labels)


@hook("flatten", _REGIONAL)
def state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


@hook("update", *_RULES)
async def update(ctx: Context) -> None:
    """Target, labels and who may reach it, by a call each."""
    url = fill(ctx.kind.id, ctx.planned)
    if ctx.changed("effective_labels"):
        await set_labels(ctx, url, ctx.planned["effective_labels"])
    if ctx.changed("target"):
        target = ctx.planned["target"]
        if ctx.kind.name == _REGIONAL:
            target = in_full(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config)).get("target")
        await waited(ctx, "POST", url + "/setTarget", {"target": target})
    for name, field in (
        ("allow_global_access", "allowGlobalAccess"),
        ("allow_psc_global_access", "allowPscGlobalAccess"),
    ):
        if ctx.changed(name):
            await waited(ctx, "PATCH", url, {field: bool(ctx.planned[name])})
