"""What Access Context Manager refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import accesscontextmanager
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

V1 = "/accesscontextmanager/v1"
POLICIES = f"{V1}/accessPolicies"
Json = dict[str, Any]


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, accesscontextmanager.API) as made:
        yield made


async def policy(router: Router) -> str:
    made = await ask(router, "POST", POLICIES, {"parent": "organizations/7", "title": "All"})
    return str(made["response"]["name"])


async def test_an_organization_has_one_policy_for_all_and_one_for_each_scope(router: Router) -> None:
    name = await policy(router)
    again = {"parent": "organizations/7", "title": "Again"}
    await ask(router, "POST", POLICIES, again, 409)
    await ask(router, "POST", POLICIES, {**again, "scopes": ["folders/1", "folders/2"]}, 400)
    await ask(router, "POST", POLICIES, {**again, "scopes": ["projects/prices"]}, 400)
    await ask(router, "POST", POLICIES, {**again, "scopes": ["folders/1"]})
    await ask(router, "POST", POLICIES, {**again, "parent": "folders/7"}, 400)
    found = await ask(router, "GET", f"{POLICIES}?parent=organizations/7")
    assert name in [one["name"] for one in found["accessPolicies"]]
    await ask(router, "GET", POLICIES, status=400)


@pytest.mark.parametrize(
    ("level", "status"),
    [
        ({}, 400),
        ({"basic": {"conditions": []}}, 400),
        ({"basic": {"conditions": [{"regions": ["IN"]}], "combiningFunction": "XOR"}}, 400),
        ({"basic": {"conditions": [{"requiredAccessLevels": ["accessPolicies/1/accessLevels/none"]}]}}, 404),
        ({"basic": {"conditions": [{}]}, "custom": {"expr": {"expression": "true"}}}, 400),
        ({"custom": {"expr": {"expression": "true"}}}, 200),
    ],
)
async def test_a_level_has_conditions_or_an_expression(router: Router, level: Json, status: int) -> None:
    name = await policy(router)
    level = {"name": f"{name}/accessLevels/office", "title": "Office", **level}
    await ask(router, "POST", f"{V1}/{name}/accessLevels", level, status)


async def test_a_level_stays_while_a_perimeter_names_it_and_a_project_is_in_one(router: Router) -> None:
    name = await policy(router)
    level = {"name": f"{name}/accessLevels/office", "title": "Office", "custom": {"expr": {"expression": "true"}}}
    await ask(router, "POST", f"{V1}/{name}/accessLevels", level)

    async def perimeter(short: str, status: int = 200, kind: str = "REGULAR", **config: Any) -> None:
        body = {"name": f"{name}/servicePerimeters/{short}", "title": short, "status": config}
        body["perimeterType"] = f"PERIMETER_TYPE_{kind}"
        await ask(router, "POST", f"{V1}/{name}/servicePerimeters", body, status)

    await perimeter("a", 400, resources=["projects/prices"])
    await perimeter("a", 404, accessLevels=[f"{name}/accessLevels/none"])
    await perimeter("a", resources=["projects/1"], accessLevels=[level["name"]])
    await perimeter("b", 400, resources=["projects/1"])
    await perimeter("b", kind="BRIDGE", resources=["projects/1", "projects/2"])
    await perimeter("c", 400, kind="BRIDGE", accessLevels=[level["name"]])
    await ask(router, "DELETE", f"{V1}/{level['name']}", status=400)
    await ask(router, "DELETE", f"{V1}/{name}/servicePerimeters/a")
    await ask(router, "DELETE", f"{V1}/{level['name']}")
