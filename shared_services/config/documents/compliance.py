"""`config/compliance.yaml`: what regulators and exchanges ask for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..model import Clock, ConfigModel, Days, Positive


class Audit(ConfigModel):
    """The trail of every decision."""

    retention_days: Days = Field(default=1827, ge=1827)
    """Five years at least."""
    events: tuple[str, ...]
    tamper_evidence: Literal["hash_chain"] = "hash_chain"


class Behaviour(ConfigModel):
    """What the nudge engine calls a trader's attention to."""

    trades_per_day: Positive = 30
    minutes_after_loss: Positive = 15
    """A larger trade this soon after a loss looks like revenge."""
    disposition_ratio: Positive = 2
    """Losers held this many times as long as winners."""


class ComplianceConfig(ConfigModel):
    """What regulators and exchanges ask for."""

    audit: Audit
    behaviour: Behaviour = Behaviour()
    orders_per_second: int = Field(default=9, ge=1, le=9)
    static_address: bool = True
    daily_logout: Clock = "23:59"
    restricted_before_results_days: int = Field(default=0, ge=0, le=30)
