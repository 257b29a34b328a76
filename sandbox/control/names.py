"""Resource names: path templates, id rules, labels, locations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

from sandbox.control.errors import ApiError, invalid_argument

REGIONS = frozenset(
    {
        "africa-south1",
        "asia-east1",
        "asia-east2",
        "asia-northeast1",
        "asia-northeast2",
        "asia-northeast3",
        "asia-south1",
        "asia-south2",
        "asia-southeast1",
        "asia-southeast2",
        "asia-southeast3",
        "australia-southeast1",
        "australia-southeast2",
        "europe-central2",
        "europe-north1",
        "europe-north2",
        "europe-southwest1",
        "europe-west1",
        "europe-west10",
        "europe-west12",
        "europe-west2",
        "europe-west3",
        "europe-west4",
        "europe-west6",
        "europe-west8",
        "europe-west9",
        "me-central1",
        "me-central2",
        "me-west1",
        "northamerica-northeast1",
        "northamerica-northeast2",
        "northamerica-south1",
        "southamerica-east1",
        "southamerica-west1",
        "us-central1",
        "us-east1",
        "us-east4",
        "us-east5",
        "us-south1",
        "us-west1",
        "us-west2",
        "us-west3",
        "us-west4",
    }
)
MULTI_REGIONS = frozenset({"us", "eu", "europe", "asia"})

_VARIABLE = re.compile(r"\{(\w+)\}")


@cache
def variables(template: str) -> tuple[str, ...]:
    """The variables of a template, in order."""
    return tuple(_VARIABLE.findall(template))


def fill(template: str, params: Mapping[str, str]) -> str:
    """A name from a template; every variable must be given.

    >>> fill("projects/{project}/topics/{topic}", {"project": "p", "topic": "t"})
    'projects/p/topics/t'
    """
    return _VARIABLE.sub(lambda match: params[match.group(1)], template)


@cache
def _matcher(template: str) -> re.Pattern[str]:
    parts = [f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in template.split("/")]
    return re.compile("/".join(parts))


def parse(template: str, name: str) -> dict[str, str] | None:
    """The variables of a name that has the template's form, or None.

    >>> parse("projects/{project}/topics/{topic}", "projects/p/topics/t")
    {'project': 'p', 'topic': 't'}
    """
    match = _matcher(template).fullmatch(name)
    return match.groupdict() if match else None


def url(path: str) -> str:
    """A name as a URL path: each segment encoded, a verb's colon and slashes kept."""
    return quote(path, safe="/:@~!$&'()*+,;=-._")


def check_location(location: str, *, multi: bool = False) -> None:
    """Refuse a location Google does not have."""
    if location in REGIONS or (multi and location in MULTI_REGIONS):
        return
    message = f"Location {location} is not found or access is unauthorized."
    raise ApiError("PERMISSION_DENIED", message)


def check_labels(labels: object, field: str = "labels") -> None:
    """Refuse labels that Google would refuse: at most 64, lower case, 63 characters."""
    if labels is None:
        return
    if not isinstance(labels, dict):
        raise invalid_argument(f"{field} must be an object of strings.", {field: "not an object"})
    if len(labels) > 64:
        raise invalid_argument(f"At most 64 labels are allowed, {len(labels)} given.", {field: "too many labels"})
    for key, value in labels.items():
        if not _label_key(key):
            text = (
                f"Label key '{key}' violates format constraints. The key must start with a lowercase character, can "
                "only contain lowercase letters, numeric characters, underscores and dashes, 1 to 63 characters long."
            )
            raise invalid_argument(text, {f"{field}.{key}": text})
        if not isinstance(value, str) or not _label_text(value):
            text = (
                f"Label value '{value}' violates format constraints. The value can only contain lowercase letters, "
                "numeric characters, underscores and dashes. The value can be at most 63 characters long."
            )
            raise invalid_argument(text, {f"{field}.{key}": text})


def _label_text(text: str) -> bool:
    """International characters are allowed; upper case is not."""
    return len(text) <= 63 and all(c in "_-" or (c.isalnum() and not c.isupper()) for c in text)


def _label_key(key: str) -> bool:
    return bool(key) and key[0].isalpha() and _label_text(key)
