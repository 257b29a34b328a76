"""What the YAML says of use: that the things are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_services.yaml.nodes import plain

from ..problems import Problem, did_you_mean
from .context import Context

# What belongs to the environment and to no one thing.
WHOLE = ("environment/logs", "environment/bigquery", "environment/egress")


def check_usage(context: Context) -> Iterator[Problem]:
    """Each path of `usage` leads to something that is declared, be it switched off."""
    if not context.environment.usage:
        return
    known = set(_known(plain(context.tree)))
    for path in context.environment.usage:
        if path not in known:
            hint = did_you_mean(path, sorted(known), otherwise="paths are subproject/kind/key")
            yield context.problem(("usage", path), "there is no such thing", hint, key=True)


def _known(data: dict[str, Any]) -> Iterator[str]:
    yield from WHOLE
    for kind, things in _maps(data.get("network")):
        yield from (f"environment/{kind}/{key}" for key in things)
    for name, subproject in _map(data.get("subprojects")).items():
        for kind, things in _maps(subproject):
            yield from (f"{name}/{kind}/{key}" for key in things)
        for key, dataset in _map(_map(subproject).get("datasets")).items():
            yield from (f"{name}/tables/{key}.{table}" for table in _map(_map(dataset).get("tables")))


def _maps(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((key, value) for key, value in _map(data).items() if isinstance(value, dict))


def _map(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}
