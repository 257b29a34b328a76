"""`config/infrastructure.yaml`: the names of cloud resources, as Terraform makes them from `envs/`."""

from __future__ import annotations

from pydantic import Field

from ..model import ConfigModel, Days, Positive, Seconds


class BigQueryLimits(ConfigModel):
    """What a query may cost."""

    location: str = "asia-south1"
    maximum_gb_billed: Positive = 50
    """A query that would read more is refused by BigQuery."""
    timeout_seconds: Seconds = 120


class PubSubLimits(ConfigModel):
    """How messages are sent and received."""

    batch_messages: Positive = 100
    batch_milliseconds: Positive = 10
    maximum_delivery_attempts: int = Field(default=5, ge=5, le=100)
    remembered_message_ids: Positive = 10_000


class InfrastructureConfig(ConfigModel):
    """The names of cloud resources. `${project_id}` is filled in by the library."""

    tables: dict[str, str] = {}
    """BigQuery tables as `dataset.table`, by what they hold."""
    topics: dict[str, str] = {}
    subscriptions: dict[str, str] = {}
    buckets: dict[str, str] = {}
    """Buckets without the project's prefix."""
    bigquery: BigQueryLimits = BigQueryLimits()
    pubsub: PubSubLimits = PubSubLimits()
    log_retention_days: Days = 400
    audit_retention_days: Days = 1827
