"""Budgets: named by the server, and labels that are lists of one value in the API."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_BUDGET = "google_billing_budget"


@hook("create", _BUDGET)
async def create(ctx: Context) -> None:
    """Create; the server makes the name."""
    made = await ctx.api.call("POST", ctx.kind.base + fill(ctx.kind.calls["create"].url, ctx.planned), document_of(ctx))
    ctx.planned["name"] = str(made["name"]).rpartition("/")[2]
    ctx.planned["id"] = made["name"]
    if not isinstance(ctx.planned.get("deletion_policy"), str):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy


@hook("expand", _BUDGET)
def as_documents(ctx: Context, document: Json) -> Json:
    """One value a label, as a list; last period's amount is an empty message."""
    amount = document.get("amount") or {}
    if amount.pop("lastPeriodAmount", False):
        amount["lastPeriodAmount"] = {}
    budget_filter = document.get("budgetFilter") or {}
    if labels := budget_filter.get("labels"):
        budget_filter["labels"] = {key: [value] for key, value in labels.items()}
    return document


@hook("read", _BUDGET)
async def as_arguments(ctx: Context) -> Json | None:
    """Labels with their one value, last period's amount as a yes."""
    document: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    amount = (document or {}).get("amount") or {}
    if amount.get("lastPeriodAmount") is not None:
        amount["lastPeriodAmount"] = True
    labels = ((document or {}).get("budgetFilter") or {}).get("labels") or {}
    for key, values in labels.items():
        labels[key] = values[0] if isinstance(values, list) and values else ""
    return document


@hook("flatten", _BUDGET)
def short_name(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The id at the end of the name."""
    state["name"] = str(document["name"]).rpartition("/")[2]
    return state
