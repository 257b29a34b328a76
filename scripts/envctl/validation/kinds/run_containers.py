"""What Cloud Run services, jobs and worker pools have in common: containers, volumes, the way into the VPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from envctl.validation.model import Comparer, Difference, Setting, Thing, World, always
from envctl.validation.normal import cpus, dig, email, listed, mapping, memory, text

from .common import LABELS, TERRAFORM_ONLY, at

PORT = 8080
UNCHECKED = {
    "deletion_protection": TERRAFORM_ONLY,
    "secrets": "part of env",
    "client": "who deployed last, which any other tool may change",
}
TAGS = {"tags": "bindings of Resource Manager, which Cloud Run doesn't tell"}
_EGRESS = {"private-ranges-only": "PRIVATE_RANGES_ONLY", "all-traffic": "ALL_TRAFFIC"}


def container_settings(template: str) -> tuple[Setting, ...]:
    """The settings of the main container and of the template around it."""
    first = f"{template}.containers.0"
    return (
        Setting("image", f"{first}.image", normal=text),
        Setting("service_account", f"{template}.serviceAccount", normal=email),
        Setting("cpu", f"{first}.resources.limits.cpu", normal=cpus),
        Setting("memory", f"{first}.resources.limits.memory", normal=memory),
        Setting("command", f"{first}.command", normal=listed),
        Setting("args", f"{first}.args", normal=listed),
        Setting("working_dir", f"{first}.workingDir", normal=text),
        Setting("depends_on", f"{first}.dependsOn", normal=listed),
        Setting(
            "mounts",
            f"{first}.volumeMounts",
            declared=lambda thing, _world: _declared_mounts(thing.fields),
            found=lambda document: _found_mounts(dig(document, first) or {}),
        ),
        Setting(
            "volumes",
            f"{template}.volumes",
            declared=lambda thing, _world: {name: _declared_volume(v) for name, v in thing.fields["volumes"].items()},
            found=lambda document: {
                str(v.get("name")): _found_volume(v) for v in dig(document, f"{template}.volumes") or []
            },
        ),
        Setting(
            "vpc_access",
            f"{template}.vpcAccess",
            declared=lambda thing, _world: _declared_way(thing.fields["vpc_access"]),
            found=lambda document: _found_way(dig(document, f"{template}.vpcAccess")),
        ),
        Setting("gpu.type", f"{template}.nodeSelector.accelerator", normal=text, declared=at("gpu.type")),
        Setting(
            "gpu.zonal_redundancy",
            f"{template}.gpuZonalRedundancyDisabled",
            declared=lambda thing, _world: not dig(thing.fields, "gpu.zonal_redundancy"),
            found=lambda document: bool(dig(document, f"{template}.gpuZonalRedundancyDisabled")),
            when=lambda fields: fields["gpu"] is not None,
        ),
        Setting(
            "binary_authorization",
            "binaryAuthorization",
            declared=lambda thing, _world: _declared_authorization(thing.fields["binary_authorization"]),
            found=lambda document: _found_authorization(document.get("binaryAuthorization")),
        ),
        Setting("kms_key", f"{template}.encryptionKey", normal=text),
        Setting("launch_stage", "launchStage", normal=lambda stage: text(stage) or "GA"),
        Setting("annotations", "annotations", normal=mapping),
        LABELS,
        Setting(
            "ready",
            "terminalCondition.state",
            declared=always("CONDITION_SUCCEEDED"),
            says="its last revision or definition was accepted and is ready",
        ),
    )


def container_comparers(template: str) -> tuple[Comparer, ...]:
    """The environment's variables and the side-cars, which differ in several ways."""
    return (
        Comparer("env", f"{template}.containers.0.env", _compare_variables(template), says="env and secrets, by name"),
        Comparer(
            "sidecars",
            f"{template}.containers",
            _compare_sidecars(template),
            says="by name, and no other that nobody declared",
        ),
    )


def probe_setting(field: str, api: str, *, when_declared: bool, port: bool = True) -> Setting:
    """A probe; its port is by default the container's, where that has one."""

    def declared(thing: Thing, _world: World) -> Any:
        own = thing.fields.get("port", PORT) if port else None
        return None if thing.fields[field] is None else _declared_probe(thing.fields[field], own)

    when = (lambda fields: fields[field] is not None) if when_declared else None
    says = "where one is declared: Cloud Run adds a TCP probe by itself" if when_declared else ""
    return Setting(
        field, api, declared=declared, found=lambda document: _found_probe(dig(document, api)), when=when, says=says
    )


