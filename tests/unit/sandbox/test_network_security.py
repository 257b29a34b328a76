"""Network Security: what belongs together, what is refused, and what stays while it is used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sandbox.apis.certificatemanager import API as CERTIFICATES
from sandbox.apis.compute import api as compute
from sandbox.apis.networksecurity.api import API
from sandbox.apis.privateca.api import API as AUTHORITIES
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

BASE = "/networksecurity/v1"
HERE = "projects/prices/locations/asia-south1"
GLOBAL = "projects/prices/locations/global"
ABOVE = "organizations/123/locations/global"
COMPUTE = "/compute/v1/projects/prices"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API, AUTHORITIES, CERTIFICATES, API) as made:
        for name in ("n", "m"):
            network = {"name": name, "autoCreateSubnetworks": False}
            await ask(made, "POST", f"{COMPUTE}/global/networks", network)
        yield made


async def make(router: Router, place: str, kind: str, id_: str, body: Json, status: int = 200) -> str:
    """The name of one that is made; `kind` is `addressGroups:addressGroupId`."""
    collection, _, param = kind.partition(":")
    await ask(router, "POST", f"{BASE}/{place}/{collection}?{param}={id_}", body, status)
    return f"{place}/{collection}/{id_}"


GROUP = "addressGroups:addressGroupId"
PROFILE = "securityProfiles:securityProfileId"
PROFILES = "securityProfileGroups:securityProfileGroupId"
POLICY = "gatewaySecurityPolicies:gatewaySecurityPolicyId"
RULE = "gatewaySecurityPolicies/p/rules:gatewaySecurityPolicyRuleId"
SERVER = "serverTlsPolicies:serverTlsPolicyId"


async def test_items_of_an_address_group_come_and_go_and_a_policy_keeps_it(router: Router) -> None:
    name = await make(router, GLOBAL, GROUP, "g", {"type": "IPV4", "capacity": 2, "items": ["10.0.0.0/8"]})
    await ask(router, "POST", f"{BASE}/{name}:addItems", {"items": ["10.0.0.0/8", "192.0.2.1"]})
    assert (await ask(router, "GET", f"{BASE}/{name}"))["items"] == ["10.0.0.0/8", "192.0.2.1"]
    await ask(router, "POST", f"{BASE}/{name}:addItems", {"items": ["192.0.2.2"]}, 400)
    await ask(router, "POST", f"{BASE}/{name}:removeItems", {"items": ["10.0.0.0/8"]})
    other = await make(router, ABOVE, GROUP, "g", {"type": "IPV4", "capacity": 2})
    await ask(router, "POST", f"{BASE}/{other}:cloneItems", {"sourceAddressGroup": name})
    assert (await ask(router, "GET", f"{BASE}/{other}"))["items"] == ["192.0.2.1"]
    await ask(router, "POST", f"{COMPUTE}/global/firewallPolicies", {"name": "p"})
    match = {"srcAddressGroups": [name], "layer4Configs": [{"ipProtocol": "all"}]}
    rule = {"priority": 7, "direction": "INGRESS", "action": "allow", "match": match}
    await ask(router, "POST", f"{COMPUTE}/global/firewallPolicies/p/addRule", rule)
    (found,) = (await ask(router, "GET", f"{BASE}/{name}:listReferences"))["addressGroupReferences"]
    assert found["rulePriority"] == 7
    await ask(router, "DELETE", f"{BASE}/{name}", status=400)
    await ask(router, "DELETE", f"{BASE}/{other}")


@pytest.mark.parametrize(
    "change",
    [
        {"type": "IPV5"},
        {"capacity": 0},
        {"items": ["10.0.0.0/8", "10.0.0.0/8"]},
        {"items": ["2001:db8::/32"]},
        {"items": ["10.0.0.1/8"]},
        {"items": ["somewhere"]},
    ],
)
async def test_address_groups_that_are_refused(router: Router, change: Json) -> None:
    await make(router, GLOBAL, GROUP, "g", {"type": "IPV4", "capacity": 2, **change}, 400)


PLUGIN = {"certificateProviderInstance": {"pluginInstance": "x"}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"allowOpen": True}, 200),
        ({"serverCertificate": {}, "mtlsPolicy": {}}, 400),
        ({"serverCertificate": {**PLUGIN, "grpcEndpoint": {"targetUri": "unix:x"}}}, 400),
        ({"mtlsPolicy": {"clientValidationCa": [PLUGIN]}}, 200),
        ({"mtlsPolicy": {"clientValidationMode": "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"}}, 200),
        ({"mtlsPolicy": {"clientValidationMode": "REJECT_INVALID"}}, 400),
        ({"mtlsPolicy": {"clientValidationMode": "REJECT_INVALID", "clientValidationTrustConfig": "x"}}, 404),
        ({"allowOpen": True, "mtlsPolicy": {"clientValidationMode": "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"}}, 400),
    ],
)
async def test_tls_of_servers_is_of_one_kind(router: Router, body: Json, status: int) -> None:
    await make(router, GLOBAL, SERVER, "s", body, status)


def certificate() -> str:
    """One that signs itself, as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, began, began + timedelta(days=9))
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


