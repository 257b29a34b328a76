"""Reading the data sources of Cloud Identity's groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_cloud_identity_group_lookup": (
        "cloudidentity/v1",
        "{name}",
        """
group_key list[1..1] required
  id string required
  namespace string
name string computed
""",
    ),
    "google_cloud_identity_groups": (
        "cloudidentity/v1",
        "{parent}",
        """
parent string required
groups list computed
  additional_group_keys list computed
    id string computed
    namespace string computed
  create_time string computed
  deletion_policy string computed
  description string computed
  display_name string computed
  group_key list computed
    id string computed
    namespace string computed
  initial_group_config string computed
  labels map(string) computed
  name string computed
  parent string computed
  update_time string computed
""",
    ),
    "google_cloud_identity_group_memberships": (
        "cloudidentity/v1",
        "{group}",
        """
group string required
memberships list computed
  create_ignore_already_exists bool computed
  create_time string computed
  deletion_policy string computed
  group string computed
  name string computed
  preferred_member_key list computed
    id string computed
    namespace string computed
  roles set computed
    expiry_detail list computed
      expire_time string computed
    name string computed
  type string computed
  update_time string computed
""",
    ),
    "google_cloud_identity_group_transitive_memberships": (
        "cloudidentity/v1",
        "{group}",
        """
group string required
memberships list computed
  member string computed
  preferred_member_key list computed
    id string computed
    namespace string computed
  relation_type string computed
  roles set computed
    role string computed
""",
    ),
}


def _now() -> str:
    """An id as the real provider makes one: the time."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} +0000 UTC"


def _key(key: Json) -> list[Json]:
    return [{"id": key.get("id", ""), "namespace": key.get("namespace", "")}]


def _whole(ctx: Context, listed: str, told: Json) -> Json:
    """With every field of the schema, as the SDK fills in what isn't told."""
    zero = {"string": "", "bool": False, "number": 0}
    fields = ctx.kind.fields[listed].fields
    return {name: told.get(name, zero.get(f.kind, {} if f.kind == "map" else [])) for name, f in fields.items()}


async def lookup(ctx: Context) -> State:
    """The name of a group, by its key."""
    key = ctx.planned["group_key"][0]
    query = {f"groupKey.{part}": key[part] for part in ("id", "namespace") if key.get(part)}
    found = await ctx.api.get(f"{ctx.kind.base}groups:lookup?{urlencode(query)}")
    if found is None:
        raise ProviderError(f"Groups not found: {key['id']}")
    return ctx.planned | {"id": _now(), "name": found["name"]}


async def groups(ctx: Context) -> State:
    """Those of a directory."""
    url = f"{ctx.kind.base}groups?view=FULL&parent={quote(str(ctx.planned['parent']), safe='')}"
    found = [
        _whole(
            ctx,
            "groups",
            {
                "name": one["name"],
                "display_name": one.get("displayName", ""),
                "labels": one.get("labels") or {},
                "description": one.get("description", ""),
                "group_key": _key(one["groupKey"]),
            },
        )
        async for one in ctx.api.pages(url, "groups")
    ]
    return ctx.planned | {"id": _now(), "groups": found}


async def memberships(ctx: Context) -> State:
    """Those of a group."""
    found = [
        _whole(
            ctx,
            "memberships",
            {
                "name": one["name"],
                "type": one["type"],
                "create_time": one["createTime"],
                "preferred_member_key": _key(one["preferredMemberKey"]),
                "roles": [{"name": role["name"], "expiry_detail": []} for role in one["roles"]],
            },
        )
        async for one in ctx.api.pages(f"{ctx.kind.base}{ctx.planned['group']}/memberships?view=FULL", "memberships")
    ]
    return ctx.planned | {"id": _now(), "memberships": found}


async def transitive(ctx: Context) -> State:
    """Those of a group and of the groups in it."""
    group = ctx.planned["group"]
    url = f"{ctx.kind.base}{group}/memberships:searchTransitiveMemberships"
    found = [
        {
            "member": one["member"],
            "relation_type": one["relationType"],
            "roles": one["roles"],
            "preferred_member_key": [key for each in one["preferredMemberKey"] for key in _key(each)],
        }
        async for one in ctx.api.pages(url, "memberships")
    ]
    return ctx.planned | {"id": f"{group}/transitiveMemberships", "memberships": found}


READ = {
    "google_cloud_identity_group_lookup": lookup,
    "google_cloud_identity_groups": groups,
    "google_cloud_identity_group_memberships": memberships,
    "google_cloud_identity_group_transitive_memberships": transitive,
}
