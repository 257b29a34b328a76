"""Resource Manager v3: tag keys and their values."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.resourcemanager.numbered import Numbered
from sandbox.control import projects
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, already_exists, failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_PARENT = re.compile(r"organizations/[0-9]+|projects/[^/]+")
_SHORT = re.compile(r"[^\W_](?:[^'\"\\/]{0,254}[^\W_])?")
_PURPOSES = ("GCE_FIREWALL", "DATA_GOVERNANCE")


def _short(document: dict[str, Any], noun: str) -> str:
    short = str(document.get("shortName") or "")
    if not _SHORT.fullmatch(short):
        what = "1 to 256 characters without quotes, backslashes and slashes, a letter or digit first and last."
        raise invalid_argument(f"Invalid short name '{short}' of a {noun}: {what}", {"short_name": what})
    return short


def _unique(kind: Numbered, document: dict[str, Any], call: Call) -> None:
    for other in kind.all(call.control, document["parent"]):
        if other.document["shortName"] == document["shortName"] and other.name != document.get("name"):
            raise already_exists(f"A {kind.noun} '{document['namespacedName']}' already exists.")


def _key(document: dict[str, Any], call: Call) -> None:
    parent, short = str(document.get("parent") or ""), _short(document, "TagKey")
    if not _PARENT.fullmatch(parent):
        raise invalid_argument(f"Invalid parent '{parent}': organizations/ or projects/.", {"parent": "form"})
    collection, _, owner = parent.partition("/")
    if collection == "projects":
        project = call.control.projects.resolve(owner, call.control.clock())
        document["parent"], owner = f"projects/{projects.number(project)}", project
    document["namespacedName"] = f"{owner}/{short}"
    if document.get("purpose") and document["purpose"] not in _PURPOSES:
        raise invalid_argument(f"Invalid purpose: one of {', '.join(_PURPOSES)}.", {"purpose": "unknown"})
    _unique(keys, document, call)


def _value(document: dict[str, Any], call: Call) -> None:
    key = keys.must(call.control, str(document.get("parent") or ""))
    short = _short(document, "TagValue")
    if (rule := key.document.get("allowedValuesRegex")) and not re.fullmatch(rule, short):
        what = f"The short name '{short}' doesn't match the key's {rule}."
        raise invalid_argument(what, {"short_name": what})
    document["namespacedName"] = f"{key.document['namespacedName']}/{short}"
    _unique(values, document, call)


def _key_gone(key: Resource, call: Call) -> bool:
    if any(values.all(call.control, key.name)):
        raise failed_precondition(f"Cannot delete tag key still attached to tag values: {key.name}.")
    return False


def _value_gone(value: Resource, call: Call) -> bool:
    bindings = call.store.select("cloudresourcemanager.tagBindings")
    if any(one.document["tagValue"] == value.name for one in bindings):
        raise failed_precondition(f"Cannot delete tag value still attached to resources: {value.name}.")
    return False


keys = Numbered(
    "tagKeys",
    "TagKey",
    "google.cloud.resourcemanager.v3.TagKey",
    taken=("parent", "shortName", "description", "purpose", "purposeData", "allowedValuesRegex"),
    changed=("description", "allowedValuesRegex"),
    check=_key,
    gone=_key_gone,
)
values = Numbered(
    "tagValues",
    "TagValue",
    "google.cloud.resourcemanager.v3.TagValue",
    taken=("parent", "shortName", "description"),
    changed=("description",),
    check=_value,
    gone=_value_gone,
)


def _namespaced(kind: Numbered) -> Route:
    async def serve(call: Call) -> Response:
        for one in call.store.select(kind.key):
            if one.document["namespacedName"] == call.query("name"):
                return Response.of(one.document)
        raise ApiError("PERMISSION_DENIED", f"Permission denied on '{call.query('name')}' (or it may not exist).")

    return Route("GET", f"v3/{kind.collection}/namespaced", serve)


def routes() -> list[Route]:
    """The routes of tag keys and values."""
    return [
        *(route for kind in (keys, values) for route in (_namespaced(kind), *kind.routes(), *kind.iam_routes())),
    ]