async def test_whom_to_trust_is_certificates_and_stays_while_a_policy_asks_it(router: Router) -> None:
    place = "/certificatemanager/v1/projects/prices/locations/asia-south1/trustConfigs"
    await ask(router, "POST", f"{place}?trustConfigId=t", {}, 400)
    nothing = {"trustStores": [{"trustAnchors": [{"pemCertificate": "nothing"}]}]}
    await ask(router, "POST", f"{place}?trustConfigId=t", nothing, 400)
    anchors = {"trustStores": [{"trustAnchors": [{"pemCertificate": certificate()}]}]}
    await ask(router, "POST", f"{place}?trustConfigId=t", anchors)
    mutual = {"clientValidationMode": "REJECT_INVALID", "clientValidationTrustConfig": f"{HERE}/trustConfigs/t"}
    policy = await make(router, HERE, SERVER, "s", {"mtlsPolicy": mutual})
    await ask(router, "DELETE", f"{place}/t", status=400)
    await ask(router, "DELETE", f"{BASE}/{policy}")
    await ask(router, "DELETE", f"{place}/t")


async def test_a_rule_inspects_tls_where_its_policy_does_and_keeps_the_lists_that_it_names(router: Router) -> None:
    pool = "/privateca/v1/projects/prices/locations/asia-south1/caPools"
    await ask(router, "POST", f"{pool}?caPoolId=pool", {"tier": "DEVOPS"})
    inspection = await make(
        router, HERE, "tlsInspectionPolicies:tlsInspectionPolicyId", "i", {"caPool": f"{HERE}/caPools/pool"}
    )
    urls = await make(router, HERE, "urlLists:urlListId", "u", {"values": ["example.com/*"]})
    policy = await make(router, HERE, POLICY, "p", {})
    rule = {"priority": 1, "enabled": True, "basicProfile": "ALLOW", "sessionMatcher": f"inUrlList(host(), '{urls}')"}
    await make(router, HERE, RULE, "r", {**rule, "tlsInspectionEnabled": True}, 400)
    await ask(router, "PATCH", f"{BASE}/{policy}?updateMask=tlsInspectionPolicy", {"tlsInspectionPolicy": inspection})
    named = await make(router, HERE, RULE, "r", {**rule, "tlsInspectionEnabled": True})
    await make(router, HERE, RULE, "s", rule, 400)  # of the same priority
    await ask(router, "PATCH", f"{BASE}/{policy}?updateMask=tlsInspectionPolicy", {}, 400)
    for used in (urls, policy, inspection):
        await ask(router, "DELETE", f"{BASE}/{used}", status=400)
    for unused in (named, urls, policy, inspection):
        await ask(router, "DELETE", f"{BASE}/{unused}")


