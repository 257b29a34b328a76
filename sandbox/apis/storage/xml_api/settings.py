"""Settings of buckets in the XML API: the documents of its subresources, from and to those of the JSON API."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.apis.storage import buckets
from sandbox.apis.storage.xml_api import text
from sandbox.control.context import Call
from sandbox.control.errors import ApiError
from sandbox.control.http import Response

Json = dict[str, Any]
_STATUSES = {True: "Enabled", False: "Suspended"}
_BILLED = {True: "Enabled", False: "Disabled"}
# The conditions of a lifecycle rule: the JSON API's name, and what makes its value of a text.
_CONDITIONS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "Age": ("age", int),
    "CreatedBefore": ("createdBefore", str),
    "CustomTimeBefore": ("customTimeBefore", str),
    "DaysSinceCustomTime": ("daysSinceCustomTime", int),
    "DaysSinceNoncurrentTime": ("daysSinceNoncurrentTime", int),
    "IsLive": ("isLive", lambda value: {"true": True, "false": False}[value.lower()]),
    "MatchesPrefix": ("matchesPrefix", str),
    "MatchesStorageClass": ("matchesStorageClass", str),
    "MatchesSuffix": ("matchesSuffix", str),
    "NoncurrentTimeBefore": ("noncurrentTimeBefore", str),
    "NumberOfNewerVersions": ("numNewerVersions", int),
}
_MANY = frozenset({"matchesPrefix", "matchesStorageClass", "matchesSuffix"})
_CORS = {"Origins": ("origin", "Origin"), "Methods": ("method", "Method")}
_CORS |= {"ResponseHeaders": ("responseHeader", "ResponseHeader")}


def malformed(message: str) -> ApiError:
    """400 for a document that isn't what the XML API takes."""
    return ApiError("MALFORMED_XML", message, code=400)


@dataclass(frozen=True, slots=True)
class Setting:
    """A subresource: the root of its document, how it shows a bucket, and the patch that a document stands for."""

    root: str
    show: Callable[[Json], Any]
    patch: Callable[[Element], Json] | None = None


def _only(element: Element, *allowed: str) -> None:
    for child in element:
        if child.tag not in allowed:
            raise malformed(f"{element.tag} has an unknown element {child.tag}; it takes {', '.join(allowed)}.")


def _switch(element: Element, name: str, words: dict[bool, str]) -> bool:
    _only(element, name)
    value = element.findtext(name, "")
    if value not in words.values():
        raise malformed(f"{name} must be {' or '.join(words.values())}, not '{value}'.")
    return value == words[True]


def _show_lifecycle(bucket: Json) -> Json:
    rules = []
    for rule in (bucket.get("lifecycle") or {}).get("rule", []):
        action, names = rule["action"], {known: name for name, (known, _) in _CONDITIONS.items()}
        condition = rule.get("condition") or {}
        if unknown := condition.keys() - names.keys():
            raise ApiError(
                "UNIMPLEMENTED", f"The XML API has no word for the condition {min(unknown)}: ask the JSON API."
            )
        rules.append(
            {
                "Action": {action["type"]: action.get("storageClass", "")},
                "Condition": {names[key]: value for key, value in condition.items()},
            }
        )
    return {"Rule": rules}


def _lifecycle(root: Element) -> Json:
    _only(root, "Rule")
    rules: list[Json] = []
    for rule in root:
        _only(rule, "Action", "Condition")
        kinds = [kind for action in rule.findall("Action") for kind in action]
        if len(kinds) != 1 or kinds[0].tag not in ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"):
            raise malformed("A rule has one Action: Delete, SetStorageClass or AbortIncompleteMultipartUpload.")
        action = {"type": kinds[0].tag}
        if kinds[0].tag == "SetStorageClass":
            action["storageClass"] = (kinds[0].text or "").strip()
        condition: Json = {}
        for each in (each for found in rule.findall("Condition") for each in found):
            name, value = _condition(each)
            if name in _MANY:
                condition.setdefault(name, []).append(value)
            else:
                condition[name] = value
        rules.append({"action": action, "condition": condition})
    return {"lifecycle": {"rule": rules} if rules else None}


