"""Workflows, and the schedules that start them."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from .base import (
    FieldError,
    FileContent,
    KmsKeyPath,
    Labels,
    Model,
    ResourceTags,
    Seconds,
    ServiceAccountPath,
    ServicePath,
    Template,
    TimeZone,
    TopicPath,
    WorkflowPath,
    seconds,
    within,
)
from .cron import Cron


class Retry(Model):
    """How often a schedule tries again when its target fails."""

    count: int = Field(default=0, ge=0, le=5)
    max_duration: Seconds = "0s"
    min_backoff: Seconds = "5s"
    max_backoff: Seconds = "3600s"
    max_doublings: int = Field(default=5, ge=0)

    @model_validator(mode="after")
    def _backoff_grows(self) -> Self:
        if seconds(self.min_backoff) > seconds(self.max_backoff):
            raise FieldError(f"min_backoff is at most max_backoff ({self.max_backoff})", "min_backoff")
        return self


class WorkflowSchedule(Model):
    """When a workflow starts by itself: a Cloud Scheduler job is made for it."""

    cron: Cron = Field(description='Unix cron, such as "0 18 * * 1-5".')
    time_zone: TimeZone | None = Field(default=None, description="By default the environment's.")
    paused: bool = False
    argument: dict[str, Any] = Field(default={}, description="What the execution gets.")
    service_account: ServiceAccountPath | None = Field(default=None, description="By default the workflow's own.")
    retry: Retry | None = None


class Workflow(Model):
    """A workflow. Its name is its key."""

    description: str = Field(default="", max_length=1000)
    source: Annotated[str, FileContent("yaml")] = Field(description="A file below envs/, in the syntax of Workflows.")
    service_account: ServiceAccountPath
    call_log_level: Literal["LOG_ALL_CALLS", "LOG_ERRORS_ONLY", "LOG_NONE"] = "LOG_ERRORS_ONLY"
    execution_history_level: Literal["EXECUTION_HISTORY_BASIC", "EXECUTION_HISTORY_DETAILED"] | None = Field(
        default=None, description="What an execution keeps of its steps; by default Google's choice."
    )
    env: dict[str, Annotated[str, Template()]] = Field(default={}, max_length=20)
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    kms_key: KmsKeyPath | None = Field(default=None, description="Encrypts the source and the executions.")
    tags: ResourceTags = Field(default={}, description="Of Resource Manager; another one replaces the workflow.")
    schedule: WorkflowSchedule | None = None

    @field_validator("env")
    @classmethod
    def _env_names_are_allowed(cls, env: dict[str, str]) -> dict[str, str]:
        for name in env:
            if name.startswith(("GOOGLE", "WORKFLOWS")):
                raise ValueError(f"{name}: names that begin with GOOGLE or WORKFLOWS are Google's own")
        return env


class HttpTarget(Model):
    """A request: to a workflow (which it executes), to a service of the platform, or to any address."""

    workflow: WorkflowPath | None = None
    service: ServicePath | None = None
    path: str = Field(default="/", pattern=r"^/", description="With service: what is called.")
    uri: Annotated[str, Template()] | None = Field(default=None, pattern=r"^https?://")
    method: Literal["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] = "POST"
    body: dict[str, Any] | None = Field(default=None, description="Sent as JSON; for a workflow, its argument.")
    headers: dict[str, str] = {}
    service_account: ServiceAccountPath = Field(description="Whose token the request carries.")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if sum(target is not None for target in (self.workflow, self.service, self.uri)) != 1:
            raise ValueError("http goes to a workflow, a service or a uri: give one of the three")
        if self.body is not None and self.method not in {"POST", "PUT", "PATCH"}:
            raise FieldError(f"a request with a body is a POST, a PUT or a PATCH, not a {self.method}", "method")
        if self.workflow is not None and self.method != "POST":
            raise FieldError(f"a workflow is started by POST, not by {self.method}", "method")
        return self


class PubsubTarget(Model):
    """A message."""

    topic: TopicPath
    data: str = ""
    attributes: dict[str, str] = {}

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.data and not self.attributes:
            raise ValueError("a message has data or attributes")
        return self


class Schedule(Model):
    """A Cloud Scheduler job. Its name is its key."""

    description: str = Field(default="", max_length=500)
    cron: Cron = Field(description='Unix cron, such as "0 18 * * 1-5".')
    time_zone: TimeZone | None = Field(default=None, description="By default the environment's.")
    paused: bool | None = Field(default=None, description="By default the environment's pause_schedules.")
    attempt_deadline: Annotated[Seconds, within(15, 1800, "attempt_deadline")] = "180s"
    retry: Retry | None = None
    http: HttpTarget | None = None
    pubsub: PubsubTarget | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.http is None) == (self.pubsub is None):
            raise ValueError("a schedule has one target: http or pubsub")
        return self
