"""Channels that alerts name, and filters that can't work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..paths import Path
from ..problems import Problem, did_you_mean
from .context import Context


def check_monitoring(context: Context) -> Iterator[Problem]:
    """Channels that aren't declared or are off, and metric filters without a metric or a resource."""
    if context.environment.notification_channels and "monitoring.googleapis.com" not in context.environment.apis:
        where, api = ("notification_channels",), "monitoring.googleapis.com"
        yield context.problem(where, f"needs the API {api}, which apis doesn't list", f"add {api} to apis", key=True)
    for above, _, subproject in context.subprojects():
        for key, policy in subproject.alert_policies.items():
            path = (*above, "alert_policies", key)
            yield from _channels(context, (*path, "channels"), policy.channels)
            for at, condition in enumerate(policy.conditions):
                for kind in ("threshold", "absent"):
                    metric = getattr(condition, kind)
                    if metric is not None:
                        yield from _filter(context, (*path, "conditions", at, kind, "filter"), metric.filter)
        for key, uptime in subproject.uptime_checks.items():
            yield from _channels(context, (*above, "uptime_checks", key, "alert_channels"), uptime.alert_channels)
        for key, service in subproject.slo_services.items():
            for name, slo in service.slos.items():
                if slo.burn_alerts is not None:
                    here = (*above, "slo_services", key, "slos", name, "burn_alerts", "channels")
                    yield from _channels(context, here, slo.burn_alerts.channels)


def _channels(context: Context, path: Path, named: Sequence[str]) -> Iterator[Problem]:
    known = context.environment.notification_channels
    for at, name in enumerate(named):
        if name not in known:
            hint = did_you_mean(name, known, otherwise="declare it below notification_channels, and switch it on")
            yield context.problem((*path, at), f'"{name}" names no notification channel that is on', hint)
        elif name in named[:at]:
            yield context.problem((*path, at), f'"{name}" stands twice', "remove one of the two")


def _filter(context: Context, path: Path, text: str) -> Iterator[Problem]:
    for word in ("metric.type", "resource.type"):
        if word not in text and "select_slo_" not in text:
            yield context.problem(path, f"says no {word}, which Monitoring needs", f'add AND {word}="…"')
