"""What gets packets as they are: target pools, which name machines, and target instances; and the rules for them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask
from tests.unit.sandbox.test_load_balancers import ZONE, P
from tests.unit.sandbox.test_machines import Json, machine
from tests.unit.sandbox.test_managed_groups import MANAGERS, REGION, manager, members, router

__all__ = ["router"]
POOLS, RULES = f"{REGION}/targetPools", f"{REGION}/forwardingRules"
A_MACHINE = "projects/prices/zones/asia-south1-a/instances/m"


async def pool(router: Router, name: str = "p", status: int = 200, **fields: Any) -> Any:
    answer = await ask(router, "POST", POOLS, {"name": name, **fields}, status)
    return answer if status == 200 else answer["error"]["message"]


async def named(router: Router, name: str = "p") -> list[str]:
    found = (await ask(router, "GET", f"{POOLS}/{name}")).get("instances") or []
    return [one.partition("/projects/prices/zones/")[2] for one in found]


async def test_a_pool_names_machines_that_need_not_be_there(router: Router) -> None:
    await pool(router, instances=[A_MACHINE])
    assert await named(router) == ["asia-south1-a/instances/m"]
    await ask(router, "POST", f"{ZONE}/instances", machine("m"))
    other = {"instances": [{"instance": "zones/asia-south1-b/instances/n"}, {"instance": A_MACHINE}]}
    await ask(router, "POST", f"{POOLS}/p/addInstance", other)
    assert await named(router) == ["asia-south1-a/instances/m", "asia-south1-b/instances/n"]
    await ask(router, "DELETE", f"{ZONE}/instances/m")
    await ask(router, "POST", f"{POOLS}/p/removeInstance", {"instances": other["instances"][:1]})
    assert await named(router) == ["asia-south1-a/instances/m"]
    elsewhere = {"instances": [{"instance": "zones/us-east1-b/instances/n"}]}
    await ask(router, "POST", f"{POOLS}/p/addInstance", elsewhere, 400)
    await pool(router, "q", 400, instances=["somewhere/m"])


async def test_a_pool_is_checked_by_one_check_of_the_older_kind(router: Router) -> None:
    for name in ("one", "two"):
        await ask(router, "POST", f"{P}/global/httpHealthChecks", {"name": name})
    await ask(router, "POST", f"{P}/global/healthChecks", {"name": "new", "type": "TCP", "tcpHealthCheck": {"port": 1}})
    checks = [f"global/httpHealthChecks/{name}" for name in ("one", "two")]
    assert "At most 1" in await pool(router, status=400, healthChecks=checks)
    assert "httpHealthCheck" in await pool(router, status=400, healthChecks=["global/healthChecks/new"])
    await pool(router, instances=[A_MACHINE])
    await ask(router, "POST", f"{ZONE}/instances", machine("m"))
    asked = {"instance": A_MACHINE}
    health = await ask(router, "POST", f"{POOLS}/p/getHealth", asked)
    assert [one["healthState"] for one in health["healthStatus"]] == ["HEALTHY"]
    await ask(router, "POST", f"{POOLS}/p/addHealthCheck", {"healthChecks": [{"healthCheck": checks[0]}]})
    health = await ask(router, "POST", f"{POOLS}/p/getHealth", asked)
    assert [one["healthState"] for one in health["healthStatus"]] == ["UNHEALTHY"]
    await ask(router, "POST", f"{POOLS}/p/addHealthCheck", {"healthChecks": [{"healthCheck": checks[1]}]}, 400)
    await ask(router, "DELETE", f"{P}/global/httpHealthChecks/one", status=400)
    await ask(router, "POST", f"{POOLS}/p/removeHealthCheck", {"healthChecks": [{"healthCheck": checks[0]}]})
    await ask(router, "DELETE", f"{P}/global/httpHealthChecks/one")
    await ask(router, "POST", f"{POOLS}/p/getHealth", {"instance": f"{A_MACHINE}-other"}, 400)


async def test_a_pool_falls_back_on_another_of_its_region(router: Router) -> None:
    await pool(router, "spare")
    spare = "projects/prices/regions/asia-south1/targetPools/spare"
    assert "failoverRatio" in await pool(router, status=400, backupPool=spare)
    assert "backupPool" in await pool(router, status=400, failoverRatio=0.5)
    assert "between 0 and 1" in await pool(router, status=400, failoverRatio=2, backupPool=spare)
    await pool(router, failoverRatio=0.5, backupPool=spare)
    await ask(router, "DELETE", f"{POOLS}/spare", status=400)
    await ask(router, "POST", f"{POOLS}/p/setBackup?failoverRatio=0.2", {"target": spare})
    assert (await ask(router, "GET", f"{POOLS}/p"))["failoverRatio"] == 0.2
    await ask(router, "POST", f"{POOLS}/p/setBackup", {"target": spare.replace("spare", "p")}, 400)
    await ask(router, "POST", f"{POOLS}/p/setBackup", {})
    assert not {"backupPool", "failoverRatio"} & set(await ask(router, "GET", f"{POOLS}/p"))
    await ask(router, "DELETE", f"{POOLS}/spare")


async def test_machines_of_a_group_are_in_its_pools(router: Router) -> None:
    for name in ("p", "q"):
        await pool(router, name)
    await ask(router, "POST", MANAGERS, manager(targetPools=["regions/asia-south1/targetPools/p"]))

    async def made() -> list[str]:
        return [one.partition("/zones/")[2] for one in await members(router)]

    assert await named(router) == await made()
    await ask(router, "POST", f"{MANAGERS}/g/resize?size=3", {})
    assert await named(router) == await made()
    await ask(router, "DELETE", f"{POOLS}/p", status=400)
    await ask(router, "POST", f"{MANAGERS}/g/setTargetPools", {"targetPools": ["regions/asia-south1/targetPools/q"]})
    assert (await named(router), await named(router, "q")) == ([], await made())
    stands = await ask(router, "GET", f"{MANAGERS}/g")
    both = [f"regions/asia-south1/targetPools/{name}" for name in ("p", "q")]
    change = {"targetPools": both, "fingerprint": stands["fingerprint"]}
    await ask(router, "PATCH", f"{MANAGERS}/g", change)
    assert await named(router) == await named(router, "q") == await made()
    await ask(router, "POST", f"{MANAGERS}/g/resize?size=1", {})
    assert len(await named(router)) == 1
    await ask(router, "DELETE", f"{MANAGERS}/g")
    assert await named(router) == await named(router, "q") == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"loadBalancingScheme": "INTERNAL"}, "EXTERNAL"),
        ({"IPProtocol": "ESP"}, "TCP, UDP"),
        ({"ports": ["80"]}, "portRange"),
        ({"allPorts": True}, "portRange"),
        ({"portRange": "90-80"}, "in order"),
        ({"target": "regions/asia-south1/targetHttpProxies/none"}, "not found"),
    ],
)
async def test_a_rule_for_a_pool_that_can_t_be_is_refused(router: Router, fields: Json, told: str) -> None:
    await pool(router)
    rule = {"name": "r", "target": "regions/asia-south1/targetPools/p", **fields}
    status = 404 if "target" in fields else 400
    assert told in (await ask(router, "POST", RULES, rule, status))["error"]["message"]


async def test_rules_lead_to_pools_and_single_machines(router: Router) -> None:
    await pool(router)
    await pool(router, "q")
    await ask(router, "POST", f"{ZONE}/instances", machine("m"))
    targets = f"{ZONE}/targetInstances"
    await ask(router, "POST", targets, {"name": "t", "instance": "zones/asia-south1-a/instances/none"}, 404)
    await ask(router, "POST", targets, {"name": "t", "instance": A_MACHINE, "natPolicy": "SOME"}, 400)
    await ask(router, "POST", targets, {"name": "t", "instance": A_MACHINE})
    assert (await ask(router, "GET", f"{targets}/t"))["natPolicy"] == "NO_NAT"

    await ask(router, "POST", RULES, {"name": "all", "target": "regions/asia-south1/targetPools/p"})
    made = await ask(router, "GET", f"{RULES}/all")
    assert (made["portRange"], made["loadBalancingScheme"], made["IPProtocol"]) == ("1-65535", "EXTERNAL", "TCP")
    await ask(router, "DELETE", f"{POOLS}/p", status=400)
    await ask(router, "POST", f"{RULES}/all/setTarget", {"target": "regions/asia-south1/targetPools/q"})
    await ask(router, "POST", f"{RULES}/all/setTarget", {"target": "zones/asia-south1-a/targetInstances/t"}, 400)
    await ask(router, "DELETE", f"{POOLS}/p")
    inside = {"loadBalancingScheme": "INTERNAL", "subnetwork": "regions/asia-south1/subnetworks/one"}
    rule = {"name": "in", "target": "zones/asia-south1-a/targetInstances/t", **inside}
    await ask(router, "POST", RULES, rule, 400)
    await ask(router, "POST", RULES, {**rule, "ports": ["80"]})
    assert (await ask(router, "GET", f"{RULES}/in"))["IPAddress"].startswith("10.1.0.")
    await ask(router, "DELETE", f"{targets}/t", status=400)


async def test_a_grpc_proxy_changes_with_its_fingerprint_and_serves_inside(router: Router) -> None:
    await ask(
        router, "POST", f"{P}/global/backendServices", {"name": "b", "loadBalancingScheme": "INTERNAL_SELF_MANAGED"}
    )
    await ask(router, "POST", f"{P}/global/urlMaps", {"name": "m", "defaultService": "global/backendServices/b"})
    place = f"{P}/global/targetGrpcProxies"
    await ask(router, "POST", place, {"name": "g"}, 400)
    await ask(router, "POST", place, {"name": "g", "urlMap": "global/urlMaps/m"})
    made = await ask(router, "GET", f"{place}/g")
    assert made["selfLinkWithId"].endswith(f"/targetGrpcProxies/{made['id']}")
    await ask(router, "PATCH", f"{place}/g", {"description": "new"}, 400)
    await ask(router, "PATCH", f"{place}/g", {"description": "new", "fingerprint": made["fingerprint"]})
    assert (await ask(router, "GET", f"{place}/g"))["description"] == "new"
    rule = {"name": "r", "target": "global/targetGrpcProxies/g", "portRange": "50051", "IPAddress": "0.0.0.0"}
    await ask(router, "POST", f"{P}/global/forwardingRules", rule, 400)
    await ask(router, "POST", f"{P}/global/forwardingRules", {**rule, "loadBalancingScheme": "INTERNAL_SELF_MANAGED"})
    await ask(router, "DELETE", f"{place}/g", status=400)
