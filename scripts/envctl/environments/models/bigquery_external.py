"""BigQuery tables whose rows are files in Cloud Storage, and keys that refer to other tables."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import ConnectionPath, FieldError, FileContent, Labels, Model, Template, matching
from .iam import Grants

SourceUri = Annotated[
    str,
    matching(r"gs://[^/*]+/[^*]*\*?[^*]*", 'files, such as "gs://${project_id}-raw/ticks/*", with one * at most'),
    Template(),
]
_OPTIONS = {"csv": "CSV", "json": "NEWLINE_DELIMITED_JSON", "parquet": "PARQUET", "avro": "AVRO"}


class ForeignKey(Model):
    """A column whose values stand in another table of the dataset. BigQuery plans by it and enforces nothing.

    A table's first foreign key changes its address in Terraform; `modules/bigquery` says what to do then.
    """

    table: Annotated[str, matching(r"[A-Za-z0-9_-]{1,1024}", "a table id: letters, digits, _ or -")] = Field(
        description="Of the same dataset; without foreign keys of its own."
    )
    column: str
    references: str = Field(description="The one column of the other table's primary key.")


class Iceberg(Model):
    """Where the rows of a table are, as Iceberg keeps them, instead of in BigQuery."""

    connection: ConnectionPath = Field(description="Writes the files.")
    storage_uri: Annotated[
        str, matching(r"gs://[^/*]+/[^*]+", 'a folder of a bucket, such as "gs://${project_id}-lake/ticks"'), Template()
    ]


class HivePartitioning(Model):
    """Partitions by path, such as `day=2026-01-30/`."""

    mode: Literal["AUTO", "STRINGS", "CUSTOM"] = "AUTO"
    source_uri_prefix: Annotated[
        str, matching(r"gs://\S+", 'what comes before the partitions, "gs://…"'), Template()
    ] = Field(description="With CUSTOM, the partitions too: `…/{day:DATE}`.")
    require_partition_filter: bool = False


class MetadataCache(Model):
    """What BigQuery remembers of the files, so that it needn't list them each time."""

    mode: Literal["AUTOMATIC", "MANUAL"] = "AUTOMATIC"
    max_staleness: Annotated[
        str, matching(r"[0-9]+-[0-9]+ [0-9]+ [0-9]+:[0-9]+:[0-9]+", 'an interval, such as "0-0 0 4:0:0" for 4 hours')
    ] = "0-0 0 1:0:0"


class CsvOptions(Model):
    """How CSV is written."""

    delimiter: str = Field(default=",", min_length=1)
    quote: str = Field(default='"', max_length=1)
    skip_leading_rows: int = Field(default=0, ge=0)
    allow_quoted_newlines: bool = False
    allow_jagged_rows: bool = Field(default=False, description="Missing columns at the end are null.")
    encoding: Literal["UTF-8", "ISO-8859-1"] = "UTF-8"


class JsonOptions(Model):
    """How JSON is written, a document a line."""

    encoding: Literal["UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"] = "UTF-8"


class ParquetOptions(Model):
    """How Parquet is read."""

    enum_as_string: bool = False
    enable_list_inference: bool = False


class AvroOptions(Model):
    """How Avro is read."""

    use_logical_types: bool = True


class ExternalTable(Model):
    """Files in Cloud Storage as a table. BigQuery reads them at each query."""

    description: str = Field(default="", max_length=16_384)
    format: Literal["CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO", "ORC"]
    source_uris: list[SourceUri] = Field(min_length=1)
    schema_file: Annotated[str, FileContent("json")] | None = Field(
        default=None, alias="schema", description="A file below envs/. Without one, BigQuery finds out."
    )
    compression: Literal["NONE", "GZIP"] = "NONE"
    ignore_unknown_values: bool = False
    max_bad_records: int = Field(default=0, ge=0)
    connection: ConnectionPath | None = Field(
        default=None, description="Reads the files, so that who queries the table needs nothing on the bucket."
    )
    metadata_cache: MetadataCache | None = None
    hive_partitioning: HivePartitioning | None = None
    csv: CsvOptions | None = None
    json_options: JsonOptions | None = Field(default=None, alias="json")
    parquet: ParquetOptions | None = None
    avro: AvroOptions | None = None
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        given = {"csv": self.csv, "json": self.json_options, "parquet": self.parquet, "avro": self.avro}
        for field, options in given.items():
            if options is not None and self.format != _OPTIONS[field]:
                raise FieldError(f"files of format {self.format} have no such options", field)
        if self.compression == "GZIP" and self.format not in ("CSV", "NEWLINE_DELIMITED_JSON"):
            raise FieldError(f"files of format {self.format} tell their compression themselves", "compression")
        if self.metadata_cache and not self.connection:
            raise FieldError("BigQuery remembers only what it reads through a connection", "metadata_cache")
        if self.hive_partitioning:
            prefix = self.hive_partitioning.source_uri_prefix.partition("{")[0].rstrip("/")
            for index, uri in enumerate(self.source_uris):
                if not uri.startswith(prefix):
                    raise FieldError(f'doesn\'t begin with "{prefix}", as source_uri_prefix says', "source_uris", index)
        return self
