"""What Cloud Run refuses, and what it fills in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.apis.run import rules as run_rules
from sandbox.apis.run import template as run_template
from sandbox.control.errors import ApiError
from sandbox.runtime.probes import Probe
from sandbox.runtime.quantities import cpus, memory_bytes
from sandbox.runtime.revisions import Revision, SecretRef


def filled(**container: Any) -> dict[str, Any]:
    template: dict[str, Any] = {"containers": [{"image": "x", **container}]}
    run_template.fill_service(template, "my-project")
    return template


def test_defaults_are_those_of_cloud_run() -> None:
    template = filled()
    container = template["containers"][0]
    assert container["resources"] == {
        "limits": {"cpu": "1000m", "memory": "512Mi"},
        "cpuIdle": True,
        "startupCpuBoost": True,
    }
    assert container["startupProbe"] == {
        "timeoutSeconds": 240,
        "periodSeconds": 240,
        "failureThreshold": 1,
        "tcpSocket": {"port": 8080},
    }
    assert (template["timeout"], template["maxInstanceRequestConcurrency"]) == ("300s", 80)
    assert template["scaling"] == {"maxInstanceCount": 100}
    assert template["serviceAccount"].endswith("-compute@developer.gserviceaccount.com")


def test_resources_that_were_sent_stay_as_they_are() -> None:
    assert filled(resources={"limits": {"cpu": "2"}})["containers"][0]["resources"] == {"limits": {"cpu": "2"}}


def test_probe_without_a_port_gets_the_containers() -> None:
    template = filled(ports=[{"containerPort": 9000}], livenessProbe={"httpGet": {}})
    assert template["containers"][0]["livenessProbe"]["httpGet"] == {"port": 9000, "path": "/"}


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [("0.08", "512Mi"), ("500m", "1Gi"), ("1", "4Gi"), ("2", "8Gi"), ("4", "16Gi"), ("6", "24Gi"), ("8", "32Gi")],
)
def test_combinations_at_the_limit_are_accepted(cpu: str, memory: str) -> None:
    template = filled(resources={"limits": {"cpu": cpu, "memory": memory}, "cpuIdle": True})
    run_rules.check_service(template, "template")


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        ("0.07", "128Mi"),
        ("0.4", "1Gi"),
        ("0.5", "2Gi"),
        ("1", "4097Mi"),
        ("4", "1Gi"),
        ("8", "2Gi"),
        ("3", "4Gi"),
        ("x", "1Gi"),
    ],
)
def test_combinations_beyond_it_are_refused(cpu: str, memory: str) -> None:
    template = filled(resources={"limits": {"cpu": cpu, "memory": memory}, "cpuIdle": True})
    with pytest.raises(ApiError) as refused:
        run_rules.check_service(template, "template")
    assert refused.value.code == 400
    assert refused.value.details[0]["fieldViolations"][0]["field"].startswith("template.containers[0].resources.limits")


@pytest.mark.parametrize(
    "probe",
    [
        {"periodSeconds": 0},
        {"timeoutSeconds": 11, "periodSeconds": 10},
        {"periodSeconds": 100, "failureThreshold": 3},
        {"httpGet": {}, "tcpSocket": {}},
    ],
)
def test_probe_that_cloud_run_refuses_is_refused(probe: dict[str, Any]) -> None:
    with pytest.raises(ApiError):
        run_rules.check_containers({"containers": [{"image": "x", "startupProbe": probe}]}, "template", service=True)


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ({"volumes": [{"name": "v"}]}, "template.volumes[0]"),
        ({"volumes": [{"name": "v", "emptyDir": {"sizeLimit": "big"}}]}, "template.volumes[0].emptyDir.sizeLimit"),
        ({"volumes": [{"name": "v", "secret": {"secret": "s", "items": [{"path": "../x"}]}}]}, "secret.items.path"),
        ({"containers": [{"image": "x", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}]}, "volumeMounts.name"),
        ({"containers": [{"image": "x", "dependsOn": ["y"]}]}, "template.containers[0].dependsOn"),
        (
            {
                "containers": [
                    {"image": "x", "name": "a", "dependsOn": ["b"]},
                    {"image": "x", "name": "b", "dependsOn": ["a"]},
                ]
            },
            "template.containers.dependsOn",
        ),
        ({"containers": [{"image": "x", "name": "a"}, {"image": "x", "name": "a"}]}, "template.containers.name"),
        ({"vpcAccess": {"connector": "c", "networkInterfaces": [{"network": "n"}]}}, "template.vpcAccess"),
        ({"nodeSelector": {"accelerator": "nvidia-t4"}}, "template.nodeSelector.accelerator"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(template: dict[str, Any], field: str) -> None:
    with pytest.raises(ApiError) as refused:
        run_rules.check_containers({"containers": [{"image": "x"}], **template}, "template", service=True)
    assert refused.value.code == 400
    assert field in refused.value.details[0]["fieldViolations"][0]["field"]


@given(st.integers(80, 8000))
def test_millicpus_and_cpus_are_the_same(milli: int) -> None:
    assert cpus(f"{milli}m") == pytest.approx(cpus(str(milli / 1000)))


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_a_value_error(text: str) -> None:
    for parse in (cpus, memory_bytes):
        try:
            assert parse(text) >= 0
        except ValueError:
            continue


def test_revision_is_read_from_its_document() -> None:
    reference = {"valueSource": {"secretKeyRef": {"secret": "key"}}}
    template = filled(env=[{"name": "A", "value": "1"}, {"name": "K", **reference}], args=["serve"])
    revision = Revision.of("projects/p/locations/l/services/s/revisions/s-00001-abc", template)
    assert (revision.name, revision.service, revision.project) == ("s-00001-abc", "s", "p")
    assert revision.variables == {"A": "1", "K": SecretRef("projects/p/secrets/key/versions/latest")}
    assert (revision.timeout, revision.limits.most, revision.arguments) == (300.0, 100, ("serve",))
    assert revision.probe == Probe(240.0)
