"""What single products ask of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.checks.registry import check

_LABEL_KEYS = {
    "bucket": ("[a-z0-9_-]{1,63}", "https://cloud.google.com/storage/docs/tags-and-labels#bucket-labels"),
    "function": (
        r"(?:(?![A-Z])[^\W]|-)+",
        "https://docs.cloud.google.com/resource-manager/docs/creating-managing-labels#requirements",
    ),
}
_DAY = 86_400
_HOUR_MS = 3_600_000


@check("label_keys")
def are_label_keys(value: Mapping[str, Any], _: str, product: str) -> Iterator[str]:
    """The keys of labels, by the rule of one product: `label_keys:bucket`."""
    allowed, page = _LABEL_KEYS[product]
    for key in value:
        if not re.fullmatch(allowed, key):
            yield f'"{key}" is an invalid label key. See {page}'


@check("headers")
def are_headers(value: Mapping[str, Any], full: str, _: str) -> Iterator[str]:
    """Headers that a caller of Cloud Scheduler may set."""
    if "Content-Length" in value:
        yield f"Cannot set the Content-Length header on {full}"
        return
    for key in value:
        if re.search("(X-Google-|X-AppEngine-).*", key):
            yield f"Cannot set the {key} header on {full}"
            return


@check("goog_headers")
def are_goog_headers(value: dict[str, Any], _: str, __: str) -> Iterator[str]:
    """Headers of Cloud Storage's own."""
    for name in value:
        if not name.lower().startswith("x-goog-"):
            yield f"extension_header ({name}) not valid, header name must begin with 'x-goog-'"


@check("authorization_header", warning=True)
def has_authorization(value: Mapping[str, Any], full: str, _: str) -> Iterator[str]:
    """A header that a token takes the place of."""
    if "Authorization" in value:
        yield (
            f"Setting the Authorization header on {full} is discouraged when http_target.oidc_token or "
            "http_target.oauth_token is configured; the API will overwrite it."
        )


@check("metadata", warning=True)
def has_container(value: Mapping[str, Any], _: str, __: str) -> Iterator[str]:
    """Metadata with which a machine would start a container, as it no longer should."""
    if "gce-container-declaration" in value:
        yield (
            "The option to deploy a container during VM creation using the container startup agent is deprecated. "
            "Use alternative services to run containers on your VMs. Learn more at "
            "https://cloud.google.com/compute/docs/containers/migrate-containers."
        )


@check("goal")
def is_goal(value: float, _: str, __: str) -> Iterator[str]:
    """The share of good service that an objective asks for."""
    if not 0 < value <= 0.9999:
        yield f"goal {value:f} must be > 0 and <= 0.9999"


@check("rotation_period")
def is_rotation_period(value: str, _: str, __: str) -> Iterator[str]:
    """Seconds from one version of a key to the next: a day or more."""
    if not value:
        return
    if not (match := re.fullmatch(r"([0-9.]*[0-9])s", value)):
        yield f"Invalid rotation period format: {value}"
        return
    _whole, _dot, fraction = match[1].partition(".")
    if "." in fraction:
        yield f'strconv.ParseFloat: parsing "{match[1]}": invalid syntax'
        return
    if float(match[1]) < _DAY:
        yield "Rotation period must be greater than one day"
    if len(fraction) > 9:
        yield "Rotation period cannot have more than 9 fractional digits"


@check("table_expiration")
def is_table_expiration(value: float, full: str, _: str) -> Iterator[str]:
    """How long a table of a dataset lives, in milliseconds: an hour or more."""
    if value < _HOUR_MS:
        yield f'"{full}" cannot be shorter than 3600000 milliseconds (one hour)'


@check("role_entity")
def is_role_entity(value: str, _: str, __: str) -> Iterator[str]:
    """An entry of an access control list: a role, a colon, an entity."""
    if value.count(":") != 1:
        yield f"Role entity pairs must be formatted as 'ROLE:entity': {value}"


@check("principal")
def is_principal(value: str, full: str, _: str) -> Iterator[str]:
    """A principal that is still there."""
    if value.startswith("deleted:"):
        yield f"Terraform does not support IAM policies for deleted principals: {full}"
