"""Networks in auto mode, IPv6, and ranges kept by name: what is made, and what is refused."""

from __future__ import annotations

from ipaddress import IPv6Network
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.networkconnectivity import api as networkconnectivity
from sandbox.control import names
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/compute/v1/projects/prices"
SUBNETS = f"{P}/regions/asia-south1/subnetworks"
RANGES = "/networkconnectivity/v1/projects/prices/locations/global/internalRanges"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API, networkconnectivity.API) as made:
        six = {"enableUlaInternalIpv6": True, "autoCreateSubnetworks": False}
        await ask(made, "POST", f"{P}/global/networks", {"name": "six", **six})
        await ask(made, "POST", f"{P}/global/networks", {"name": "four", "autoCreateSubnetworks": False})
        yield made


def subnet(name: str, network: str = "six", **more: Any) -> Json:
    return {"name": name, "network": f"global/networks/{network}", **more}


async def test_a_network_in_auto_mode_has_a_subnetwork_in_each_region_that_goes_with_it(router: Router) -> None:
    network = f"{P}/global/networks/auto"
    await ask(router, "POST", f"{P}/global/networks", {"name": "auto", "autoCreateSubnetworks": True})
    made = await ask(router, "GET", network)
    assert len(made["subnetworks"]) == len(names.REGIONS)
    own = await ask(router, "GET", f"{SUBNETS}/auto")
    assert (own["ipCidrRange"], own["gatewayAddress"]) == ("10.160.0.0/20", "10.160.0.1")
    await ask(router, "DELETE", f"{SUBNETS}/auto", status=400)
    await ask(router, "DELETE", network)
    await ask(router, "GET", f"{SUBNETS}/auto", status=404)


async def test_a_network_in_custom_mode_keeps_its_subnetworks_until_they_are_deleted(router: Router) -> None:
    network = f"{P}/global/networks/auto"
    await ask(router, "POST", f"{P}/global/networks", {"name": "auto", "autoCreateSubnetworks": True})
    await ask(router, "POST", f"{network}/switchToCustomMode", {})
    await ask(router, "POST", f"{network}/switchToCustomMode", {}, 400)
    await ask(router, "DELETE", network, status=400)
    await ask(router, "DELETE", f"{SUBNETS}/auto")


