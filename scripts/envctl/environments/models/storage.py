"""Cloud Storage buckets."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, Place, matching
from .iam import Grants

BucketName = Annotated[
    str,
    matching(
        r"(?!goog)(?!.*google)[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]",
        "a bucket name: 3 to 63 lower-case letters, digits, - or _, without google, begun and ended by letter or digit",
    ),
]
StorageClass = Literal["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"]


class LifecycleRule(Model):
    """What happens to objects that meet every condition given."""

    action: Literal["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"]
    storage_class: StorageClass | None = Field(default=None, description="The class to move to, with SetStorageClass.")
    age_days: int | None = Field(default=None, ge=0)
    num_newer_versions: int | None = Field(default=None, ge=0)
    days_since_noncurrent: int | None = Field(default=None, ge=0)
    with_state: Literal["LIVE", "ARCHIVED", "ANY"] | None = None
    matches_prefix: list[str] = []
    matches_suffix: list[str] = []
    matches_storage_class: list[StorageClass] = []

    @model_validator(mode="after")
    def _storage_class_fits_action(self) -> Self:
        if (self.action == "SetStorageClass") != (self.storage_class is not None):
            raise ValueError("storage_class goes with the action SetStorageClass, and only with it")
        conditions = (self.age_days, self.num_newer_versions, self.days_since_noncurrent, self.with_state)
        lists = (self.matches_prefix, self.matches_suffix, self.matches_storage_class)
        if all(c is None for c in conditions) and not any(lists):
            raise ValueError("needs a condition, such as age_days")
        others = any(c is not None for c in conditions[1:]) or bool(self.matches_storage_class)
        if self.action == "AbortIncompleteMultipartUpload" and others:
            raise ValueError("AbortIncompleteMultipartUpload takes age_days, matches_prefix and matches_suffix only")
        return self


class Retention(Model):
    """Objects can't be deleted or replaced before they are this old."""

    period_seconds: int = Field(ge=1, le=3_155_760_000)
    locked: bool = Field(default=False, description="A locked policy can never be shortened or removed.")


class Cors(Model):
    """What browsers of other origins may do."""

    origins: list[str] = Field(min_length=1)
    methods: list[Literal["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "*"]] = Field(min_length=1)
    response_headers: list[str] = []
    max_age_seconds: int = Field(default=3600, ge=0)


class Bucket(Model):
    """A bucket with uniform access and public access prevention, always."""

    name: BucketName | None = Field(
        default=None, description="By default the project id and the key, which is unique in the world."
    )
    location: Place | None = Field(default=None, description="By default the environment's region.")
    storage_class: StorageClass = "STANDARD"
    versioning: bool = True
    soft_delete_seconds: int = Field(default=604_800, description="0, or 604800 (7 days) to 7776000 (90 days).")
    force_destroy: bool | None = Field(
        default=None,
        description="Let destroy remove a bucket that holds objects. By default the environment's delete_contents.",
    )
    lifecycle_rules: list[LifecycleRule] = []
    retention: Retention | None = None
    cors: list[Cors] = []
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _soft_delete_is_allowed(self) -> Self:
        if self.soft_delete_seconds != 0 and not 604_800 <= self.soft_delete_seconds <= 7_776_000:
            message = (
                f"soft_delete_seconds is 0, or 604800 (7 days) to 7776000 (90 days), not {self.soft_delete_seconds}"
            )
            raise FieldError(message, "soft_delete_seconds")
        if self.retention is not None and self.versioning:
            raise ValueError("retention and versioning exclude each other on a bucket: set versioning to false")
        return self
