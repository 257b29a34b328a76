"""Cloud Run services, jobs and worker pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Kind, Read, Setting, Thing, World
from envctl.validation.normal import dig, duration, flag, listed, number, text

from .common import DESCRIPTION, iap_setting, policy_read
from .run_containers import PORT, TAGS, UNCHECKED, container_comparers, container_settings, probe_setting

_INGRESS = {
    "all": "INGRESS_TRAFFIC_ALL",
    "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "internal-and-cloud-load-balancing": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
}
_NEWEST = "latest"


def _environment_setting(template: str) -> Setting:
    return Setting(
        "execution_environment",
        f"{template}.executionEnvironment",
        normal=text,
        declared=lambda thing, _world: f"EXECUTION_ENVIRONMENT_{thing.fields['execution_environment'].upper()}",
        when=lambda fields: fields["execution_environment"] is not None,
        says="where it isn't left to Cloud Run",
    )


def _revision_setting() -> Setting:
    return Setting(
        "revision",
        "template.revision",
        normal=text,
        declared=lambda thing, _world: f"{thing.place.key}-{thing.fields['revision']}",
        when=lambda fields: fields["revision"] is not None,
        says="where it has a name",
    )


def _declared_traffic(thing: Thing, _world: World) -> dict[str, tuple[int, str]]:
    traffic = thing.fields["traffic"] or {_NEWEST: {"percent": 100, "tag": None}}
    return {
        name if name == _NEWEST else f"{thing.place.key}-{name}": (target["percent"], text(target["tag"]))
        for name, target in traffic.items()
    }


def _found_traffic(service: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    targets = service.get("traffic") or [{"percent": 100}]
    return {
        text(target.get("revision")) or _NEWEST: (int(number(target.get("percent")) or 0), text(target.get("tag")))
        for target in targets
    }


def _declared_splits(thing: Thing, _world: World) -> dict[str, int]:
    splits = thing.fields["splits"] or {_NEWEST: 100}
    return {name if name == _NEWEST else f"{thing.place.key}-{name}": percent for name, percent in splits.items()}


def _found_splits(pool: Mapping[str, Any]) -> dict[str, int]:
    splits = pool.get("instanceSplits") or [{"percent": 100}]
    return {text(split.get("revision")) or _NEWEST: int(number(split.get("percent")) or 0) for split in splits}


def _scaling(field: str, api: str) -> Setting:
    return Setting(
        f"service_scaling.{field}",
        f"scaling.{api}",
        normal=number,
        declared=lambda thing, _world: dig(thing.fields, f"service_scaling.{field}"),
        when=lambda fields: dig(fields, f"service_scaling.{field}") is not None,
        says="where it is given",
    )


def _bound(field: str, api: str) -> Setting:
    return Setting(
        f"scaling.{field}",
        f"scaling.{api}",
        normal=number,
        declared=lambda thing, _world: dig(thing.fields, f"scaling.{field}"),
        when=lambda fields: fields["scaling"] is not None,
        says="of a pool that is scaled by load",
    )


SERVICES = Kind(
    name="services",
    noun="service",
    document=Read("run", "v2/{name}", "run.services.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/services/{place.key}",
    settings=(
        *container_settings("template"),
        DESCRIPTION,
        Setting("port", "template.containers.0.ports.0.containerPort", normal=lambda port: number(port or PORT)),
        Setting(
            "http2",
            "template.containers.0.ports.0.name",
            declared=lambda thing, _world: "h2c" if thing.fields["http2"] else "http1",
            found=lambda service: text(dig(service, "template.containers.0.ports.0.name")) or "http1",
        ),
        Setting("min_instances", "template.scaling.minInstanceCount", normal=number),
        Setting("max_instances", "template.scaling.maxInstanceCount", normal=number),
        _scaling("min_instances", "minInstanceCount"),
        _scaling("max_instances", "maxInstanceCount"),
        _scaling("manual_instances", "manualInstanceCount"),
        Setting("concurrency", "template.maxInstanceRequestConcurrency", normal=number),
        Setting("timeout", "template.timeout", normal=duration),
        Setting("session_affinity", "template.sessionAffinity", normal=flag),
        Setting("cpu_idle", "template.containers.0.resources.cpuIdle", normal=flag),
        Setting("startup_cpu_boost", "template.containers.0.resources.startupCpuBoost", normal=flag),
        _environment_setting("template"),
        Setting(
            "ingress",
            "ingress",
            normal=text,
            declared=lambda thing, _world: _INGRESS[thing.fields["ingress"]],
        ),
        Setting(
            "default_url",
            "defaultUriDisabled",
            declared=lambda thing, _world: thing.fields["default_url"],
            found=lambda service: not service.get("defaultUriDisabled"),
        ),
        Setting(
            "invoker_check",
            "invokerIamDisabled",
            declared=lambda thing, _world: thing.fields["invoker_check"],
            found=lambda service: not service.get("invokerIamDisabled"),
            says="disabled only where that was declared: without it anybody may call",
        ),
        iap_setting("iapEnabled"),
        Setting("custom_audiences", "customAudiences", normal=listed),
        _revision_setting(),
        Setting("traffic", "traffic", declared=_declared_traffic, found=_found_traffic),
        probe_setting("startup_probe", "template.containers.0.startupProbe", when_declared=True),
        probe_setting("liveness_probe", "template.containers.0.livenessProbe", when_declared=False),
        probe_setting("readiness_probe", "template.containers.0.readinessProbe", when_declared=False),
    ),
    comparers=container_comparers("template"),
    policy=policy_read("run", "v2", "run.services.getIamPolicy"),
    unchecked={**UNCHECKED, **TAGS},
)

JOBS = Kind(
    name="jobs",
    noun="job",
    document=Read("run", "v2/{name}", "run.jobs.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/jobs/{place.key}",
    settings=(
        *container_settings("template.template"),
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
        _environment_setting("template.template"),
    ),
    comparers=container_comparers("template.template"),
    policy=policy_read("run", "v2", "run.jobs.getIamPolicy"),
    unchecked={**UNCHECKED, **TAGS, "schedule": "a schedule of its own, job-NAME, which is checked as such"},
)

WORKER_POOLS = Kind(
    name="worker_pools",
    noun="worker pool",
    document=Read("run", "v2/{name}", "run.workerPools.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/workerPools/{place.key}",
    settings=(
        *container_settings("template"),
        DESCRIPTION,
        Setting(
            "instances",
            "scaling.manualInstanceCount",
            normal=number,
            when=lambda fields: fields["scaling"] is None,
            says="of a pool that isn't scaled by load",
        ),
        Setting(
            "scaling",
            "scaling.scalingMode",
            declared=lambda thing, _world: "MANUAL" if thing.fields["scaling"] is None else "AUTOMATIC",
            found=lambda pool: text(dig(pool, "scaling.scalingMode")) or "MANUAL",
        ),
        _bound("min_instances", "minInstanceCount"),
        _bound("max_instances", "maxInstanceCount"),
        _revision_setting(),
        Setting("splits", "instanceSplits", declared=_declared_splits, found=_found_splits),
        probe_setting("startup_probe", "template.containers.0.startupProbe", when_declared=False, port=False),
        probe_setting("liveness_probe", "template.containers.0.livenessProbe", when_declared=False, port=False),
    ),
    comparers=container_comparers("template"),
    policy=policy_read("run", "v2", "run.workerPools.getIamPolicy"),
    unchecked=UNCHECKED,
)
