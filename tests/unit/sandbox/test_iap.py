"""Identity-Aware Proxy: policies of what need not be there, and groups of destinations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis import iap
from sandbox.control import projects
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/iap/v1/projects/prices"
GROUPS = f"{P}/iap_tunnel/locations/asia-south1/destGroups"
GRANT = {"policy": {"bindings": [{"role": "roles/iap.tunnelResourceAccessor", "members": ["user:ann@example.com"]}]}}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, iap.API) as made:
        yield made


@pytest.mark.parametrize(
    "place",
    [
        "iap_tunnel",
        "iap_tunnel/zones/asia-south1-a/instances/web",
        "iap_web",
        "iap_web/compute",
        "iap_web/compute/services/s",
    ],
)
async def test_a_place_has_a_policy_of_its_own_by_the_project_s_id_and_number(router: Router, place: str) -> None:
    await ask(router, "POST", f"{P}/{place}:setIamPolicy", GRANT)
    number = projects.number("prices")
    told = await ask(router, "POST", f"/iap/v1/projects/{number}/{place}:getIamPolicy", {})
    assert told["bindings"] == GRANT["policy"]["bindings"]
    other = await ask(router, "POST", f"{P}/iap_web/compute-asia-south1:getIamPolicy", {})
    assert "bindings" not in other


async def test_a_group_has_addresses_names_and_a_policy(router: Router) -> None:
    await ask(router, "POST", f"{GROUPS}?tunnelDestGroupId=offices", {"cidrs": ["10.1.0.0/16"]})
    changed = {"cidrs": ["10.2.0.0/16"], "fqdns": ["*.db.example.com"]}
    await ask(router, "PATCH", f"{GROUPS}/offices", changed)
    told = await ask(router, "GET", f"{GROUPS}/offices")
    assert (told["cidrs"], told["fqdns"]) == (changed["cidrs"], changed["fqdns"])
    await ask(router, "POST", f"{GROUPS}/offices:setIamPolicy", GRANT)
    listed = await ask(router, "GET", GROUPS)
    assert [one["name"].rpartition("/")[2] for one in listed["tunnelDestGroups"]] == ["offices"]
    await ask(router, "DELETE", f"{GROUPS}/offices")
    await ask(router, "POST", f"{GROUPS}/offices:getIamPolicy", {}, 404)


@pytest.mark.parametrize(
    ("name", "group"),
    [("abc", {}), ("Offices", {}), ("offices", {"cidrs": ["10.0.0.1/8"]}), ("offices", {"fqdns": ["no name"]})],
)
async def test_what_is_no_group_is_refused(router: Router, name: str, group: dict[str, list[str]]) -> None:
    await ask(router, "POST", f"{GROUPS}?tunnelDestGroupId={name}", group, 400)
