"""BigQuery's connections to what it doesn't hold itself, each with an identity that Google makes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import BucketPath, FieldError, KmsKeyPath, Model, Place, SecretPath, ServicePath, SqlInstancePath, matching
from .iam import Grants

ConnectionId = Annotated[
    str, matching(r"[A-Za-z0-9_-]{1,1024}", "a connection's id: letters, digits, - or _ (at most 1024)")
]


class CloudSqlSource(Model):
    """A database of Cloud SQL, for `EXTERNAL_QUERY`.

    The password is never in Terraform: the connection is made with one that opens nothing, and the page of
    `modules/bigquery_connection` says how the secret's is put in its place.
    """

    instance: SqlInstancePath
    database: str = Field(min_length=1)
    type: Literal["POSTGRES", "MYSQL"] = "POSTGRES"
    username: str = Field(min_length=1)
    password_secret: SecretPath = Field(description="Holds the password.")


class SparkSource(Model):
    """Stored procedures in Spark."""

    metastore_service: (
        Annotated[
            str,
            matching(r"projects/[^/]+/locations/[^/]+/services/[^/]+", "a Dataproc Metastore service's full name"),
        ]
        | None
    ) = None
    history_cluster: (
        Annotated[str, matching(r"projects/[^/]+/regions/[^/]+/clusters/[^/]+", "a Dataproc cluster's full name")]
        | None
    ) = None


class BigQueryConnection(Model):
    """A connection. Its id is its key; without a source of its own it reads Cloud Storage and calls Google's APIs."""

    friendly_name: str = ""
    description: str = ""
    location: Place | None = Field(default=None, description="By default the environment's region.")
    kms_key: KmsKeyPath | None = None
    cloud_sql: CloudSqlSource | None = None
    spark: SparkSource | None = None
    reads: list[BucketPath] = Field(default=[], description="Buckets whose objects its identity may read.")
    writes: list[BucketPath] = Field(default=[], description="Buckets whose objects its identity may read and write.")
    calls: list[ServicePath] = Field(default=[], description="Services that remote functions call as its identity.")
    grants: Grants = Field(default={}, description="Who may use it: roles/bigquery.connectionUser.")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.cloud_sql and self.spark:
            raise FieldError("a connection has one source, and this one has cloud_sql", "spark")
        if self.cloud_sql and (self.reads or self.writes):
            raise FieldError("a connection to Cloud SQL reads no buckets", "reads" if self.reads else "writes")
        if self.calls and (self.cloud_sql or self.spark):
            raise FieldError("only a connection without a source calls services, for remote functions", "calls")
        for field, names in (("reads", self.reads), ("writes", self.writes), ("calls", self.calls)):
            if len(set(names)) < len(names):
                raise FieldError(f"names each {'service' if field == 'calls' else 'bucket'} once", field)
        both = sorted(set(self.reads) & set(self.writes))
        if both:
            raise FieldError(f"whoever writes {both[0]} reads it too: it stands in writes", "reads")
        return self
