"""All files of the monitoring of an environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared_services.yaml.nodes import find, plain
from shared_services.yaml.reader import read_file

from ...environments import LoadedEnvironment
from ..model import Export
from ..workloads import Workload, workloads
from ..yaml_text import yaml_text
from .dashboards import dashboard
from .rules import rules

_BUCKETS_MS = (1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000)
_HEAD = "Written by `envctl export monitoring {name}`: change envs/ instead."


def monitoring(loaded: LoadedEnvironment, root: Path) -> Export:
    """Prometheus' and Grafana's files.

    Args:
        loaded: the environment.
        root: the checkout, whose `config/observability.yaml` has the bounds of durations.
    """
    found, head = workloads(loaded, root), _HEAD.format(name=loaded.name)
    platform = loaded.declared.labels.get("platform", "platform")
    buckets = [bound / 1000 for bound in _buckets(root)]
    files = {
        "prometheus/prometheus.yml": yaml_text(_prometheus(found), f"{head}\nFor the compose file beside it."),
        "prometheus/kubernetes.yml": yaml_text(
            _on_kubernetes(), f"{head}\nFor what `envctl export kubernetes` writes."
        ),
        "grafana/provisioning/datasources/prometheus.yml": yaml_text(_source(), head),
        "grafana/provisioning/dashboards/platform.yml": yaml_text(_provider(platform), head),
    }
    notes: list[str] = []
    for subproject, values in sorted(loaded.tfvars["subprojects"].items()):
        own = [one for one in found if one.subproject == subproject]
        made, said = rules(subproject, own, values["slo_services"], buckets)
        notes += said
        if made["groups"]:
            files[f"prometheus/rules/{subproject}.yml"] = yaml_text(made, head)
        shown = dashboard(platform, loaded.name, subproject, own, loaded.declared.time_zone)
        files[f"grafana/dashboards/{subproject}.json"] = json.dumps(shown, indent=2) + "\n"
    return Export(files, tuple(notes))


def _prometheus(found: list[Workload]) -> dict[str, Any]:
    services = [one for one in found if one.kind == "services"]
    targets = [
        {"targets": [f"{one.name}:{one.values['port']}"], "labels": {"service": one.name, "subproject": one.subproject}}
        for one in services
    ]
    # Metrics name their service themselves; the target's label is for those that don't, such as `up`.
    job = {"job_name": "services", "honor_labels": True, "static_configs": targets}
    return {**_shared(), "scrape_configs": [job]}


def _on_kubernetes() -> dict[str, Any]:
    meta = "__meta_kubernetes_pod"
    relabel: list[dict[str, Any]] = [
        {"action": "keep", "source_labels": [f"{meta}_label_app_kubernetes_io_managed_by"], "regex": "envctl"},
        {"action": "keep", "source_labels": [f"{meta}_container_port_name"], "regex": "http"},
        {"source_labels": [f"{meta}_label_app_kubernetes_io_name"], "target_label": "service"},
        {"source_labels": [f"{meta}_label_app_kubernetes_io_component"], "target_label": "subproject"},
        {"source_labels": [f"{meta}_name"], "target_label": "pod"},
    ]
    job = {
        "job_name": "services",
        "honor_labels": True,
        "kubernetes_sd_configs": [{"role": "pod"}],
        "relabel_configs": relabel,
    }
    return {**_shared(), "scrape_configs": [job]}


def _shared() -> dict[str, Any]:
    return {"global": {"scrape_interval": "15s", "evaluation_interval": "15s"}, "rule_files": ["rules/*.yml"]}


def _source() -> dict[str, Any]:
    source = {
        "name": "Prometheus",
        "uid": "prometheus",
        "type": "prometheus",
        "access": "proxy",
        "url": "${PROMETHEUS_URL}",
        "isDefault": True,
        "jsonData": {"timeInterval": "15s"},
    }
    return {"apiVersion": 1, "datasources": [source]}


def _provider(platform: str) -> dict[str, Any]:
    provider = {
        "name": platform,
        "type": "file",
        "folder": platform,
        "allowUiUpdates": False,
        "options": {"path": "/var/lib/grafana/dashboards"},
    }
    return {"apiVersion": 1, "providers": [provider]}


def _buckets(root: Path) -> list[float]:
    path = root / "config/observability.yaml"
    node, problems = read_file(path, path.name) if path.is_file() else (None, [])
    found = None if node is None or problems else find(node, ("metrics", "latency_buckets_ms"))
    return list(plain(found)) if found is not None else list(_BUCKETS_MS)
