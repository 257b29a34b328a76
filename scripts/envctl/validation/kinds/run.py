"""Cloud Run services and jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Comparer, Difference, Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import cpus, dig, duration, email, flag, listed, memory, number, text

from .common import LABELS, TERRAFORM_ONLY, policy_read

_INGRESS = {
    "all": "INGRESS_TRAFFIC_ALL",
    "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
}
_PROBE = {
    "path": ("httpGet.path", None),
    "initial_delay_seconds": ("initialDelaySeconds", 0),
    "timeout_seconds": ("timeoutSeconds", 1),
    "period_seconds": ("periodSeconds", 10),
    "failure_threshold": ("failureThreshold", 3),
}


def _compare_variables(template: str) -> Callable[[Thing, Mapping[str, Any]], list[Difference]]:
    def compare(thing: Thing, document: Mapping[str, Any]) -> list[Difference]:
        """Environment variables by name. What was found is never shown: somebody may have put a secret there."""
        expected: dict[str, Any] = dict(thing.fields["env"])
        for name, secret in thing.fields["secrets"].items():
            expected[name] = (secret["secret"], secret["version"])
        found = {str(item["name"]): _variable(item) for item in dig(document, f"{template}.containers.0.env") or []}
        differences = [
            Difference(name, f"the variable {name} is {'missing' if name not in found else 'not as declared'}")
            for name in expected
            if name not in found or found[name] != expected[name]
        ]
        extra = sorted(found.keys() - expected.keys())
        return differences + [Difference(name, f"the variable {name} is not declared") for name in extra]

    return compare


def _variable(item: Mapping[str, Any]) -> Any:
    secret = dig(item, "valueSource.secretKeyRef")
    if secret:
        return (text(secret.get("secret")).rpartition("/")[2], text(secret.get("version")) or "latest")
    return text(item.get("value"))


def _container(template: str) -> tuple[Setting, ...]:
    first = f"{template}.containers.0"
    return (
        Setting("image", f"{first}.image", normal=text),
        Setting("service_account", f"{template}.serviceAccount", normal=email),
        Setting("cpu", f"{first}.resources.limits.cpu", normal=cpus),
        Setting("memory", f"{first}.resources.limits.memory", normal=memory),
        Setting("command", f"{first}.command", normal=listed),
        Setting("args", f"{first}.args", normal=listed),
        Setting(
            "containers",
            f"{template}.containers",
            declared=always(1),
            found=lambda document: len(dig(document, f"{template}.containers") or []),
            says="exactly one: no side-car that nobody declared",
        ),
        LABELS,
        Setting(
            "ready",
            "terminalCondition.state",
            declared=always("CONDITION_SUCCEEDED"),
            says="its last revision or definition was accepted and is ready",
        ),
    )


def _variables(template: str) -> Comparer:
    return Comparer(
        "env", f"{template}.containers.0.env", _compare_variables(template), says="env and secrets, by name"
    )


def _probe(field: str, api: str, *, when_declared: bool) -> Setting:
    def declared(thing: Thing, _world: World) -> Any:
        return thing.fields[field]

    def found(document: Mapping[str, Any]) -> Any:
        probe = dig(document, api)
        if not probe:
            return None
        values = {name: dig(probe, path) for name, (path, _) in _PROBE.items()}
        # APIs leave out what is at its default.
        return {name: default if values[name] is None else values[name] for name, (_, default) in _PROBE.items()}

    when = (lambda fields: fields[field] is not None) if when_declared else None
    says = "where one is declared: Cloud Run adds a TCP probe by itself" if when_declared else ""
    return Setting(field, api, declared=declared, found=found, when=when, says=says)


SERVICES = Kind(
    name="services",
    noun="service",
    document=Read("run", "v2/{name}", "run.services.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/services/{place.key}",
    settings=(
        *_container("template"),
        Setting("port", "template.containers.0.ports.0.containerPort", normal=lambda port: number(port or 8080)),
        Setting(
            "min_instances",
            "template.scaling.minInstanceCount",
            normal=number,
            # On the revision or on the service: the higher one holds.
            found=lambda service: max(
                number(dig(service, "template.scaling.minInstanceCount")),
                number(dig(service, "scaling.minInstanceCount")),
            ),
        ),
        Setting("max_instances", "template.scaling.maxInstanceCount", normal=number),
        Setting("concurrency", "template.maxInstanceRequestConcurrency", normal=number),
        Setting("timeout", "template.timeout", normal=duration),
        Setting("cpu_idle", "template.containers.0.resources.cpuIdle", normal=flag),
        Setting("startup_cpu_boost", "template.containers.0.resources.startupCpuBoost", normal=flag),
        Setting(
            "ingress",
            "ingress",
            normal=text,
            declared=lambda thing, _world: _INGRESS[thing.fields["ingress"]],
        ),
        Setting(
            "invoker check",
            "invokerIamDisabled",
            normal=flag,
            declared=always(False),
            says="never disabled: without it anybody may call",
        ),
        _probe("startup_probe", "template.containers.0.startupProbe", when_declared=True),
        _probe("liveness_probe", "template.containers.0.livenessProbe", when_declared=False),
    ),
    comparers=(_variables("template"),),
    policy=policy_read("run", "v2", "run.services.getIamPolicy"),
    unchecked={"deletion_protection": TERRAFORM_ONLY, "secrets": "part of env"},
)

JOBS = Kind(
    name="jobs",
    noun="job",
    document=Read("run", "v2/{name}", "run.jobs.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/jobs/{place.key}",
    settings=(
        *_container("template.template"),
        Setting("tasks", "template.taskCount", normal=number),
        Setting(
            "parallelism",
            "template.parallelism",
            normal=number,
            when=lambda fields: fields["parallelism"] != 0,
            says="where it isn't left to Cloud Run",
        ),
        Setting("max_retries", "template.template.maxRetries", normal=number),
        Setting("timeout", "template.template.timeout", normal=duration),
    ),
    comparers=(_variables("template.template"),),
    policy=policy_read("run", "v2", "run.jobs.getIamPolicy"),
    unchecked={"deletion_protection": TERRAFORM_ONLY, "secrets": "part of env"},
)
