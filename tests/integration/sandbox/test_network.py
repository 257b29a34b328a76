"""Compute Engine's network, DNS and peering over plain HTTP: what Google refuses, and how it says so."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.integration.sandbox_process import Sandbox


class Cloud:
    """A project of its own in the session's sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.project = f"atm-{uuid.uuid4().hex[:10]}"
        self._sandbox = sandbox

    def ask(self, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        answer = self._sandbox.request(method, f"/{path.replace('PROJECT', self.project)}", document)
        return answer.status, answer.json() if answer.body else {}

    def compute(self, method: str, path: str, document: Any = None) -> Any:
        status, answer = self.ask(method, f"compute/v1/projects/PROJECT/{path}", document)
        assert status == 200, answer
        return answer

    def refused(self, method: str, path: str, document: Any = None) -> str:
        status, answer = self.ask(method, f"compute/v1/projects/PROJECT/{path}", document)
        assert status >= 400, answer
        return f"{status} {answer['error']['errors'][0]['reason']}: {answer['error']['message']}"

    def network(self) -> str:
        self.compute("POST", "global/networks", {"name": "platform", "autoCreateSubnetworks": False})
        return f"projects/{self.project}/global/networks/platform"

    def subnet(self, name: str, block: str) -> dict[str, Any]:
        document = {"name": name, "network": "global/networks/platform", "ipCidrRange": block}
        made: dict[str, Any] = self.compute("POST", "regions/asia-south1/subnetworks", document)
        return made


@pytest.fixture
def cloud(sandbox: Sandbox) -> Cloud:
    return Cloud(sandbox)


def test_an_operation_is_done_and_can_be_read_again(cloud: Cloud) -> None:
    operation = cloud.compute("POST", "global/networks", {"name": "platform", "autoCreateSubnetworks": False})
    assert (operation["kind"], operation["operationType"], operation["status"]) == (
        "compute#operation",
        "insert",
        "DONE",
    )
    assert operation["targetLink"].endswith("/global/networks/platform")
    assert cloud.compute("GET", f"global/operations/{operation['name']}") == operation
    assert cloud.compute("POST", f"global/operations/{operation['name']}/wait") == operation


def test_a_network_has_links_a_default_route_and_its_subnets(cloud: Cloud) -> None:
    network = f"https://www.googleapis.com/compute/v1/{cloud.network()}"
    cloud.subnet("run", "10.10.0.0/24")
    shown = cloud.compute("GET", "global/networks/platform")
    assert shown["selfLink"] == network
    assert shown["routingConfig"]["routingMode"] == "REGIONAL"
    assert [link.rpartition("/")[2] for link in shown["subnetworks"]] == ["run"]
    (route,) = cloud.compute("GET", "global/routes")["items"]
    assert (route["network"], route["destRange"]) == (network, "0.0.0.0/0")
    subnet = cloud.compute("GET", "regions/asia-south1/subnetworks/run")
    assert subnet["gatewayAddress"] == "10.10.0.1"
    assert subnet["region"].endswith("/regions/asia-south1")


@pytest.mark.parametrize(
    ("path", "document", "message"),
    [
        ("global/networks", {"name": "Platform"}, "400 invalid: Invalid value for field 'resource.name': 'Platform'."),
        ("global/networks", {}, "400 required: Required field 'resource.name' not specified"),
        ("global/networks", {"name": "platform"}, "409 alreadyExists: The resource"),
        (
            "regions/asia-south1/subnetworks",
            {"name": "b", "network": "global/networks/platform", "ipCidrRange": "10.10.0.128/25"},
            "400 invalid: Invalid IPCidrRange: 10.10.0.128/25 conflicts with existing subnetwork",
        ),
        (
            "regions/asia-south1/subnetworks",
            {"name": "b", "network": "global/networks/none", "ipCidrRange": "10.11.0.0/24"},
            "404 notFound: The resource 'projects/",
        ),
        (
            "regions/asia-south1/subnetworks",
            {"name": "b", "network": "global/networks/platform", "ipCidrRange": "10.11.0.1/24"},
            "Must be a CIDR address range.",
        ),
        ("regions/nowhere1/subnetworks", {"name": "b"}, "404 notFound"),
        ("global/firewalls", {"name": "a", "network": "global/networks/platform"}, "Exactly one of 'allowed' and"),
        (
            "global/firewalls",
            {"name": "a", "network": "global/networks/platform", "allowed": [{"IPProtocol": "icmp", "ports": ["8"]}]},
            "Must be a port or a range of ports",
        ),
        (
            "regions/asia-south1/routers",
            {
                "name": "nat",
                "network": "global/networks/platform",
                "nats": [{"name": "nat", "natIpAllocateOption": "MANUAL_ONLY"}],
            },
            "400 required: Required field 'resource.nats[].natIps' not specified",
        ),
        ("regions/asia-south1/addresses", {"name": "a", "address": "203.0.113.1"}, "External addresses are chosen by"),
        ("global/addresses", {"name": "a", "addressType": "INTERNAL"}, "A global internal address is for VPC_PEERING"),
    ],
)
def test_what_google_refuses_is_refused(cloud: Cloud, path: str, document: dict[str, Any], message: str) -> None:
    cloud.network()
    cloud.subnet("run", "10.10.0.0/24")
    assert message in cloud.refused("POST", path, document)


def test_a_network_with_a_subnet_and_a_peering_is_in_use(cloud: Cloud) -> None:
    network = cloud.network()
    cloud.subnet("run", "10.10.0.0/24")
    in_use = f"400 resourceInUseByAnotherResource: The network resource '{network}' is already being used by"
    assert cloud.refused("DELETE", "global/networks/platform").startswith(in_use)
    cloud.compute("DELETE", "regions/asia-south1/subnetworks/run")
    document = {"name": "services", "purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 20}
    cloud.compute("POST", "global/addresses", {**document, "network": network})
    connection = {"network": network, "reservedPeeringRanges": ["services"]}
    place = "servicenetworking/v1/services/servicenetworking.googleapis.com/connections"
    status, operation = cloud.ask("POST", place, connection)
    assert (status, operation["done"]) == (200, True)
    assert cloud.ask("POST", place, connection)[0] == 400
    assert cloud.compute("GET", "global/networks/platform")["peerings"][0]["state"] == "ACTIVE"
    assert cloud.refused("DELETE", "global/networks/platform").startswith(in_use)
    peering = f"{place}/servicenetworking-googleapis-com"
    assert cloud.ask("POST", peering, {"consumerNetwork": network})[0] == 200
    cloud.compute("DELETE", "global/addresses/services")
    cloud.compute("DELETE", "global/networks/platform")
    assert cloud.compute("GET", "global/routes").get("items") is None


def test_a_network_goes_with_its_peering_with_google_s_services_unless_a_database_is_reached_by_it(
    cloud: Cloud,
) -> None:
    network = cloud.network()
    document = {"name": "services", "purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 20}
    cloud.compute("POST", "global/addresses", {**document, "network": network})
    place = "servicenetworking/v1/services/servicenetworking.googleapis.com/connections"
    assert cloud.ask("POST", place, {"network": network, "reservedPeeringRanges": ["services"]})[0] == 200
    settings = {"tier": "db-f1-micro", "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": network}}
    instance = {"name": "orders", "databaseVersion": "POSTGRES_15", "region": "asia-south1", "settings": settings}
    databases = f"sqladmin/sql/v1beta4/projects/{cloud.project}/instances"
    assert cloud.ask("POST", databases, instance)[0] == 200
    cloud.compute("DELETE", "global/addresses/services")
    assert "peerings/servicenetworking-googleapis-com" in cloud.refused("DELETE", "global/networks/platform")
    assert cloud.ask("DELETE", f"{databases}/orders")[0] == 200
    cloud.compute("DELETE", "global/networks/platform")
    cloud.network()
    assert cloud.ask("GET", f"{place}?network={network}") == (200, {})


def test_a_change_needs_the_current_fingerprint(cloud: Cloud) -> None:
    cloud.network()
    cloud.subnet("run", "10.10.0.0/24")
    path = "regions/asia-south1/subnetworks/run"
    assert cloud.refused("PATCH", path, {"logConfig": {"enable": True}}).startswith("400 required")
    stale = {"logConfig": {"enable": True}, "fingerprint": "AAAAAAAAAAA="}
    assert cloud.refused("PATCH", path, stale) == "412 conditionNotMet: Invalid fingerprint."
    current = cloud.compute("GET", path)["fingerprint"]
    cloud.compute("PATCH", path, {**stale, "fingerprint": current})
    assert cloud.compute("GET", path)["logConfig"]["flowSampling"] == 0.5


def test_a_range_grows_and_never_shrinks(cloud: Cloud) -> None:
    cloud.network()
    cloud.subnet("run", "10.10.0.0/24")
    path = "regions/asia-south1/subnetworks/run/expandIpCidrRange"
    assert "Must contain the current range" in cloud.refused("POST", path, {"ipCidrRange": "10.10.0.0/25"})
    cloud.compute("POST", path, {"ipCidrRange": "10.10.0.0/23"})


def test_an_address_is_kept_and_says_who_uses_it(cloud: Cloud) -> None:
    cloud.network()
    place = "regions/asia-south1"
    cloud.compute("POST", f"{place}/addresses", {"name": "egress"})
    address = cloud.compute("GET", f"{place}/addresses/egress")
    assert (address["status"], address["networkTier"]) == ("RESERVED", "PREMIUM")
    nat = {"name": "nat", "natIpAllocateOption": "MANUAL_ONLY", "natIps": [address["selfLink"]]}
    nat["sourceSubnetworkIpRangesToNat"] = "ALL_SUBNETWORKS_ALL_IP_RANGES"
    cloud.compute("POST", f"{place}/routers", {"name": "nat", "network": "global/networks/platform", "nats": [nat]})
    used = cloud.compute("GET", f"{place}/addresses/egress")
    assert (used["address"], used["status"]) == (address["address"], "IN_USE")
    assert "already being used by" in cloud.refused("DELETE", f"{place}/addresses/egress")
    second = {"name": "b", "network": "global/networks/platform", "nats": [{**nat, "name": "b"}]}
    assert "The address is used by" in cloud.refused("POST", f"{place}/routers", second)


def test_a_zone_with_records_is_not_deleted(cloud: Cloud) -> None:
    network = cloud.network()
    zones = "dns/v1/projects/PROJECT/managedZones"
    zone = {"name": "internal", "dnsName": "atm.internal.", "description": "", "visibility": "private"}
    zone["privateVisibilityConfig"] = {"networks": [{"networkUrl": f"https://www.googleapis.com/compute/v1/{network}"}]}
    assert cloud.ask("POST", zones, zone)[0] == 200
    assert cloud.ask("POST", zones, {**zone, "name": "other"})[0] == 409
    record = {"name": "db.atm.internal.", "type": "A", "ttl": 60, "rrdatas": ["10.10.0.9"]}
    assert cloud.ask("POST", f"{zones}/internal/changes", {"additions": [record]})[1]["status"] == "done"
    assert cloud.ask("POST", f"{zones}/internal/changes", {"additions": [record]})[0] == 409
    assert cloud.ask("POST", f"{zones}/internal/rrsets", {**record, "type": "CNAME", "rrdatas": ["a."]})[0] == 400
    status, refused = cloud.ask("DELETE", f"{zones}/internal")
    assert (status, refused["error"]["errors"][0]["reason"]) == (400, "containerNotEmpty")
    assert cloud.ask("POST", f"{zones}/internal/changes", {"deletions": [record]})[0] == 200
    assert cloud.ask("DELETE", f"{zones}/internal")[0] == 204


def test_what_the_sandbox_lacks_is_refused_aloud(cloud: Cloud) -> None:
    status, answer = cloud.ask("POST", "compute/v1/projects/PROJECT/global/machineImages", {"name": "of-a-machine"})
    assert status == 501
    assert "does not implement POST" in answer["error"]["message"]


def test_zones_are_those_of_the_regions(cloud: Cloud) -> None:
    here = cloud.compute("GET", "zones/asia-south1-a")
    assert here["region"].endswith("/regions/asia-south1")
    up = cloud.compute("GET", "zones?filter=(status%20eq%20UP)")["items"]
    assert {zone["name"] for zone in up} >= {"asia-south1-a", "asia-south1-b", "asia-south1-c", "us-central1-f"}
    assert cloud.compute("GET", "zones?filter=(status%20eq%20DOWN)")["items"] == []
    assert "404" in cloud.refused("GET", "zones/asia-south1-z")
