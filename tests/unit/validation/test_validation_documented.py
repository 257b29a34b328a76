"""Every field of the models is compared, or says why it isn't."""

from __future__ import annotations

from typing import get_args, get_origin

import pytest
from envctl.environments.models import Environment, Subproject
from envctl.environments.models.base import Model
from envctl.environments.models.bigquery import Dataset, Table
from envctl.environments.models.budget import Budget
from envctl.environments.models.data_catalog import DataPolicy, PolicyTag
from envctl.environments.models.dns import Record
from envctl.environments.models.github import Github, PlanIdentity
from envctl.environments.models.iam import Iap
from envctl.environments.models.load_balancer import Backend
from envctl.environments.models.network import Network, PrivateServices
from envctl.environments.models.slo import BurnAlerts, SloService
from envctl.environments.models.storage import Bucket
from envctl.validation import documented
from envctl.validation.documented import documented_exemptions
from envctl.validation.kinds import KINDS

# Compared for every kind that has them, by means of their own.
EVERYWHERE = {"grants"}
# No model of their own: they stand among the environment's fields, or are made of another thing's.
OF_THE_PROJECT = {"apis", "project", "uptime_alerts", "github_provider", "github_state"}
# Where kinds stand that are no map of a subproject.
HOLDERS: dict[str, type[Model]] = {
    "tables": Dataset,
    "external_tables": Dataset,
    "views": Dataset,
    "materialized_views": Dataset,
    "routines": Dataset,
    "row_access_policies": Table,
    "managed_folders": Bucket,
    "objects": Bucket,
    "notifications": Bucket,
    "slos": SloService,
    "notification_channels": Environment,
    "log_sinks": Environment,
    "log_buckets": Environment,
    "audit_logs": Environment,
    "budget": Environment,
    "deny_policies": Environment,
}


# Parts of other things, and of the network, which is the environment's.
OF_THE_NETWORK = {
    "network": Network,
    "private_services": PrivateServices,
    "records": Record,
    "backends": Backend,
    "iap_backends": Iap,
    "iap_services": Iap,
    "policy_tags": PolicyTag,
    "data_policies": DataPolicy,
    **{
        name: get_args(field.annotation)[1]
        for name, field in Network.model_fields.items()
        if get_origin(field.annotation) is dict
    },
}

OF_GITHUB = {"github": Github, "github_accounts": PlanIdentity}


def model_of(kind: str) -> type[Model]:
    if kind in OF_THE_NETWORK:
        return OF_THE_NETWORK[kind]
    if kind == "burn_alerts":
        return BurnAlerts
    if kind in OF_GITHUB:
        return OF_GITHUB[kind]
    annotation = HOLDERS.get(kind, Subproject).model_fields[kind].annotation
    assert annotation is not None
    if kind == "budget":
        return Budget
    _, model = get_args(annotation)
    assert isinstance(model, type)
    assert issubclass(model, Model)
    return model


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.name not in OF_THE_PROJECT])
def test_every_field_is_compared_or_says_why_not(kind: str) -> None:
    told = {row.field.split(".")[0] for row in documented() if row.kind == kind}
    # A switch is no setting: what is switched off isn't there.
    fields = {field.alias or name for name, field in model_of(kind).model_fields.items() if not field.exclude}
    assert fields - EVERYWHERE <= told, f"{kind}: neither compared nor explained"


def test_every_exemption_has_a_reason_and_a_kind_that_exists() -> None:
    kinds = {kind.name for kind in KINDS}
    for row in documented_exemptions():
        assert row.kind in kinds
        assert row.says
