"""Memorystore for Redis, reached by private service access only."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, KmsKeyPath, Labels, Model, NetworkName, Switched, matching

ConfigName = Annotated[str, matching(r"[a-z][a-z0-9-]*", 'a configuration\'s name, such as "maxmemory-policy"')]


class RedisMaintenanceWindow(Model):
    """The hour in which Google may update it, in UTC."""

    day: Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
    hour: int = Field(ge=0, le=23)


class RedisInstance(Switched):
    """A cache. Its name is its key."""

    tier: Literal["BASIC", "STANDARD_HA"] = Field(
        default="BASIC", description="STANDARD_HA has a replica to fail over to."
    )
    memory_size_gb: int = Field(default=1, ge=1, le=300)
    version: Literal["REDIS_6_X", "REDIS_7_0", "REDIS_7_2"] = "REDIS_7_2"
    display_name: str = Field(default="", max_length=80)
    auth: bool = Field(default=True, description="Clients need a password, which Memorystore makes.")
    tls: bool = True
    network: NetworkName = Field(description="Where it has its address, by private service access.")
    configs: dict[ConfigName, str] = {}
    read_replicas: int = Field(default=0, ge=0, le=5, description="With STANDARD_HA and 5 GB or more.")
    snapshot_period: Literal["ONE_HOUR", "SIX_HOURS", "TWELVE_HOURS", "TWENTY_FOUR_HOURS"] | None = Field(
        default=None, description="Keeps a snapshot on disk, so that it comes back with its data."
    )
    maintenance_window: RedisMaintenanceWindow | None = None
    kms_key: KmsKeyPath | None = None
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _replicas_have_room(self) -> Self:
        if self.read_replicas and (self.tier != "STANDARD_HA" or self.memory_size_gb < 5):
            raise FieldError("read_replicas need STANDARD_HA and 5 GB or more", "read_replicas")
        return self