async def test_a_group_has_profiles_of_its_organization_by_their_types(router: Router) -> None:
    threats = await make(router, ABOVE, PROFILE, "t", {"type": "THREAT_PREVENTION"})
    elsewhere = await make(router, ABOVE.replace("123", "124"), PROFILE, "t", {"type": "THREAT_PREVENTION"})
    await make(router, ABOVE, PROFILES, "g", {}, 400)
    await make(router, ABOVE, PROFILES, "g", {"urlFilteringProfile": threats}, 400)
    await make(router, ABOVE, PROFILES, "g", {"threatPreventionProfile": elsewhere}, 400)
    await make(router, ABOVE, PROFILES, "g", {"threatPreventionProfile": f"{threats}x"}, 404)
    group = await make(router, ABOVE, PROFILES, "g", {"threatPreventionProfile": threats})
    await ask(router, "DELETE", f"{BASE}/{threats}", status=400)
    await ask(router, "DELETE", f"{BASE}/{group}")
    await ask(router, "DELETE", f"{BASE}/{threats}")


@pytest.mark.parametrize(
    "body",
    [
        {"type": "THREATS"},
        {
            "type": "URL_FILTERING",
            "threatPreventionProfile": {"severityOverrides": []},
            "customInterceptProfile": {"x": 1},
        },
        {"type": "THREAT_PREVENTION", "threatPreventionProfile": {"severityOverrides": [{"action": "DENY"}]}},
        {
            "type": "URL_FILTERING",
            "urlFilteringProfile": {"urlFilters": [{"priority": 1, "filteringAction": "DENY"}] * 2},
        },
    ],
)
async def test_profiles_that_are_refused(router: Router, body: Json) -> None:
    await make(router, ABOVE, PROFILE, "p", body, 400)


async def test_a_network_has_one_firewall_endpoint_in_a_zone(router: Router) -> None:
    kind, zone = "firewallEndpoints:firewallEndpointId", "locations/asia-south1-a"
    await make(router, f"organizations/123/{zone}", kind, "e", {}, 400)  # nobody pays
    endpoint = await make(router, f"organizations/123/{zone}", kind, "e", {"billingProjectId": "prices"})
    await make(router, "organizations/123/locations/asia-south1", kind, "e", {"billingProjectId": "prices"}, 400)
    kind, body = "firewallEndpointAssociations:firewallEndpointAssociationId", {"firewallEndpoint": endpoint}
    network = {"network": "projects/prices/global/networks/n"}
    await make(router, "projects/prices/locations/asia-south1-b", kind, "a", {**body, **network}, 400)
    made = await make(router, f"projects/prices/{zone}", kind, "a", {**body, **network})
    await make(router, f"projects/prices/{zone}", kind, "b", {**body, **network}, 400)
    assert (await ask(router, "GET", f"{BASE}/{endpoint}"))["associatedNetworks"] == [network["network"]]
    await ask(router, "DELETE", f"{BASE}/{endpoint}", status=400)
    await ask(router, "DELETE", f"{BASE}/{made}")
    await ask(router, "DELETE", f"{BASE}/{endpoint}")


async def collector(router: Router, name: str, **more: Any) -> str:
    """A forwarding rule of the network n."""
    region = f"{COMPUTE}/regions/asia-south1"
    if name == "one":
        subnet = {"name": "s", "network": "global/networks/n", "ipCidrRange": "10.1.0.0/24"}
        await ask(router, "POST", f"{region}/subnetworks", subnet)
        service = {"name": "b", "protocol": "UDP", "loadBalancingScheme": "INTERNAL"}
        await ask(router, "POST", f"{region}/backendServices", service)
    rule = {
        "name": name,
        "loadBalancingScheme": "INTERNAL",
        "IPProtocol": "UDP",
        "ports": ["6081"],
        "network": "global/networks/n",
        "subnetwork": "regions/asia-south1/subnetworks/s",
        "backendService": "regions/asia-south1/backendServices/b",
        **more,
    }
    await ask(router, "POST", f"{region}/forwardingRules", rule)
    return f"projects/prices/regions/asia-south1/forwardingRules/{name}"


