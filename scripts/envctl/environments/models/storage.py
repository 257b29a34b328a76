"""Cloud Storage buckets."""

from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import (
    BucketPath,
    FieldError,
    FileContent,
    KmsKeyPath,
    Labels,
    Model,
    Place,
    Region,
    Template,
    TopicPath,
    matching,
)
from .iam import Grants

BucketName = Annotated[
    str,
    matching(
        r"(?!goog)(?!.*google)[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]",
        "a bucket name: 3 to 63 lower-case letters, digits, - or _, without google, begun and ended by letter or digit",
    ),
]
Date = Annotated[str, matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'a day, such as "2026-01-31"')]
FolderName = Annotated[
    str, matching(r"(?!/)[^\r\n#\[\]*?]{0,1023}/", 'a folder\'s name, with a slash at its end, such as "reports/"')
]
ObjectName = Annotated[
    str, matching(r"(?!\.{1,2}$)[^\r\n]{1,1024}", "an object's name: at most 1024 characters of one line")
]
NotificationId = Annotated[
    str, matching(r"[a-z][a-z0-9_-]{0,62}", "a notification's key: lower-case letters, digits, - or _ (at most 63)")
]
Encryption = Literal["google_managed", "customer_managed", "customer_supplied"]
StorageClass = Literal["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"]


class LifecycleRule(Model):
    """What happens to objects that meet every condition given."""

    action: Literal["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"]
    storage_class: StorageClass | None = Field(default=None, description="The class to move to, with SetStorageClass.")
    age_days: int | None = Field(default=None, ge=0)
    num_newer_versions: int | None = Field(default=None, ge=0)
    days_since_noncurrent: int | None = Field(default=None, ge=0)
    days_since_custom_time: int | None = Field(default=None, ge=0)
    created_before: Date | None = Field(default=None, description='A day, such as "2026-01-31".')
    custom_time_before: Date | None = None
    noncurrent_time_before: Date | None = None
    size_above_bytes: int | None = Field(default=None, ge=1)
    size_below_bytes: int | None = Field(default=None, ge=1)
    with_state: Literal["LIVE", "ARCHIVED", "ANY"] | None = None
    matches_prefix: list[str] = []
    matches_suffix: list[str] = []
    matches_storage_class: list[StorageClass] = []

    @model_validator(mode="after")
    def _storage_class_fits_action(self) -> Self:
        if (self.action == "SetStorageClass") != (self.storage_class is not None):
            raise ValueError("storage_class goes with the action SetStorageClass, and only with it")
        conditions = (
            *(self.age_days, self.num_newer_versions, self.days_since_noncurrent, self.with_state),
            *(self.days_since_custom_time, self.created_before, self.custom_time_before),
            *(self.noncurrent_time_before, self.size_above_bytes, self.size_below_bytes),
        )
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


class Autoclass(Model):
    """Cloud Storage itself moves each object to the class that its use asks for."""

    terminal_storage_class: Literal["NEARLINE", "ARCHIVE"] = Field(
        default="NEARLINE", description="The coldest class that objects are moved to."
    )


class Logging(Model):
    """Usage logs of the bucket, written into another one."""

    bucket: BucketPath = Field(description="It grants roles/storage.objectCreator to Cloud Storage's logging group.")
    prefix: str | None = Field(default=None, description="Of the log objects; by default the bucket's name.")


class Website(Model):
    """Pages that a bucket answers as a web site."""

    main_page: str | None = None
    not_found_page: str | None = None

    @model_validator(mode="after")
    def _has_a_page(self) -> Self:
        if self.main_page is None and self.not_found_page is None:
            raise ValueError("needs a main_page, a not_found_page or both")
        return self


class VpcSource(Model):
    """Addresses of a network that may reach the bucket."""

    network: Annotated[str, Template()] = Field(
        pattern=r"^projects/[^/]+/global/networks/[^/]+$", description="`projects/${project_id}/global/networks/…`"
    )
    ranges: list[str] = Field(min_length=1)


class IpFilter(Model):
    """From where the bucket may be reached, whoever asks."""

    mode: Literal["Enabled", "Disabled"] = "Enabled"
    public_ranges: list[str] = Field(default=[], description='Such as "203.0.113.0/24"; none: no public address.')
    vpc_sources: list[VpcSource] = []
    allow_cross_org_vpcs: bool = False
    allow_service_agents: bool = Field(
        default=False, description="Google's own agents, such as BigQuery's, may reach it."
    )

    @model_validator(mode="after")
    def _ranges_are_networks(self) -> Self:
        if self.allow_cross_org_vpcs and not self.vpc_sources:
            raise FieldError("allow_cross_org_vpcs needs vpc_sources", "allow_cross_org_vpcs")
        for index, text in enumerate(self.public_ranges):
            _check_range(text, "public_ranges", index)
        for number, source in enumerate(self.vpc_sources):
            for index, text in enumerate(source.ranges):
                _check_range(text, "vpc_sources", number, "ranges", index)
        return self


