"""Groups: Google's by an address, and those of an identity source by an id of its own."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import crud, paging
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.apps.cloudidentity.groups.v1"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PARENT = re.compile(r"(?:customers/C[0-9A-Za-z]+|customers/my_customer|identitysources/\w+)")
_FORUM, _SECURITY = (f"cloudidentity.googleapis.com/groups.{kind}" for kind in ("discussion_forum", "security"))
_LABELS = frozenset(
    (
        *(
            _FORUM,
            _SECURITY,
            "cloudidentity.googleapis.com/groups.dynamic",
            "cloudidentity.googleapis.com/groups.posix",
        ),
        *("cloudidentity.googleapis.com/groups.locked", "system/groups/external"),
    )
)
_BASIC = ("name", "groupKey", "displayName", "parent", "labels")
KEY = {"id": str, "namespace": str}
_FIRST = ("INITIAL_GROUP_CONFIG_UNSPECIFIED", "WITH_INITIAL_OWNER", "EMPTY")

groups = Collection(
    path="v1/groups/{group}",
    type=f"{PACKAGE}.Group",
    create=None,
    listing=False,
    update=(),
    delete=False,
    mask="required",
    shape={"groupKey": KEY, "parent": str, "displayName": str, "description": str, "labels": {str: str}},
    labels=(),
    required=("groupKey", "parent", "labels"),
    immutable=("groupKey", "parent"),
    output_only=("additionalGroupKeys",),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
)


def ended(kind: str, shown: Json) -> Response:
    """An operation that is over, which Google doesn't name here."""
    return Response.of({"done": True, "response": {"@type": f"type.googleapis.com/{kind}", **shown}})


def by_key(call: Call, key: str, namespace: str = "") -> Resource | None:
    """The group of a key."""
    wanted = (key.lower(), namespace)
    return next((one for one in call.store.select(groups.key) if key_of(one.document["groupKey"]) == wanted), None)


def key_of(key: Json) -> tuple[str, str]:
    """How a key is compared: an address counts in any letters."""
    return str(key.get("id") or "").lower(), str(key.get("namespace") or "")


def check_key(key: Json, field: str) -> None:
    """400 for a key of Google's that is no address, and for none."""
    if not key.get("id") or (not key.get("namespace") and not _EMAIL.fullmatch(str(key["id"]))):
        raise invalid_argument(f"'{key.get('id')}' is no address.", {f"{field}.id": "not an address"})


@groups.on_create
async def check(group: Resource, call: Call) -> None:
    """By a key that is free, in a directory, of a kind that there is."""
    document = group.document
    key, parent = document["groupKey"], str(document["parent"])
    if not _PARENT.fullmatch(parent):
        raise invalid_argument(f"'{parent}' is no parent of groups: customers/C… is.", {"group.parent": "form"})
    namespace = str(key.get("namespace") or "")
    if namespace != (parent if parent.startswith("identitysources/") else ""):
        raise invalid_argument("The namespace is the identity source that the group is of.", {"group.groupKey": "form"})
    check_key(key, "group.groupKey")
    if by_key(call, str(key["id"]), namespace) is not None:
        raise already_exists(f"The group {key['id']} exists already.")
    if "dynamicGroupMetadata" in document:
        raise invalid_argument("The sandbox has no dynamic groups: nobody's attributes are known.")
    _check(document)


def _check(document: Json) -> None:
    labels = document["labels"]
    if unknown := sorted(label for label in labels if label not in _LABELS or labels[label]):
        raise invalid_argument(
            f"{', '.join(unknown)} is no label of groups, with an empty value.", {"labels": "unknown"}
        )
    if not document["groupKey"].get("namespace") and _FORUM not in labels:
        raise invalid_argument(f"A Google group has the label {_FORUM}.", {"group.labels": "required"})
    if len(str(document.get("description") or "")) > 4096:
        raise invalid_argument("A description has 4,096 characters at most.", {"group.description": "too long"})


@groups.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """As a new one; a security group stays one."""
    _check(new.document)
    if _SECURITY in old.document["labels"] and _SECURITY not in new.document["labels"]:
        raise failed_precondition(f"The label {_SECURITY} can't be taken away.")


async def _create(call: Call) -> Response:
    if (first := call.query("initialGroupConfig") or _FIRST[0]) not in _FIRST:
        raise invalid_argument(f"initialGroupConfig is one of {', '.join(_FIRST)}.", {"initialGroupConfig": first})
    name = f"0{int(call.control.hex(16), 16) % 36**7:07d}{call.control.hex(7)}"
    shown = await crud.create(groups, _named(call, name))
    return ended(groups.type, shown.json())


def _named(call: Call, name: str) -> Call:
    return Call(call.control, call.request, {**call.params, groups.id_variable: name})


async def _update(call: Call) -> Response:
    return ended(groups.type, (await crud.update(groups, call)).json())


async def _list(call: Call) -> Response:
    """`groups.list`, of a directory; the basic view leaves out what says more."""
    parent, full = call.query("parent"), call.query("view") == "FULL"
    if not _PARENT.fullmatch(parent):
        raise invalid_argument("parent is customers/C…, or identitysources/….", {"parent": "required"})
    found = [group for group in call.store.select(groups.key) if group.document["parent"] == parent]
    return _page(call, found, full)


def _page(call: Call, found: list[Resource], full: bool) -> Response:
    after, most = paging.after(call.query("pageToken")), 500 if full else 1000
    size = call.integer("pageSize", 50 if full else 200, most) or 50

    def show(group: Resource) -> Json:
        return {key: value for key, value in group.document.items() if full or key in _BASIC}

    rest = [group for group in found if group.name > after]
    return Response.of(paging.page("groups", rest, size, lambda group: group.name, show))


_CLAUSE = re.compile(r"\s*(parent|\w+)\s*==\s*'([^']*)'\s*|\s*'([^']+)'\s+in\s+labels\s*")


async def _search(call: Call) -> Response:
    """`groups.search`, by a parent and labels in CEL; what else CEL can ask is refused."""
    wanted: list[tuple[str, str]] = []
    for clause in call.query("query").split("&&"):
        match = _CLAUSE.fullmatch(clause)
        if match is None or match[1] not in ("parent", None):
            raise invalid_argument("The query is parent == '…' && '…' in labels here.", {"query": clause.strip()})
        wanted.append((match[1] or "labels", match[2] or match[3]))
    found = [
        group
        for group in call.store.select(groups.key)
        if all(
            value == group.document["parent"] if kind == "parent" else value in group.document["labels"]
            for kind, value in wanted
        )
    ]
    return _page(call, found, call.query("view") == "FULL")


async def _lookup(call: Call) -> Response:
    key, namespace = call.query("groupKey.id"), call.query("groupKey.namespace")
    group = by_key(call, key, namespace)
    if group is None:
        raise not_found(f"The group {key} was not found.")
    return Response.of({"name": group.name})


ROUTES = [
    Route("POST", "v1/groups", _create),
    Route("GET", "v1/groups", _list),
    Route("GET", "v1/groups", _lookup, "lookup"),
    Route("GET", "v1/groups", _search, "search"),
    Route("PATCH", groups.path, _update),
]
