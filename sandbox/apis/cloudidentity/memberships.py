"""Who is in a group, as what and until when; groups may be in groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.apis.cloudidentity.groups import KEY, PACKAGE, by_key, check_key, ended, groups, key_of
from sandbox.control import crud, paging, shapes
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found
from sandbox.control.groups import is_over
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_ROLES = ("MEMBER", "MANAGER", "OWNER")
_EXPIRY = {"expireTime": str, "expire_time": str}
_ROLE = {"name": str, "expiryDetail": _EXPIRY, "expiry_detail": _EXPIRY}
_CHANGE = {
    "addRoles": [_ROLE],
    "removeRoles": [str],
    "updateRolesParams": [{"membershipRole": _ROLE, "membership_role": _ROLE}],
}
_BASIC = ("name", "preferredMemberKey", "roles")

memberships = Collection(
    path="v1/groups/{group}/memberships/{membership}",
    type=f"{PACKAGE}.Membership",
    create=None,
    listing=False,
    update=(),
    delete=False,
    labels=(),
    shape={"preferredMemberKey": KEY, "roles": [_ROLE]},
    required=("preferredMemberKey",),
    output_only=("type", "deliverySetting"),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    parents=(groups,),
)


def _of(call: Call, group: str) -> list[Resource]:
    """Of a group, those whose time isn't over."""
    moment = call.control.clock()
    return [one for one in call.store.select(memberships.key, group) if not is_over(one.document, moment)]


def _find(call: Call, group: str, key: str, namespace: str = "") -> Resource | None:
    wanted = (key.lower(), namespace)
    return next((one for one in _of(call, group) if key_of(one.document["preferredMemberKey"]) == wanted), None)


@memberships.on_create
async def check(membership: Resource, call: Call) -> None:
    """Somebody who isn't in it yet; a group that doesn't hold it."""
    document = membership.document
    key = document["preferredMemberKey"]
    check_key(key, "membership.preferredMemberKey")
    namespace = str(key.get("namespace") or "")
    if _find(call, membership.parent, key["id"], namespace) is not None:
        raise already_exists(f"{key['id']} is a member of {membership.parent} already.")
    inner = by_key(call, str(key["id"]), namespace)
    if inner is not None and membership.parent in {inner.name, *(name for name, _ in _inside(call, inner.name))}:
        raise invalid_argument("A group can't be in itself, nor in one that is in it.", {"preferredMemberKey": "cycle"})
    document["roles"] = _checked(document.get("roles") or [{"name": "MEMBER"}])
    document["type"] = _kind(str(key["id"]), inner)


def _kind(key: str, inner: Resource | None) -> str:
    if inner is not None:
        return "GROUP"
    return "SERVICE_ACCOUNT" if key.endswith("gserviceaccount.com") else "USER"


def _inside(call: Call, group: str, seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Resource]]:
    """Everybody in a group and in those in it: the name of a group (else the key), and the membership."""
    for one in _of(call, group):
        key = one.document["preferredMemberKey"]
        inner = by_key(call, key["id"], key.get("namespace", ""))
        name = inner.name if inner else key["id"].lower()
        yield name, one
        if inner and inner.name not in seen:
            yield from _inside(call, inner.name, seen | {inner.name})


def _moment(text: str) -> str:
    try:
        if datetime.fromisoformat(text).tzinfo is not None:
            return text
    except ValueError:
        pass
    raise invalid_argument(f"'{text}' is no time, such as 2030-01-01T00:00:00Z.", {"roles.expiryDetail": "form"})


def _checked(roles: list[Json]) -> list[Json]:
    """Roles by what they are called; whoever manages is a member too."""
    found: dict[str, Json] = {}
    for role in roles:
        name = str(role.get("name") or "")
        if name not in _ROLES:
            raise invalid_argument(f"'{name}' is no role in a group: {', '.join(_ROLES)} are.", {"roles": name})
        found[name] = {"name": name}
        detail = role.get("expiryDetail") or role.get("expiry_detail") or {}
        if expires := detail.get("expireTime") or detail.get("expire_time"):
            found[name]["expiryDetail"] = {"expireTime": _moment(expires)}
    if "MEMBER" not in found:
        raise invalid_argument("Whoever is in a group has the role MEMBER.", {"roles": "MEMBER is missing"})
    if len(found) > 1 and any("expiryDetail" in role for role in found.values()):
        raise invalid_argument(
            "Only who is just a MEMBER may be one for a while.", {"roles.expiryDetail": "of a MEMBER"}
        )
    return [found[name] for name in _ROLES if name in found]


async def _create(call: Call) -> Response:
    number = f"1{int(call.control.hex(16), 16) % 10**20:020d}"
    named = Call(call.control, call.request, {**call.params, memberships.id_variable: number})
    return ended(memberships.type, (await crud.create(memberships, named)).json())


async def _delete(call: Call) -> Response:
    await crud.delete(memberships, call)
    return Response.of({"done": True, "response": {"@type": "type.googleapis.com/google.protobuf.Empty"}})


