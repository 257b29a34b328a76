"""Services of Cloud Monitoring by what runs them: one's own, or basic ones of a type that Google knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.masks import camel

# Each type of a basic service with its field among a service's identifiers, and the labels that tell one from another.
_TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "APP_ENGINE": ("appEngine", ("module_id",)),
    "CLOUD_ENDPOINTS": ("cloudEndpoints", ("service",)),
    "CLOUD_RUN": ("cloudRun", ("service_name", "location")),
    "CLUSTER_ISTIO": ("clusterIstio", ("location", "cluster_name", "service_namespace", "service_name")),
    "MESH_ISTIO": ("meshIstio", ("mesh_uid", "service_namespace", "service_name")),
    "ISTIO_CANONICAL_SERVICE": (
        "istioCanonicalService",
        ("mesh_uid", "canonical_service_namespace", "canonical_service"),
    ),
    "GKE_NAMESPACE": ("gkeNamespace", ("location", "cluster_name", "namespace_name")),
    "GKE_WORKLOAD": (
        "gkeWorkload",
        ("location", "cluster_name", "namespace_name", "top_level_controller_type", "top_level_controller_name"),
    ),
    "GKE_SERVICE": ("gkeService", ("location", "cluster_name", "namespace_name", "service_name")),
}
# Types that may say which project their cluster is in, which is the service's own otherwise.
_OF_A_PROJECT = ("GKE_NAMESPACE", "GKE_WORKLOAD", "GKE_SERVICE")
# Without a service level indicator of Google's.
_UNMEASURED = _OF_A_PROJECT


def kind(service: Mapping[str, Any]) -> str:
    """The type of a basic service, empty for one of one's own."""
    return str((service.get("basicService") or {}).get("serviceType") or "")


def measured(service_type: str) -> bool:
    """Whether Google measures the availability and latency of such services by itself."""
    return service_type in _TYPES and service_type not in _UNMEASURED


def complete(service: dict[str, Any], project: str) -> None:
    """Check what a service is, and tell it in both ways: by its identifier, and as a basic service."""
    named = [type_ for type_, (field, _) in _TYPES.items() if service.get(field)]
    basic = service.get("basicService") or {}
    if len(named) + ("custom" in service) > 1 or ("custom" in service and basic):
        raise _wrong("identifier", "a service is of one kind")
    if "custom" in service:
        return
    if not basic and not named:
        raise _wrong("basic_service", "a custom or a basic service is needed")
    if basic:
        type_, labels = str(basic.get("serviceType") or ""), dict(basic.get("serviceLabels") or {})
    else:
        (type_,) = named
        given = service[_TYPES[type_][0]]
        labels = {name: given[camel(name)] for name in _TYPES[type_][1] if given.get(camel(name))}
    if type_ not in _TYPES:
        raise _wrong("basic_service.service_type", f'"{type_}" is none of {", ".join(_TYPES)}')
    field, needed = _TYPES[type_]
    more = ("project_id",) if type_ in _OF_A_PROJECT else ()
    lacking = [name for name in needed if not labels.get(name)]
    unknown = [name for name in labels if name not in (*needed, *more)]
    if lacking or unknown:
        said = [f"missing {name}" for name in lacking] + [f"unknown {name}" for name in unknown]
        raise _wrong("basic_service.service_labels", ", ".join(said))
    for other, _ in _TYPES.values():
        service.pop(other, None)
    service["basicService"] = {"serviceType": type_, "serviceLabels": labels}
    service[field] = {camel(name): value for name, value in labels.items()}
    if more:
        service[field].setdefault("projectId", project)


def _wrong(field: str, why: str) -> ApiError:
    return invalid_argument(f"Field service.{field} had an invalid value: {why}.", {f"service.{field}": why})
