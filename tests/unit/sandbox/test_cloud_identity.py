"""Cloud Identity: groups by their addresses, and who is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.cloudidentity.api import API
from sandbox.control import iam
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/cloudidentity/v1"
Json = dict[str, Any]
FORUM = {"cloudidentity.googleapis.com/groups.discussion_forum": ""}


@pytest.fixture
def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        yield made


async def make(router: Router, key: str = "ops@example.com", status: int = 200, **change: Any) -> str:
    body = {"parent": "customers/C0abc", "groupKey": {"id": key}, "labels": FORUM, **change}
    answer = await ask(router, "POST", f"{HERE}/groups?initialGroupConfig=EMPTY", body, status)
    return str(answer["response"]["name"]) if status == 200 else ""


async def join(router: Router, group: str, key: str, status: int = 200, *roles: str) -> str:
    body = {"preferredMemberKey": {"id": key}, "roles": [{"name": role} for role in ("MEMBER", *roles)]}
    answer = await ask(router, "POST", f"{HERE}/{group}/memberships", body, status)
    return str(answer["response"]["name"]) if status == 200 else ""


async def test_a_group_is_found_by_its_address_in_any_letters(router: Router) -> None:
    name = await make(router)
    assert await ask(router, "GET", f"{HERE}/groups:lookup?groupKey.id=OPS@example.com") == {"name": name}
    await ask(router, "GET", f"{HERE}/groups:lookup?groupKey.id=none@example.com", status=404)
    await make(router, "Ops@example.com", 409)
    assert [one["name"] for one in (await ask(router, "GET", f"{HERE}/groups?parent=customers/C0abc"))["groups"]] == [
        name
    ]
    assert await ask(router, "GET", f"{HERE}/groups?parent=customers/C0other") == {}
    query = "parent == 'customers/C0abc' %26%26 'cloudidentity.googleapis.com/groups.discussion_forum' in labels"
    found = await ask(router, "GET", f"{HERE}/groups:search?query={query.replace(' ', '%20')}")
    assert [one["name"] for one in found["groups"]] == [name]


@pytest.mark.parametrize(
    "change",
    [
        {"parent": "organizations/1"},
        {"groupKey": {"id": "ops"}},
        {"groupKey": "ops@example.com"},
        {"groupKey": {"id": "ops@example.com", "namespace": "identitysources/1"}},
        {"labels": {"cloudidentity.googleapis.com/groups.security": ""}},
        {"labels": {**FORUM, "mine": ""}},
    ],
)
async def test_groups_that_are_refused(router: Router, change: Json) -> None:
    await make(router, status=400, **change)


async def test_a_security_group_stays_one(router: Router) -> None:
    name = await make(router, labels={**FORUM, "cloudidentity.googleapis.com/groups.security": ""})
    await ask(router, "PATCH", f"{HERE}/{name}?updateMask=labels", {"labels": FORUM}, 400)
    changed = await ask(router, "PATCH", f"{HERE}/{name}?updateMask=displayName", {"displayName": "Ops"})
    assert (changed["done"], changed["response"]["displayName"]) == (True, "Ops")


async def test_members_have_roles_that_change_one_kind_at_a_time(router: Router) -> None:
    group = await make(router)
    name = await join(router, group, "ana@example.com")
    await join(router, group, "Ana@example.com", 409)
    place = f"{HERE}/{name}:modifyMembershipRoles"
    changed = await ask(router, "POST", place, {"addRoles": [{"name": "MANAGER"}]})
    assert [role["name"] for role in changed["membership"]["roles"]] == ["MEMBER", "MANAGER"]
    await ask(router, "POST", place, {"addRoles": [{"name": "OWNER"}], "removeRoles": ["MANAGER"]}, 400)
    await ask(router, "POST", place, {"removeRoles": ["MEMBER"]}, 400)
    while_ = {"membershipRole": {"name": "MEMBER", "expiryDetail": {"expireTime": "2100-01-01T00:00:00Z"}}}
    await ask(router, "POST", place, {"updateRolesParams": [while_]}, 400)  # a manager's time never ends
    await ask(router, "POST", place, {"removeRoles": ["MANAGER"]})
    soon = {"membershipRole": {"name": "MEMBER", "expiryDetail": {"expireTime": "soon"}}}
    await ask(router, "POST", place, {"updateRolesParams": [soon]}, 400)
    await ask(router, "POST", place, {"updateRolesParams": [while_]})
    while_["membershipRole"]["expiryDetail"] = {"expireTime": "2001-01-01T00:00:00Z"}
    await ask(router, "POST", place, {"updateRolesParams": [while_]})
    assert await ask(router, "GET", f"{HERE}/{group}/memberships") == {}


async def test_whoever_is_in_a_group_has_what_the_group_has(router: Router) -> None:
    outer, inner = await make(router, "all@example.com"), await make(router)
    await join(router, outer, "ops@example.com")
    name = await join(router, inner, "Ana@example.com")
    resource = iam.project("prices")
    policy = {"bindings": [{"role": "roles/storage.admin", "members": ["group:all@example.com"]}]}
    iam.set_policy(router.control, resource, policy)

    def holds(member: str) -> bool:
        return iam.holds(router.control, member, {"roles/storage.admin"}, [resource])

    assert holds("user:ana@example.com")
    assert not holds("user:bo@example.com")
    await ask(router, "DELETE", f"{HERE}/{name}")
    assert not holds("user:ana@example.com")


async def test_groups_are_in_groups_but_not_in_circles(router: Router) -> None:
    outer, inner = await make(router, "all@example.com"), await make(router)
    await join(router, outer, "ops@example.com")
    await join(router, inner, "all@example.com", 400)
    await join(router, inner, "ana@example.com")
    await join(router, outer, "bot@x.iam.gserviceaccount.com")
    listed = (await ask(router, "GET", f"{HERE}/{outer}/memberships?view=FULL"))["memberships"]
    assert sorted(one["type"] for one in listed) == ["GROUP", "SERVICE_ACCOUNT"]
    found = await ask(router, "GET", f"{HERE}/{outer}/memberships:searchTransitiveMemberships")
    ways = {one["preferredMemberKey"][0]["id"]: one["relationType"] for one in found["memberships"]}
    assert (ways["ana@example.com"], ways["ops@example.com"]) == ("INDIRECT", "DIRECT")
    query = "member_key_id%20==%20'ana@example.com'"
    check = f"{HERE}/{outer}/memberships:checkTransitiveMembership?query={query}"
    assert await ask(router, "GET", check) == {"hasMembership": True}
    await ask(router, "DELETE", f"{HERE}/{inner}")
    assert await ask(router, "GET", check) == {"hasMembership": False}
    assert len((await ask(router, "GET", f"{HERE}/{outer}/memberships"))["memberships"]) == 1


async def test_the_beta_tells_a_members_key_by_both_of_its_names(router: Router) -> None:
    group = await make(router)
    await join(router, group, "ann@example.com")
    [stable] = (await ask(router, "GET", f"{HERE}/{group}/memberships"))["memberships"]
    [beta] = (await ask(router, "GET", f"/cloudidentity/v1beta1/{group}/memberships"))["memberships"]

    assert "memberKey" not in stable
    assert beta == stable | {"memberKey": {"id": "ann@example.com"}}