async def test_deployments_and_endpoints_tell_of_each_other(router: Router) -> None:
    network = {"network": "projects/prices/global/networks/n"}
    group = await make(router, GLOBAL, "mirroringDeploymentGroups:mirroringDeploymentGroupId", "g", network)
    elsewhere = {"network": "projects/prices/global/networks/m"}
    other = await make(router, GLOBAL, "mirroringDeploymentGroups:mirroringDeploymentGroupId", "o", elsewhere)
    plain, right = await collector(router, "one"), await collector(router, "two", isMirroringCollector=True)
    zone, kind = "projects/prices/locations/asia-south1-a", "mirroringDeployments:mirroringDeploymentId"
    body = {"mirroringDeploymentGroup": group}
    await make(router, zone, kind, "d", {**body, "forwardingRule": plain}, 400)
    await make(router, zone, kind, "d", {"mirroringDeploymentGroup": other, "forwardingRule": right}, 400)
    await make(
        router, zone.replace("asia-south1", "us-east1")[:-1] + "b", kind, "d", {**body, "forwardingRule": right}, 400
    )
    deployment = await make(router, zone, kind, "d", {**body, "forwardingRule": right})
    await make(router, zone, kind, "e", {**body, "forwardingRule": right}, 400)
    endpoints = await make(router, GLOBAL, "mirroringEndpointGroups:mirroringEndpointGroupId", "e", body)
    kind, body = (
        "mirroringEndpointGroupAssociations:mirroringEndpointGroupAssociationId",
        {"mirroringEndpointGroup": endpoints},
    )
    made = await make(router, GLOBAL, kind, "a", {**body, **elsewhere})
    await make(router, GLOBAL, kind, "b", {**body, **elsewhere}, 400)
    zones = [{"location": "asia-south1-a", "state": "ACTIVE"}]
    told = await ask(router, "GET", f"{BASE}/{endpoints}")
    assert told["connectedDeploymentGroups"] == [{"name": group, "locations": zones}]
    assert told["associations"][0]["network"] == elsewhere["network"]
    assert (await ask(router, "GET", f"{BASE}/{made}"))["locations"] == zones
    told = await ask(router, "GET", f"{BASE}/{group}")
    assert (told["connectedEndpointGroups"], told["locations"]) == ([{"name": endpoints}], zones)
    for used in (group, endpoints):
        await ask(router, "DELETE", f"{BASE}/{used}", status=400)
    for unused in (made, endpoints, deployment, group):
        await ask(router, "DELETE", f"{BASE}/{unused}")


async def test_what_is_mirrored_by_a_broker_is_refused_by_name(router: Router) -> None:
    kind = "mirroringEndpointGroups:mirroringEndpointGroupId"
    await make(router, GLOBAL, kind, "e", {"type": "BROKER", "mirroringDeploymentGroups": ["x"]}, 501)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"action": "CUSTOM"}, 400),
        ({"customProvider": {"cloudIap": {"enabled": True}}}, 400),
        ({"httpRules": []}, 400),
        ({"target": {"loadBalancingScheme": "INTERNAL_MANAGED"}}, 400),
        ({"target": {"resources": [f"{HERE.replace('locations', 'regions')}/forwardingRules/none"]}}, 404),
        ({"policyProfile": "CONTENT_AUTHZ"}, 400),
    ],
)
async def test_authorization_that_is_refused(router: Router, change: Json, status: int) -> None:
    rule = await collector(router, "one")
    body = {"action": "DENY", "httpRules": [{"when": "true"}], "target": {"resources": [rule]}, **change}
    await make(router, HERE, "authzPolicies:authzPolicyId", "p", body, status)
