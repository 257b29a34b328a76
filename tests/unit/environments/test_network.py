"""The network of an environment: what is refused, and what rendering makes of it."""

from __future__ import annotations

import json

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

SHORT = ("iam", "compute", "dns", "servicenetworking", "vpcaccess")
APIS = "apis: [" + ", ".join(f"{api}.googleapis.com" for api in SHORT) + "]"
TCP = "traffic: [{protocol: tcp, ports: ['443']}]"


def problems(envs: EnvironmentFiles, network: str) -> list[str]:
    return envs.dev(f"project_id: atm-dev-1\n{APIS}\nnetwork: {network}\n").problems()


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("{name: Platform}", '"Platform" is not a name of Compute Engine'),
        ("{subnets: {run: {range: 10.10.0.1/24}}}", "is not a range without host bits"),
        ("{subnets: {run: {range: 10.10.0.0}}}", 'has no length, such as "10.10.0.0/32"'),
        ("{subnets: {run: {range: 'fd00::/64'}}}", "is not an IPv4 range"),
        ("{subnets: {run: {range: 10.10.0.0/30}}}", "a subnet has a length of at most /29"),
        (
            "{subnets: {a: {range: 10.10.0.0/16}, b: {range: 10.10.1.0/24}}}",
            "network.subnets.b.range: 10.10.1.0/24 overlaps 10.10.0.0/16 of the subnet a",
        ),
        (
            "{subnets: {a: {range: 10.10.0.0/24, secondary_ranges: {pods: 10.10.0.128/25}}}}",
            "network.subnets.a.secondary_ranges.pods: 10.10.0.128/25 overlaps",
        ),
        (
            "{subnets: {a: {range: 10.30.1.0/24}}, private_services: {range: 10.30.0.0/16}}",
            "overlaps 10.30.0.0/16 of private_services",
        ),
        (f"{{firewall: {{web: {{{TCP}}}}}}}", "needs ranges, source_tags or source_service_accounts"),
        (f"{{firewall: {{web: {{{TCP}, ranges: [0.0.0.0/0]}}}}}}", "is everywhere: name who needs it, or say public"),
        (f"{{firewall: {{web: {{{TCP}, ranges: [0.0.0.0/0], public: true}}}}}}", "a public rule names its targets"),
        (
            "{firewall: {web: {traffic: [{protocol: tcp}], ranges: [0.0.0.0/0], public: true, target_tags: [web]}}}",
            "network.firewall.web.traffic[0]: a public rule names its ports",
        ),
        (f"{{firewall: {{out: {{{TCP}, direction: EGRESS, source_tags: [a]}}}}}}", "source_tags is for INGRESS"),
        ("{firewall: {a: {traffic: [{protocol: icmp, ports: ['8']}], ranges: [10.0.0.0/8]}}}", "icmp has no ports"),
        ("{firewall: {a: {traffic: [{protocol: tcp, ports: ['9-8']}], ranges: [10.0.0.0/8]}}}", "the lower first"),
        (
            f"{{firewall: {{a: {{{TCP}, source_tags: [a], target_service_accounts: [alpha/runner-1]}}}}}}",
            "a rule has tags or service accounts, not both",
        ),
        (f"{{firewall: {{a: {{{TCP}, source_service_accounts: [alpha/none-such]}}}}}}", "names no service account"),
        ("{nats: {out: {addresses: [exchange]}}}", '"exchange" names no external address; none is declared'),
        ("{nats: {out: {subnets: [run]}}}", '"run" names no subnet; none is declared'),
        ("{nats: {out: {max_ports_per_vm: 128}}}", "max_ports_per_vm is for dynamic_ports"),
        ("{nats: {out: {dynamic_ports: true, min_ports_per_vm: 100}}}", "is a power of two from 32 on"),
        ("{addresses: {a: {address: 203.0.113.1}}}", "an external address is chosen by Google"),
        (
            "{subnets: {run: {range: 10.10.0.0/24}}, addresses: {a: {subnet: run, address: 10.11.0.1}}}",
            "network.addresses.a.address: 10.11.0.1 is not within 10.10.0.0/24",
        ),
        ("{routes: {a: {range: 192.0.2.0/24}}}", "a route has one next hop"),
        ("{private_services: {range: 10.30.0.0/28}}", "a length of at most /24 is needed"),
        ("{connectors: {serverless: {}}}", "a connector has a subnet or a range"),
        ("{connectors: {serverless: {range: 10.8.0.0/24}}}", "a connector's range is a /28"),
        ("{connectors: {serverless: {range: 10.8.0.0/28, min_instances: 5}}}", "max_instances is more than"),
        ("{dns_zones: {a: {dns_name: atm.internal}}}", "is not a full DNS name with a dot at its end"),
        (
            "{dns_zones: {a: {dns_name: atm.internal., records: {db: {name: db.example.com., data: [10.0.0.1]}}}}}",
            "network.dns_zones.a.records.db.name: db.example.com. is not within atm.internal.",
        ),
        (
            "{subnets: {run: {range: 10.10.0.0/24, region: asia-south2}}, nats: {out: {subnets: [run]}}}",
            'network.nats.out.subnets[0]: "run" is in asia-south2, and this in asia-south1',
        ),
        (
            "{subnets: {run: {range: 10.10.0.0/24}}, nats: {a: {}, b: {subnets: [run]}}}",
            "network.nats.b: the subnet run leaves through the NAT a already",
        ),
        ("{addresses: {a: {labels: {environment: x}}}}", 'the label "environment" is set by envctl'),
    ],
)
def test_what_could_not_be_made_is_refused(envs: EnvironmentFiles, network: str, message: str) -> None:
    envs.subprojects(alpha="service_accounts: {runner-1: {}}\n")
    found = problems(envs, network)
    assert any(message in problem for problem in found), found


def test_each_part_needs_its_api(envs: EnvironmentFiles) -> None:
    text = "{private_services: {}, dns_zones: {a: {dns_name: a.}}, connectors: {serverless: {range: 10.8.0.0/28}}}"
    found = envs.dev(f"project_id: atm-dev-1\nnetwork: {text}\n").problems()
    assert [problem.split("needs the API ")[1].split(",")[0] for problem in found] == [
        "compute.googleapis.com",
        "servicenetworking.googleapis.com",
        "dns.googleapis.com",
        "vpcaccess.googleapis.com",
    ]


def test_rendering_fills_regions_and_names_accounts(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="service_accounts: {runner-1: {}}\n")
    rule = f"{{{TCP}, ranges: [10.0.0.0/8], target_service_accounts: [alpha/runner-1]}}"
    text = f"{{subnets: {{run: {{range: 10.10.0.0/24}}}}, nats: {{out: {{}}}}, firewall: {{a: {rule}}}}}"
    network = envs.dev(f"project_id: atm-dev-1\n{APIS}\nnetwork: {text}\n").load().tfvars["network"]
    assert network["subnets"]["run"]["region"] == network["nats"]["out"]["region"] == "asia-south1"
    account = "runner-1@atm-dev-1.iam.gserviceaccount.com"
    assert network["firewall"]["a"]["target_service_accounts"] == [account]
    assert json.dumps(network)


def test_a_network_that_is_switched_off_is_none(envs: EnvironmentFiles) -> None:
    loaded = envs.dev(f"project_id: atm-dev-1\n{APIS}\nnetwork: {{enabled: false, nats: {{out: {{}}}}}}\n").load()
    assert loaded.tfvars["network"] is None
