"""Who may talk to whom: what the grants say, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..workloads import Workload

MONITORING = "monitoring"
"""The namespace that Prometheus runs in."""
_NAMESPACE = "kubernetes.io/metadata.name"
_NAME = "app.kubernetes.io/name"
_EVERYTHING: dict[str, Any] = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
_DNS = {  # the cluster's, and the cache that GKE has on each node
    "to": [
        {"namespaceSelector": {"matchLabels": {_NAMESPACE: "kube-system"}}},
        {"ipBlock": {"cidr": "169.254.20.10/32"}},
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}
_HTTPS = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"protocol": "TCP", "port": 443}]}
# Where GKE's workload identity gives its tokens.
_METADATA = {
    "to": [{"ipBlock": {"cidr": "169.254.169.252/32"}}, {"ipBlock": {"cidr": "169.254.169.254/32"}}],
    "ports": [{"protocol": "TCP", "port": 988}, {"protocol": "TCP", "port": 80}],
}


def deny_all() -> dict[str, Any]:
    """The `spec` of a namespace's own policy: nothing comes in, nothing goes out."""
    return _EVERYTHING


def allow(one: Workload, services: Mapping[str, Workload]) -> dict[str, Any]:
    """The `spec` of a workload's policy: its callers come in, it goes to those that it may call, and out by TLS."""
    made: dict[str, Any] = {"podSelector": {"matchLabels": {_NAME: one.name}}, "policyTypes": ["Ingress", "Egress"]}
    if one.kind == "services":
        came = [_pods(services[path]) for path in one.callers if path in services]
        rules: list[dict[str, Any]] = [{"ports": _ports(one)}] if one.values["ingress"] == "all" else []
        if came and not rules:
            rules.append({"from": came, "ports": _ports(one)})
        scraped = {"from": [{"namespaceSelector": {"matchLabels": {_NAMESPACE: MONITORING}}}], "ports": _ports(one)[:1]}
        made["ingress"] = [*rules, scraped]
    called = [other for other in services.values() if one.path in other.callers]
    calls = [{"to": [_pods(other)], "ports": _ports(other)} for other in called]
    made["egress"] = [_DNS, *calls, _HTTPS, _METADATA]
    return made


def _pods(one: Workload) -> dict[str, Any]:
    return {
        "namespaceSelector": {"matchLabels": {_NAMESPACE: one.subproject}},
        "podSelector": {"matchLabels": {_NAME: one.name}},
    }


def _ports(one: Workload) -> list[dict[str, Any]]:
    numbers = [one.values["port"], *([one.grpc_port] if one.grpc_port else [])]
    return [{"protocol": "TCP", "port": number} for number in numbers]
