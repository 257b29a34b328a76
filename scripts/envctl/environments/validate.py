"""Validation against the models, with pydantic's errors said in words and given their place in the YAML."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from shared_services.yaml.nodes import Mapping, child, locate
from shared_services.yaml.said import said

from .models import Environment
from .paths import Path, format_path
from .problems import Location, Problem, did_you_mean
from .structure import descend, fields


def validate(data: Any, tree: Mapping, base: Mapping) -> tuple[Environment | None, list[Problem], list[Path]]:
    """Validate merged data.

    Args:
        data: the merged environment as plain data.
        tree: the same with its places.
        base: what base.yaml says, for the messages about additions.

    Returns:
        The environment (None when something is wrong), the problems, and the paths that are wrong.
    """
    try:
        return Environment.model_validate(data), [], []
    except ValidationError as error:
        found = list(said(error, tree, _known_keys, lambda path: _missing(path, tree, base)))
        return None, [problem for _, problem in found], [path for path, _ in found]


def _known_keys(path: Path) -> list[str]:
    shape = descend(Environment, path)
    return list(fields(shape.model)) if shape is not None and shape.model is not None else []


def _missing(path: Path, tree: Mapping, base: Mapping) -> Problem:
    """A missing field. Where the whole resource is new in an overlay, its key may be the typo."""
    where = locate(tree, path[:-1], key=True) if len(path) > 1 else Location(tree.at.file)
    missing = f'"{path[-1]}" is missing'
    parent: Any = base
    for depth, part in enumerate(path[:-1]):
        below = child(parent, part) if parent is not None else None
        if below is None:
            if isinstance(parent, Mapping) and isinstance(part, str) and where.file != base.at.file and depth:
                near = did_you_mean(part, parent.items)
                hint = f'base.yaml has no "{part}" here' + (f"; {near}" if near else "")
                return Problem.at(where, format_path(path), missing, hint)
            break
        parent = below
    return Problem.at(where, format_path(path), missing, f"add {path[-1]}: …")
