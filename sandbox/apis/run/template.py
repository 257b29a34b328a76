"""Templates of Cloud Run services and jobs: what the server fills in."""

from __future__ import annotations

from typing import Any

from sandbox.control import projects
from sandbox.runtime.quantities import cpus

DEFAULT_CPU, DEFAULT_MEMORY = "1000m", "512Mi"


def fill_service(template: dict[str, Any], project: str) -> None:
    """Defaults of a revision template, in place. What was sent comes back as sent."""
    template.setdefault("timeout", "300s")
    template.setdefault("serviceAccount", default_account(project))
    for container in template["containers"]:
        _fill_resources(container, service=True)
    fill_parts(template)
    taking = [container for container in template["containers"] if container.get("ports")] or template["containers"][:1]
    for container in template["containers"]:
        if container is taking[0]:
            _fill_ports(container)
        else:
            fill_probes(container, None)
    if not template.get("maxInstanceRequestConcurrency"):
        small = any(
            _below_one(container["resources"]["limits"].get("cpu", DEFAULT_CPU)) for container in template["containers"]
        )
        template["maxInstanceRequestConcurrency"] = 1 if small else 80
    scaling = template.setdefault("scaling", {})
    scaling.setdefault("maxInstanceCount", max(100, int(scaling.get("minInstanceCount") or 0)))


def fill_task(template: dict[str, Any], project: str) -> None:
    """Defaults of a job's task template, in place."""
    template.setdefault("timeout", "600s")
    template.setdefault("maxRetries", 3)
    template.setdefault("serviceAccount", default_account(project))
    for container in template["containers"]:
        _fill_resources(container, service=False)
        fill_probes(container, None)
    fill_parts(template)


def fill_pool(template: dict[str, Any], project: str) -> None:
    """Defaults of a worker pool's revision template, in place."""
    template.setdefault("serviceAccount", default_account(project))
    for container in template["containers"]:
        _fill_resources(container, service=False)
        fill_probes(container, None)
    fill_parts(template)


def fill_parts(template: dict[str, Any]) -> None:
    """Defaults of volumes and of the way into the VPC."""
    for volume in template.get("volumes") or ():
        if "emptyDir" in volume:
            volume["emptyDir"].setdefault("medium", "MEMORY")
    if template.get("vpcAccess"):
        template["vpcAccess"].setdefault("egress", "PRIVATE_RANGES_ONLY")


def default_account(project: str) -> str:
    """The account that a service runs as where none is named."""
    return f"{projects.number(project)}-compute@developer.gserviceaccount.com"


def _below_one(cpu: object) -> bool:
    try:
        return cpus(str(cpu)) < 1
    except ValueError:  # refused later, with the field's name
        return False


def _fill_resources(container: dict[str, Any], *, service: bool) -> None:
    resources = container.get("resources")
    if resources is None:
        # The CPU is idle between requests unless a resources block says otherwise, and only then.
        resources = container["resources"] = {"cpuIdle": True, "startupCpuBoost": True} if service else {}
    # One limit without the other stays alone: filled in, it would differ from Terraform's configuration for ever.
    if not resources.get("limits"):
        resources["limits"] = {"cpu": DEFAULT_CPU, "memory": DEFAULT_MEMORY}


def _fill_ports(container: dict[str, Any]) -> None:
    ports = container["ports"] = container.get("ports") or [{}]
    ports[0].setdefault("name", "http1")
    ports[0].setdefault("containerPort", 8080)
    port = ports[0]["containerPort"]
    start = {"timeoutSeconds": 240, "periodSeconds": 240, "failureThreshold": 1, "tcpSocket": {"port": port}}
    container.setdefault("startupProbe", start)
    fill_probes(container, port)


def fill_probes(container: dict[str, Any], port: int | None) -> None:
    """Defaults of probes, in place; they ask at the container's port unless they name one."""
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        probe.setdefault("timeoutSeconds", 1)
        probe.setdefault("periodSeconds", 10)
        probe.setdefault("failureThreshold", 3)
        if name == "readinessProbe":
            probe.setdefault("successThreshold", 2)
        for kind in ("httpGet", "tcpSocket", "grpc"):
            if kind in probe and port is not None:
                probe[kind].setdefault("port", port)
        if "httpGet" in probe:
            probe["httpGet"].setdefault("path", "/")
