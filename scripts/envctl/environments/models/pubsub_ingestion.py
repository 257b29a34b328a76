"""What fills a topic by itself: objects of a bucket, or a stream of another cloud."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import BucketPath, FieldError, Model, ServiceAccountPath, matching

_Arn = Annotated[str, matching(r"arn:aws[a-z-]*:[^\s:]+:[^\s:]*:[0-9]*:\S+", 'an ARN, such as "arn:aws:kinesis:…"')]
_Account = Field(
    description="Signs in at the other cloud; Pub/Sub's agent needs roles/iam.serviceAccountTokenCreator on it."
)


class CloudStorageIngestion(Model):
    """Objects of a bucket of the platform, those that are there and those to come; Pub/Sub's agent gets to read it."""

    bucket: BucketPath
    format: Literal["text", "avro", "pubsub_avro"] = Field(
        default="text", description="A message for each part of a text, or for each record; pubsub_avro: as exported."
    )
    delimiter: str = Field(default="\n", min_length=1, max_length=1, description="Ends each message of a text.")
    match_glob: str = Field(default="", description="Of the objects' names, such as `ticks/**.csv`; empty: all.")
    created_after: (
        Annotated[str, matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", 'a time, such as "2026-01-31T09:15:00Z"')]
        | None
    ) = Field(default=None, description="Older objects are left out.")

    @model_validator(mode="after")
    def _only_texts_have_delimiters(self) -> Self:
        if self.format != "text" and self.delimiter != "\n":
            raise FieldError("only texts have a delimiter", "delimiter")
        return self


class KinesisIngestion(Model):
    """A stream of Amazon Kinesis."""

    stream_arn: _Arn
    consumer_arn: _Arn
    aws_role_arn: _Arn
    service_account: ServiceAccountPath = _Account


class MskIngestion(Model):
    """A topic of Amazon MSK."""

    cluster_arn: _Arn
    topic: str = Field(min_length=1)
    aws_role_arn: _Arn
    service_account: ServiceAccountPath = _Account


class EventHubsIngestion(Model):
    """An event hub of Azure."""

    resource_group: str = Field(min_length=1)
    namespace: str = Field(min_length=1)
    event_hub: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    tenant_id: str = Field(min_length=1)
    subscription_id: str = Field(min_length=1)
    service_account: ServiceAccountPath = _Account


class ConfluentIngestion(Model):
    """A topic of Confluent Cloud."""

    bootstrap_server: Annotated[
        str, matching(r"[^\s:]+:[0-9]+", 'a server with its port, such as "pkc.confluent.cloud:9092"')
    ]
    cluster_id: str = Field(min_length=1)
    topic: str = Field(min_length=1)
    identity_pool_id: str = Field(min_length=1)
    service_account: ServiceAccountPath = _Account


class Ingestion(Model):
    """Where a topic's messages come from, besides publishers. The sandbox reads buckets only."""

    cloud_storage: CloudStorageIngestion | None = None
    aws_kinesis: KinesisIngestion | None = None
    aws_msk: MskIngestion | None = None
    azure_event_hubs: EventHubsIngestion | None = None
    confluent_cloud: ConfluentIngestion | None = None
    platform_logs: Literal["DISABLED", "DEBUG", "INFO", "WARNING", "ERROR"] | None = Field(
        default=None, description="From which severity on Pub/Sub logs what it can't take in."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"comes from one source: {', '.join(SOURCES)}")
        return self


SOURCES = ("cloud_storage", "aws_kinesis", "aws_msk", "azure_event_hubs", "confluent_cloud")
