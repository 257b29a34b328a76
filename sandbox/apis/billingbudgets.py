"""Cloud Billing Budgets v1: budgets of a billing account. They are stored and checked; nothing is spent here."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import projects
from sandbox.control.collection import Collection, etag
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_ACCOUNT = re.compile(r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_OF_ACCOUNTS = "USD"
"""What a budget is in that names none: a billing account here has no currency of its own."""
_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")
_CHANNEL = re.compile(r"projects/[^/]+/notificationChannels/[^/]+")
_BASES = ("BASIS_UNSPECIFIED", "CURRENT_SPEND", "FORECASTED_SPEND")
_MOST_CHANNELS = 5

budgets = Collection(
    path="v1/billingAccounts/{account}/budgets/{budget}",
    id_required=False,
    mask="replace",
    required=("amount",),
    on_update_set={"etag": etag},
    labels=(),
    enums={
        "thresholdRules.spendBasis": _BASES,
        "budgetFilter.creditTypesTreatment": (
            "CREDIT_TYPES_TREATMENT_UNSPECIFIED",
            "INCLUDE_ALL_CREDITS",
            "EXCLUDE_ALL_CREDITS",
            "INCLUDE_SPECIFIED_CREDITS",
        ),
        "budgetFilter.calendarPeriod": ("CALENDAR_PERIOD_UNSPECIFIED", "MONTH", "QUARTER", "YEAR"),
    },
)

API = Api("billingbudgets.googleapis.com", "billingbudgets", [budgets])


@budgets.on_create
async def check(budget: Resource, call: Call) -> None:
    """Checked, with what the server fills in."""
    account = budget.name.split("/")[1]
    if not _ACCOUNT.fullmatch(account):
        raise invalid_argument(
            f"Billing account {account} is not of the form XXXXXX-XXXXXX-XXXXXX.", {"parent": "form"}
        )
    _complete(budget.document, call)


@budgets.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _complete(new.document, call)


def _complete(document: dict[str, Any], call: Call) -> None:
    _amount(document["amount"])
    _filter(document.setdefault("budgetFilter", {}), call)
    for rule in document.get("thresholdRules") or []:
        if not isinstance(rule.get("thresholdPercent", 0), int | float) or rule.get("thresholdPercent", 0) < 0:
            raise invalid_argument(
                "Request contains an invalid threshold percent.",
                {"budget.threshold_rules.threshold_percent": "negative"},
            )
        rule.setdefault("spendBasis", "CURRENT_SPEND")
    _notifications(document.setdefault("notificationsRule", {}))


def _amount(amount: dict[str, Any]) -> None:
    if ("specifiedAmount" in amount) == ("lastPeriodAmount" in amount):
        raise invalid_argument("A budget has a specified amount or last period's.", {"budget.amount": "one of two"})
    if money := amount.get("specifiedAmount"):
        money.setdefault("currencyCode", _CURRENCY_OF_ACCOUNTS)
        if not _CURRENCY.fullmatch(str(money.get("currencyCode", ""))):
            raise invalid_argument(
                "The currency of a budget is that of its billing account, as in ISO 4217.",
                {"budget.amount.specified_amount.currency_code": "not a currency"},
            )
        units = str(money.get("units", "0"))
        if not units.isdigit():
            raise invalid_argument(
                "Units are a whole number.", {"budget.amount.specified_amount.units": "not a number"}
            )
        money["units"] = units


def _filter(budget_filter: dict[str, Any], call: Call) -> None:
    """Projects are told by their numbers, however they were given."""
    named = [str(name) for name in budget_filter.get("projects") or []]
    for name in named:
        if not re.fullmatch(r"projects/[^/]+", name):
            raise invalid_argument(f"{name} is not projects/PROJECT.", {"budget.budget_filter.projects": "form"})
    if named:
        budget_filter["projects"] = [f"projects/{_number(name.partition('/')[2], call)}" for name in named]
    for values in (budget_filter.get("labels") or {}).values():
        if not isinstance(values, list) or len(values) != 1:
            raise invalid_argument("A label of the filter has one value.", {"budget.budget_filter.labels": "one value"})
    budget_filter.setdefault("creditTypesTreatment", "INCLUDE_ALL_CREDITS")
    if "customPeriod" not in budget_filter:
        budget_filter.setdefault("calendarPeriod", "MONTH")


def _number(project: str, call: Call) -> str:
    return (
        project if project.isdigit() else projects.number(call.control.projects.resolve(project, call.control.clock()))
    )


def _notifications(rule: dict[str, Any]) -> None:
    topic, channels = rule.get("pubsubTopic"), rule.get("monitoringNotificationChannels") or []
    if topic and not _TOPIC.fullmatch(str(topic)):
        raise invalid_argument(f"{topic} is not a topic.", {"budget.notifications_rule.pubsub_topic": "form"})
    if len(channels) > _MOST_CHANNELS or not all(_CHANNEL.fullmatch(str(channel)) for channel in channels):
        raise invalid_argument(
            "A budget notifies at most five channels, each projects/PROJECT/notificationChannels/ID.",
            {"budget.notifications_rule.monitoring_notification_channels": "form"},
        )
    if topic or channels:
        rule.setdefault("schemaVersion", "1.0")