def _condition(element: Element) -> tuple[str, Any]:
    if element.tag not in _CONDITIONS:
        raise malformed(f"Unknown condition {element.tag}; it is one of {', '.join(sorted(_CONDITIONS))}.")
    name, value_of = _CONDITIONS[element.tag]
    try:
        return name, value_of((element.text or "").strip())
    except (KeyError, ValueError) as error:
        raise malformed(f"Invalid value of {element.tag}: '{element.text}'") from error


def _show_cors(bucket: Json) -> Json:
    return {
        "Cors": [
            {
                **{outer: {inner: rule.get(name, [])} for outer, (name, inner) in _CORS.items()},
                "MaxAgeSec": rule.get("maxAgeSeconds"),
            }
            for rule in bucket.get("cors", [])
        ]
    }


def _cors(root: Element) -> Json:
    _only(root, "Cors")
    rules: list[Json] = []
    for given in root:
        _only(given, *_CORS, "MaxAgeSec")
        rule: Json = {}
        for outer, (name, inner) in _CORS.items():
            found = given.find(outer)
            if found is not None:
                _only(found, inner)
                rule[name] = [each.text or "" for each in found]
        if (age := given.findtext("MaxAgeSec")) is not None:
            if not age.strip().isdigit():
                raise malformed(f"MaxAgeSec is a number of seconds, not '{age}'.")
            rule["maxAgeSeconds"] = int(age)
        rules.append(rule)
    return {"cors": rules or None}


def _texts(field: str, names: dict[str, str]) -> tuple[Callable[[Json], Json], Callable[[Element], Json]]:
    """A setting of texts by their names in XML; one without any is none."""

    def show(bucket: Json) -> Json:
        kept = bucket.get(field) or {}
        return {name: kept.get(known) for name, known in names.items()}

    def patch(root: Element) -> Json:
        _only(root, *names)
        found = {known: root.findtext(name) or None for name, known in names.items()}
        return {field: found if any(found.values()) else None}

    return show, patch


def _storage_class(root: Element) -> Json:
    return {"storageClass": (root.text or "").strip()}


SETTINGS = {
    "billing": Setting(
        "BillingConfiguration",
        lambda bucket: {"RequesterPays": _BILLED[bool((bucket.get("billing") or {}).get("requesterPays"))]},
        lambda root: {"billing": {"requesterPays": _switch(root, "RequesterPays", _BILLED)}},
    ),
    "cors": Setting("CorsConfig", _show_cors, _cors),
    "lifecycle": Setting("LifecycleConfiguration", _show_lifecycle, _lifecycle),
    "location": Setting("LocationConstraint", lambda bucket: bucket["location"]),
    "logging": Setting("Logging", *_texts("logging", {"LogBucket": "logBucket", "LogObjectPrefix": "logObjectPrefix"})),
    "storageClass": Setting("StorageClass", lambda bucket: bucket["storageClass"], _storage_class),
    "versioning": Setting(
        "VersioningConfiguration",
        lambda bucket: {
            "Status": None if "versioning" not in bucket else _STATUSES[bool(bucket["versioning"].get("enabled"))]
        },
        lambda root: {"versioning": {"enabled": _switch(root, "Status", _STATUSES)}},
    ),
    "website": Setting(
        "WebsiteConfiguration",
        *_texts("website", {"MainPageSuffix": "mainPageSuffix", "NotFoundPage": "notFoundPage"}),
    ),
}


async def read(call: Call) -> Response:
    """GET of a subresource."""
    setting = SETTINGS[min(SETTINGS.keys() & call.request.query.keys())]
    return text.answer(setting.root, setting.show(buckets.of_path(call).document))


async def write(call: Call) -> Response:
    """PUT of a subresource: what the body doesn't have is gone."""
    name = min(SETTINGS.keys() & call.request.query.keys())
    setting = SETTINGS[name]
    if setting.patch is None:
        raise ApiError("INVALID_REQUEST", f"The {name} of a bucket can't be changed.", code=400)
    body = json.dumps(setting.patch(text.read(call.request.body, setting.root))).encode()
    await buckets.patch(replace(call, request=replace(call.request, body=body)))
    return Response(200)
