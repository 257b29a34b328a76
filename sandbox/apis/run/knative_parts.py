"""Containers and volumes of Cloud Run in the form of its v1 API, which is Knative's, from and to v2."""

from __future__ import annotations

import json
from typing import Any

from sandbox.control.errors import invalid_argument, unimplemented

_FUSE = "gcsfuse.run.googleapis.com"
_SAME = ("image", "name", "command", "args", "ports", "volumeMounts", "workingDir")
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
SECRETS = "run.googleapis.com/secrets"
DEPENDENCIES = "run.googleapis.com/container-dependencies"
SQL = "run.googleapis.com/cloudsql-instances"
Document = dict[str, Any]


def filled(document: Document) -> Document:
    """The document without what is empty.

    >>> filled({"a": "", "b": [], "c": 0, "d": None})
    {'c': 0}
    """
    return {key: value for key, value in document.items() if value not in ("", None, [], {})}


def containers_v1(template: Document, annotations: Document) -> tuple[list[Document], list[Document]]:
    """The containers and volumes of a v2 template; what v1 has in annotations goes there."""
    aliases: dict[str, str] = {}
    containers = [_container_v1(container, aliases) for container in template.get("containers") or ()]
    volumes: list[Document] = []
    instances: list[str] = []
    for volume in template.get("volumes") or ():
        if "cloudSqlInstance" in volume:
            instances += volume["cloudSqlInstance"].get("instances") or []
            names = [volume["name"]]
            for container in containers:
                kept = [mount for mount in container.get("volumeMounts") or () if mount["name"] not in names]
                container.pop("volumeMounts", None)
                container.update(filled({"volumeMounts": kept}))
        else:
            volumes.append(_volume_v1(volume, aliases))
    depends = {c["name"]: c["dependsOn"] for c in template.get("containers") or () if c.get("dependsOn")}
    annotations |= filled({SQL: ",".join(instances), SECRETS: ",".join(f"{k}:{v}" for k, v in aliases.items())})
    if depends:
        annotations[DEPENDENCIES] = json.dumps(depends, separators=(",", ":"))
    return containers, volumes


def _secret_v1(name: str, aliases: dict[str, str]) -> str:
    if "/" in name:
        aliases[name.rpartition("/")[2]] = name
    return name.rpartition("/")[2]


def _container_v1(container: Document, aliases: dict[str, str]) -> Document:
    made = {key: container.get(key) for key in (*_SAME, *_PROBES)}
    env = []
    for entry in container.get("env") or ():
        reference = (entry.get("valueSource") or {}).get("secretKeyRef")
        if reference is None:
            env.append({"name": entry["name"], "value": entry.get("value", "")})
            continue
        key = {"name": _secret_v1(reference["secret"], aliases), "key": reference.get("version") or "latest"}
        env.append({"name": entry["name"], "valueFrom": {"secretKeyRef": key}})
    limits = (container.get("resources") or {}).get("limits")
    return filled({**made, "env": env, "resources": filled({"limits": limits})})


def _volume_v1(volume: Document, aliases: dict[str, str]) -> Document:
    name = volume["name"]
    if "secret" in volume:
        given = volume["secret"]
        items = [
            filled({"key": item.get("version") or "latest", "path": item["path"], "mode": item.get("mode")})
            for item in given.get("items") or ()
        ]
        secret = {"secretName": _secret_v1(given["secret"], aliases), "items": items}
        return {"name": name, "secret": filled({**secret, "defaultMode": given.get("defaultMode")})}
    if "gcs" in volume:
        given = volume["gcs"]
        options = ",".join(given.get("mountOptions") or [])
        attributes = filled({"bucketName": given["bucket"], "mountOptions": options})
        csi = {"driver": _FUSE, "readOnly": given.get("readOnly"), "volumeAttributes": attributes}
        return {"name": name, "csi": filled(csi)}
    return dict(volume)


def containers_v2(spec: Document, annotations: Document) -> Document:
    """`containers` and `volumes` of a v2 template, out of a v1 spec and the annotations beside it."""
    aliases = dict(pair.split(":", 1) for pair in str(annotations.get(SECRETS) or "").split(",") if ":" in pair)
    depends = _json(annotations, DEPENDENCIES) or {}
    containers = [_container_v2(container, aliases) for container in spec.get("containers") or ()]
    for container in containers:
        if depends.get(container.get("name")):
            container["dependsOn"] = depends[container["name"]]
    volumes = [_volume_v2(volume, aliases) for volume in spec.get("volumes") or ()]
    if instances := [text for text in str(annotations.get(SQL) or "").split(",") if text]:
        volumes.append({"name": "cloudsql", "cloudSqlInstance": {"instances": instances}})
        if containers:
            mount = {"name": "cloudsql", "mountPath": "/cloudsql"}
            containers[0]["volumeMounts"] = [*containers[0].get("volumeMounts", []), mount]
    return filled({"containers": containers, "volumes": volumes})


def _json(annotations: Document, name: str) -> Any:
    try:
        return json.loads(annotations[name]) if annotations.get(name) else None
    except ValueError as error:
        raise invalid_argument(f"The annotation {name} is not JSON.", {name: "not JSON"}) from error


def interfaces(annotations: Document) -> list[Document]:
    """The network interfaces that an annotation names."""
    found = _json(annotations, "run.googleapis.com/network-interfaces") or []
    return [
        filled({"network": one.get("network"), "subnetwork": one.get("subnetwork"), "tags": one.get("tags")})
        for one in found
    ]


def _container_v2(container: Document, aliases: dict[str, str]) -> Document:
    given = {name for name, value in container.items() if value}
    unknown = given - {*_SAME, *_PROBES, "env", "resources", "imagePullPolicy", "securityContext"}
    if unknown or container.get("envFrom"):
        raise unimplemented(f"The sandbox does not implement {', '.join(sorted(unknown))} of a container in v1.")
    made: Document = {key: container.get(key) for key in (*_SAME, *_PROBES)}
    made["env"] = []
    for entry in container.get("env") or ():
        reference = (entry.get("valueFrom") or {}).get("secretKeyRef")
        if reference is None:
            made["env"].append({"name": entry.get("name", ""), "value": entry.get("value", "")})
            continue
        secret = str(reference.get("name") or "")
        key = filled({"secret": aliases.get(secret, secret), "version": reference.get("key")})
        made["env"].append({"name": entry.get("name", ""), "valueSource": {"secretKeyRef": key}})
    if limits := (container.get("resources") or {}).get("limits"):
        made["resources"] = {"limits": limits}
    return filled(made)


def _volume_v2(volume: Document, aliases: dict[str, str]) -> Document:
    name = volume.get("name", "")
    if "secret" in volume:
        given = volume["secret"]
        items = [
            filled({"version": item.get("key"), "path": item.get("path"), "mode": item.get("mode")})
            for item in given.get("items") or ()
        ]
        of = str(given.get("secretName") or "")
        secret = {"secret": aliases.get(of, of), "items": items}
        return {"name": name, "secret": filled({**secret, "defaultMode": given.get("defaultMode")})}
    if "csi" in volume:
        given = volume["csi"]
        if given.get("driver") != _FUSE:
            raise unimplemented(f"The sandbox does not implement volumes of the driver {given.get('driver')}.")
        attributes = given.get("volumeAttributes") or {}
        options = [text for text in str(attributes.get("mountOptions") or "").split(",") if text]
        bucket = {"bucket": attributes.get("bucketName"), "readOnly": given.get("readOnly"), "mountOptions": options}
        return {"name": name, "gcs": filled(bucket)}
    return dict(volume)
