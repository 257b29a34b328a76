"""A network applied to a real sandbox: all of it is proven, and each tampering is found and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import load
from envctl.environments.render import write
from envctl.output import Report, Result
from envctl.validation import validate_now

from tests.integration.modules.terraform import MODULES, ROOT, copy_modules
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.whole, pytest.mark.terraform]
ENVIRONMENTS = Path(__file__).resolve().parents[2] / "unit/validation"
P = "projects/net-project"
REGION = f"compute/v1/{P}/regions/asia-south1"
GLOBAL = f"compute/v1/{P}/global"


@dataclass
class Applied:
    """A sandbox with the network in it."""

    sandbox: Sandbox
    folder: Path
    validate: Callable[[], Report]

    def call(self, method: str, path: str, document: Any = None) -> Any:
        answer = self.sandbox.request(method, f"/{path}", document)
        assert answer.status in (200, 204), f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json() if answer.body else {}

    def terraform(self, *arguments: str) -> str:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "GOOGLE_"))}
        more = {
            "TF_REATTACH_PROVIDERS": self.sandbox.reattach,
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_IN_AUTOMATION": "1",
        }
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.folder / "infra",
            env={**inherited, **more},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    folder = tmp_path_factory.mktemp("network")
    environment = load("network", ENVIRONMENTS)
    sandbox = Sandbox(folder / "state").start()
    copy_modules(folder, *MODULES)
    shutil.copytree(ROOT / "infra", folder / "infra", ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    made = Applied(sandbox, folder, lambda: validate_now(environment, Endpoints(sandbox.url), SandboxToken()))
    tfvars = write(environment, folder / "build").tfvars
    made.terraform("init", "-no-color")
    made.terraform("apply", "-auto-approve", "-no-color", f"-var-file={tfvars}")
    assert "No changes" in made.terraform("plan", "-no-color", f"-var-file={tfvars}")
    yield made
    made.terraform("destroy", "-auto-approve", "-no-color", f"-var-file={tfvars}")
    sandbox.stop()


def failed(report: Report) -> list[str]:
    return [f"{check.result} {check.id}" for check in report.checks if check.result is not Result.PASS]


def test_all_that_is_declared_is_proven(applied: Applied) -> None:
    report = applied.validate()
    assert failed(report) == []
    assert {"network/nats/egress#addresses", "network/private_services/platform.private-services#peering"} <= {
        check.id for check in report.checks
    }


# ruff: noqa: E501 - a line a case is easier to read
# The path, what is changed, and the findings.
TAMPERINGS: list[tuple[str, dict[str, Any], list[str]]] = [
    (f"{GLOBAL}/networks/platform", {"routingConfig": {"routingMode": "GLOBAL"}}, ["network/network/platform#routing_mode"]),
    (f"{REGION}/subnetworks/run", {"logConfig": {"flowSampling": 1.0}}, ["network/subnets/run#flow_logs.sampling"]),
    (f"{GLOBAL}/firewalls/health", {"sourceRanges": ["0.0.0.0/0"]}, ["network/firewall/health#ranges"]),
    (f"{GLOBAL}/firewalls/health", {"disabled": True}, ["network/firewall/health#disabled"]),
    (f"{GLOBAL}/firewalls/health", {"allowed": [{"IPProtocol": "tcp"}]}, ["network/firewall/health#traffic"]),
    (f"{GLOBAL}/firewalls/out", {"destinationRanges": ["0.0.0.0/0"]}, ["network/firewall/out#ranges"]),
    (f"{GLOBAL}/firewalls/deny-all", {"logConfig": {"enable": False}}, ["network/firewall/deny-all#logging"]),
    (f"{GLOBAL}/sslPolicies/edge", {"minTlsVersion": "TLS_1_0"}, ["engine/load_balancers/edge#min_tls"]),
    (f"{GLOBAL}/urlMaps/edge", {"hostRules": [], "pathMatchers": []}, ["engine/load_balancers/edge#routes"]),
    (f"{GLOBAL}/backendServices/edge-web", {"logConfig": {"enable": False}}, ["engine/backends/edge-web#log_sampling"]),
    (f"{GLOBAL}/backendServices/edge-web", {"iap": {"enabled": False}}, ["engine/backends/edge-web#iap"]),
    (f"dns/v1/{P}/managedZones/internal/rrsets/db.atm.internal./A", {"rrdatas": ["10.10.0.8"]}, ["network/records/internal.db#data"]),
    (f"vpcaccess/v1/{P}/locations/asia-south1/connectors/serverless", {"maxInstances": 5}, ["network/connectors/serverless#max_instances"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "change", "findings"), TAMPERINGS, ids=[t[2][0] for t in TAMPERINGS])
def test_a_changed_setting_is_found_and_nothing_else(
    applied: Applied, path: str, change: dict[str, Any], findings: list[str]
) -> None:
    before = applied.call("GET", path)
    _patch(applied, path, change)
    report = applied.validate()
    _patch(applied, path, {key: before.get(key) for key in change})
    assert failed(report) == [f"fail {finding}" for finding in findings]


def _patch(applied: Applied, path: str, change: dict[str, Any]) -> None:
    current = applied.call("GET", path)
    fingerprint = {"fingerprint": current["fingerprint"]} if "fingerprint" in current else {}
    applied.call("PATCH", path, json.loads(json.dumps({**change, **fingerprint})))


def test_a_nat_with_another_address_is_found(applied: Applied) -> None:
    router = applied.call("GET", f"{REGION}/routers/egress")
    nat = {key: value for key, value in router["nats"][0].items() if key != "natIps"}
    applied.call("PATCH", f"{REGION}/routers/egress", {"nats": [{**nat, "natIpAllocateOption": "AUTO_ONLY"}]})
    report = applied.validate()
    applied.call("PATCH", f"{REGION}/routers/egress", {"nats": router["nats"]})
    assert failed(report) == ["fail network/nats/egress#addresses"]


def test_a_rule_of_cloud_armor_and_its_policy_are_found(applied: Applied) -> None:
    policy, backend = f"{GLOBAL}/securityPolicies/edge", f"{GLOBAL}/backendServices/edge-api"
    rule = applied.call("GET", f"{policy}/getRule?priority=1001")
    applied.call("POST", f"{policy}/removeRule?priority=1001", {})
    applied.call("POST", f"{backend}/setSecurityPolicy", {})
    report = applied.validate()
    applied.call("POST", f"{policy}/addRule", rule)
    applied.call("POST", f"{backend}/setSecurityPolicy", {"securityPolicy": "global/securityPolicies/edge"})
    assert failed(report) == ["fail engine/load_balancers/edge#armor", "fail engine/backends/edge-api#armor"]


@pytest.mark.parametrize(
    ("web", "kind"),
    [
        ("compute/services/edge-web", "iap_backends/edge-web"),
        ("cloud_run-asia-south1/services/reports", "iap_services/reports"),
    ],
)
def test_who_comes_through_the_proxy_is_held_against_the_yaml(applied: Applied, web: str, kind: str) -> None:
    at = f"iap/v1/{P}/iap_web/{web}"
    before = applied.call("POST", f"{at}:getIamPolicy", {})
    bob = {"bindings": [{"role": "roles/iap.httpsResourceAccessor", "members": ["user:bob@example.com"]}]}
    applied.call("POST", f"{at}:setIamPolicy", {"policy": bob})
    report = applied.validate()
    applied.call("POST", f"{at}:setIamPolicy", {"policy": {"bindings": before["bindings"]}})
    found = failed(report)
    assert len(found) == 2
    assert all(line.startswith(f"fail engine/{kind}#grant") for line in found), found


def test_a_firewall_rule_that_is_gone_is_one_finding(applied: Applied) -> None:
    before = applied.call("GET", f"{GLOBAL}/firewalls/out")
    applied.call("DELETE", f"{GLOBAL}/firewalls/out")
    report = applied.validate()
    applied.call("POST", f"{GLOBAL}/firewalls", before)
    assert [line for line in failed(report) if line.startswith("fail")] == ["fail network/firewall/out#exists"]
    assert len(report.groups()) == 1
