"""Cloud Tasks queues: work that is done later, at a pace, and tried again."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Model, Seconds, ServiceAccountPath, ServicePath, Template, matching, seconds, within
from .iam import Grants


class TaskTarget(Model):
    """Where all tasks of a queue go, whatever their own address is: to a service of the platform, or to any host."""

    service: ServicePath | None = None
    uri: Annotated[str, Template()] | None = Field(
        default=None, pattern=r"^https?://[A-Za-z0-9.${}_-]+(:[0-9]+)?$", description="Scheme and host, maybe a port."
    )
    path: str | None = Field(default=None, pattern=r"^/", description="By default each task's own.")
    query: str | None = Field(default=None, min_length=1, description="By default each task's own.")
    only_if_missing: bool = Field(default=False, description="Leave tasks alone that say where they go.")
    method: Literal["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] | None = Field(
        default=None, description="By default each task's own."
    )
    headers: dict[str, str] = {}
    service_account: ServiceAccountPath = Field(description="Whose token the requests carry.")
    audience: str | None = Field(default=None, description="Of the ID token; by default the address.")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.service is None) == (self.uri is None):
            raise ValueError("tasks go to a service or to a uri: give one of the two")
        return self


class Queue(Model):
    """A queue. Google doesn't give its name away again for days after the queue is deleted."""

    name: Annotated[str, matching(r"[A-Za-z0-9-]{1,100}", "1 to 100 letters, digits or -")] | None = Field(
        default=None, description="By default its key; another one while Google keeps that."
    )
    paused: bool = False
    max_dispatches_per_second: float = Field(default=500.0, gt=0, le=500)
    max_concurrent_dispatches: int = Field(default=1000, ge=1, le=5000)
    max_attempts: int = Field(default=100, ge=-1, description="-1: without end.")
    max_retry_duration: Annotated[Seconds, within(0, 3_153_600_000, "max_retry_duration")] = Field(
        default="0s", description="How long a task is tried; 0s: as often as max_attempts says."
    )
    min_backoff: Seconds = "0.1s"
    max_backoff: Seconds = "3600s"
    max_doublings: int = Field(default=16, ge=1)
    log_sampling_ratio: float = Field(default=0.0, ge=0, le=1, description="The share of operations that is logged.")
    target: TaskTarget | None = Field(default=None, description="By default each task's own.")
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    grants: Grants = {}

    @model_validator(mode="after")
    def _attempts_and_backoff(self) -> Self:
        if self.max_attempts == 0:
            raise FieldError("max_attempts is -1, or 1 and more", "max_attempts")
        if seconds(self.min_backoff) > seconds(self.max_backoff):
            raise FieldError(f"min_backoff is at most max_backoff ({self.max_backoff})", "min_backoff")
        return self