def _check_range(text: str, *path: str | int) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise FieldError(f'"{text}" is not a range of addresses, such as "203.0.113.0/24" ({error})', *path) from None


class ManagedFolder(Model):
    """A folder with grants of its own. Its name is its key, with a slash at its end."""

    force_destroy: bool | None = Field(default=None, description="As of buckets.")
    grants: Grants = {}


class StoredObject(Model):
    """An object whose bytes are a text file. Its name is its key."""

    content: Annotated[str, FileContent("text")] = Field(description="A file below envs/.")
    content_type: str | None = Field(default=None, pattern=r"^[\w.+-]+/[\w.+-]+(;.*)?$")
    cache_control: str | None = None
    storage_class: StorageClass | None = Field(default=None, description="By default the bucket's.")
    metadata: dict[str, str] = {}


class Notification(Model):
    """A message on a topic for each change of an object. Cloud Storage's agent may publish to exactly that topic."""

    topic: TopicPath
    events: list[Literal["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"]] = Field(
        default=["OBJECT_FINALIZE"], min_length=1
    )
    prefix: str | None = Field(default=None, description="Only objects whose names begin so.")
    payload_format: Literal["JSON_API_V1", "NONE"] = "JSON_API_V1"
    attributes: dict[str, str] = {}


class Bucket(Model):
    """A bucket with uniform access; closed to the public unless `public_access` opens it."""

    name: BucketName | None = Field(
        default=None, description="By default the project id and the key, which is unique in the world."
    )
    location: Place | None = Field(default=None, description="By default the environment's region.")
    regions: list[Region] = Field(
        default=[],
        description='Two regions of a dual region; location is the multi-region that has both, such as "IN".',
    )
    rpo: Literal["DEFAULT", "ASYNC_TURBO"] | None = Field(
        default=None, description="ASYNC_TURBO: both regions of a dual region have each object within 15 minutes."
    )
    storage_class: StorageClass = "STANDARD"
    autoclass: Autoclass | None = None
    versioning: bool = True
    soft_delete_seconds: int = Field(default=604_800, description="0, or 604800 (7 days) to 7776000 (90 days).")
    force_destroy: bool | None = Field(
        default=None,
        description="Let destroy remove a bucket that holds objects. By default the environment's delete_contents.",
    )
    hierarchical_namespace: bool = Field(default=False, description="Folders that are renamed at once; only when new.")
    requester_pays: bool = False
    event_based_hold: bool = Field(default=False, description="New objects are held: they can't be deleted.")
    object_retention: bool = Field(
        default=False, description="Objects may have retentions of their own; only when new."
    )
    public_access: bool = Field(
        default=False,
        description="true: grants may name allUsers. Otherwise the public is kept out.",
    )
    kms_key: KmsKeyPath | None = Field(default=None, description="Encrypts new objects; its used_by has storage.")
    refused_encryption: list[Encryption] = Field(
        default=[], description="New objects encrypted so are refused; at least one way stays allowed."
    )
    lifecycle_rules: list[LifecycleRule] = []
    retention: Retention | None = None
    cors: list[Cors] = []
    logging: Logging | None = None
    website: Website | None = None
    ip_filter: IpFilter | None = None
    managed_folders: dict[FolderName, ManagedFolder] = {}
    objects: dict[ObjectName, StoredObject] = {}
    notifications: dict[NotificationId, Notification] = {}
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

    @model_validator(mode="after")
    def _place_is_consistent(self) -> Self:
        if self.regions and len(set(self.regions)) != 2:
            raise FieldError("a dual region has two different regions", "regions")
        if self.regions and (self.location is None or "-" in self.location):
            raise FieldError(
                'regions need the multi-region that has both as location, such as "IN" or "ASIA"', "regions"
            )
        if self.rpo == "ASYNC_TURBO" and not self.regions:
            raise FieldError("ASYNC_TURBO is for dual regions: give regions", "rpo")
        return self

    @model_validator(mode="after")
    def _features_go_together(self) -> Self:
        if self.hierarchical_namespace and self.versioning:
            message = "a bucket with a hierarchical namespace keeps no versions: set versioning to false"
            raise FieldError(message, "hierarchical_namespace")
        if self.kms_key is not None and "customer_managed" in self.refused_encryption:
            raise FieldError("objects are encrypted with kms_key, so customer_managed stays", "refused_encryption")
        if len(set(self.refused_encryption)) == 3:
            raise FieldError("all three ways to encrypt are refused: leave one", "refused_encryption")
        if self.autoclass is not None:
            if self.storage_class != "STANDARD":
                raise FieldError("autoclass moves objects itself: storage_class is STANDARD", "storage_class")
            for index, rule in enumerate(self.lifecycle_rules):
                if rule.action == "SetStorageClass" or rule.matches_storage_class:
                    message = "autoclass moves objects itself: no rule sets or matches a storage class"
                    raise FieldError(message, "lifecycle_rules", index)
        return self
