"""Monitoring: whom to tell, what to tell of, and what to look at."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from .base import (
    FieldError,
    FileContent,
    Labels,
    Model,
    Seconds,
    ServicePath,
    SubscriptionPath,
    Switched,
    Template,
    TopicPath,
    matching,
    seconds,
    within,
)

ChannelId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a channel's key: lower-case letters, digits or - (at most 63)")
]
Filter = Annotated[str, Template()]
Title = Annotated[str, Field(min_length=1, max_length=512)]
_SECRET = {"slack": "auth_token", "pagerduty": "service_key", "webhook": "auth_token"}
_KINDS = ("email", "sms", "topic", "google_chat", "existing")


class NotificationChannel(Switched):
    """Where alerts go. A channel that holds a secret is made by hand, so that no state holds it, and named here."""

    display_name: Title | None = Field(default=None, description="By default its key.")
    email: Annotated[str, matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")] | None = None
    sms: Annotated[str, matching(r"\+[0-9]{6,15}", 'a number, such as "+919812345678"')] | None = None
    topic: TopicPath | None = Field(default=None, description="Monitoring's own agent may publish to it.")
    google_chat: Annotated[str, matching(r"spaces/\S+", 'a space, such as "spaces/AAAA"')] | None = None
    existing: (
        Annotated[str, matching(r"projects/[^/]+/notificationChannels/[^/]+", "the full name of a channel")] | None
    ) = Field(default=None, description="A channel that was made by hand, since it holds a token: Slack, PagerDuty, …")
    labels: Labels = {}

    @model_validator(mode="before")
    @classmethod
    def _no_secret_stands_here(cls, data: Any) -> Any:
        for kind, secret in _SECRET.items():
            if isinstance(data, dict) and kind in data:
                raise FieldError(
                    f"a {kind} channel holds a secret ({secret}), which would stand in YAML and in Terraform's state: "
                    f"make it once by hand and give its full name as existing",
                    kind,
                )
        return data

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError(f"a channel is one of {', '.join(_KINDS)}")
        return self


class Aggregation(Model):
    """How points of many series become few."""

    alignment_period: Annotated[Seconds, within(60, 90_000, "alignment_period")] = "60s"
    per_series_aligner: (
        Literal[
            "ALIGN_NONE", "ALIGN_DELTA", "ALIGN_RATE", "ALIGN_INTERPOLATE", "ALIGN_NEXT_OLDER", "ALIGN_MIN",
            "ALIGN_MAX", "ALIGN_MEAN", "ALIGN_COUNT", "ALIGN_SUM", "ALIGN_STDDEV", "ALIGN_COUNT_TRUE",
            "ALIGN_COUNT_FALSE", "ALIGN_FRACTION_TRUE", "ALIGN_PERCENTILE_99", "ALIGN_PERCENTILE_95",
            "ALIGN_PERCENTILE_50", "ALIGN_PERCENTILE_05", "ALIGN_PERCENT_CHANGE",
        ]
        | None
    ) = None  # fmt: skip
    cross_series_reducer: (
        Literal[
            "REDUCE_MEAN", "REDUCE_MIN", "REDUCE_MAX", "REDUCE_SUM", "REDUCE_STDDEV", "REDUCE_COUNT",
            "REDUCE_COUNT_TRUE", "REDUCE_COUNT_FALSE", "REDUCE_FRACTION_TRUE", "REDUCE_PERCENTILE_99",
            "REDUCE_PERCENTILE_95", "REDUCE_PERCENTILE_50", "REDUCE_PERCENTILE_05",
        ]
        | None
    ) = None  # fmt: skip
    group_by_fields: list[str] = []


class Threshold(Model):
    """A metric beyond a value."""

    filter: Filter = Field(min_length=1, description="With metric.type and resource.type.")
    comparison: Literal["COMPARISON_GT", "COMPARISON_LT"] = "COMPARISON_GT"
    value: float = 0
    duration: Annotated[Seconds, within(0, 86_400, "duration")] = "0s"
    aggregations: list[Aggregation] = Field(default=[], max_length=2)
    denominator_filter: Filter | None = Field(default=None, description="Compare the ratio to this instead.")
    denominator_aggregations: list[Aggregation] = Field(default=[], max_length=2)
    trigger_count: int = Field(default=1, ge=1, description="How many series must be beyond it.")
    missing_data: (
        Literal["EVALUATION_MISSING_DATA_INACTIVE", "EVALUATION_MISSING_DATA_ACTIVE", "EVALUATION_MISSING_DATA_NO_OP"]
        | None
    ) = None


class Absent(Model):
    """A metric that says nothing any more."""

    filter: Filter = Field(min_length=1)
    duration: Annotated[Seconds, within(120, 84_600, "duration")] = "300s"
    aggregations: list[Aggregation] = Field(default=[], max_length=2)


class LogMatch(Model):
    """A log entry, as soon as it is there."""

    filter: Filter = Field(min_length=1)
    label_extractors: dict[str, str] = Field(default={}, max_length=10)


class PromQL(Model):
    """A query in PromQL that has results. MQL is not offered: Google gives it up."""

    query: Filter = Field(min_length=1)
    duration: Annotated[Seconds, within(0, 86_400, "duration")] = "0s"
    evaluation_interval: Annotated[Seconds, within(30, 86_400, "evaluation_interval")] = "30s"
    labels: dict[str, str] = {}


class Undelivered(Model):
    """Messages that nobody took: of a subscription to dead letters, or of one whose consumer is behind."""

    subscription: SubscriptionPath
    more_than: int = Field(default=0, ge=0)
    duration: Annotated[Seconds, within(0, 86_400, "duration")] = "0s"


class Condition(Model):
    """One condition of an alert."""

    name: Title
    threshold: Threshold | None = None
    absent: Absent | None = None
    log_match: LogMatch | None = None
    promql: PromQL | None = None
    undelivered: Undelivered | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = ("threshold", "absent", "log_match", "promql", "undelivered")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"a condition is one of {', '.join(kinds)}")
        duration = getattr(getattr(self, given[0]), "duration", "0s")
        if seconds(duration) % 60 and given[0] != "promql":
            raise FieldError(f'duration is in whole minutes, such as "300s", not "{duration}"', given[0], "duration")
        return self


class AlertPolicy(Switched):
    """An alert: conditions, whom to tell, and what to do about it."""

    display_name: Title | None = Field(default=None, description="By default the subproject's name and its key.")
    combiner: Literal["OR", "AND", "AND_WITH_MATCHING_RESOURCE"] = "OR"
    severity: Literal["CRITICAL", "ERROR", "WARNING"] | None = None
    conditions: list[Condition] = Field(min_length=1, max_length=6)
    channels: list[ChannelId] = Field(default=[], description="Keys of notification_channels.")
    rate_limit: Annotated[Seconds, within(300, 172_800, "rate_limit")] | None = Field(
        default=None, description="With log_match, and only there: not more often than this."
    )
    auto_close: Annotated[Seconds, within(1800, 604_800, "auto_close")] = "604800s"
    documentation: str = Field(default="", max_length=8192, description="What to do, in Markdown.")
    runbook: str | None = Field(default=None, pattern=r"^https?://", description="Where it is told at length.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _log_matches_are_limited(self) -> Self:
        logs = any(condition.log_match is not None for condition in self.conditions)
        if logs and self.rate_limit is None:
            raise ValueError("an alert with log_match needs rate_limit")
        if not logs and self.rate_limit is not None:
            raise FieldError("rate_limit is for alerts with log_match", "rate_limit")
        if logs and len(self.conditions) > 1:
            raise FieldError("an alert with log_match has that one condition", "conditions")
        return self


class UptimeCheck(Switched):
    """A request from several places of the world, to a service of the platform or to any host."""

    display_name: Title | None = Field(default=None, description="By default the subproject's name and its key.")
    service: ServicePath | None = None
    host: str | None = Field(default=None, pattern=r"^[a-zA-Z0-9.-]+$")
    path: str = Field(default="/health", pattern=r"^/")
    port: int | None = Field(default=None, ge=1, le=65_535, description="By default 443, or 80 without TLS.")
    use_ssl: bool = True
    authenticate: bool = Field(
        default=False, description="With an ID token of Monitoring's own agent, which may call the service then."
    )
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None
    headers: dict[str, str] = {}
    status_classes: list[Literal["STATUS_CLASS_1XX", "STATUS_CLASS_2XX", "STATUS_CLASS_3XX", "STATUS_CLASS_4XX"]] = []
    content: str | None = Field(default=None, min_length=1, max_length=1024, description="What the answer holds.")
    matcher: Literal["CONTAINS_STRING", "NOT_CONTAINS_STRING", "MATCHES_REGEX", "NOT_MATCHES_REGEX"] = "CONTAINS_STRING"
    period: Literal["60s", "300s", "600s", "900s"] = "300s"
    timeout: Annotated[Seconds, within(1, 60, "timeout")] = "10s"
    regions: list[
        Literal["USA", "USA_OREGON", "USA_IOWA", "USA_VIRGINIA", "EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC"]
    ] = Field(default=[], description="At least three; none is all.")
    alert_channels: list[ChannelId] = Field(default=[], description="Who is told when two places of the world fail.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.service is None) == (self.host is None):
            raise ValueError("an uptime check is of a service or of a host")
        if self.body is not None and self.method != "POST":
            raise FieldError("a request with a body is a POST", "method")
        if self.regions and len(set(self.regions)) < 3:
            raise FieldError("an uptime check runs from three regions at least, or from all (none given)", "regions")
        if self.authenticate and self.service is None:
            raise FieldError("authenticate is for services of the platform", "authenticate")
        return self


class Dashboard(Switched):
    """A dashboard: from a file, or made from what its subproject declares."""

    display_name: Title | None = Field(default=None, description="With standard; by default the subproject's name.")
    file: Annotated[str, FileContent("json")] | None = Field(default=None, description="A file below envs/.")
    standard: bool = Field(
        default=False, description="Services' requests, latency and instances, subscriptions, jobs and workflows."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is None) != self.standard:
            raise ValueError("a dashboard is from a file, or standard: true")
        if self.file is not None and self.display_name is not None:
            raise FieldError("a dashboard from a file has its name there (displayName)", "display_name")
        return self
