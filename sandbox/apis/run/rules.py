"""Templates of Cloud Run services and jobs: what the server refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.apis.run import parts
from sandbox.apis.run import template as run_template
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Request
from sandbox.runtime import environment, images
from sandbox.runtime.quantities import cpus, memory_bytes
from sandbox.runtime.revisions import seconds, secret_version

_GI = 2**30
# Memory up to which a number of CPUs suffices.
_CPU_FOR_MEMORY = ((_GI // 2, 0.08), (_GI, 0.5), (4 * _GI, 1.0), (8 * _GI, 2.0), (16 * _GI, 4.0), (24 * _GI, 6.0))
_MEMORY_FOR_CPU = {4.0: 2 * _GI, 6.0: 4 * _GI, 8.0: 4 * _GI}
_SYSTEM_ANNOTATIONS = (
    "run.googleapis.com/",
    "cloud.googleapis.com/",
    "serving.knative.dev/",
    "autoscaling.knative.dev/",
)


def check_containers(template: object, where: str, *, service: bool) -> None:
    """400 for containers that Cloud Run refuses. Before defaults."""
    if not isinstance(template, dict) or not template.get("containers"):
        raise _refuse(f"{where}.containers", "At least one container is required.")
    containers = template["containers"]
    parts.check_parts(template, where)
    if service and sum(bool(container.get("ports")) for container in containers) > 1:
        raise _refuse(f"{where}.containers", "Exactly one container must have a port.")
    for index, container in enumerate(containers):
        place = f"{where}.containers[{index}]"
        if not images.valid(str(container.get("image", ""))):
            raise _refuse(f"{place}.image", f"The image '{container.get('image', '')}' is not a valid image name.")
        _check_ports(container, place)
        _check_variables(container, place, service=service)
        _check_probes(container, place)


def check_service(template: dict[str, Any], where: str) -> None:
    """400 for limits that Cloud Run refuses. After defaults."""
    concurrency = template["maxInstanceRequestConcurrency"]
    if not isinstance(concurrency, int) or not 1 <= concurrency <= 1000:
        raise _refuse(f"{where}.maxInstanceRequestConcurrency", "The concurrency must be between 1 and 1000.")
    _check_timeout(template["timeout"], f"{where}.timeout", 3600)
    scaling = template["scaling"]
    least, most = scaling.get("minInstanceCount") or 0, scaling.get("maxInstanceCount") or 0
    if most < 1 or least < 0 or least > most:
        text = f"maxInstanceCount ({most}) must be at least 1 and not less than minInstanceCount ({least})."
        raise _refuse(f"{where}.scaling", text)
    total = _total_cpus(template, where)
    place = f"{where}.containers[0].resources.limits"
    if total < 1 and concurrency > 1:
        text = "Invalid value specified for cpu. Total cpu < 1 is not supported with concurrency > 1."
        raise _refuse(f"{place}.cpu", text)
    if total < 1 and not all(container["resources"].get("cpuIdle", False) for container in template["containers"]):
        text = "Invalid value specified for cpu. Total cpu < 1 is not supported with cpuIdle false."
        raise _refuse(f"{place}.cpu", text)
    _check_gpu(template, total, where)


def check_task(template: dict[str, Any], where: str) -> None:
    """400 for limits of tasks that Cloud Run refuses. After defaults."""
    _check_timeout(template["timeout"], f"{where}.timeout", 7 * 24 * 3600)
    if not isinstance(template["maxRetries"], int) or not 0 <= template["maxRetries"] <= 10:
        raise _refuse(f"{where}.maxRetries", "maxRetries must be between 0 and 10.")
    total = _total_cpus(template, where)
    if total < 1:
        place = f"{where}.containers[0].resources.limits.cpu"
        raise _refuse(place, "Invalid value specified for cpu. A job needs at least 1 CPU.")
    _check_gpu(template, total, where)


def check_pool(template: dict[str, Any], where: str) -> None:
    """400 for limits of a worker pool that Cloud Run refuses. After defaults."""
    total = _total_cpus(template, where)
    if total < 1:
        place = f"{where}.containers[0].resources.limits.cpu"
        raise _refuse(place, "Invalid value specified for cpu. A worker pool needs at least 1 CPU.")
    _check_gpu(template, total, where)


def _total_cpus(template: dict[str, Any], where: str) -> float:
    """The CPUs of all containers; 400 where one's limits are refused."""
    return sum(
        _check_resources(container["resources"]["limits"], f"{where}.containers[{index}].resources.limits")
        for index, container in enumerate(template["containers"])
    )


