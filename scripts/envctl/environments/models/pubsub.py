"""Pub/Sub schemas, topics and subscriptions."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import (
    BucketPath,
    DatasetPath,
    FieldError,
    FileContent,
    KmsKeyPath,
    Labels,
    Model,
    Region,
    ResourceTags,
    SchemaPath,
    Seconds,
    ServiceAccountPath,
    ServicePath,
    TopicPath,
    matching,
    seconds,
    within,
)
from .bigquery import TableId
from .iam import Grants
from .monitoring import ChannelId
from .pubsub_ingestion import Ingestion

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
    grants: Grants = {}


class SchemaSettings(Model):
    """Binds a topic to a schema."""

    schema_path: SchemaPath = Field(alias="id")
    encoding: Literal["JSON", "BINARY"] = "JSON"
    first_revision: str | None = Field(
        default=None, pattern=r"^[a-z0-9]{1,32}$", description="The oldest that messages may be of; none: any."
    )
    last_revision: str | None = Field(
        default=None, pattern=r"^[a-z0-9]{1,32}$", description="The newest that messages may be of; none: any."
    )


class Transform(Model):
    """A JavaScript function that each message goes through: it changes the message, or drops it by returning null."""

    code: Annotated[str, FileContent("text")] = Field(description="A file below envs/, of 20 KB at most.")
    function: str = Field(pattern=r"^[A-Za-z_$][A-Za-z0-9_$]{0,127}$", description="Its name in the code.")
    disabled: bool = False


class Topic(Model):
    """A topic. Its name is its key."""

    retention: Annotated[Seconds, within(600, 2_678_400, "retention")] | None = Field(
        default=None, description='"600s" to "2678400s"; without it only unacknowledged messages are kept.'
    )
    schema_settings: SchemaSettings | None = Field(default=None, alias="schema")
    regions: list[Region] = Field(default=[], description="Regions that may store messages; empty lets Google choose.")
    enforce_in_transit: bool = Field(
        default=False, description="Refuse publishers and subscribers that come in by another region."
    )
    kms_key: KmsKeyPath | None = Field(default=None, description="Encrypts messages; its used_by has pubsub.")
    transforms: list[Transform] = Field(default=[], max_length=5, description="In their order, before all subscribers.")
    ingestion: Ingestion | None = Field(default=None, description="What fills the topic, besides publishers.")
    tags: ResourceTags = Field(default={}, description="Of Resource Manager; another one replaces the topic.")
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _there_is_what_to_enforce(self) -> Self:
        if self.enforce_in_transit and not self.regions:
            raise FieldError("enforce_in_transit needs regions", "enforce_in_transit")
        return self


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


class NoWrapper(Model):
    """The message's data alone is the body of the delivery."""

    write_metadata: bool = Field(default=False, description="Attributes and the message's id as headers.")


class Push(Model):
    """Delivery by HTTP: to a service of the platform, or to any HTTPS endpoint."""

    service: ServicePath | None = None
    path: str = Field(default="/", pattern=r"^/")
    endpoint: str | None = Field(default=None, pattern=r"^https://")
    service_account: ServiceAccountPath = Field(description="Signs the ID token of each delivery.")
    audience: str | None = None
    no_wrapper: NoWrapper | None = Field(
        default=None, description="Deliver the data as it is, not in the JSON that Pub/Sub puts around it."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.service is None) == (self.endpoint is None):
            raise ValueError("push goes to a service or to an endpoint: give one of the two")
        return self


class BigQueryDelivery(Model):
    """Rows that Pub/Sub itself writes into a table of the platform; its agent gets the roles on that table alone."""

    dataset: DatasetPath
    table: TableId
    use_topic_schema: bool = Field(default=False, description="A column for each field of the topic's schema.")
    use_table_schema: bool = Field(
        default=False, description="A column for each field of JSON messages. With neither, all is in the column data."
    )
    write_metadata: bool = Field(
        default=False, description="Into subscription_name, message_id, publish_time and attributes."
    )
    drop_unknown_fields: bool = Field(
        default=False, description="Fields that the table lacks; otherwise such messages are not acknowledged."
    )

    @model_validator(mode="after")
    def _one_schema(self) -> Self:
        if self.use_topic_schema and self.use_table_schema:
            raise FieldError("columns are of the topic's schema or of the table's, not of both", "use_table_schema")
        if self.drop_unknown_fields and not (self.use_topic_schema or self.use_table_schema):
            message = "drop_unknown_fields needs use_topic_schema or use_table_schema: without, there are no fields"
            raise FieldError(message, "drop_unknown_fields")
        return self


class AvroFiles(Model):
    """Objects in Avro instead of text."""

    write_metadata: bool = Field(default=False, description="Message id, publish time and attributes as well.")
    use_topic_schema: bool = Field(default=False, description="Instead of a schema with the data as bytes.")


class CloudStorageDelivery(Model):
    """Objects that Pub/Sub itself writes into a bucket of the platform; its agent gets the roles on that bucket."""

    bucket: BucketPath
    prefix: str = Field(default="", max_length=256, description="Of objects' names.")
    suffix: str = Field(default="", max_length=256, pattern=r"^([^/]|.*[^/])?$", description="Not ended by a slash.")
    datetime_format: str | None = Field(default=None, description="Of the time in objects' names, as YYYY-MM-DD/hh.")
    max_duration: Annotated[Seconds, within(60, 600, "max_duration")] = Field(
        default="300s", description="When an object is finished at the latest."
    )
    max_bytes: int | None = Field(default=None, ge=1000, le=10_737_418_240)
    max_messages: int | None = Field(default=None, ge=1000)
    avro: AvroFiles | None = Field(default=None, description="Without it objects are text, a line a message.")


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
    bigquery: BigQueryDelivery | None = None
    cloud_storage: CloudStorageDelivery | None = None
    transforms: list[Transform] = Field(default=[], max_length=5, description="In their order, for this one alone.")
    tags: ResourceTags = Field(default={}, description="Of Resource Manager; another one replaces the subscription.")
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _one_delivery(self) -> Self:
        given = [name for name in ("push", "bigquery", "cloud_storage") if getattr(self, name) is not None]
        if len(given) > 1:
            raise FieldError(f"a subscription is delivered in one way: {' or '.join(given)}", given[1])
        return self

    @model_validator(mode="after")
    def _exactly_once_is_pull(self) -> Self:
        given = self.push or self.bigquery or self.cloud_storage
        if self.enable_exactly_once_delivery and given:
            message = "enable_exactly_once_delivery is for pull subscriptions: Pub/Sub refuses it with push and exports"
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
