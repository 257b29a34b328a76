"""BigQuery datasets, tables, views, and what of other datasets may read them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import DatasetPath, FieldError, FileContent, KmsKeyPath, Labels, Model, Place, Reference, Template, matching
from .bigquery_external import ExternalTable, ForeignKey, Iceberg
from .bigquery_routines import Routine, RoutineId
from .iam import Grants, Member

TableId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,1024}", "a table id: letters, digits, _ or -")]
TableIdOrAll = Annotated[str, matching(r"[A-Za-z0-9_-]{1,1024}|\*", 'a table id, or "*" for everything in the dataset')]


RowAccessPolicyId = Annotated[
    str, matching(r"[A-Za-z0-9_]{1,256}", "the id of a row access policy: letters, digits or _ (at most 256)")
]


ForeignKeyId = Annotated[
    str, matching(r"[A-Za-z_][A-Za-z0-9_]{0,299}", "the name of a foreign key: letters, digits or _ (at most 300)")
]


class RowAccessPolicy(Model):
    """Who sees which rows. Once a table has one, whoever is named by none sees no row, whatever else they may.

    A writer that reads what it wrote needs one too, with the filter `TRUE`.
    """

    filter: str = Field(min_length=1, description="A condition on the table's columns, such as `desk = 'equity'`.")
    grantees: list[Member] = Field(min_length=1, description="Paths of service accounts, or principals.")

    @model_validator(mode="after")
    def _each_grantee_once(self) -> Self:
        if len(set(self.grantees)) < len(self.grantees):
            raise FieldError("names each grantee once", "grantees")
        return self


class TimePartitioning(Model):
    """Partitions by time; without a field, by ingestion."""

    type: Literal["HOUR", "DAY", "MONTH", "YEAR"] = "DAY"
    field: str | None = None
    expiration_days: int | None = Field(default=None, ge=1, description="By default the dataset's, if it has one.")


class RangePartitioning(Model):
    """Partitions by ranges of an integer column: start (included), end (excluded), interval."""

    field: str
    start: int
    end: int
    interval: int = Field(ge=1)

    @model_validator(mode="after")
    def _range_is_not_empty(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"start ({self.start}) is below end ({self.end})")
        return self


class Table(Model):
    """A table. Its schema is a JSON file: a list of fields as BigQuery writes them."""

    description: str = Field(default="", max_length=16_384)
    schema_file: Annotated[str, FileContent("json")] = Field(alias="schema", description="A file below envs/.")
    time_partitioning: TimePartitioning | None = None
    range_partitioning: RangePartitioning | None = None
    require_partition_filter: bool = False
    clustering: list[str] = Field(default=[], max_length=4)
    primary_key: list[str] = Field(
        default=[], max_length=16, description="Columns; BigQuery plans queries by them and enforces nothing."
    )
    foreign_keys: dict[ForeignKeyId, ForeignKey] = {}
    iceberg: Iceberg | None = Field(default=None, description="Rows are in a bucket. It is for good.")
    row_access_policies: dict[RowAccessPolicyId, RowAccessPolicy] = {}
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _one_partitioning(self) -> Self:
        if self.time_partitioning and self.range_partitioning:
            raise ValueError("has time_partitioning or range_partitioning, not both")
        if self.require_partition_filter and not (self.time_partitioning or self.range_partitioning):
            raise ValueError("require_partition_filter needs a partitioning")
        if len(set(self.primary_key)) < len(self.primary_key):
            raise FieldError("names each column once", "primary_key")
        return self


class View(Model):
    """A logical view in GoogleSQL."""

    description: str = Field(default="", max_length=16_384)
    query: Annotated[str, Template()] = Field(
        min_length=1, description="Tables are named with their project: `${project_id}.…`."
    )
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}


class MaterializedView(Model):
    """A view whose result BigQuery keeps, and keeps up to date, in GoogleSQL. Another query replaces it."""

    description: str = Field(default="", max_length=16_384)
    query: Annotated[str, Template()] = Field(
        min_length=1, description="Tables are named with their project: `${project_id}.…`."
    )
    enable_refresh: bool = True
    refresh_interval_minutes: int = Field(default=30, ge=1, description="At most this often.")
    clustering: list[str] = Field(default=[], max_length=4)
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}
    grants: Grants = {}


class Authorized(Model):
    """What may read a dataset for whoever may use it: nobody needs a role on the dataset itself.

    Views and routines are `dataset.id`, or `subproject/dataset.id` of another subproject.
    """

    views: list[Annotated[str, Reference("dataset_views")]] = Field(default=[], description="Materialized ones too.")
    datasets: list[DatasetPath] = Field(default=[], description="All views of these, those to come too.")
    routines: list[Annotated[str, Reference("dataset_routines")]] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for field in ("views", "datasets", "routines"):
            given = getattr(self, field)
            if len(set(given)) < len(given):
                raise FieldError("names each once", field)
        return self


class Dataset(Model):
    """A dataset. Its id is its key."""

    friendly_name: str = ""
    description: str = Field(default="", max_length=16_384)
    location: Place | None = Field(default=None, description="By default the environment's region.")
    default_table_expiration_days: int | None = Field(default=None, ge=1)
    default_partition_expiration_days: int | None = Field(default=None, ge=1)
    max_time_travel_hours: int = Field(default=168, ge=48, le=168, multiple_of=24)
    storage_billing_model: Literal["LOGICAL", "PHYSICAL"] = "LOGICAL"
    kms_key: KmsKeyPath | None = Field(
        default=None, description="Encrypts its tables; its used_by has bigquery. A first one replaces every table."
    )
    default_collation: Literal["", "und:ci"] = Field(
        default="", description="und:ci compares the texts of new tables without regard to case."
    )
    case_insensitive: bool = Field(default=False, description="Of the names of its tables.")
    delete_contents_on_destroy: bool | None = Field(
        default=None,
        description="Let destroy remove a dataset that holds tables. By default the environment's delete_contents.",
    )
    allow_data_loss: list[TableIdOrAll] = Field(
        default=[],
        exclude=True,
        description="Tables, declared or removed, whose data the next apply may lose; then take it out again.",
    )
    tables: dict[TableId, Table] = {}
    external_tables: dict[TableId, ExternalTable] = {}
    views: dict[TableId, View] = {}
    materialized_views: dict[TableId, MaterializedView] = {}
    routines: dict[RoutineId, Routine] = {}
    authorized: Authorized = Authorized()
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _tables_and_views_differ(self) -> Self:
        both = sorted(self.tables.keys() & self.views.keys())
        if both:
            raise ValueError(f'"{both[0]}" is a table and a view: they share one name space')
        both = sorted(self.materialized_views.keys() & (self.tables.keys() | self.views.keys()))
        if both:
            raise ValueError(f'"{both[0]}" is a materialized view and something else: they share one name space')
        others = self.tables.keys() | self.views.keys() | self.materialized_views.keys()
        both = sorted(self.external_tables.keys() & others)
        if both:
            raise ValueError(f'"{both[0]}" is an external table and something else: they share one name space')
        return self
