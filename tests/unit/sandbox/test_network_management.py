"""Network Management: what a test of connectivity says of a way, and what configurations of flow logs are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.networkconnectivity.api import API as CONNECTIVITY
from sandbox.apis.networkmanagement.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

COMPUTE = "/compute/v1/projects/prices"
TESTS = "/networkmanagement/v1/projects/prices/locations/global/connectivityTests"
LOGS = "/networkmanagement/v1/projects/prices/locations/global/vpcFlowLogsConfigs"
MACHINES = "projects/prices/zones/asia-south1-a/instances"
NETWORK = "projects/prices/global/networks/n"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API, CONNECTIVITY, API) as made:
        await ask(made, "POST", f"{COMPUTE}/global/networks", {"name": "n", "autoCreateSubnetworks": False})
        subnet = {"name": "s", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(made, "POST", f"{COMPUTE}/regions/asia-south1/subnetworks", subnet)
        for name in ("from", "to"):
            machine = {
                "name": name,
                "machineType": "zones/asia-south1-a/machineTypes/e2-micro",
                "disks": [{"boot": True, "initializeParams": {"diskSizeGb": "10"}}],
                "networkInterfaces": [{"subnetwork": "regions/asia-south1/subnetworks/s"}],
                "tags": {"items": [name]},
            }
            await ask(made, "POST", f"{COMPUTE}/zones/asia-south1-a/instances", machine)
        yield made


async def run(router: Router, **more: Any) -> Json:
    """A test between the two machines, run anew."""
    body = {
        "source": {"instance": f"{MACHINES}/from"},
        "destination": {"instance": f"{MACHINES}/to", "port": 443},
        **more,
    }
    await ask(router, "POST", f"{TESTS}?testId=t", body)
    answer = await ask(router, "POST", f"{TESTS}/t:rerun", {})
    assert answer["response"]["reachabilityDetails"] == (await ask(router, "GET", f"{TESTS}/t"))["reachabilityDetails"]
    await ask(router, "DELETE", f"{TESTS}/t")
    details: Json = answer["response"]["reachabilityDetails"]
    return details


async def rule(router: Router, name: str, **more: Any) -> None:
    await ask(router, "POST", f"{COMPUTE}/global/firewalls", {"name": name, "network": "global/networks/n", **more})


HTTPS = {"IPProtocol": "tcp", "ports": ["400-450"]}


async def test_the_rules_of_a_firewall_decide_what_is_reached(router: Router) -> None:
    details = await run(router)
    assert details["result"] == "UNREACHABLE"  # what no rule allows, the implied one denies
    assert details["traces"][0]["steps"][-1]["causesDrop"] is True
    await rule(router, "in", sourceTags=["from"], targetTags=["to"], allowed=[HTTPS])
    assert (await run(router))["result"] == "REACHABLE"
    assert (await run(router, protocol="UDP"))["result"] == "UNREACHABLE"
    await rule(router, "out", direction="EGRESS", priority=10, denied=[{"IPProtocol": "all"}], targetTags=["from"])
    details = await run(router)
    assert details["result"] == "UNREACHABLE"
    assert details["traces"][0]["steps"][-1]["drop"]["resourceUri"].endswith("/firewalls/out")
    assert (await run(router, bypassFirewallChecks=True))["result"] == "REACHABLE"


async def test_of_the_same_priority_the_rule_that_denies_decides(router: Router) -> None:
    await rule(router, "a", sourceRanges=["10.1.0.0/24"], allowed=[HTTPS])
    await rule(router, "b", sourceRanges=["10.0.0.0/8"], denied=[HTTPS])
    assert (await run(router))["result"] == "UNREACHABLE"


@pytest.mark.parametrize(
    "destination",
    [{"fqdn": "example.com"}, {"ipAddress": "8.8.8.8"}, {"instance": f"{MACHINES}/nobody"}, {"ipAddress": "10.1.0.77"}],
)
async def test_what_is_not_known_is_undetermined(router: Router, destination: Json) -> None:
    details = await run(router, destination=destination)
    assert details["result"] == "UNDETERMINED"
    assert details["traces"][0]["steps"][-1]["state"] == "ABORT"


async def test_where_a_firewall_policy_or_a_route_by_policy_decides_it_is_undetermined(router: Router) -> None:
    await rule(router, "in", allowed=[HTTPS])
    route = {"network": NETWORK, "filter": {"protocolVersion": "IPV4"}, "nextHopOtherRoutes": "DEFAULT_ROUTING"}
    place = "/networkconnectivity/v1/projects/prices/locations/global/policyBasedRoutes"
    await ask(router, "POST", f"{place}?policyBasedRouteId=r", route)
    assert (await run(router))["result"] == "UNDETERMINED"
    await ask(router, "DELETE", f"{place}/r")
    assert (await run(router))["result"] == "REACHABLE"
    policies = f"{COMPUTE}/global/firewallPolicies"
    await ask(router, "POST", policies, {"name": "p"})
    body = {"name": "a", "attachmentTarget": NETWORK}
    await ask(router, "POST", f"{policies}/p/addAssociation", body)
    assert (await run(router))["result"] == "UNDETERMINED"


async def test_a_machine_that_is_stopped_is_not_reached(router: Router) -> None:
    await rule(router, "in", allowed=[HTTPS])
    await ask(router, "POST", f"{COMPUTE}/zones/asia-south1-a/instances/to/stop", {})
    assert (await run(router))["result"] == "UNREACHABLE"


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": "HTTP"},
        {"source": {"port": 1}},
        {"destination": {"ipAddress": "10.0.0"}},
        {"source": {"ipAddress": "10.1.0.2", "networkType": "INTERNET"}},
    ],
)
async def test_tests_that_are_refused(router: Router, change: Json) -> None:
    body = {"source": {"ipAddress": "10.1.0.2"}, "destination": {"ipAddress": "10.1.0.3"}, **change}
    await ask(router, "POST", f"{TESTS}?testId=t", body, 400)


async def test_a_test_has_a_name_of_forty_letters_at_most(router: Router) -> None:
    body = {"source": {"ipAddress": "10.1.0.2"}, "destination": {"ipAddress": "10.1.0.3"}}
    await ask(router, "POST", f"{TESTS}?testId={'a' * 41}", body, 400)
    await ask(router, "POST", f"{TESTS}?testId={'a' * 40}", body)
    (one,) = (await ask(router, "GET", TESTS))["resources"]
    assert one["displayName"] == "a" * 40


async def test_a_configuration_of_flow_logs_tells_whether_its_target_is_there(router: Router) -> None:
    await ask(router, "POST", f"{COMPUTE}/global/networks", {"name": "gone", "autoCreateSubnetworks": False})
    await ask(router, "POST", f"{LOGS}?vpcFlowLogsConfigId=c", {"network": "projects/prices/global/networks/gone"})
    made = await ask(router, "GET", f"{LOGS}/c")
    assert made["targetResourceState"] == "TARGET_RESOURCE_EXISTS"
    assert (made["flowSampling"], made["aggregationInterval"]) == (1.0, "INTERVAL_5_SEC")
    await ask(router, "DELETE", f"{COMPUTE}/global/networks/gone")
    assert (await ask(router, "GET", f"{LOGS}/c"))["targetResourceState"] == "TARGET_RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 400),
        ({"network": NETWORK, "subnet": "projects/prices/regions/asia-south1/subnetworks/s"}, 400),
        ({"subnet": NETWORK}, 400),
        ({"network": f"{NETWORK}x"}, 404),
        ({"interconnectAttachment": "projects/prices/regions/asia-south1/interconnectAttachments/a"}, 404),
        ({"network": NETWORK, "flowSampling": 0}, 400),
        ({"network": NETWORK, "metadataFields": ["src_instance"]}, 400),
        ({"network": NETWORK, "aggregationInterval": "INTERVAL_1_DAY"}, 400),
    ],
)
async def test_configurations_that_are_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", f"{LOGS}?vpcFlowLogsConfigId=c", change, status)


async def test_an_organization_has_configurations_and_operations_of_its_own(router: Router) -> None:
    place = "/networkmanagement/v1/organizations/123/locations/global"
    answer = await ask(router, "POST", f"{place}/vpcFlowLogsConfigs?vpcFlowLogsConfigId=c", {})
    assert answer["response"]["crossProjectMetadata"] == "CROSS_PROJECT_METADATA_ENABLED"
    assert (await ask(router, "GET", f"/networkmanagement/v1/{answer['name']}"))["done"] is True
    await ask(router, "GET", f"{LOGS}/c", status=404)
