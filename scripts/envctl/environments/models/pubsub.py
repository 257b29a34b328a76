"""Pub/Sub schemas, topics and subscriptions."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import (
    FieldError,
    FileContent,
    Labels,
    Model,
    Region,
    SchemaPath,
    Seconds,
    ServiceAccountPath,
    ServicePath,
    TopicPath,
    matching,
    seconds,
    within,
)
from .iam import Grants
from .monitoring import ChannelId

PubsubId = Annotated[
    str,
    matching(
        r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}",
        "a Pub/Sub id: 3 to 255 letters, digits or -._~+%, begun by a letter, not by goog",
    ),
]


class Schema(Model):
    """What the messages of a topic look like."""

    type: Literal["AVRO", "PROTOCOL_BUFFER"] = "AVRO"
    definition: Annotated[str, FileContent("text")] = Field(description="A file below envs/.")


class SchemaSettings(Model):
    """Binds a topic to a schema."""

    schema_path: SchemaPath = Field(alias="id")
    encoding: Literal["JSON", "BINARY"] = "JSON"


class Topic(Model):
    """A topic. Its name is its key."""

    retention: Annotated[Seconds, within(600, 2_678_400, "retention")] | None = Field(
        default=None, description='"600s" to "2678400s"; without it only unacknowledged messages are kept.'
    )
    schema_settings: SchemaSettings | None = Field(default=None, alias="schema")
    regions: list[Region] = Field(default=[], description="Regions that may store messages; empty lets Google choose.")
    labels: Labels = {}
    grants: Grants = {}


class RetryPolicy(Model):
    """How long Pub/Sub waits before it delivers again."""

    minimum_backoff: Annotated[Seconds, within(0, 600, "minimum_backoff")] = "10s"
    maximum_backoff: Annotated[Seconds, within(0, 600, "maximum_backoff")] = "600s"

    @model_validator(mode="after")
    def _backoff_grows(self) -> Self:
        if seconds(self.minimum_backoff) > seconds(self.maximum_backoff):
            raise FieldError(f"minimum_backoff is at most maximum_backoff ({self.maximum_backoff})", "minimum_backoff")
        return self


class DeadLetter(Model):
    """Where messages go that nobody could handle: a topic, or a pair that is made of a topic and a subscription."""

    topic: TopicPath | None = Field(
        default=None, description="Without it a topic is made, and a subscription to it that keeps what comes."
    )
    max_delivery_attempts: int = Field(default=5, ge=5, le=100)
    name: PubsubId | None = Field(
        default=None,
        exclude=True,
        description="Of the topic that is made; by default the subscription's and -dead. What keeps has -review added.",
    )
    retention: Annotated[Seconds, within(600, 2_678_400, "retention")] = Field(
        default="2678400s", exclude=True, description="How long both that are made keep messages; by default 31 days."
    )
    alert: list[ChannelId] = Field(
        default=[], exclude=True, description="Keys of notification_channels that are told of each dead letter."
    )


class Push(Model):
    """Delivery by HTTP: to a service of the platform, or to any HTTPS endpoint."""

    service: ServicePath | None = None
    path: str = Field(default="/", pattern=r"^/")
    endpoint: str | None = Field(default=None, pattern=r"^https://")
    service_account: ServiceAccountPath = Field(description="Signs the ID token of each delivery.")
    audience: str | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.service is None) == (self.endpoint is None):
            raise ValueError("push goes to a service or to an endpoint: give one of the two")
        return self


class Subscription(Model):
    """A subscription to a topic of any subproject. Its name is its key."""

    topic: TopicPath
    ack_deadline_seconds: int = Field(default=10, ge=10, le=600)
    retention: Annotated[Seconds, within(600, 2_678_400, "retention")] = "604800s"
    retain_acked_messages: bool = False
    enable_message_ordering: bool = False
    enable_exactly_once_delivery: bool = False
    filter: str = Field(default="", max_length=256)
    expiration_ttl: str = Field(
        default="", pattern=r"^([0-9]+s)?$", description='Empty: never expires. Else at least "86400s".'
    )
    retry: RetryPolicy | None = None
    dead_letter: DeadLetter | None = None
    push: Push | None = None
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _exactly_once_is_pull(self) -> Self:
        if self.enable_exactly_once_delivery and self.push:
            message = "enable_exactly_once_delivery is for pull subscriptions: Pub/Sub refuses it with push"
            raise FieldError(message, "enable_exactly_once_delivery")
        return self

    @model_validator(mode="after")
    def _expires_after_retention(self) -> Self:
        if self.expiration_ttl and seconds(self.expiration_ttl) < max(86_400, seconds(self.retention)):
            message = (
                f'expiration_ttl is at least "86400s" and the retention ({self.retention}); empty: it never expires'
            )
            raise FieldError(message, "expiration_ttl")
        return self
