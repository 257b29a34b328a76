"""Prometheus' configuration and rules, Grafana's dashboards: over the metrics that the base of every service has."""

from .make import monitoring

__all__ = ["monitoring"]