async def test_a_machine_of_a_network_in_auto_mode_is_in_the_subnetwork_of_its_region(router: Router) -> None:
    await ask(router, "POST", f"{P}/global/networks", {"name": "auto", "autoCreateSubnetworks": True})
    zone = f"{P}/zones/asia-south1-a"
    disk = {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
    machine = {
        "name": "m",
        "machineType": f"{zone.removeprefix('/compute/v1/')}/machineTypes/e2-small",
        "disks": [disk],
        "networkInterfaces": [{"network": "global/networks/auto"}],
    }
    await ask(router, "POST", f"{zone}/instances", machine)
    interface = (await ask(router, "GET", f"{zone}/instances/m"))["networkInterfaces"][0]
    assert interface["subnetwork"].endswith("/regions/asia-south1/subnetworks/auto")
    assert interface["networkIP"] == "10.160.0.2"


async def test_ipv6_of_a_subnetwork_is_of_its_network_or_of_the_internet(router: Router) -> None:
    network = await ask(router, "GET", f"{P}/global/networks/six")
    body = subnet("in", ipCidrRange="10.1.0.0/24", stackType="IPV4_IPV6", ipv6AccessType="INTERNAL")
    await ask(router, "POST", SUBNETS, body)
    await ask(router, "POST", SUBNETS, subnet("out", stackType="IPV6_ONLY", ipv6AccessType="EXTERNAL"))
    inside = await ask(router, "GET", f"{SUBNETS}/in")
    assert IPv6Network(inside["internalIpv6Prefix"]).subnet_of(IPv6Network(network["internalIpv6Range"]))
    outside = await ask(router, "GET", f"{SUBNETS}/out")
    assert outside["ipv6CidrRange"] == outside["externalIpv6Prefix"]
    assert not {"ipCidrRange", "gatewayAddress"} & outside.keys()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"stackType": "IPV4_IPV6"}, 400),
        ({"stackType": "IPV8"}, 400),
        ({"ipv6AccessType": "EXTERNAL"}, 400),
        ({"stackType": "IPV4_IPV6", "ipv6AccessType": "INTERNAL", "network": "global/networks/four"}, 400),
        ({"stackType": "IPV6_ONLY", "ipv6AccessType": "EXTERNAL"}, 400),
        ({"stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL", "ipCollection": "c"}, 501),
        ({"stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL", "externalIpv6Prefix": "2001:db8::/96"}, 400),
        ({"ipCidrRange": ""}, 400),
        ({"reservedInternalRange": "projects/prices/locations/global/internalRanges/none"}, 404),
    ],
)
async def test_a_subnetwork_that_google_refuses(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", SUBNETS, {**subnet("s", ipCidrRange="10.1.0.0/24"), **change}, status)


@pytest.mark.parametrize("given", ["fd20::/64", "fc00::/48", "ten"])
async def test_a_network_s_ipv6_range_is_a_48_of_its_own(router: Router, given: str) -> None:
    body = {"name": "n", "autoCreateSubnetworks": False, "enableUlaInternalIpv6": True, "internalIpv6Range": given}
    await ask(router, "POST", f"{P}/global/networks", body, 400)


def kept(**more: Any) -> Json:
    return {"network": "global/networks/four", "usage": "FOR_VPC", "peering": "FOR_SELF", **more}


async def test_a_kept_range_is_its_subnetwork_s_and_nobody_else_s(router: Router) -> None:
    await ask(router, "POST", f"{RANGES}?internalRangeId=r", kept(ipCidrRange="10.4.0.0/20"))
    await ask(router, "POST", SUBNETS, subnet("other", "four", ipCidrRange="10.4.1.0/24"), 400)
    link = "networkconnectivity.googleapis.com/projects/prices/locations/global/internalRanges/r"
    await ask(router, "POST", SUBNETS, subnet("own", "four", reservedInternalRange=link))
    assert (await ask(router, "GET", f"{SUBNETS}/own"))["ipCidrRange"] == "10.4.0.0/20"
    assert (await ask(router, "GET", f"{RANGES}/r"))["users"][0].endswith("/subnetworks/own")
    await ask(router, "DELETE", f"{RANGES}/r", status=400)
    await ask(router, "DELETE", f"{SUBNETS}/own")
    await ask(router, "DELETE", f"{RANGES}/r")


@pytest.mark.parametrize(
    "strategy", ["RANDOM", "FIRST_AVAILABLE", "RANDOM_FIRST_N_AVAILABLE", "FIRST_SMALLEST_FITTING"]
)
async def test_a_range_of_a_length_is_allocated_where_nothing_is(router: Router, strategy: str) -> None:
    await ask(router, "POST", SUBNETS, subnet("taken", "four", ipCidrRange="10.8.0.0/24"))
    wanted = kept(
        prefixLength=24,
        targetCidrRange=["10.8.0.0/22"],
        excludeCidrRanges=["10.8.2.0/23"],
        allocationOptions={"allocationStrategy": strategy, "firstAvailableRangesLookupSize": 2},
    )
    await ask(router, "POST", f"{RANGES}?internalRangeId=r", wanted)
    assert (await ask(router, "GET", f"{RANGES}/r"))["ipCidrRange"] == "10.8.1.0/24"
    await ask(router, "POST", f"{RANGES}?internalRangeId=full", wanted, 400)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"usage": "FOR_FUN"}, 400),
        ({"peering": "FOR_ALL"}, 400),
        ({"overlaps": ["EVERYTHING"]}, 400),
        ({"usage": "FOR_MIGRATION"}, 400),
        ({"network": "global/networks/none"}, 404),
        ({"ipCidrRange": "10.9.0.0/24"}, 400),
        ({"ipCidrRange": "", "prefixLength": 4}, 400),
        ({"prefixLength": 25}, 400),
        ({"ipCidrRange": "10.9.0.0/24", "overlaps": ["OVERLAP_EXISTING_SUBNET_RANGE"]}, 200),
    ],
)
async def test_a_range_overlaps_nothing_unless_it_says_so(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", SUBNETS, subnet("taken", "four", ipCidrRange="10.9.0.0/24"))
    body = {**kept(ipCidrRange="10.7.0.0/24"), **change}
    await ask(router, "POST", f"{RANGES}?internalRangeId=r", body, status)


async def test_a_range_becomes_longer_and_an_immutable_one_stays(router: Router) -> None:
    await ask(router, "POST", f"{RANGES}?internalRangeId=r", kept(prefixLength=24, ipCidrRange="10.4.0.0/24"))
    await ask(router, "PATCH", f"{RANGES}/r?updateMask=prefixLength", {"prefixLength": 25}, 400)
    await ask(router, "PATCH", f"{RANGES}/r?updateMask=prefixLength", {"prefixLength": 22})
    assert (await ask(router, "GET", f"{RANGES}/r"))["ipCidrRange"] == "10.4.0.0/22"
    await ask(router, "POST", f"{RANGES}?internalRangeId=i", kept(ipCidrRange="10.5.0.0/24", immutable=True))
    await ask(router, "PATCH", f"{RANGES}/i?updateMask=description", {"description": "x"}, 400)


POLICIES = "/networkconnectivity/v1/projects/prices/locations/asia-south1/serviceConnectionPolicies"


async def test_a_policy_is_the_only_one_of_its_class_and_names_subnetworks_of_its_network(router: Router) -> None:
    await ask(router, "POST", SUBNETS, subnet("s", "four", ipCidrRange="10.1.0.0/24"))
    link = "projects/prices/regions/asia-south1/subnetworks/s"
    body = {"network": "projects/prices/global/networks/four", "serviceClass": "gcp-memorystore-redis"}
    config = {"pscConfig": {"subnetworks": [link], "limit": "4"}}
    await ask(router, "POST", f"{POLICIES}?serviceConnectionPolicyId=p", {**body, **config})
    made = await ask(router, "GET", f"{POLICIES}/p")
    assert (made["infrastructure"], made["pscConfig"]["limit"]) == ("PSC", "4")
    await ask(router, "POST", f"{POLICIES}?serviceConnectionPolicyId=q", body, 400)
    six = {**body, "network": "global/networks/six"}
    await ask(router, "POST", f"{POLICIES}?serviceConnectionPolicyId=q", {**six, **config}, 400)
    none = {"pscConfig": {"subnetworks": [link + "x"]}}
    await ask(router, "POST", f"{POLICIES}?serviceConnectionPolicyId=q", {**six, **none}, 404)
    await ask(router, "POST", f"{POLICIES}?serviceConnectionPolicyId=q", {**six, "pscConfig": {}}, 400)


@pytest.mark.parametrize(
    "change",
    [
        {"filter": {"protocolVersion": "IPV5"}},
        {"filter": {"protocolVersion": "IPV6", "srcRange": "10.0.0.0/8"}},
        {"nextHopOtherRoutes": "DEFAULT_ROUTING"},
        {"nextHopIlbIp": "near"},
        {"priority": 0},
        {"virtualMachine": {"tags": ["a"]}, "interconnectAttachment": {"region": "all"}},
    ],
)
async def test_a_route_by_policy_has_a_filter_and_one_next_hop(router: Router, change: Json) -> None:
    body = {"network": "projects/prices/global/networks/four", "nextHopIlbIp": "10.0.0.9"}
    body |= {"filter": {"protocolVersion": "IPV4"}}
    place = "/networkconnectivity/v1/projects/prices/locations/global/policyBasedRoutes?policyBasedRouteId="
    await ask(router, "POST", place + "r", body)
    await ask(router, "POST", place + "other", {**body, **change}, 400)


ADDRESSES = f"{P}/regions/asia-south1/addresses"


async def test_an_ipv6_address_is_a_range_of_its_subnetwork(router: Router) -> None:
    await ask(router, "POST", SUBNETS, subnet("out", stackType="IPV6_ONLY", ipv6AccessType="EXTERNAL"))
    prefix = IPv6Network((await ask(router, "GET", f"{SUBNETS}/out"))["externalIpv6Prefix"])
    body = {"ipVersion": "IPV6", "subnetwork": "regions/asia-south1/subnetworks/out", "ipv6EndpointType": "NETLB"}
    for name in ("one", "two"):
        await ask(router, "POST", ADDRESSES, {"name": name, **body})
    one, two = [await ask(router, "GET", f"{ADDRESSES}/{name}") for name in ("one", "two")]
    blocks = [IPv6Network(f"{each['address']}/{each['prefixLength']}") for each in (one, two)]
    assert all(block.subnet_of(prefix) and block.prefixlen == 96 for block in blocks)
    assert not blocks[0].overlaps(blocks[1])
    for change in (
        {"addressType": "INTERNAL"},
        {"ipv6EndpointType": "ANY"},
        {"networkTier": "STANDARD"},
        {"subnetwork": ""},
        {"address": one["address"]},
        {"address": "2001:db9::"},
    ):
        await ask(router, "POST", ADDRESSES, {"name": "other", **body, **change}, 400)


async def test_a_global_ipv6_address_is_none_of_ipv4(router: Router) -> None:
    await ask(router, "POST", f"{P}/global/addresses", {"name": "six", "ipVersion": "IPV6"})
    assert ":" in (await ask(router, "GET", f"{P}/global/addresses/six"))["address"]
