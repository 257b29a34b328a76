"""Logging: metrics made of log entries, where entries go and how long they stay, and which accesses are recorded."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import BucketPath, DatasetPath, FieldError, Model, Place, Switched, Template, TopicPath, matching
from .iam import Member

MetricId = Annotated[
    str, matching(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}", "a metric's name: letters, digits or _./- (at most 100)")
]
SinkId = Annotated[str, matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", "a name: letters, digits or _.- (at most 100)")]
LogBucketId = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}|_Default", "a log bucket's id: letters, digits, - or _, or _Default")
]
ViewId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,100}", "a view's id: letters, digits, - or _")]
AuditedService = Annotated[
    str,
    matching(r"[a-z][a-z0-9-]*\.googleapis\.com|allServices", 'an API, such as "run.googleapis.com", or allServices'),
]
Extractor = Annotated[str, matching(r"(REGEXP_)?EXTRACT\(.+\)", "EXTRACT(field) or REGEXP_EXTRACT(field, regex)")]
LabelKey = Annotated[
    str, matching(r"[A-Za-z][A-Za-z0-9_]{0,99}", "a label's key: letters, digits or _, begun by a letter")
]


class MetricLabel(Model):
    """A label of a metric, and where its value comes from."""

    extractor: Extractor
    value_type: Literal["STRING", "BOOL", "INT64"] = "STRING"
    description: str = ""


class Buckets(Model):
    """The buckets of a distribution: explicit bounds, or a number of them that grow or don't."""

    bounds: list[float] = Field(default=[], description="Explicit bounds, growing.")
    count: int | None = Field(default=None, ge=1, le=200)
    scale: float | None = Field(default=None, gt=0, description="The first bound of growing ones.")
    growth_factor: float | None = Field(default=None, gt=1)
    offset: float | None = Field(default=None, description="The first bound of even ones.")
    width: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        explicit, growing, even = bool(self.bounds), self.growth_factor is not None, self.width is not None
        if explicit + growing + even != 1:
            raise ValueError("buckets have bounds, or a growth_factor, or a width")
        if sorted(set(self.bounds)) != self.bounds:
            raise FieldError("bounds grow", "bounds")
        if growing and (self.scale is None or self.count is None):
            raise ValueError("buckets that grow have scale, growth_factor and count")
        if even and (self.offset is None or self.count is None):
            raise ValueError("buckets of a width have offset, width and count")
        return self


class LogMetric(Switched):
    """How many log entries there are, or how a value in them is distributed. Its name is its key."""

    description: str = Field(default="", max_length=8000)
    filter: Annotated[str, Template()] = Field(min_length=1)
    value_extractor: Extractor | None = Field(default=None, description="With it, a distribution of that value.")
    unit: str = "1"
    labels: dict[LabelKey, MetricLabel] = Field(default={}, max_length=10)
    buckets: Buckets | None = None

    @model_validator(mode="after")
    def _buckets_are_of_distributions(self) -> Self:
        if self.buckets is not None and self.value_extractor is None:
            raise FieldError("buckets are for a distribution, which has a value_extractor", "buckets")
        return self


class Exclusion(Model):
    """Entries that a sink leaves out."""

    filter: str = Field(min_length=1)
    description: str = ""


class LogSink(Switched):
    """Where entries go, besides to their log bucket. Its writer may write there, and only there."""

    description: str = Field(default="", max_length=8000)
    filter: Annotated[str, Template()] = Field(default="", description="Empty is everything.")
    dataset: DatasetPath | None = None
    bucket: BucketPath | None = None
    topic: TopicPath | None = None
    partitioned: bool = Field(default=True, description="With dataset: one partitioned table a log, not one a day.")
    exclusions: dict[SinkId, Exclusion] = Field(default={}, max_length=50)

    @model_validator(mode="after")
    def _one_destination(self) -> Self:
        if sum(target is not None for target in (self.dataset, self.bucket, self.topic)) != 1:
            raise ValueError("a sink goes to a dataset, a bucket or a topic: give one of the three")
        return self


class LogView(Model):
    """A part of a log bucket, for those who may not read all of it."""

    filter: str = Field(default="", description='Of SOURCE, LOG_ID and resource.type, such as LOG_ID("orders").')
    description: str = ""


class LogBucket(Switched):
    """Where entries are kept. _Default is Google's own; its location is global."""

    description: str = Field(default="", max_length=8000)
    location: Place | None = Field(
        default=None, description="By default the environment's region; of _Default, global."
    )
    retention_days: int = Field(default=30, ge=1, le=3650)
    analytics: bool = Field(default=False, description="SQL over it; it can't be switched off again.")
    locked: bool = Field(default=False, description="Retention can't be changed, nor the bucket deleted, ever again.")
    views: dict[ViewId, LogView] = {}


class AuditLog(Switched):
    """Which accesses to an API's data are recorded. Changes of configuration always are."""

    log_types: list[Literal["ADMIN_READ", "DATA_READ", "DATA_WRITE"]] = Field(min_length=1)
    exempted: list[Member] = Field(default=[], description="Whose accesses are not.")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.log_types)) != len(self.log_types):
            raise FieldError("each of log_types stands once", "log_types")
        return self