def _check_gpu(template: dict[str, Any], total: float, where: str) -> None:
    if template.get("nodeSelector") and total < 4:
        raise _refuse(f"{where}.nodeSelector", "An instance with a GPU needs at least 4 CPUs.")


def check_annotations(annotations: object, where: str) -> None:
    """400 for annotations of Google's own name spaces, which v2 has fields for."""
    for key in annotations if isinstance(annotations, dict) else ():
        if key.startswith(_SYSTEM_ANNOTATIONS):
            raise _refuse(f"{where}.{key}", f"System annotation '{key}' is not allowed; use the field of the resource.")


async def check_references(control: Control, project: str, template: dict[str, Any], where: str) -> None:
    """400 for a secret, 403 for a service account that does not exist."""
    account = str(template.get("serviceAccount", "")).rpartition("/")[2]
    match = re.fullmatch(r"[a-z0-9-]+@(?P<project>[a-z0-9-]+)\.iam\.gserviceaccount\.com", account)
    if (
        match
        and control.store.get("iam.serviceAccounts", f"projects/{match['project']}/serviceAccounts/{account}") is None
    ):
        text = f"Permission 'iam.serviceaccounts.actAs' denied on service account {account} (or it may not exist)."
        raise ApiError("PERMISSION_DENIED", text)
    for place, reference in _secret_references(template, where):
        name = secret_version(project, reference)
        if not await secret_exists(control, name):
            raise _refuse(place, f"Secret {name} was not found")


async def secret_exists(control: Control, version: str) -> bool:
    """Whether a version of a secret is there."""
    answer = await control.dispatch(Request.of("GET", f"/secretmanager/v1/{version}"))
    return answer.status == 200


