"""Names and ids, where the rule is more than a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.provider.checks.registry import check

_RFC1035 = "^[a-z]([-a-z0-9]*[a-z0-9])?$"
_POOL_SUFFIX = ".svc.id.goog"
_PROJECT = (
    r"(?:(?:[-a-z0-9]{1,63}\.)*(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?):)?"
    r"(?:[0-9]{1,19}|(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?))"
)
_NETWORK_LINK = f"^(?:http(?:s)?://.+/)?projects/({_PROJECT})/global/networks/((?:[a-z](?:[-a-z0-9]*[a-z0-9])?))$"


@check("rfc1035")
def is_rfc1035(value: str, full: str, bounds: str) -> Iterator[str]:
    """A label of RFC 1035 of so many characters: `rfc1035:LEAST..MOST`."""
    least, most = map(int, bounds.split(".."))
    if not least <= len(value) <= most:
        yield f'"{full}" ("{value}") must be between {least} and {most} characters long'
    if not re.fullmatch(_RFC1035.strip("^$"), value):
        yield f'"{full}" ("{value}") must match regex "{_RFC1035}"'


@check("prefix")
def is_prefix(value: str, full: str, most: str) -> Iterator[str]:
    """What a made-up name begins with leaves room for the rest: `prefix:MOST`."""
    if len(value) > int(most):
        yield f'"{full}" cannot be longer than {most} characters, name is limited to 63'


@check("pool_id")
def is_pool_id(value: str, full: str, _: str) -> Iterator[str]:
    """The id of a pool of workload identities."""
    kept = value.rstrip(_POOL_SUFFIX) if value.endswith(_POOL_SUFFIX) else value  # a set of letters, as the provider
    yield from _workload_id(value, kept, full, ", or end in '.svc.id.goog'")


@check("pool_provider_id")
def is_pool_provider_id(value: str, full: str, _: str) -> Iterator[str]:
    """The id of a provider in a pool of workload identities."""
    yield from _workload_id(value, value, full, "")


def _workload_id(given: str, kept: str, full: str, besides: str) -> Iterator[str]:
    if given.startswith("gcp-"):
        yield f'"{full}" ("{given}") can not start with "gcp-"'
    if not re.fullmatch("[0-9a-z-]+", kept):
        yield f'"{full}" must contain only lowercase letters (a-z), numbers (0-9), or dashes (-){besides}'
    if len(kept) < 4:
        yield f'"{full}" cannot be smaller than 4 characters'
    if len(kept) > 32:
        yield f'"{full}" cannot be greater than 32 characters'


@check("dataset_id")
def is_dataset_id(value: str, full: str, _: str) -> Iterator[str]:
    """The id of a dataset of BigQuery."""
    if not re.fullmatch("[0-9A-Za-z_]+", value):
        yield f'"{full}" must contain only letters (a-z, A-Z), numbers (0-9), or underscores (_)'
    if len(value) > 1024:
        yield f'"{full}" cannot be greater than 1,024 characters'


@check("entitlement_id")
def is_entitlement_id(value: str, full: str, _: str) -> Iterator[str]:
    """The id of an entitlement of Privileged Access Manager."""
    if not re.fullmatch("[a-z][a-z0-9-]{3,62}", value):
        yield (
            "Entitlement Id should be 4-63 characters, and valid characters are '[a-z]', '[0-9]', and '-'. "
            f"The first character should be from [a-z]. : {full}"
        )


@check("absolute_domain")
def is_absolute_domain(value: str, full: str, _: str) -> Iterator[str]:
    """A domain's name with the dot of the root."""
    if not value:
        yield "the empty string is not a valid name field value"
    elif not value.endswith("."):
        yield (
            f'"{full}" ("{value}") doesn\'t end with ".", name field must end with trailing dot, '
            "for example test.example.com. (note the trailing dot)"
        )


@check("project_id")
def is_project_id(value: str, _: str, __: str) -> Iterator[str]:
    """The id of a project, with its domain where it has one."""
    if not re.fullmatch(_PROJECT, value):
        yield (
            f'"{value}" project_id must be 6 to 30 with lowercase letters, digits, hyphens and start with a letter. '
            "Trailing hyphens are prohibited."
        )


@check("project_name")
def is_project_name(value: str, _: str, __: str) -> Iterator[str]:
    """What a project is called in lists."""
    if not re.fullmatch("[A-Za-z0-9-'\"\\s!]{4,30}", value):
        yield (
            f'"{value}" name must be 4 to 30 characters with lowercase and uppercase letters, numbers, hyphen, '
            "single-quote, double-quote, space, and exclamation point."
        )


@check("service_domain")
def is_service_domain(value: str, full: str, _: str) -> Iterator[str]:
    """The domain of a service that a project enables."""
    if value == "bigquery-json.googleapis.com":
        yield f"expected {full} to not match any of [bigquery-json.googleapis.com], got {value}"
    elif "." not in value:
        yield f"expected {value} to be a domain like serviceusage.googleapis.com"


@check("network_link")
def is_network_link(value: str, full: str, _: str) -> Iterator[str]:
    """A VPC network by its link or its name below the project; an empty text is none."""
    if value and not re.fullmatch(_NETWORK_LINK.strip("^$"), value):
        shown = _NETWORK_LINK.replace("\\", "\\\\")
        yield f'"{full}" ("{value}") doesn\'t match regexp "{shown}"'
