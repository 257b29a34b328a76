"""Cloud Armor's policies: what their rules may say, and which of them stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/compute/v1/projects/prices"
REGIONAL = f"{P}/regions/asia-south1/securityPolicies"
LAST = 2_147_483_647
FROM_OFFICE = {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["203.0.113.0/24"]}}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API) as made:
        yield made


async def _priorities(router: Router, policy: str) -> list[int]:
    return [rule["priority"] for rule in (await ask(router, "GET", policy))["rules"]]


@pytest.mark.parametrize("place", [f"{P}/global/securityPolicies", REGIONAL], ids=["global", "regional"])
async def test_rules_come_and_go_but_the_default_one_stays(router: Router, place: str) -> None:
    await ask(router, "POST", place, {"name": "web"})
    policy = f"{place}/web"
    rule = {"priority": 7, "action": "deny(403)", "match": FROM_OFFICE, "description": "The office"}
    await ask(router, "POST", f"{policy}/addRule", rule)
    assert await _priorities(router, policy) == [7, LAST]
    assert "Duplicate" in (await ask(router, "POST", f"{policy}/addRule", rule, 400))["error"]["message"]

    change = {"action": "allow"}
    await ask(router, "POST", f"{policy}/patchRule?priority=7&updateMask=action,description", change)
    changed = await ask(router, "GET", f"{policy}/getRule?priority=7")
    assert (changed["action"], changed["match"], changed.get("description")) == ("allow", FROM_OFFICE, None)

    await ask(router, "POST", f"{policy}/removeRule?priority={LAST}", {}, 400)
    await ask(router, "POST", f"{policy}/removeRule?priority=7", {})
    assert await _priorities(router, policy) == [LAST]


async def test_a_policy_of_a_region_tells_the_region_by_its_name(router: Router) -> None:
    await ask(router, "POST", REGIONAL, {"name": "web", "type": "CLOUD_ARMOR"})
    told = await ask(router, "GET", f"{REGIONAL}/web")
    assert told["region"] == "asia-south1"
    assert told["selfLinkWithId"].endswith(f"/regions/asia-south1/securityPolicies/{told['id']}")
    body = {"type": "CLOUD_ARMOR_NETWORK", "fingerprint": told["fingerprint"]}
    await ask(router, "PATCH", f"{REGIONAL}/web", body, 400)


@pytest.mark.parametrize(
    ("policy", "what"),
    [
        ({"type": "CLOUD_ARMOR", "ddosProtectionConfig": {"ddosProtection": "ADVANCED"}}, "ddosProtectionConfig"),
        ({"type": "CLOUD_ARMOR", "userDefinedFields": [{"name": "a", "base": "UDP", "size": 2}]}, "userDefinedFields"),
        ({"type": "CLOUD_ARMOR_NETWORK", "userDefinedFields": [{"name": "a", "size": 5}]}, "size"),
        ({"type": "CLOUD_ARMOR_NETWORK", "userDefinedFields": [{"name": "a", "size": 2, "mask": "8F"}]}, "mask"),
    ],
)
async def test_what_is_of_networks_alone_is_refused_elsewhere_and_checked(
    router: Router, policy: dict[str, Any], what: str
) -> None:
    answer = await ask(router, "POST", REGIONAL, {"name": "edge", **policy}, 400)
    assert what in answer["error"]["message"]


async def test_a_rule_of_packets_names_fields_of_its_policy(router: Router) -> None:
    fields = [{"name": "sig", "base": "UDP", "offset": 8, "size": 2, "mask": "0x8F00"}]
    await ask(router, "POST", REGIONAL, {"name": "edge", "type": "CLOUD_ARMOR_NETWORK", "userDefinedFields": fields})
    rule = {"priority": 1, "action": "deny"}

    async def refused(**match: Any) -> str:
        answer = await ask(router, "POST", f"{REGIONAL}/edge/addRule", {**rule, "networkMatch": match}, 400)
        return str(answer["error"]["message"])

    assert "name" in await refused(userDefinedFields=[{"name": "other", "values": ["0x1"]}])
    assert "destIpRanges" in await refused(destIpRanges=["everywhere"])
    match = {"userDefinedFields": [{"name": "sig", "values": ["0x8F00"]}]}
    await ask(router, "POST", f"{REGIONAL}/edge/addRule", {**rule, "networkMatch": match})
    await ask(router, "POST", REGIONAL, {"name": "web", "type": "CLOUD_ARMOR"})
    answer = await ask(router, "POST", f"{REGIONAL}/web/addRule", {**rule, "networkMatch": match}, 400)
    assert "CLOUD_ARMOR_NETWORK" in answer["error"]["message"]
