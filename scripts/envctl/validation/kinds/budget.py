"""The budget of the billing account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing
from envctl.validation.normal import dig, flag, number, text, unordered

from .monitoring import channel_names


def _things(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    if values["budget"]:
        fields = {**values["budget"], "display_name": values["budget"]["display_name"] or values["project_id"]}
        place = Place(values["project_id"], values["region"], "project", fields["billing_account"])
        yield Thing(kind, place, kind.resource(place, fields), fields, ("budget",))


def _select(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = thing.fields["display_name"]
    return next((dict(one) for one in answer["budgets"] if one.get("displayName") == wanted), None)


BUDGET = Kind(
    name="budget",
    noun="budget",
    document=Read("billingbudgets", "v1/billingAccounts/{key}/budgets", "billing.budgets.list", items="budgets"),
    resource=lambda place, fields: f"billingAccounts/{place.key}/budgets/{fields['display_name']}",
    settings=(
        Setting("amount", "amount.specifiedAmount.units", normal=number),
        Setting("currency", "amount.specifiedAmount.currencyCode", normal=text),
        Setting(
            "labels",
            "budgetFilter.labels",
            found=lambda budget: {k: v[0] for k, v in (dig(budget, "budgetFilter.labels") or {}).items()},
        ),
        Setting(
            "thresholds",
            "thresholdRules",
            normal=unordered,
            declared=lambda thing, _world: [
                [rule["percent"] / 100, rule["basis"]] for rule in thing.fields["thresholds"]
            ],
            found=lambda budget: [
                [rule.get("thresholdPercent", 0), rule.get("spendBasis", "CURRENT_SPEND")]
                for rule in budget.get("thresholdRules") or []
            ],
        ),
        Setting("topic", "notificationsRule.pubsubTopic", normal=text),
        Setting(
            "channels", "notificationsRule.monitoringNotificationChannels", normal=unordered, declared=channel_names
        ),
        Setting(
            "default_recipients",
            "notificationsRule.disableDefaultIamRecipients",
            normal=flag,
            declared=lambda thing, _world: not thing.fields["default_recipients"],
            when=lambda fields: fields["topic"] is not None or bool(fields["channels"]),
        ),
    ),
    things=_things,
    select=_select,
    unchecked={"display_name": "what it is found by", "billing_account": "where it is looked for"},
)
