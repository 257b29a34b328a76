"""Access Context Manager v1: policies, access levels and service perimeters. They are kept; nothing is kept out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.control.collection import Collection, etag
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLACE = "v1/accessPolicies/{policy}"
_REGULAR, _BRIDGE = "PERIMETER_TYPE_REGULAR", "PERIMETER_TYPE_BRIDGE"
_FUNCTIONS = ("AND", "OR")
_SCOPE = re.compile(r"(?:folders|projects)/\d+")
_PROTECTED = re.compile(r"projects/\d+|//compute\.googleapis\.com/projects/[^/]+/global/networks/[^/]+")
_CONFIGS = ("status", "spec")
_COMMON: dict[str, Any] = {
    "id_rule": r"[A-Za-z][A-Za-z0-9_]{0,49}",
    "id_message": "It must be up to 50 letters, digits or underscores, a letter first.",
    "required": ("title",),
    "labels": (),
    "lro": True,
}

policies = Collection(
    path=_PLACE,
    noun="AccessPolicy",
    type="google.identity.accesscontextmanager.v1.AccessPolicy",
    id_rule=r"\d+",
    id_required=False,
    id_number=True,
    listing=False,
    required=("parent", "title"),
    immutable=("parent", "scopes"),
    labels=(),
    lro=True,
    iam=True,
    on_update_set={"etag": etag},
)
levels = Collection(
    path=f"{_PLACE}/accessLevels/{{level}}",
    noun="AccessLevel",
    type="google.identity.accesscontextmanager.v1.AccessLevel",
    parents=(policies,),
    **_COMMON,
)
perimeters = Collection(
    path=f"{_PLACE}/servicePerimeters/{{perimeter}}",
    noun="ServicePerimeter",
    type="google.identity.accesscontextmanager.v1.ServicePerimeter",
    parents=(policies,),
    defaults={"perimeterType": _REGULAR},
    immutable=("perimeterType",),
    on_create_set={"etag": etag},
    on_update_set={"etag": etag},
    **_COMMON,
)
API = Api("accesscontextmanager.googleapis.com", "accesscontextmanager", [policies, levels, perimeters], flat=False)


@API.route("GET", "v1/accessPolicies")
async def list_policies(call: Call) -> Response:
    """`accessPolicies.list` of an organization."""
    parent = call.query("parent")
    if not re.fullmatch(r"organizations/\d+", parent):
        raise invalid_argument(f"'{parent}' is no organization.", {"parent": "organizations/NUMBER"})
    found = [one.document for one in call.store.select(policies.key) if one.document["parent"] == parent]
    return Response.of({"accessPolicies": found} if found else {})


@policies.on_create
async def check_policy(policy: Resource, call: Call) -> None:
    """Of an organization, or of one folder or project in it."""
    document = policy.document
    if not re.fullmatch(r"organizations/\d+", str(document["parent"])):
        raise invalid_argument(f"'{document['parent']}' is no organization.", {"parent": "organizations/NUMBER"})
    scopes = document.get("scopes") or []
    if len(scopes) > 1 or not all(_SCOPE.fullmatch(str(scope)) for scope in scopes):
        raise invalid_argument("A policy has one scope at most: folders/NUMBER or projects/NUMBER.", {"scopes": "form"})
    for other in call.store.select(policies.key):
        if other.document["parent"] == document["parent"] and (other.document.get("scopes") or []) == scopes:
            what = f"scope {scopes[0]}" if scopes else f"parent {document['parent']}"
            raise already_exists(f"Policy already exists with {what}: {other.name}.")


def _level(level: Resource, call: Call) -> None:
    """Conditions, or an expression; what it builds on is there."""
    document = level.document
    basic = document.get("basic")
    if (basic is None) == (document.get("custom") is None):
        raise invalid_argument("An access level is either basic or custom.", {"access_level": "not one of the two"})
    if basic is None:
        return
    if not basic.get("conditions"):
        raise invalid_argument("A basic access level has a condition.", {"access_level.basic.conditions": "empty"})
    if basic.setdefault("combiningFunction", "AND") not in _FUNCTIONS:
        raise invalid_argument(
            f"A combining function is one of {', '.join(_FUNCTIONS)}.", {"access_level.basic.combining_function": "?"}
        )
    for condition in basic["conditions"]:
        _known_levels(condition.get("requiredAccessLevels") or [], call)


def _known_levels(names: list[str], call: Call) -> None:
    for name in names:
        if name != "*" and levels.find(call.control, name) is None:
            raise not_found(f"Access level '{name}' not found.")


def _configs(document: Json) -> Iterator[Json]:
    yield from (document[field] for field in _CONFIGS if document.get(field))


def _perimeter(perimeter: Resource, call: Call) -> None:
    """Projects by number, each in one regular perimeter; a bridge has nothing but projects."""
    document = perimeter.document
    kind = document["perimeterType"]
    if kind not in (_REGULAR, _BRIDGE):
        raise invalid_argument(f"'{kind}' is no type of perimeter.", {"service_perimeter.perimeter_type": "unknown"})
    for config in _configs(document):
        if kind == _BRIDGE and (config.get("accessLevels") or config.get("restrictedServices")):
            raise invalid_argument("A bridge has neither access levels nor services.", {"service_perimeter": "bridge"})
        for one in config.get("resources") or []:
            if not _PROTECTED.fullmatch(str(one)):
                raise invalid_argument(f"'{one}' is no projects/NUMBER and no network.", {"resources": "form"})
        _known_levels(config.get("accessLevels") or [], call)
    if kind == _BRIDGE:
        return
    mine = set((document.get("status") or {}).get("resources") or [])
    for other in call.store.select(perimeters.key):
        if other.name == perimeter.name or other.document["perimeterType"] == _BRIDGE:
            continue
        if both := mine & set((other.document.get("status") or {}).get("resources") or []):
            raise failed_precondition(f"'{both.pop()}' is in '{other.name}' already.")


@levels.on_create
async def check_level(level: Resource, call: Call) -> None:
    """As Google checks it."""
    _level(level, call)


@levels.on_update
async def check_changed_level(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _level(new, call)


@perimeters.on_create
async def check_perimeter(perimeter: Resource, call: Call) -> None:
    """As Google checks it."""
    _perimeter(perimeter, call)


@perimeters.on_update
async def check_changed_perimeter(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _perimeter(new, call)


@levels.on_delete
async def keep_what_is_needed(level: Resource, call: Call) -> None:
    """400 for a level that a perimeter or another level names."""
    policy = level.name.rsplit("/", 2)[0]
    for other in call.store.select(perimeters.key, policy):
        if any(level.name in (config.get("accessLevels") or []) for config in _configs(other.document)):
            raise failed_precondition(f"Access level '{level.name}' is used by '{other.name}'.")
    for other in call.store.select(levels.key, policy):
        conditions = (other.document.get("basic") or {}).get("conditions") or []
        if any(level.name in (one.get("requiredAccessLevels") or []) for one in conditions):
            raise failed_precondition(f"Access level '{level.name}' is used by '{other.name}'.")
