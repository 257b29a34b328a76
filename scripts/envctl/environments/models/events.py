"""Eventarc triggers: what happens in Google Cloud, brought to a service or a workflow."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, Place, ServiceAccountPath, ServicePath, TopicPath, WorkflowPath

PUBSUB_EVENT = "google.cloud.pubsub.topic.v1.messagePublished"


class Trigger(Model):
    """A trigger. Its name is its key."""

    criteria: dict[str, str] = Field(description='What an event\'s attributes must equal; "type" at least.')
    path_patterns: dict[str, str] = Field(default={}, description="What attributes must match, with * and **.")
    service: ServicePath | None = None
    path: str | None = Field(default=None, pattern=r"^/", description="With service: what is called; / by default.")
    workflow: WorkflowPath | None = None
    topic: TopicPath | None = Field(default=None, description="Whose messages are the events.")
    service_account: ServiceAccountPath = Field(description="Receives the events, and calls the destination.")
    location: Place | None = Field(default=None, description="Of the events; by default the region.")
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
        if self.path is not None and self.service is None:
            raise FieldError("path is for a service", "path")
        if not self.retry and self.service is None:
            raise FieldError("retry can be switched off for a service only", "retry")
        return self
