"""Service level objectives, and the alerts on how fast their error budget burns."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, Seconds, ServicePath, Switched, matching, seconds, within
from .monitoring import ChannelId, Filter, Title

SloId = Annotated[str, matching(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "an id: lower-case letters, digits or -")]


class Latency(Model):
    """Answers of a Cloud Run service that are fast enough."""

    service: ServicePath
    milliseconds: int = Field(gt=0)


class Ratio(Model):
    """Good (or bad) events of all: two of the three filters."""

    good: Filter | None = None
    bad: Filter | None = None
    total: Filter | None = None

    @model_validator(mode="after")
    def _two_of_three(self) -> Self:
        if sum(part is not None for part in (self.good, self.bad, self.total)) != 2:
            raise ValueError("a ratio has two of good, bad and total")
        return self


class Cut(Model):
    """The part of a distribution that lies within bounds."""

    filter: Filter = Field(min_length=1)
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("has a min, a max or both")
        return self


class Windows(Model):
    """Windows of time that are good: by a metric that is true, by its mean or sum, or by a ratio of requests."""

    period: Annotated[Seconds, within(60, 86_400, "period")] = "300s"
    good_bad_filter: Filter | None = None
    mean_in_range: Cut | None = None
    sum_in_range: Cut | None = None
    ratio: Ratio | None = None
    ratio_threshold: float = Field(default=0.99, gt=0, le=1)

    @model_validator(mode="after")
    def _one_criterion(self) -> Self:
        kinds = ("good_bad_filter", "mean_in_range", "sum_in_range", "ratio")
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise ValueError(f"windows are good by one of {', '.join(kinds)}")
        if seconds(self.period) % 60:
            raise FieldError("period is in whole minutes", "period")
        return self


class BurnAlerts(Model):
    """Alerts on two speeds of burning, each in a long and a short window (Site Reliability Workbook, chapter 5).

    Fast: 14.4 times over 1 hour and 5 minutes, 2 % of 30 days' budget. Slow: 6 times over 6 hours and 30 minutes, 5 %.
    """

    channels: list[ChannelId] = []
    runbook: str | None = Field(default=None, pattern=r"^https?://")


class Slo(Model):
    """One objective. What is measured is one of availability, latency, ratio, distribution and windows."""

    display_name: Title | None = Field(default=None, description="By default its key.")
    goal: float = Field(gt=0, le=0.9999)
    rolling_days: int | None = Field(default=None, ge=1, le=30)
    calendar_period: Literal["DAY", "WEEK", "FORTNIGHT", "MONTH"] | None = None
    availability: ServicePath | None = Field(default=None, description="Answers of a Cloud Run service below 500.")
    latency: Latency | None = None
    ratio: Ratio | None = None
    distribution: Cut | None = None
    windows: Windows | None = None
    burn_alerts: BurnAlerts | None = None
    labels: Labels = {}

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        kinds = ("availability", "latency", "ratio", "distribution", "windows")
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise ValueError(f"an objective is for one of {', '.join(kinds)}")
        if (self.rolling_days is None) == (self.calendar_period is None):
            raise ValueError("an objective has rolling_days or calendar_period")
        return self


class SloService(Switched):
    """What objectives are for: a service of the platform, or a duty of several of them."""

    display_name: Title | None = Field(default=None, description="By default its key.")
    slos: dict[SloId, Slo] = Field(min_length=1)
    labels: Labels = {}
