"""What policies of Cloud DNS refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.dns import api as dns
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/dns/v1/projects/prices/responsePolicies"
NETWORKS = {"networks": [{"networkUrl": "https://www.googleapis.com/compute/v1/projects/prices/global/networks/n"}]}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API, dns.API) as made:
        yield made


async def test_a_network_has_one_response_policy_and_lets_it_go_before_it_is_deleted(router: Router) -> None:
    await ask(router, "POST", P, {"responsePolicyName": "one", **NETWORKS}, 404)
    body = {"name": "n", "autoCreateSubnetworks": False}
    await ask(router, "POST", "/compute/v1/projects/prices/global/networks", body)
    made = await ask(router, "POST", P, {"responsePolicyName": "one", **NETWORKS})
    assert made["networks"][0]["networkUrl"] == NETWORKS["networks"][0]["networkUrl"]
    await ask(router, "POST", P, {"responsePolicyName": "one"}, 409)
    await ask(router, "POST", P, {"responsePolicyName": "two", **NETWORKS}, 409)

    await ask(router, "DELETE", f"{P}/one", status=400)
    changed = await ask(router, "PATCH", f"{P}/one", {"networks": None})
    assert "networks" not in changed["responsePolicy"]
    await ask(router, "POST", f"{P}/one/rules", {"ruleName": "r", "dnsName": "a.", "behavior": "bypassResponsePolicy"})
    await ask(router, "DELETE", f"{P}/one", status=400)
    await ask(router, "DELETE", f"{P}/one/rules/r", status=204)
    await ask(router, "DELETE", f"{P}/one", status=204)
    await ask(router, "GET", f"{P}/one", status=404)


async def test_a_rule_answers_with_data_of_its_own_name(router: Router) -> None:
    await ask(router, "POST", P, {"responsePolicyName": "one"})
    data = {"localDatas": [{"name": "b.example.com.", "type": "A", "rrdatas": ["192.0.2.1"], "ttl": 60}]}
    rule = {"ruleName": "r", "dnsName": "a.example.com."}

    await ask(router, "POST", f"{P}/one/rules", rule, 400)
    await ask(router, "POST", f"{P}/one/rules", {**rule, "localData": data}, 400)
    await ask(router, "POST", f"{P}/one/rules", {**rule, "dnsName": "no dot", "localData": data}, 400)
    data["localDatas"][0]["name"] = "a.example.com."
    await ask(router, "POST", f"{P}/one/rules", {**rule, "localData": data})
    await ask(router, "POST", f"{P}/one/rules", {**rule, "ruleName": "s", "localData": data}, 409)
    listed = await ask(router, "GET", f"{P}/one/rules")
    assert [one["ruleName"] for one in listed["responsePolicyRules"]] == ["r"]
