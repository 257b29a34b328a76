"""What differs between two environments: resolved values, with the place that sets each on either side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared_services.yaml.nodes import Node, child

from .load import LoadedEnvironment
from .origins import origin, written
from .paths import Path, format_path
from .problems import Location

# They differ between any two environments, and by their ids everything that is named after them.
_NAMES = ("environment", "project_id", "project_number")
# Fields for which the environment speaks where a thing says nothing.
_SPOKEN_FOR = {
    "deletion_protection": "deletion_protection",
    "delete_contents_on_destroy": "delete_contents",
    "force_destroy": "delete_contents",
    "location": "region",
    "placeholder": "secret_placeholders",
    "time_zone": "time_zone",
}


class _Absent:
    """What one side doesn't have."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Side:
    """A value in one environment.

    Args:
        value: what terraform gets; `ABSENT` where there is nothing.
        location: where the YAML sets it; None where it is a default, or isn't there.
    """

    value: Any
    location: Location | None = None

    @property
    def is_absent(self) -> bool:
        return self.value is ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that isn't the same in both."""

    path: str
    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two environments, and all that differs."""

    left: str
    right: str
    differences: tuple[Difference, ...]


def diff(left: LoadedEnvironment, right: LoadedEnvironment) -> Comparison:
    """Compare what terraform gets of two environments.

    The names of environment and project, and labels that say them, are no differences: texts in which only they differ
    are the same. A thing that one side lacks is one difference, not one for each of its fields.
    """
    found = _differences(_values(left), _values(right), ())
    differences = tuple(
        Difference(
            format_path(written(path)), Side(ours, _where(left, path, ours)), Side(theirs, _where(right, path, theirs))
        )
        for path, ours, theirs in found
    )
    return Comparison(left.name, right.name, differences)


def _values(loaded: LoadedEnvironment) -> dict[str, Any]:
    """The resolved values, with the environment's own names as the variables that they come from."""
    names = {key: loaded.tfvars[key] for key in _NAMES}
    named = {key: _neutral(value, names) for key, value in loaded.tfvars.items() if key not in _NAMES}
    named["cloud"] = loaded.declared.cloud
    named["labels"] = {key: value for key, value in named["labels"].items() if key != "environment"}
    return named


def _neutral(value: Any, names: dict[str, str | None]) -> Any:
    if isinstance(value, str):
        for key in ("project_id", "project_number"):
            if name := names[key]:
                value = value.replace(name, f"${{{key}}}")
        return "${environment}" if value == names["environment"] else value
    if isinstance(value, dict):
        return {key: _neutral(item, names) for key, item in value.items()}
    return [_neutral(item, names) for item in value] if isinstance(value, list) else value


def _differences(left: Any, right: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in dict.fromkeys([*left, *right]):
            yield from _differences(left.get(key, ABSENT), right.get(key, ABSENT), (*path, key))
    elif left != right or type(left) is not type(right):
        yield path, left, right


def _where(loaded: LoadedEnvironment, path: Path, value: Any) -> Location | None:
    """The line that sets a value; where the thing is silent, the environment's line that speaks for it."""
    if value is ABSENT:
        return None
    node = _node(loaded.tree, written(path))
    if node is None and (made_by := origin(loaded.tree, path)) != written(path):
        node = _node(loaded.tree, made_by)
    if node is None and path[-1] in _SPOKEN_FOR:
        node = _node(loaded.tree, (_SPOKEN_FOR[str(path[-1])],))
    return None if node is None else node.at


def _node(tree: Node, path: Path) -> Node | None:
    node: Node | None = tree
    for part in path:
        node = child(node, part) if node is not None else None
    return node
