"""Cloud SQL instances, reached by their private address only, with IAM users only: no password is ever here."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, KmsKeyPath, Labels, Model, NetworkName, Place, ServiceAccountPath, Switched, matching

_TIERS = {
    "ENTERPRISE": (r"db-f1-micro|db-g1-small|db-custom-[0-9]+-[0-9]+", '"db-f1-micro" or "db-custom-2-7680"'),
    "ENTERPRISE_PLUS": (r"db-perf-optimized-[A-Z]-[0-9]+", '"db-perf-optimized-N-2"'),
}
_MOST_LOG_DAYS = {"ENTERPRISE": 7, "ENTERPRISE_PLUS": 35}
_IAM_FLAGS = ("cloudsql.iam_authentication", "cloudsql_iam_authentication")
DatabaseName = Annotated[
    str, matching(r"[A-Za-z_][A-Za-z0-9_-]{0,62}", "a database's name: letters, digits, _ or - (at most 63)")
]
FlagName = Annotated[str, matching(r"[a-z][a-z0-9_.]*", 'a flag\'s name, such as "log_min_duration_statement"')]


class MaintenanceWindow(Model):
    """When Google may restart it, in UTC."""

    day: int = Field(ge=1, le=7, description="1 is Monday.")
    hour: int = Field(ge=0, le=23)
    track: Literal["canary", "stable", "week5"] = "stable"


class Insights(Model):
    """Query Insights: which queries take the time."""

    query_string_length: int = Field(default=1024, ge=256, le=4500)
    query_plans_per_minute: int = Field(default=5, ge=0, le=20)
    record_application_tags: bool = False
    record_client_address: bool = False


class Database(Model):
    """A database of an instance. Its name is its key."""

    charset: str | None = None
    collation: str | None = None


class SqlInstance(Switched):
    """A PostgreSQL or MySQL instance. Its name is its key."""

    version: Literal["POSTGRES_15", "POSTGRES_16", "POSTGRES_17", "MYSQL_8_0", "MYSQL_8_4"] = "POSTGRES_17"
    edition: Literal["ENTERPRISE", "ENTERPRISE_PLUS"] = "ENTERPRISE"
    tier: str = Field(default="db-custom-1-3840", description="The machine: db-custom-VCPUS-MEGABYTES.")
    high_availability: bool = Field(default=False, description="A second instance in another zone; twice the price.")
    disk_type: Literal["PD_SSD", "PD_HDD"] = "PD_SSD"
    disk_size_gb: int = Field(default=10, ge=10, le=65_536)
    disk_autoresize: bool = True
    disk_autoresize_limit_gb: int = Field(default=0, ge=0, le=65_536, description="0 for as far as Google goes.")
    backups: bool = True
    backup_start_time: str = Field(default="18:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="In UTC.")
    backup_location: Place | None = Field(default=None, description="By default the nearest multi-region.")
    backups_retained: int = Field(default=7, ge=1, le=365)
    point_in_time_recovery: bool = True
    log_retention_days: int = Field(default=7, ge=1, le=35, description="How far back a point in time may be.")
    maintenance_window: MaintenanceWindow | None = None
    insights: Insights | None = None
    flags: dict[FlagName, str] = {}
    iam_authentication: bool = True
    network: NetworkName = Field(description="Where it has its address, by private service access.")
    ssl_mode: Literal["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"] = "ENCRYPTED_ONLY"
    kms_key: KmsKeyPath | None = None
    databases: dict[DatabaseName, Database] = {}
    users: list[ServiceAccountPath] = Field(default=[], description="Accounts that log in with their IAM token.")
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _tier_fits_edition(self) -> Self:
        pattern, such_as = _TIERS[self.edition]
        if not re.fullmatch(pattern, self.tier):
            raise FieldError(f'a tier of {self.edition} is such as {such_as}; not "{self.tier}"', "tier")
        if self.log_retention_days > _MOST_LOG_DAYS[self.edition]:
            most = _MOST_LOG_DAYS[self.edition]
            raise FieldError(f"log_retention_days of {self.edition} is at most {most}", "log_retention_days")
        return self

    @model_validator(mode="after")
    def _recovery_has_backups(self) -> Self:
        if self.point_in_time_recovery and not self.backups:
            raise FieldError("point_in_time_recovery needs backups", "point_in_time_recovery")
        if self.high_availability and not self.point_in_time_recovery:
            raise FieldError("high_availability needs point_in_time_recovery", "high_availability")
        return self

    @model_validator(mode="after")
    def _users_can_log_in(self) -> Self:
        for name in self.flags:
            if name in _IAM_FLAGS:
                raise FieldError(f"{name} is set by iam_authentication", "flags", name)
        if self.users and not self.iam_authentication:
            raise FieldError("users log in by IAM: iam_authentication has to be true", "users")
        if len(set(self.users)) != len(self.users):
            raise FieldError("users names each account once", "users")
        return self
