"""What an environment says of the policy: where it is stricter, and what it excepts for a time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .base import Model, Region, matching

RuleId = Annotated[str, matching(r"ATM-[A-Z]{3}-[0-9]{3}", 'a rule\'s id, such as "ATM-IAM-003"')]
ExceptionId = Annotated[str, matching(r"[a-z][a-z0-9-]{0,62}", "an exception's name: lower-case letters, digits or -")]
Keyed = Literal[
    "buckets",
    "datasets",
    "topics",
    "repositories",
    "services",
    "jobs",
    "worker_pools",
    "workflows",
    "sql_instances",
    "redis_instances",
]


def _day(value: str) -> str:
    try:
        if len(value) == len("2027-03-31"):
            date.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise ValueError(f'"{value}" is not a day, such as "2027-03-31"')


Day = Annotated[str, AfterValidator(_day), Field(description='A day, such as "2027-03-31".')]
Reason = Annotated[str, Field(min_length=10, description="Why, in a sentence.")]
Owner = Annotated[str, Field(min_length=3, description="Who answers for it: a team, or an e-mail address.")]
Pattern = Annotated[
    str,
    Field(
        min_length=1,
        description="The thing, as reports name it, such as `strategy-engine/buckets/backtests`; * is anything.",
    ),
]


class PolicyException(Model):
    """A rule that doesn't hold for some things, for a time, with somebody who answers for it."""

    rule: RuleId
    resource: Pattern
    owner: Owner
    reason: Reason
    expires: Day


class Policy(Model):
    """What the rules need to know, and what is excepted from them."""

    production: bool | None = Field(default=None, description="By default the environment named prod.")
    regions: list[Region] = Field(default=[], description="Where things may be; by default in the region alone.")
    cmek: list[Keyed] = Field(default=[], description="Kinds whose things must have a key of our own.")
    labels: list[str] = Field(
        default=["environment", "managed-by"], description="Keys that everything that takes labels must carry."
    )
    log_days: int = Field(default=30, ge=1, description="How long logs are kept at least.")
    exceptions: dict[ExceptionId, PolicyException] = {}


class DriftException(Model):
    """Something that may differ from the YAML, or be there without it, for a time."""

    resource: Pattern
    owner: Owner
    reason: Reason
    expires: Day


class DriftPolicy(Model):
    """What `envctl drift` lets pass."""

    exceptions: dict[ExceptionId, DriftException] = {}
