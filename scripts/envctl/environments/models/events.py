"""Eventarc triggers: what happens in Google Cloud, brought to a service or a workflow."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import (
    BucketPath,
    FieldError,
    Labels,
    Model,
    Place,
    ServiceAccountPath,
    ServicePath,
    Template,
    TopicPath,
    WorkflowPath,
)

PUBSUB_EVENT = "google.cloud.pubsub.topic.v1.messagePublished"
STORAGE_EVENTS = "google.cloud.storage.object.v1."


class Trigger(Model):
    """A trigger. Its name is its key."""

    criteria: dict[str, Annotated[str, Template()]] = Field(
        description='What an event\'s attributes must equal; "type" at least.'
    )
    path_patterns: dict[str, Annotated[str, Template()]] = Field(
        default={}, description="What attributes must match, with * and **."
    )
    bucket: BucketPath | None = Field(default=None, description="Whose objects' changes are the events.")
    service: ServicePath | None = None
    path: str | None = Field(default=None, pattern=r"^/", description="With service: what is called; / by default.")
    workflow: WorkflowPath | None = None
    topic: TopicPath | None = Field(default=None, description="Whose messages are the events.")
    service_account: ServiceAccountPath = Field(description="Receives the events, and calls the destination.")
    location: Place | None = Field(default=None, description="Of the events; by default the bucket's, or the region.")
    content_type: Literal["application/json", "application/protobuf"] | None = Field(
        default=None, description="Of an event's data; by default Google's choice."
    )
    retry: bool = Field(default=True, description="false: a service gets each event once, whatever it answers.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.service is None) == (self.workflow is None):
            raise ValueError("a trigger leads to a service or to a workflow: give one of the two")
        if "type" not in self.criteria:
            raise FieldError(f'criteria have the type of the event, such as "{PUBSUB_EVENT}"', "criteria")
        if both := sorted(self.criteria.keys() & self.path_patterns.keys()):
            raise FieldError(f'"{both[0]}" stands in criteria too', "path_patterns")
        if self.topic is not None and self.criteria["type"] != PUBSUB_EVENT:
            raise FieldError(f"a topic is for events of the type {PUBSUB_EVENT}", "topic")
        if self.topic is None and self.criteria["type"] == PUBSUB_EVENT:
            raise ValueError("events of Pub/Sub come from a topic: give one")
        of_storage = self.criteria["type"].startswith(STORAGE_EVENTS)
        if self.bucket is not None and not of_storage:
            raise FieldError(f"a bucket is for events of the types {STORAGE_EVENTS}…", "bucket")
        if self.bucket is not None and "bucket" in self.criteria:
            raise FieldError("the bucket stands in criteria too", "bucket")
        if of_storage and self.bucket is None and "bucket" not in self.criteria:
            raise ValueError("events of Cloud Storage come from a bucket: give one")
        if self.path is not None and self.service is None:
            raise FieldError("path is for a service", "path")
        if not self.retry and self.service is None:
            raise FieldError("retry can be switched off for a service only", "retry")
        return self
