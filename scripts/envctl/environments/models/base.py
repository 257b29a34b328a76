"""What every model shares: strictness, and the types that carry Google's naming rules."""

import re
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from shared_services.yaml.said import FieldError as FieldError


class Model(BaseModel):
    """A strict, immutable model: unknown keys are errors and no value is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Switched(Model):
    """What can be declared and left out: with `enabled: false` it is checked, and not made.

    Rendering leaves out what is switched off, and the switch itself: Terraform sees only what is there.
    """

    enabled: bool = Field(default=True, exclude=True, description="false: declared and checked, but not made.")


@dataclass(frozen=True, slots=True)
class Reference:
    """Marks a field that names another resource by path: `id`, or `subproject/id`.

    `kind` is the subproject's map that holds it (`topics`, `service_accounts`, …). Resolution replaces the
    path by the name Google gives the resource. With `principals`, the text may also be a principal as IAM writes it
    (`group:quants@example.com`, `allUsers`), which stays as it is.
    """

    kind: str
    principals: bool = False


@dataclass(frozen=True, slots=True)
class FileContent:
    """Marks a field that names a file, relative to `envs/`; rendering replaces the path by the file's text."""

    format: str  # "json", "yaml" or "text"


@dataclass(frozen=True, slots=True)
class Template:
    """Marks a text in which `${project_id}`, `${region}` and `${environment}` are replaced."""


@dataclass(frozen=True, slots=True)
class matching:  # noqa: N801 - reads as a word in an annotation
    """A validator that a text matches a pattern in full; the error says what is allowed, in words."""

    pattern: str
    says: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        pattern, says = self.pattern, self.says

        def check(value: str) -> str:
            if not re.fullmatch(pattern, value):  # compiled when first needed, and kept: most never are
                raise ValueError(f'"{value}" is not {says}')
            return value

        return AfterValidator(check).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self.pattern})$"}


def _label_map(value: dict[str, str]) -> dict[str, str]:
    if len(value) > 64:
        raise ValueError("has more than 64 labels")
    for key, text in value.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key):
            raise ValueError(f'label key "{key}" is not a lower-case letter, then letters, digits, - or _ (at most 63)')
        if not re.fullmatch(r"[a-z0-9_-]{0,63}", text):
            raise ValueError(f'label value "{text}" of "{key}" is not lower-case letters, digits, - or _ (at most 63)')
    return value


Labels = Annotated[dict[str, str], AfterValidator(_label_map)]
Seconds = Annotated[str, matching(r"[0-9]+(\.[0-9]{1,9})?s", 'seconds with an s, such as "600s"')]
Email = Annotated[str, matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")]
ServiceAccountPath = Annotated[str, Reference("service_accounts")]
TopicPath = Annotated[str, Reference("topics")]
SchemaPath = Annotated[str, Reference("schemas")]
SecretPath = Annotated[str, Reference("secrets")]
ServicePath = Annotated[str, Reference("services")]
BucketPath = Annotated[str, Reference("buckets")]
WorkflowPath = Annotated[str, Reference("workflows")]
DatasetPath = Annotated[str, Reference("datasets")]
SubscriptionPath = Annotated[str, Reference("subscriptions")]
KmsKeyPath = Annotated[str, Reference("kms_keys")]
SqlInstancePath = Annotated[str, Reference("sql_instances")]
ConnectionPath = Annotated[str, Reference("bigquery_connections")]
NetworkName = Annotated[
    str,
    matching(
        r"projects/(\$\{project_id\}|[a-z][a-z0-9-]*)/global/networks/[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        'a network\'s full name, such as "projects/${project_id}/global/networks/main"',
    ),
    Template(),
]


def _resource_tags(value: dict[str, str]) -> dict[str, str]:
    for key, text in value.items():
        if not re.fullmatch(r"tagKeys/[0-9]+|[^/\s]+/[^/\s]+", key):
            raise ValueError(f'"{key}" is not the key of a resource tag, such as "tagKeys/123" or "my-project/tier"')
        if not re.fullmatch(r"tagValues/[0-9]+|[^/\s]+", text):
            raise ValueError(f'"{text}" is not the value of a resource tag, such as "tagValues/456" or "gold"')
    return value


ResourceTags = Annotated[dict[str, str], AfterValidator(_resource_tags)]
"""Tags of Resource Manager, which policies look at; they are bound at creation only."""


def seconds(value: str) -> float:
    """The number in a duration such as "600s".

    >>> seconds("600s")
    600.0
    """
    return float(value.removesuffix("s"))


def within(low: int, high: int, field: str) -> AfterValidator:
    """A validator that a duration lies between two numbers of seconds, both included."""

    def check(value: str) -> str:
        if not low <= seconds(value) <= high:
            raise ValueError(f'{field} is between "{low}s" and "{high}s", not "{value}"')
        return value

    return AfterValidator(check)


def _zone(name: str) -> str:
    # One look-up, where listing all zones would read their whole folder.
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is not a time zone of the tz database, such as "Asia/Kolkata"') from None
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]
Region = Annotated[str, matching(r"[a-z]+-[a-z]+[0-9]+", 'a region, such as "asia-south1"')]
Place = Annotated[
    str,
    matching(r"[A-Za-z]+[0-9]*|[a-z]+-[a-z]+[0-9]+|[A-Z]+-[A-Z]+[0-9]+", 'a location, such as "asia-south1" or "EU"'),
]
