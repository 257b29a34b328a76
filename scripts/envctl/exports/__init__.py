"""The platform for other places: a compose file, Kubernetes manifests, Grafana's dashboards, Prometheus' rules."""

from .model import Export, write_export

__all__ = ["Export", "write_export"]
