"""Kubernetes manifests: an environment's services on a cluster, a namespace a subproject."""

from .manifests import kubernetes

__all__ = ["kubernetes"]
