"""Every object of a platform on Kubernetes, a file a subproject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...environments import LoadedEnvironment
from ...environments.models.base import seconds
from ...environments.pinned import split
from ..model import Export
from ..workloads import Workload, addresses, dns_name, workloads
from ..yaml_text import yaml_documents, yaml_text
from .network import allow, deny_all
from .pods import pod, secret_name, unsupported

_HEAD = """\
{subproject} of {name}; written by `envctl export kubernetes {name}`, change envs/ instead.

Each account of the cloud is lent to the one of the same name here:
  gcloud iam service-accounts add-iam-policy-binding ACCOUNT --role roles/iam.workloadIdentityUser \\
    --member "serviceAccount:{project}.svc.id.goog[{subproject}/NAME]"
Secrets are made beforehand, each with the key "value":
{secrets}"""
_CPU_PERCENT = 70
_NEVER = "0 0 31 2 *"
_PARTS = "app.kubernetes.io"


def kubernetes(loaded: LoadedEnvironment, root: Path) -> Export:
    """The manifests of an environment, with a kustomization over them.

    Args:
        loaded: the environment.
        root: the checkout.
    """
    found = workloads(loaded, root)
    files: dict[str, str] = {}
    for subproject in sorted({one.subproject for one in found}):
        own = [one for one in found if one.subproject == subproject]
        secrets = sorted({name for one in own for name in _secrets(one)})
        commands = [
            f"  kubectl -n {subproject} create secret generic {name} --from-file=value=/dev/stdin" for name in secrets
        ]
        head = _HEAD.format(
            subproject=subproject,
            name=loaded.name,
            project=loaded.declared.project_id,
            secrets="\n".join(commands) or "  none",
        )
        files[f"{subproject}.yaml"] = yaml_documents(_objects(subproject, own, found, loaded), head)
    listed = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": sorted(files)}
    files["kustomization.yaml"] = yaml_text(listed, f"kubectl apply -k . ; all of {loaded.name}")
    notes = [note for one in found for note in unsupported(one)]
    resting = [one.name for one in found if one.kind == "services" and one.values["min_instances"] == 0]
    if resting:
        notes.append(
            f"a cluster keeps one of each running, also of those that rest at zero on Cloud Run: {', '.join(resting)}"
        )
    return Export(files, tuple(notes))


def _objects(
    subproject: str, own: list[Workload], found: list[Workload], loaded: LoadedEnvironment
) -> Iterator[dict[str, Any]]:
    services = {one.path: one for one in found if one.kind == "services"}
    known = addresses(found, "http://{name}.{subproject}:{port}")
    common = _labels(subproject, loaded)
    restricted = {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted"}
    yield _object("v1", "Namespace", subproject, None, {**common, **restricted}, {})
    yield _object("networking.k8s.io/v1", "NetworkPolicy", "deny-all", subproject, common, {"spec": deny_all()})
    for account in sorted({str(one.values["service_account"]) for one in own}):
        made = _object("v1", "ServiceAccount", account.partition("@")[0], subproject, common, {})
        made["metadata"]["annotations"] = {"iam.gke.io/gcp-service-account": account}
        yield {**made, "automountServiceAccountToken": False}
    for one in own:
        labels = {**common, **_own_labels(one)}
        spec = pod(one, loaded, known)
        template = {"metadata": {"labels": labels}, "spec": spec}
        if one.kind == "jobs":
            yield _object(
                "batch/v1", "CronJob", one.name, subproject, labels, {"spec": _cron_job(one, template, loaded)}
            )
        else:
            yield from _running(one, template, labels)
        policy = allow(one, services)
        yield _object("networking.k8s.io/v1", "NetworkPolicy", one.name, subproject, labels, {"spec": policy})


def _running(one: Workload, template: dict[str, Any], labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    values, selector = one.values, {"matchLabels": {f"{_PARTS}/name": one.name}}
    many = one.kind == "services" and values["max_instances"] > 1
    spec: dict[str, Any] = {"selector": selector, "template": template, "revisionHistoryLimit": 5}
    if one.kind == "worker_pools":
        spec["replicas"] = values["instances"]
    elif many:
        spec["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    else:  # there may be one only, at any moment
        spec |= {"replicas": 1, "strategy": {"type": "Recreate"}}
    place = one.subproject
    yield _object("apps/v1", "Deployment", one.name, place, labels, {"spec": spec})
    if one.kind != "services":
        return
    ports = [{"name": "http", "port": one.port, "targetPort": "http", "appProtocol": _protocol(values)}]
    if one.grpc_port:
        ports.append({"name": "grpc", "port": one.grpc_port, "targetPort": "grpc", "appProtocol": "kubernetes.io/h2c"})
    service = {"type": "ClusterIP", "selector": selector["matchLabels"], "ports": ports}
    if values["session_affinity"]:
        service["sessionAffinity"] = "ClientIP"
    yield _object("v1", "Service", one.name, place, labels, {"spec": service})
    budget = {"selector": selector, "maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}
    yield _object("policy/v1", "PodDisruptionBudget", one.name, place, labels, {"spec": budget})
    if many:
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": one.name}
        cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": _CPU_PERCENT}}
        scaler = {
            "scaleTargetRef": target,
            "minReplicas": max(1, values["min_instances"]),
            "maxReplicas": values["max_instances"],
            "metrics": [{"type": "Resource", "resource": cpu}],
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        }
        yield _object("autoscaling/v2", "HorizontalPodAutoscaler", one.name, place, labels, {"spec": scaler})


def _cron_job(one: Workload, template: dict[str, Any], loaded: LoadedEnvironment) -> dict[str, Any]:
    """A job by its schedule; without one it is suspended, and run by `kubectl create job --from=cronjob/NAME …`."""
    values = one.values
    schedule = loaded.declared.subprojects[one.subproject].jobs[one.name].schedule
    template["spec"]["restartPolicy"] = "Never"
    job = {
        "completions": values["tasks"],
        "parallelism": values["parallelism"] or values["tasks"],
        "completionMode": "Indexed",
        "backoffLimitPerIndex": values["max_retries"],
        "activeDeadlineSeconds": int(seconds(values["timeout"])) * (values["max_retries"] + 1),
        "ttlSecondsAfterFinished": 86400,
        "template": template,
    }
    return {
        "schedule": schedule.cron if schedule else _NEVER,
        "timeZone": (schedule.time_zone if schedule else None) or loaded.declared.time_zone,
        "suspend": schedule is None or schedule.paused,
        "concurrencyPolicy": "Forbid",
        "jobTemplate": {"metadata": {"labels": template["metadata"]["labels"]}, "spec": job},
    }


def _object(
    version: str, kind: str, name: str, namespace: str | None, labels: Mapping[str, str], rest: Mapping[str, Any]
) -> dict[str, Any]:
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **place, "labels": dict(labels)}, **rest}


def _labels(subproject: str, loaded: LoadedEnvironment) -> dict[str, str]:
    return {
        f"{_PARTS}/part-of": loaded.declared.labels.get("platform", "platform"),
        f"{_PARTS}/component": subproject,
        f"{_PARTS}/managed-by": "envctl",
        "environment": loaded.name,
    }


def _own_labels(one: Workload) -> dict[str, str]:
    _, tag, digest = split(one.values["image"])
    version = digest.partition(":")[2][:12] or dns_name(tag)[:63] or "latest"
    return {f"{_PARTS}/name": one.name, f"{_PARTS}/version": version}


def _protocol(values: Mapping[str, Any]) -> str:
    return "kubernetes.io/h2c" if values["http2"] else "http"


def _secrets(one: Workload) -> Iterator[str]:
    for values in (one.values, *(sidecar for _, sidecar in one.containers())):
        yield from (secret_name(secret["secret"]) for secret in values["secrets"].values())
    yield from (secret_name(v["secret"]["secret"]) for v in one.values["volumes"].values() if v["secret"])