def _declared_probe(probe: Mapping[str, Any], port: int | None) -> dict[str, Any]:
    threshold = {"success_threshold": probe["success_threshold"]} if "success_threshold" in probe else {}
    return {
        "path": probe["path"],
        "grpc": probe["grpc"],
        "tcp": probe.get("tcp", False),
        "headers": dict(probe.get("headers") or {}),
        "port": probe["port"] or port,
        "initial_delay_seconds": probe.get("initial_delay_seconds", 0),
        "timeout_seconds": probe["timeout_seconds"],
        "period_seconds": probe["period_seconds"],
        "failure_threshold": probe["failure_threshold"],
        **threshold,
    }


def _found_probe(probe: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not probe:
        return None
    asked = probe.get("httpGet") or probe.get("grpc") or probe.get("tcpSocket") or {}
    headers = {str(h.get("name")): text(h.get("value")) for h in dig(probe, "httpGet.httpHeaders") or []}
    threshold = {"success_threshold": probe["successThreshold"]} if "successThreshold" in probe else {}
    # APIs leave out what is at its default.
    return {
        "path": (text(dig(probe, "httpGet.path")) or "/") if "httpGet" in probe else None,
        "grpc": text(dig(probe, "grpc.service")) if "grpc" in probe else None,
        "tcp": "tcpSocket" in probe,
        "headers": headers,
        "port": asked.get("port"),
        "initial_delay_seconds": probe.get("initialDelaySeconds") or 0,
        "timeout_seconds": probe.get("timeoutSeconds") or 1,
        "period_seconds": probe.get("periodSeconds") or 10,
        "failure_threshold": probe.get("failureThreshold") or 3,
        **threshold,
    }


def _compare_variables(template: str) -> Callable[[Thing, Mapping[str, Any]], list[Difference]]:
    def compare(thing: Thing, document: Mapping[str, Any]) -> list[Difference]:
        return _variable_differences(thing.fields, dig(document, f"{template}.containers.0") or {})

    return compare


def _variable_differences(
    declared: Mapping[str, Any], container: Mapping[str, Any], where: str = ""
) -> list[Difference]:
    """Environment variables by name. What was found is never shown: somebody may have put a secret there."""
    expected: dict[str, Any] = dict(declared["env"])
    for name, secret in declared["secrets"].items():
        expected[name] = (secret["secret"], secret["version"])
    found = {str(item["name"]): _variable(item) for item in container.get("env") or []}
    differences = [
        Difference(where + name, f"the variable {name} is {'missing' if name not in found else 'not as declared'}")
        for name in expected
        if name not in found or found[name] != expected[name]
    ]
    extra = sorted(found.keys() - expected.keys())
    return differences + [Difference(where + name, f"the variable {name} is not declared") for name in extra]


def _variable(item: Mapping[str, Any]) -> Any:
    secret = dig(item, "valueSource.secretKeyRef")
    if secret:
        return (text(secret.get("secret")).rpartition("/")[2], text(secret.get("version")) or "latest")
    return text(item.get("value"))


def _compare_sidecars(template: str) -> Callable[[Thing, Mapping[str, Any]], list[Difference]]:
    def compare(thing: Thing, document: Mapping[str, Any]) -> list[Difference]:
        declared = thing.fields["sidecars"]
        beside = (dig(document, f"{template}.containers") or [])[1:]
        found = {str(container.get("name") or f"[{index}]"): container for index, container in enumerate(beside, 1)}
        differences = [Difference(name, f"the side-car {name} is missing") for name in declared if name not in found]
        differences += [
            Difference(name, f"the side-car {name} is not declared") for name in found if name not in declared
        ]
        for name in declared.keys() & found.keys():
            wanted, got = _sidecar(declared[name]), _found_sidecar(found[name])
            differences += [
                Difference(f"{name} {part}", f"{part} of the side-car {name} differs", wanted[part], got[part])
                for part in wanted
                if wanted[part] != got[part]
            ]
            differences += _variable_differences(declared[name], found[name], f"{name} ")
        return differences

    return compare


def _sidecar(declared: Mapping[str, Any]) -> dict[str, Any]:
    probes = {
        field: None if declared[field] is None else _declared_probe(declared[field], None)
        for field in ("startup_probe", "liveness_probe")
    }
    return {
        "image": declared["image"],
        "cpu": cpus(declared["cpu"]),
        "memory": memory(declared["memory"]),
        "command": listed(declared["command"]),
        "args": listed(declared["args"]),
        "working_dir": text(declared["working_dir"]),
        "depends_on": listed(declared["depends_on"]),
        "mounts": _declared_mounts(declared),
        **probes,
    }


def _found_sidecar(container: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "image": text(container.get("image")),
        "cpu": cpus(dig(container, "resources.limits.cpu")),
        "memory": memory(dig(container, "resources.limits.memory")),
        "command": listed(container.get("command")),
        "args": listed(container.get("args")),
        "working_dir": text(container.get("workingDir")),
        "depends_on": listed(container.get("dependsOn")),
        "mounts": _found_mounts(container),
        "startup_probe": _found_probe(container.get("startupProbe")),
        "liveness_probe": _found_probe(container.get("livenessProbe")),
    }


def _declared_mounts(declared: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {path: (mount["volume"], text(mount["sub_path"])) for path, mount in declared["mounts"].items()}


def _found_mounts(container: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        text(mount.get("mountPath")): (text(mount.get("name")), text(mount.get("subPath")))
        for mount in container.get("volumeMounts") or []
    }


def _declared_volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    if secret := volume["secret"]:
        items = {path: (item["version"], _mode(item["mode"])) for path, item in secret["items"].items()}
        return {"secret": secret["secret"], "items": items, "mode": _mode(secret["mode"])}
    if memory_volume := volume["memory"]:
        return {"memory": text(memory_volume["size_limit"])}
    if bucket := volume["bucket"]:
        options = sorted(bucket["mount_options"])
        return {"bucket": bucket["bucket"], "read_only": bucket["read_only"], "mount_options": options}
    if nfs := volume["nfs"]:
        return {"nfs": nfs["server"], "path": nfs["path"], "read_only": nfs["read_only"]}
    return {"cloud_sql": sorted(volume["cloud_sql"] or [])}


def _found_volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    if (secret := volume.get("secret")) is not None:
        items = {
            text(item.get("path")): (text(item.get("version")) or "latest", item.get("mode"))
            for item in secret.get("items") or []
        }
        name = text(secret.get("secret")).rpartition("/")[2]
        return {"secret": name, "items": items, "mode": secret.get("defaultMode")}
    if (memory_volume := volume.get("emptyDir")) is not None:
        return {"memory": text(memory_volume.get("sizeLimit"))}
    if (bucket := volume.get("gcs")) is not None:
        options = sorted(bucket.get("mountOptions") or [])
        return {
            "bucket": text(bucket.get("bucket")),
            "read_only": bool(bucket.get("readOnly")),
            "mount_options": options,
        }
    if (nfs := volume.get("nfs")) is not None:
        read_only = bool(nfs.get("readOnly"))
        return {"nfs": text(nfs.get("server")), "path": text(nfs.get("path")) or "/", "read_only": read_only}
    return {"cloud_sql": sorted(dig(volume, "cloudSqlInstance.instances") or [])}


def _mode(octal: str | None) -> int | None:
    return None if octal is None else int(octal, 8)


def _declared_way(access: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if access is None:
        return None
    return {
        "subnet": text(access["subnet"]),
        "connector": text(access["connector"]),
        "egress": _EGRESS[access["egress"]],
        "tags": sorted(access["tags"]),
    }


def _found_way(access: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not access:
        return None
    interface = (access.get("networkInterfaces") or [{}])[0]
    return {
        "subnet": text(interface.get("subnetwork")),
        "connector": text(access.get("connector")),
        "egress": text(access.get("egress")) or "PRIVATE_RANGES_ONLY",
        "tags": sorted(interface.get("tags") or []),
    }


def _declared_authorization(declared: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if declared is None:
        return None
    policy, reason = text(declared["policy"]), text(declared["breakglass_justification"])
    return {"policy": policy or "the project's", "breakglass": reason}


def _found_authorization(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    policy = "the project's" if found.get("useDefault") else text(found.get("policy"))
    return {"policy": policy, "breakglass": text(found.get("breakglassJustification"))}