async def _modify(call: Call) -> Response:
    """`modifyMembershipRoles`: roles are added, taken away, or have their time changed."""
    membership = memberships.must(call.control, memberships.name(call.params))
    body = call.body()
    shapes.check(body, _CHANGE)
    adds, removes = body.get("addRoles") or [], body.get("removeRoles") or []
    changes = body.get("updateRolesParams") or []
    if sum(map(bool, (adds, removes, changes))) != 1:
        raise invalid_argument("One of addRoles, removeRoles and updateRolesParams is given.")
    roles = {role["name"]: role for role in membership.document["roles"]}
    for name in removes:
        if name not in roles or name == "MEMBER":
            raise invalid_argument(f"The role {name} can't be taken away.", {"removeRoles": name})
        del roles[name]
    for role in adds:
        if role.get("name") in roles:
            raise already_exists(f"The role {role['name']} is there already.")
        roles[str(role.get("name"))] = role
    for change in changes:
        role = change.get("membershipRole") or change.get("membership_role") or {}
        if role.get("name") not in roles:
            raise not_found(f"The role {role.get('name')} is not there.")
        roles[role["name"]] = role
    document = {**membership.document, "roles": _checked(list(roles.values())), "updateTime": call.control.now()}
    call.store.put(Resource(memberships.key, membership.name, document, membership.created, call.control.clock()))
    return Response.of({"membership": document})


async def _list(call: Call) -> Response:
    group = groups.must(call.control, memberships.parent(call.params))
    full = call.query("view") == "FULL"
    after, size = paging.after(call.query("pageToken")), call.integer("pageSize", 200, 1000) or 200

    twice = "/v1beta1/" in call.request.path  # the beta has the member's key by its first name too

    def show(one: Resource) -> Json:
        shown = {key: value for key, value in one.document.items() if full or key in _BASIC}
        return shown | {"memberKey": shown["preferredMemberKey"]} if twice else shown

    rest = [one for one in _of(call, group.name) if one.name > after]
    return Response.of(paging.page("memberships", rest, size, lambda one: one.name, show))


async def _lookup(call: Call) -> Response:
    group = groups.must(call.control, memberships.parent(call.params))
    key = call.query("memberKey.id")
    found = _find(call, group.name, key, call.query("memberKey.namespace"))
    if found is None:
        raise not_found(f"{key} is no member of {group.name}.")
    return Response.of({"name": found.name})


async def _transitive(call: Call) -> Response:
    """`searchTransitiveMemberships`: everybody in a group, and by which way."""
    group = groups.must(call.control, memberships.parent(call.params))
    direct = {one.name for one in _of(call, group.name)}
    found: dict[str, Json] = {}
    for name, one in _inside(call, group.name):
        way = "DIRECT" if one.name in direct else "INDIRECT"
        entry = found.setdefault(
            name,
            {
                "member": name if name.startswith("groups/") else f"users/{name}",
                "preferredMemberKey": [one.document["preferredMemberKey"]],
                "roles": [{"role": role["name"]} for role in one.document["roles"]],
                "relationType": way,
            },
        )
        if entry["relationType"] != way:
            entry["relationType"] = "DIRECT_AND_INDIRECT"
    return Response.of({"memberships": [found[name] for name in sorted(found)]} if found else {})


async def _check_transitive(call: Call) -> Response:
    """`checkTransitiveMembership`."""
    group = groups.must(call.control, memberships.parent(call.params))
    query = call.query("query")
    key = query.partition("==")[2].strip().strip("'\"").lower()
    if not query.strip().startswith("member_key_id") or not key:
        raise invalid_argument("The query is member_key_id == '…'.", {"query": query})
    keys = {one.document["preferredMemberKey"]["id"].lower() for _, one in _inside(call, group.name)}
    return Response.of({"hasMembership": key in keys})


async def _delete_group(call: Call) -> Response:
    """A group, and what says that it is in others."""
    group = groups.must(call.control, groups.name(call.params))
    key = group.document["groupKey"]
    for other in call.store.select(groups.key):
        found = _find(call, other.name, key["id"], key.get("namespace", ""))
        if found is not None:
            call.store.delete(memberships.key, found.name)
    await crud.delete(groups, call)
    return Response.of({"done": True, "response": {"@type": "type.googleapis.com/google.protobuf.Empty"}})


_ALL = "v1/groups/{group}/memberships"
ROUTES = [
    Route("POST", _ALL, _create),
    Route("GET", _ALL, _list),
    Route("GET", _ALL, _lookup, "lookup"),
    Route("GET", _ALL, _transitive, "searchTransitiveMemberships"),
    Route("GET", _ALL, _check_transitive, "checkTransitiveMembership"),
    Route("DELETE", memberships.path, _delete),
    Route("POST", memberships.path, _modify, "modifyMembershipRoles"),
    Route("DELETE", groups.path, _delete_group),
]