def _secret_references(template: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, container in enumerate(template["containers"]):
        for number, entry in enumerate(container.get("env") or ()):
            reference = (entry.get("valueSource") or {}).get("secretKeyRef")
            if reference:
                yield f"{where}.containers[{index}].env[{number}].valueSource.secretKeyRef", reference
    for index, volume in enumerate(template.get("volumes") or ()):
        if secret := volume.get("secret"):
            for item in secret.get("items") or [{}]:
                reference = {"secret": secret.get("secret"), "version": item.get("version")}
                yield f"{where}.volumes[{index}].secret", reference


def _refuse(field: str, text: str) -> ApiError:
    return invalid_argument(f"Violation in {field}: {text}", {field: text})


def _check_timeout(duration: object, where: str, most: int) -> None:
    try:
        value = seconds(str(duration))
    except ValueError:
        raise _refuse(where, f"'{duration}' is not a duration in seconds, such as 300s.") from None
    if not 0 < value <= most:
        raise _refuse(where, f"The timeout must be more than 0 and at most {most} seconds.")


def _check_ports(container: dict[str, Any], where: str) -> None:
    ports = container.get("ports") or []
    if len(ports) > 1:
        raise _refuse(f"{where}.ports", "At most one port is allowed.")
    for port in ports:
        if port.get("name", "http1") not in ("http1", "h2c", ""):
            raise _refuse(f"{where}.ports.name", "The port name must be http1 or h2c.")
        if not 1 <= int(port.get("containerPort", 8080)) <= 65535:
            raise _refuse(f"{where}.ports.containerPort", "The port must be between 1 and 65535.")


def _check_variables(container: dict[str, Any], where: str, *, service: bool) -> None:
    reserved = environment.RESERVED if service else environment.RESERVED_IN_JOBS
    seen: set[str] = set()
    for index, entry in enumerate(container.get("env") or ()):
        name, place = str(entry.get("name", "")), f"{where}.env[{index}].name"
        if not name or "=" in name or "\0" in name:
            raise _refuse(place, f"'{name}' is not a valid name of an environment variable.")
        if name in reserved:
            raise _refuse(place, f"The following reserved env names were provided: {name}.")
        if name.startswith("X_GOOGLE_"):
            raise _refuse(place, f"Environment variable names must not begin with X_GOOGLE_: {name}.")
        if name in seen:
            raise _refuse(place, f"The environment variable {name} is given twice.")
        seen.add(name)
        if "\0" in str(entry.get("value") or ""):
            raise _refuse(place, f"The value of {name} contains a NUL character.")
        source = entry.get("valueSource")
        if entry.get("value") and source:
            raise _refuse(place, f"{name} has both a value and a source.")
        if source and not (source.get("secretKeyRef") or {}).get("secret"):
            raise _refuse(f"{where}.env[{index}].valueSource.secretKeyRef.secret", f"{name} names no secret.")


def _check_probes(container: dict[str, Any], where: str) -> None:
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        place = f"{where}.{name}"
        period, wait = probe.get("periodSeconds", 10), probe.get("timeoutSeconds", 1)
        most = 240 if name == "startupProbe" else 3600
        if not 1 <= period <= most or not 1 <= wait <= most or probe.get("failureThreshold", 3) < 1:
            raise _refuse(place, f"periodSeconds and timeoutSeconds are 1 to {most}, failureThreshold at least 1.")
        if wait > period:
            raise _refuse(f"{place}.timeoutSeconds", "timeoutSeconds must not be greater than periodSeconds.")
        if name == "startupProbe" and period * probe.get("failureThreshold", 3) > 240:
            raise _refuse(place, "periodSeconds times failureThreshold must not exceed 240 seconds.")
        if sum(kind in probe for kind in ("httpGet", "tcpSocket", "grpc")) > 1:
            raise _refuse(place, "Only one of httpGet, tcpSocket and grpc is allowed.")


def _check_resources(limits: dict[str, str], where: str) -> float:
    """The CPUs; 400 for a combination that Cloud Run refuses."""
    limits = {"cpu": run_template.DEFAULT_CPU, "memory": run_template.DEFAULT_MEMORY, **limits}
    try:
        cpu = cpus(str(limits["cpu"]))
    except ValueError:
        raise _refuse(f"{where}.cpu", f"Invalid value '{limits['cpu']}' specified for cpu.") from None
    try:
        memory = memory_bytes(str(limits["memory"]))
    except ValueError:
        raise _refuse(f"{where}.memory", f"Invalid value '{limits['memory']}' specified for memory.") from None
    if not (0.08 <= cpu < 1 or cpu in (1.0, 2.0, 4.0, 6.0, 8.0)):
        text = f"Invalid value '{limits['cpu']}' specified for cpu. Allowed are 0.08 to 1, 1, 2, 4, 6 and 8."
        raise _refuse(f"{where}.cpu", text)
    if not 128 * 2**20 <= memory <= 32 * _GI:
        raise _refuse(f"{where}.memory", f"Invalid value '{limits['memory']}': memory is 128Mi to 32Gi.")
    least_cpu = next((needed for most, needed in _CPU_FOR_MEMORY if memory <= most), 8.0)
    if cpu < least_cpu:
        text = f"Invalid value specified for memory. For {limits['memory']}, at least {least_cpu:g} CPU is needed."
        raise _refuse(f"{where}.memory", text)
    if memory < _MEMORY_FOR_CPU.get(cpu, 0):
        least = f"{_MEMORY_FOR_CPU[cpu] // _GI}Gi"
        text = f"Invalid value specified for cpu. For {limits['cpu']} CPU, at least {least} of memory is needed."
        raise _refuse(f"{where}.cpu", text)
    return cpu
