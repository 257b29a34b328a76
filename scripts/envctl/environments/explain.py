"""Explaining a value: every place that sets it, from the model's default over base.yaml to the environment's file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shared_services.yaml.nodes import Mapping, Node, child, plain

from ..errors import UserError
from .load import LoadedEnvironment
from .models import Environment
from .origins import SUBSCRIPTIONS, is_made
from .paths import Path, format_path, parse_path
from .problems import Location, did_you_mean
from .structure import descend, fields

_RESOURCE_DEPTH = 4  # subprojects, its name, the kind, the id


@dataclass(frozen=True, slots=True)
class Step:
    """One place that says a value.

    Args:
        value: what it says.
        location: where; None for the model's default.
        removed: whether it is a null that removed what stood before.
    """

    value: Any
    location: Location | None = None
    removed: bool = False

    @property
    def source(self) -> str:
        """Where it stands, in words."""
        return str(self.location) if self.location else "default (model)"


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """One value with its history.

    Args:
        path: which value.
        steps: from the first place to the last, which holds.
        rendered: what Terraform gets; only meaningful with `is_rendered`.
        is_rendered: whether the tfvars hold it under this path.
    """

    path: str
    steps: tuple[Step, ...]
    rendered: Any = None
    is_rendered: bool = False

    @property
    def value(self) -> Any:
        """What holds in the end, before references, files and templates are resolved."""
        return self.steps[-1].value if self.steps else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `envctl explain` shows: the value at a path, or all values below it."""

    environment: str
    path: str
    values: tuple[ExplainedValue, ...]

    def text(self) -> str:
        """For people: the last word first."""
        return "\n".join(_text(value) for value in self.values)

    def document(self) -> dict[str, Any]:
        """For programs, as JSON."""
        return {
            "environment": self.environment,
            "path": self.path,
            "values": [_document(value) for value in self.values],
        }


def explain(loaded: LoadedEnvironment, path: str) -> Explanation:
    """Explain a path. Below a resource every field is listed, defaults too; above, only what files say.

    Args:
        loaded: the environment.
        path: such as `subprojects.strategy-engine.topics.signals.retention`.

    Raises:
        UserError: the path names nothing.
    """
    try:
        parts = parse_path(path)
    except ValueError as error:
        raise UserError(str(error)) from None
    declared = loaded.declared.model_dump(by_alias=True)
    found, value = _lookup(declared, parts)
    if not found and not _history(loaded.tree, parts):
        raise _unknown(loaded.name, declared, parts)
    leaves = list(_leaves(value, parts)) if found else [parts]
    explained = [_explained(loaded, leaf) for leaf in leaves]
    if len(leaves) > 1 and len(parts) < _RESOURCE_DEPTH:
        explained = [one for one in explained if any(step.location for step in one.steps)]
    return Explanation(loaded.name, path, tuple(explained))


def _explained(loaded: LoadedEnvironment, path: Path) -> ExplainedValue:
    steps = [*_default(path), *_history(loaded.tree, path)]
    if is_made(loaded.tree, path):
        _, made = _lookup(loaded.declared.model_dump(by_alias=True), path)
        steps.append(Step(made, loaded.where(path)))
    if steps and steps[-1].removed:
        steps += _default(path)  # what holds once nothing is said
    is_rendered, rendered = _lookup(loaded.tfvars, path)
    for kind in SUBSCRIPTIONS:
        if not is_rendered and len(path) > 2 and path[2] == "subscriptions":
            is_rendered, rendered = _lookup(loaded.tfvars, (*path[:2], kind, *path[3:]))
    return ExplainedValue(format_path(path), tuple(steps), rendered, is_rendered)


def _history(tree: Mapping, path: Path) -> list[Step]:
    """What files say, oldest first. An older list is followed too, for what it said at the same index."""
    versions: list[Node] = [tree]
    removed: list[Step] = []
    for part in path:
        below: list[Node] = []
        removed = []
        for version in versions:
            taken = version.removed.get(str(part)) if isinstance(version, Mapping) else None
            if taken is not None:
                below += _chain(taken[0])
                removed.append(Step(None, taken[1], removed=True))
            node = child(version, part)
            below += _chain(node) if node is not None else []
        versions = below
    return [*(Step(plain(node), node.at) for node in versions), *removed]


def _chain(node: Node) -> list[Node]:
    nodes = [node]
    while nodes[-1].previous is not None:
        nodes.append(nodes[-1].previous)
    return nodes[::-1]


def _default(path: Path) -> list[Step]:
    shape = descend(Environment, path[:-1])
    field = fields(shape.model).get(str(path[-1])) if path and shape is not None and shape.model is not None else None
    if field is None or field.required or shape is None or shape.model is None:
        return []
    value = shape.model.model_fields[field.attribute].get_default(call_default_factory=True)
    return [Step(value.model_dump(by_alias=True) if isinstance(value, BaseModel) else value)]


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    else:
        yield path


def _lookup(value: Any, path: Path) -> tuple[bool, Any]:
    part: Any
    for part in path:
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, list | tuple) and isinstance(part, int) and part < len(value)
        ):
            value = value[part]
        else:
            return False, None
    return True, value


def _unknown(name: str, declared: Any, path: Path) -> UserError:
    value = declared
    for depth, part in enumerate(path):
        found, below = _lookup(value, (part,))
        if not found:
            above = format_path(path[:depth]) or "the environment"
            known = [str(key) for key in value] if isinstance(value, dict) else []
            why = f"{above} has no {part}" if isinstance(value, dict) else f"{above} is {json.dumps(value)}"
            return UserError(
                f"{format_path(path)} names nothing in {name}", why=why, todo=did_you_mean(str(part), known)
            )
        value = below
    raise AssertionError("the path exists")


def _text(explained: ExplainedValue) -> str:
    lines = [f"{explained.path} = {_json(explained.value)}"]
    width = max((len(step.source) for step in explained.steps), default=0)
    for number, step in enumerate(reversed(explained.steps)):
        said = "null: removed" if step.removed else _json(step.value)
        note = "" if number == 0 or step.removed else "  (overridden)"
        lines.append(f"  {step.source:<{width}}  {said}{note}")
    if explained.is_rendered and _json(explained.rendered) != _json(explained.value):
        lines.append(f"  {'tfvars':<{width}}  {_json(explained.rendered)}")
    return "\n".join(lines)


def _document(explained: ExplainedValue) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": explained.path,
        "value": explained.value,
        "steps": [
            {
                "value": step.value,
                "file": step.location.file if step.location else None,
                "line": step.location.line if step.location else None,
                "column": step.location.column if step.location else None,
                "removed": step.removed,
            }
            for step in explained.steps
        ],
    }
    if explained.is_rendered:
        document["tfvars"] = explained.rendered
    return document


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
