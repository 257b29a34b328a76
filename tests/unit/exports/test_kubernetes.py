"""`envctl export kubernetes`: every object is allowed by its schema, closed, and lets in whom the grants name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from envctl.environments import LoadedEnvironment, load
from envctl.exports.kubernetes import kubernetes
from kubernetes_validate import utils

from .conftest import ROOT

VERSION = "1.37"
Objects = dict[tuple[str, str], dict[str, Any]]


def objects(loaded: LoadedEnvironment, root: Path) -> Objects:
    found: Objects = {}
    for name, text in kubernetes(loaded, root).files.items():
        if name != "kustomization.yaml":
            for document in yaml.safe_load_all(text):
                key = (document["kind"], document["metadata"]["name"])
                assert key not in found or document["kind"] in ("NetworkPolicy", "ServiceAccount"), key
                found[key] = document
    return found


@pytest.fixture(scope="module")
def made(small: LoadedEnvironment, root: Path) -> Objects:
    return objects(small, root)


@pytest.fixture
def _schemas_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each schema is read once, not for every object."""
    monkeypatch.setattr(utils, "schema_contents", cache(utils.schema_contents))


@pytest.mark.usefixtures("_schemas_once")
def test_the_schemas_allow_every_object(made: Objects) -> None:
    for document in made.values():
        kubernetes_validate.validate(document, VERSION, strict=True)
    wrong = {**made["Deployment", "desk"], "sepc": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


@pytest.mark.whole
@pytest.mark.usefixtures("_schemas_once")
def test_the_schemas_allow_production() -> None:
    for document in objects(load("prod", ROOT), ROOT).values():
        kubernetes_validate.validate(document, VERSION, strict=True)


def pods(made: Objects) -> list[dict[str, Any]]:
    found = [one["spec"]["template"]["spec"] for (kind, _), one in made.items() if kind == "Deployment"]
    jobs = [one["spec"]["jobTemplate"] for (kind, _), one in made.items() if kind == "CronJob"]
    return found + [job["spec"]["template"]["spec"] for job in jobs]


def test_every_pod_is_restricted(made: Objects) -> None:
    """As the standard `restricted` asks, which the namespaces enforce."""
    assert len(pods(made)) == 5
    for pod in pods(made):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"] + pod.get("initContainers", []):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert set(container["resources"]) == {"requests", "limits"}
    for name in ("desk", "trading"):
        assert made["Namespace", name]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_labels_are_the_standard_ones(made: Objects) -> None:
    assert made["Deployment", "consumers"]["metadata"]["labels"] == {
        "app.kubernetes.io/part-of": "small",
        "app.kubernetes.io/component": "trading",
        "app.kubernetes.io/managed-by": "envctl",
        "app.kubernetes.io/name": "consumers",
        "app.kubernetes.io/version": "1-2-3",
        "environment": "dev",
    }


def test_probes_are_the_yamls_or_the_bases(made: Objects) -> None:
    (desk,) = made["Deployment", "desk"]["spec"]["template"]["spec"]["containers"]
    assert desk["livenessProbe"]["httpGet"] == {
        "path": "/health/live",
        "port": "http",
        "httpHeaders": [{"name": "x-probe", "value": "1"}],
    }
    assert desk["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    router = made["Deployment", "router"]["spec"]["template"]["spec"]["containers"][0]
    assert router["startupProbe"]["grpc"] == {"port": 8080, "service": ""}


def test_what_the_main_container_waits_for_starts_before_it(made: Objects) -> None:
    pod = made["Deployment", "router"]["spec"]["template"]["spec"]
    (proxy,) = pod["initContainers"]
    assert proxy["restartPolicy"] == "Always"
    assert proxy["startupProbe"]["tcpSocket"] == {"port": 9901}
    assert [one["name"] for one in pod["containers"]] == ["app"]


def test_instances_become_an_autoscaler_or_exactly_one(made: Objects) -> None:
    scaler = made["HorizontalPodAutoscaler", "desk"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 3)
    assert "replicas" not in made["Deployment", "desk"]["spec"]
    router = made["Deployment", "router"]["spec"]
    assert (router["replicas"], router["strategy"]) == (1, {"type": "Recreate"})
    assert ("HorizontalPodAutoscaler", "router") not in made
    assert made["Deployment", "consumers"]["spec"]["replicas"] == 2
    assert made["PodDisruptionBudget", "desk"]["spec"]["maxUnavailable"] == 1


def test_nothing_comes_in_or_goes_out_but_what_the_grants_say(made: Objects) -> None:
    assert made["NetworkPolicy", "deny-all"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    desk = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "desk"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "desk"}},
    }
    router = made["NetworkPolicy", "router"]["spec"]
    called, scraped = router["ingress"]
    assert called["from"] == [desk]
    assert [port["port"] for port in called["ports"]] == [8080, 50054]
    assert scraped["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    assert [desk] in [rule["to"] for rule in router["egress"]]
    assert "from" not in made["NetworkPolicy", "desk"]["spec"]["ingress"][0]  # ingress: all
    assert "ingress" not in made["NetworkPolicy", "consumers"]["spec"]
    pool = [rule["to"] for rule in made["NetworkPolicy", "consumers"]["spec"]["egress"]]
    assert [desk] not in pool


def test_accounts_are_the_clouds_by_workload_identity(made: Objects) -> None:
    account = made["ServiceAccount", "router-account"]
    assert account["metadata"]["annotations"] == {
        "iam.gke.io/gcp-service-account": "router-account@atm-small-dev.iam.gserviceaccount.com"
    }


def test_jobs_run_by_their_schedule_or_when_told(made: Objects) -> None:
    reconcile = made["CronJob", "reconcile"]["spec"]
    assert (reconcile["schedule"], reconcile["timeZone"], reconcile["suspend"]) == (
        "15 16 * * 1-5",
        "Asia/Kolkata",
        False,
    )
    job = reconcile["jobTemplate"]["spec"]
    assert (job["completions"], job["parallelism"], job["backoffLimitPerIndex"]) == (4, 2, 3)
    (container,) = job["template"]["spec"]["containers"]
    assert container["args"] == ["reconcile"]
    assert {"name": "CLOUD_RUN_TASK_COUNT", "value": "4"} in container["env"]
    assert made["CronJob", "replay"]["spec"]["suspend"] is True


def test_secrets_are_references_and_the_file_says_how_they_are_made(
    small: LoadedEnvironment, root: Path, made: Objects
) -> None:
    pod = made["Deployment", "router"]["spec"]["template"]["spec"]
    reference = {"secretKeyRef": {"name": "kite-api-key", "key": "value"}}
    assert {"name": "KITE_API_KEY", "valueFrom": reference} in pod["containers"][0]["env"]
    (volume,) = [one for one in pod["volumes"] if one["name"] == "certificate"]
    assert volume["secret"]["items"] == [{"key": "value", "path": "ca.pem", "mode": 0o440}]
    assert not [kind for kind, _ in made if kind == "Secret"]
    assert "create secret generic kite-api-key" in kubernetes(small, root).files["trading.yaml"]


def test_a_dollar_is_a_dollar(made: Objects) -> None:
    app = made["Deployment", "router"]["spec"]["template"]["spec"]["containers"][0]
    assert {"name": "TEXT", "value": "it costs $5 and $$(HOME)"} in app["env"]
    assert app["args"] == ["--price", "$5", "--home", "$$(HOME)"]


def test_volumes_have_their_like_or_are_named(small: LoadedEnvironment, root: Path, made: Objects) -> None:
    volumes = {one["name"]: one for one in made["Deployment", "router"]["spec"]["template"]["spec"]["volumes"]}
    assert volumes["scratch"]["emptyDir"] == {"medium": "Memory", "sizeLimit": "64Mi"}
    assert volumes["journal"]["csi"]["volumeAttributes"] == {"bucketName": "atm-small-dev-journal"}
    assert volumes["shared"]["nfs"]["readOnly"] is True
    assert [note for note in kubernetes(small, root).notes if "Cloud SQL" in note]
