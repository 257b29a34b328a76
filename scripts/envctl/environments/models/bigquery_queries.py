"""Scheduled queries of BigQuery: statements that Google runs by itself, as a service account."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import DatasetPath, FieldError, KmsKeyPath, Model, Place, ServiceAccountPath, Template, TopicPath, matching

Moment = Annotated[str, matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", 'a time in UTC, such as "2026-01-31T09:15:00Z"')]
TransferSchedule = Annotated[
    str,
    matching(
        r"(every|first|second|third|fourth|last)[ ,].+|[0-9].* of .+",
        'a schedule of BigQuery\'s, in UTC, such as "every day 12:30" or "every 6 hours"',
    ),
]
ScheduledQueryId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a key: lower-case letters, digits or - (at most 63)")
]


class ScheduledQuery(Model):
    """A query that runs by a schedule. Its display name is its key; its name is made up by Google."""

    query: Annotated[str, Template()] = Field(
        min_length=1,
        description="GoogleSQL; tables are named with their project. `@run_time` and `@run_date` are given.",
    )
    schedule: TransferSchedule = Field(description="In UTC.")
    service_account: ServiceAccountPath = Field(description="Runs the query: it needs roles/bigquery.jobUser.")
    dataset: DatasetPath | None = Field(default=None, description="Where its result goes; a statement has none.")
    table: str | None = Field(default=None, min_length=1, description='May hold the date: "totals_{run_date}".')
    write: Literal["WRITE_TRUNCATE", "WRITE_APPEND"] = "WRITE_TRUNCATE"
    partitioning_field: str | None = None
    location: Place | None = Field(default=None, description="By default the environment's region.")
    email_on_failure: bool = Field(default=False, description="To whoever owns the service account's transfer.")
    topic: TopicPath | None = Field(default=None, description="Told of each run's end.")
    start_time: Moment | None = None
    end_time: Moment | None = None
    kms_key: KmsKeyPath | None = None
    paused: bool | None = Field(default=None, description="By default the environment's pause_schedules.")

    @model_validator(mode="after")
    def _a_result_has_a_place(self) -> Self:
        if (self.dataset is None) != (self.table is None):
            raise FieldError("a result goes into a dataset and a table", "dataset" if self.dataset else "table")
        if self.partitioning_field and self.table is None:
            raise FieldError("a statement has no table to partition", "partitioning_field")
        if self.start_time and self.end_time and self.start_time >= self.end_time:
            raise FieldError(f"end_time comes after start_time ({self.start_time})", "end_time")
        return self
