"""Pods: the containers of a service, job or worker pool, as closed as Kubernetes' `restricted` asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...environments import LoadedEnvironment
from ...environments.models.run_containers import MAIN, cpus, mebibytes
from ..workloads import Workload, dns_name, user

_DRAIN_SECONDS = 5
_GRACE_SECONDS = 20
_TMP = "tmp"
_KEY = "value"
_LIVE = {"path": "/health/live", "period_seconds": 30}
_READY = {"path": "/health/ready", "period_seconds": 10}


def pod(one: Workload, loaded: LoadedEnvironment, known: Mapping[str, str]) -> dict[str, Any]:
    """The `spec` of a pod."""
    values = one.values
    first = [name for name in values["depends_on"] if name in values["sidecars"]]
    sidecars = {name: _sidecar(name, sidecar) for name, sidecar in one.containers()}
    made: dict[str, Any] = {
        "serviceAccountName": one.account,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": _GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": user(),
            "runAsGroup": user(),
            "fsGroup": user(),
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    if first:  # what the main container waits for starts before it, and runs as long
        made["initContainers"] = [{**sidecars[name], "restartPolicy": "Always"} for name in first]
    main = _main(one, loaded, known)
    made["containers"] = [main, *(sidecar for name, sidecar in sidecars.items() if name not in first)]
    made["volumes"] = [
        {"name": _TMP, "emptyDir": {}},
        *(_volume(name, volume) for name, volume in values["volumes"].items()),
    ]
    if one.kind == "services":
        made["topologySpreadConstraints"] = [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app.kubernetes.io/name": one.name}},
            }
        ]
    if values["gpu"] is not None:
        made["nodeSelector"] = {"cloud.google.com/gke-accelerator": values["gpu"]["type"]}
    return made


def unsupported(one: Workload) -> Iterator[str]:
    """What of a workload there is nothing for on a cluster."""
    for name, volume in one.values["volumes"].items():
        if volume["cloud_sql"] is not None:
            yield f"{one.path}: the Cloud SQL sockets of the volume {name} are left out; add Google's proxy"


def secret_name(secret: str) -> str:
    """What a secret is called in Kubernetes; its key is `value`."""
    return dns_name(secret)


def _main(one: Workload, loaded: LoadedEnvironment, known: Mapping[str, str]) -> dict[str, Any]:
    values = one.values
    others = {path: address for path, address in known.items() if path != one.path}
    own = {
        "GOOGLE_CLOUD_PROJECT": loaded.declared.project_id,
        "PLATFORM_SERVICES": json.dumps(others, separators=(",", ":"), sort_keys=True),
    }
    if one.kind == "services":
        own |= {"K_SERVICE": one.name, "PORT": str(values["port"])}
        own |= {"GRPC_PORT": str(one.grpc_port)} if one.grpc_port else {}
    else:
        own |= {"CLOUD_RUN_JOB" if one.kind == "jobs" else "CLOUD_RUN_WORKER_POOL": one.name}
    made = _container(MAIN, values, own)
    if one.kind == "jobs":
        index = {"fieldRef": {"fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
        made["env"] += [
            {"name": "CLOUD_RUN_TASK_INDEX", "valueFrom": index},
            {"name": "CLOUD_RUN_TASK_COUNT", "value": str(values["tasks"])},
        ]
        return made
    if one.kind == "services":
        made["ports"] = [{"name": "http", "containerPort": values["port"]}]
        made["ports"] += [{"name": "grpc", "containerPort": one.grpc_port}] if one.grpc_port else []
        # Endpoints learn of an end a little after the container does.
        made["lifecycle"] = {"preStop": {"sleep": {"seconds": _DRAIN_SECONDS}}}
    ours = one.image is not None and one.kind == "services"
    for field, theirs, otherwise in (
        ("startup_probe", "startupProbe", None),
        ("liveness_probe", "livenessProbe", _LIVE if ours else None),
        ("readiness_probe", "readinessProbe", _READY if ours else None),
    ):
        probe = values.get(field) or otherwise
        if probe is not None:
            made[theirs] = _probe(probe, "http" if one.kind == "services" else None)
    return made


def _sidecar(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    made = _container(name, values, {})
    for field, theirs in (("startup_probe", "startupProbe"), ("liveness_probe", "livenessProbe")):
        if values[field] is not None:
            made[theirs] = _probe(values[field], None)
    return made


def _container(name: str, values: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "image": values["image"]}
    for field in ("command", "args"):
        if values[field]:
            made[field] = [_plain(word) for word in values[field]]
    if values["working_dir"]:
        made["workingDir"] = values["working_dir"]
    made["env"] = [{"name": key, "value": _plain(text)} for key, text in {**own, **values["env"]}.items()]
    for key, secret in values["secrets"].items():
        reference = {"secretKeyRef": {"name": secret_name(secret["secret"]), "key": _KEY}}
        made["env"].append({"name": key, "valueFrom": reference})
    memory, vcpus = f"{mebibytes(values['memory'])}Mi", cpus(values["cpu"])
    # A service that is charged by the request rests in between: half is kept for it, all is its own when it works.
    share = vcpus / 2 if values.get("cpu_idle", False) else vcpus
    made["resources"] = {
        "requests": {"cpu": _millis(share), "memory": memory},
        "limits": {"cpu": _millis(vcpus), "memory": memory},
    }
    if values.get("gpu") is not None:
        made["resources"]["limits"]["nvidia.com/gpu"] = "1"
    made["securityContext"] = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    made["volumeMounts"] = [{"name": _TMP, "mountPath": "/tmp"}]  # noqa: S108
    for place, mount in values["mounts"].items():
        path = {"subPath": mount["sub_path"]} if mount["sub_path"] else {}
        made["volumeMounts"].append({"name": mount["volume"], "mountPath": place, **path})
    return made


def _plain(text: str) -> str:
    """A text as it is meant: Kubernetes fills in `$(NAME)`."""
    return text.replace("$(", "$$(")


def _millis(vcpus: float) -> str:
    """vCPUs as Kubernetes writes them.

    >>> _millis(1.0), _millis(0.25)
    ('1', '250m')
    """
    return f"{vcpus:g}" if vcpus == int(vcpus) else f"{round(vcpus * 1000)}m"


def _probe(probe: Mapping[str, Any], port: str | None) -> dict[str, Any]:
    asked: dict[str, Any]
    at = probe.get("port") or port
    if probe.get("path") is not None:
        headers = [{"name": name, "value": value} for name, value in (probe.get("headers") or {}).items()]
        asked = {"httpGet": {"path": probe["path"], "port": at, **({"httpHeaders": headers} if headers else {})}}
    elif probe.get("grpc") is not None:
        asked = {"grpc": {"port": probe.get("port") or 8080, "service": probe["grpc"]}}
    else:
        asked = {"tcpSocket": {"port": at}}
    for field, theirs in (
        ("initial_delay_seconds", "initialDelaySeconds"),
        ("timeout_seconds", "timeoutSeconds"),
        ("period_seconds", "periodSeconds"),
        ("failure_threshold", "failureThreshold"),
        ("success_threshold", "successThreshold"),
    ):
        if probe.get(field):
            asked[theirs] = probe[field]
    return asked


def _volume(name: str, volume: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name}
    if volume["secret"] is not None:
        secret = volume["secret"]
        files = secret["items"] or {secret["secret"]: {"mode": None}}
        items = [
            {"key": _KEY, "path": path, **({"mode": int(file["mode"], 8)} if file["mode"] else {})}
            for path, file in files.items()
        ]
        mode = {"defaultMode": int(secret["mode"], 8)} if secret["mode"] else {}
        return made | {"secret": {"secretName": secret_name(secret["secret"]), "items": items, **mode}}
    if volume["memory"] is not None:
        size = volume["memory"]["size_limit"]
        return made | {"emptyDir": {"medium": "Memory", **({"sizeLimit": size} if size else {})}}
    if volume["nfs"] is not None:
        nfs = volume["nfs"]
        return made | {"nfs": {"server": nfs["server"], "path": nfs["path"], "readOnly": nfs["read_only"]}}
    if volume["bucket"] is not None:
        bucket = volume["bucket"]
        options = ",".join(bucket["mount_options"])
        attributes = {"bucketName": bucket["bucket"], **({"mountOptions": options} if options else {})}
        driver = {"driver": "gcsfuse.csi.storage.gke.io", "readOnly": bucket["read_only"]}
        return made | {"csi": {**driver, "volumeAttributes": attributes}}
    return made | {"emptyDir": {}}
