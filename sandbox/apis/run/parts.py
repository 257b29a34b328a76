"""Templates of Cloud Run: volumes, mounts, start-up order, the way into the VPC, GPUs: what the server refuses."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.runtime.start_order import start_order

_KINDS = ("secret", "emptyDir", "gcs", "nfs", "cloudSqlInstance")
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SIZE = re.compile(r"[1-9][0-9]*(?:[KMG]i?)?")
_SQL = re.compile(r"[^:\s]+:[^:\s]+:[^:\s]+")
_ACCELERATORS = ("nvidia-l4", "nvidia-rtx-pro-6000")


def check_parts(template: dict[str, Any], where: str) -> None:
    """400 for what doesn't fit together."""
    names = _volumes(template, where)
    containers = template["containers"]
    _names(containers, where)
    _order(containers, where)
    for index, container in enumerate(containers):
        _mounts(container, names, f"{where}.containers[{index}]")
    _vpc(template.get("vpcAccess") or {}, f"{where}.vpcAccess")
    accelerator = (template.get("nodeSelector") or {}).get("accelerator")
    if accelerator is not None and accelerator not in _ACCELERATORS:
        raise _refuse(f"{where}.nodeSelector.accelerator", f"'{accelerator}' is not one of {', '.join(_ACCELERATORS)}.")


def _volumes(template: dict[str, Any], where: str) -> set[str]:
    names: set[str] = set()
    for index, volume in enumerate(template.get("volumes") or ()):
        place, name = f"{where}.volumes[{index}]", str(volume.get("name", ""))
        if not _NAME.fullmatch(name):
            raise _refuse(f"{place}.name", f"'{name}' is not a volume's name: lowercase letters, digits and hyphens.")
        if name in names:
            raise _refuse(f"{place}.name", f"The volume {name} is given twice.")
        names.add(name)
        kinds = [kind for kind in _KINDS if kind in volume]
        if len(kinds) != 1:
            raise _refuse(place, f"A volume has exactly one of {', '.join(_KINDS)}.")
        _volume(kinds[0], volume[kinds[0]] or {}, f"{place}.{kinds[0]}")
    return names


def _volume(kind: str, source: dict[str, Any], where: str) -> None:
    match kind:
        case "secret":
            if not source.get("secret"):
                raise _refuse(f"{where}.secret", "A secret volume needs the secret.")
            paths = [item.get("path") for item in source.get("items") or ()]
            if any(not path or path.startswith("/") or ".." in path.split("/") for path in paths):
                raise _refuse(f"{where}.items.path", "A path is below the volume, without '..'.")
            if len(paths) != len(set(paths)):
                raise _refuse(f"{where}.items.path", "Each path is given once.")
        case "emptyDir":
            limit = source.get("sizeLimit")
            if limit is not None and not _SIZE.fullmatch(str(limit)):
                raise _refuse(f"{where}.sizeLimit", f"'{limit}' is not a size, such as 512Mi.")
        case "gcs":
            if not source.get("bucket"):
                raise _refuse(f"{where}.bucket", "A Cloud Storage volume needs the bucket.")
        case "nfs":
            if not source.get("server"):
                raise _refuse(f"{where}.server", "An NFS volume needs the server.")
        case _:
            for instance in source.get("instances") or ():
                if not _SQL.fullmatch(str(instance)):
                    raise _refuse(f"{where}.instances", f"'{instance}' is not project:region:instance.")


def _names(containers: list[dict[str, Any]], where: str) -> None:
    given = [str(container["name"]) for container in containers if container.get("name")]
    for name in given:
        if not _NAME.fullmatch(name):
            raise _refuse(f"{where}.containers.name", f"'{name}' is not a container's name.")
    if len(given) != len(set(given)):
        raise _refuse(f"{where}.containers.name", "Container names must be unique.")


def _order(containers: list[dict[str, Any]], where: str) -> None:
    names = {str(container.get("name", "")) for container in containers}
    for index, container in enumerate(containers):
        for name in container.get("dependsOn") or ():
            if name not in names:
                raise _refuse(f"{where}.containers[{index}].dependsOn", f"There is no container named '{name}'.")
    if start_order(containers) is None:
        raise _refuse(f"{where}.containers.dependsOn", "The containers wait for each other.")


def _mounts(container: dict[str, Any], volumes: set[str], where: str) -> None:
    paths: set[str] = set()
    for mount in container.get("volumeMounts") or ():
        name, path = str(mount.get("name", "")), str(mount.get("mountPath", ""))
        if name not in volumes:
            raise _refuse(f"{where}.volumeMounts.name", f"There is no volume named '{name}'.")
        if not path.startswith("/") or ".." in path.split("/"):
            raise _refuse(f"{where}.volumeMounts.mountPath", f"'{path}' is not an absolute path.")
        if path in paths:
            raise _refuse(f"{where}.volumeMounts.mountPath", f"Two volumes are mounted at {path}.")
        paths.add(path)


def _vpc(access: dict[str, Any], where: str) -> None:
    interfaces = access.get("networkInterfaces") or []
    if access.get("connector") and interfaces:
        raise _refuse(where, "Only one of connector and networkInterfaces may be set.")
    if len(interfaces) > 1:
        raise _refuse(f"{where}.networkInterfaces", "Only one network interface is allowed.")


def _refuse(field: str, text: str) -> ApiError:
    return invalid_argument(f"Violation in {field}: {text}", {field: text})
