"""References by path: `id` in the own subproject, `subproject/id` in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared_services.yaml.nodes import Mapping as MappingNode
from shared_services.yaml.nodes import locate

from .models import Environment
from .models.base import Reference, Template
from .paths import Path, format_path
from .problems import Problem, did_you_mean
from .structure import Shape, marked
from .switches import is_switched_off
from .templates import VARIABLES, unknown_variables

_SINGULAR = {
    "service_accounts": "service account",
    "topics": "topic",
    "schemas": "schema",
    "secrets": "secret",
    "datasets": "dataset",
    "buckets": "bucket",
    "subscriptions": "subscription",
    "services": "service",
    "workflows": "workflow",
    "kms_keys": "KMS key",
    "sql_instances": "Cloud SQL instance",
    "bigquery_connections": "BigQuery connection",
    "dataset_views": "view",
    "dataset_routines": "routine",
}
# Parts of datasets that can be named, as `dataset.id`.
_PARTS = {"dataset_views": ("views", "materialized_views"), "dataset_routines": ("routines",)}


@dataclass(frozen=True, slots=True)
class Target:
    """The resource that a path names."""

    subproject: str
    id: str
    below: tuple[str, ...] = ()
    """Where it stands below the subproject, for a part of another thing."""

    @property
    def path(self) -> str:
        """The full path, `subproject/id`."""
        return f"{self.subproject}/{self.id}"


class Index:
    """Every id that is declared, by kind. It is made from plain data, so that one broken resource hides no other."""

    def __init__(self, data: Any) -> None:
        self._ids: dict[str, dict[str, Target]] = {}
        self._off: dict[str, set[str]] = {}
        subprojects = data.get("subprojects") if isinstance(data, dict) else None
        for subproject, kinds in (subprojects if isinstance(subprojects, dict) else {}).items():
            for kind, things in (kinds if isinstance(kinds, dict) else {}).items():
                if isinstance(things, dict):
                    found = self._ids.setdefault(kind, {})
                    for name, thing in things.items():
                        path = f"{subproject}/{name}"
                        if is_switched_off(thing):
                            self._off.setdefault(kind, set()).add(path)
                        else:
                            found[path] = Target(subproject, name)
                            if kind == "datasets":
                                self._add_parts(subproject, name, thing)

    def _add_parts(self, subproject: str, dataset: str, fields: Any) -> None:
        for kind, maps in _PARTS.items():
            for part in maps:
                things = fields.get(part) if isinstance(fields, dict) else None
                for name in things if isinstance(things, dict) else ():
                    target = Target(subproject, f"{dataset}.{name}", ("datasets", dataset, part, str(name)))
                    self._ids.setdefault(kind, {})[target.path] = target

    def find(self, kind: str, path: str, subproject: str) -> Target | None:
        """What a path written in a subproject names, or None."""
        return self._ids.get(kind, {}).get(path if "/" in path else f"{subproject}/{path}")

    def is_off(self, kind: str, path: str, subproject: str) -> bool:
        """Whether a path names something that is declared and switched off."""
        return (path if "/" in path else f"{subproject}/{path}") in self._off.get(kind, ())

    def get(self, kind: str, path: str, subproject: str) -> Target:
        """As `find`, where validation has made sure of it.

        Raises:
            KeyError: the path names nothing.
        """
        target = self.find(kind, path, subproject)
        if target is None:
            raise KeyError(f"{kind} {path} in {subproject}")
        return target

    def known(self, kind: str, subproject: str) -> Mapping[str, Target]:
        """All of a kind by path, as they would be written in a subproject."""
        found = self._ids.get(kind, {})
        return {target.id if target.subproject == subproject else path: target for path, target in found.items()}


def is_principal(member: str) -> bool:
    """Whether a grant's member is a principal as IAM writes it, not a path.

    >>> is_principal("group:quants@example.com"), is_principal("strategy-engine/strategy-engine")
    (True, False)
    """
    return ":" in member or member in {"allUsers", "allAuthenticatedUsers"}


def check_markers(data: Any, tree: MappingNode, index: Index) -> Iterator[Problem]:
    """Paths that name nothing, and unknown template variables, anywhere in the data."""
    for path, marker, text in marked(Shape(model=Environment, marked=True), data):
        if isinstance(marker, Template):
            for variable in unknown_variables(text):
                hint = did_you_mean(variable, VARIABLES)
                message = f"there is no variable ${{{variable}}}"
                yield Problem.at(locate(tree, path), format_path(path), message, f"{hint}; $${{ writes ${{ itself")
        elif isinstance(marker, Reference) and not (marker.principals and is_principal(text)):
            subproject = str(path[1]) if path[0] == "subprojects" else ""  # elsewhere, paths are full
            if index.find(marker.kind, text, subproject) is None:
                if index.is_off(marker.kind, text, subproject):
                    if not _in_switched_off(data, path):
                        message, hint = f'"{text}" is switched off', "set its enabled: true, or switch this off too"
                        yield Problem.at(locate(tree, path), format_path(path), message, hint)
                    continue
                known = index.known(marker.kind, subproject)
                thing = _SINGULAR[marker.kind]
                below = " or ".join(_PARTS.get(marker.kind, (marker.kind,)))
                hint = did_you_mean(text, known, otherwise=f"declare it below {below}, or name another")
                message = f'"{text}" names no {thing}'
                yield Problem.at(
                    locate(tree, path), format_path(path), message, hint or f"no {thing} is declared at all"
                )


def _in_switched_off(data: Any, path: Path) -> bool:
    """Whether a path leads through something that is switched off itself."""
    for part in path:
        if is_switched_off(data):
            return True
        data = data[part]
    return is_switched_off(data)
