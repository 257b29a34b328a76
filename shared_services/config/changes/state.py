"""A configuration as it stands: what the files say, what the bucket says over them, and what comes of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shared_services.yaml.nodes import plain
from shared_services.yaml.problems import Problem

from ..errors import InvalidConfiguration
from ..layers import RemoteObject, files, merge, parse_layer, read_layer
from ..load import load
from ..registry import Document
from ..secret import Secret
from .records import Difference


@dataclass(frozen=True, slots=True)
class State:
    """A configuration as it stands.

    Args:
        name: its name.
        version: the newest; 0 where nothing was ever changed at run time.
        values: in force, defaults included; variables of single processes left out.
        below: without the bucket's layer.
        override: what the bucket's layer says.
        text: the bucket's object.
        origins: the layers, lowest first.
        problems: what is wrong with it, where somebody wrote something wrong into the bucket or a file.
    """

    name: str
    version: int
    values: dict[str, Any]
    below: dict[str, Any]
    override: dict[str, Any]
    text: str = ""
    origins: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What would come of a layer.

    Args:
        values: in force, where nothing is wrong.
        problems: what is wrong.
        differences: what would become different.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    differences: tuple[Difference, ...] = ()


def effective(
    document: Document, folder: Path, environment: str, text: str, shown: str
) -> tuple[dict[str, Any], tuple[str, ...], tuple[Problem, ...]]:
    """The values in force with a text as the bucket's layer, what they are made of, and what is wrong with them."""
    remote = RemoteObject(shown, 0, text.encode()) if text.strip() else None
    try:
        loaded = load(document, folder=folder, environment=environment, environ={}, remote=remote)
    except InvalidConfiguration as error:
        return _merged(document, folder, environment, text), (), error.problems
    values = values_of(loaded.config)
    if document.is_service:
        values.pop("SERVICE_NAME", None)
    return values, tuple(origin.removesuffix("#0") for origin in loaded.origins), ()


def read_layer_text(text: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What a layer's text says, nothing where it can't be read; and what is wrong with it."""
    tree, problems = parse_layer(text.encode(), "layer")
    return ({} if tree is None else dict(plain(tree))), tuple(problems)


def values_of(thing: Any) -> Any:
    """A configuration's values as JSON has them: numbers stay numbers where JSON holds them exactly."""
    if isinstance(thing, Secret):
        return (
            {"secret": thing.secret}
            if thing.version == "latest"
            else {"secret": thing.secret, "version": thing.version}
        )
    if isinstance(thing, BaseModel):
        return {name: values_of(getattr(thing, name)) for name in type(thing).model_fields}
    if isinstance(thing, dict):
        return {str(key): values_of(item) for key, item in thing.items()}
    if isinstance(thing, list | tuple | set | frozenset):
        return [values_of(item) for item in thing]
    if isinstance(thing, Decimal):
        return _number(thing)
    if isinstance(thing, Enum):
        return thing.value
    return thing if thing is None or isinstance(thing, bool | int | float | str) else str(thing)


def differing(before: Any, after: Any, path: tuple[str | int, ...] = ()) -> Iterator[Difference]:
    """The values that differ. Lists are compared whole.

    >>> [(found.path, found.before, found.after) for found in differing({"a": {"b": 1}}, {"a": {"b": 2}})]
    [(('a', 'b'), 1, 2)]
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key not in after:
                yield Difference((*path, key), "removed", before[key], None)
            elif key not in before:
                yield Difference((*path, key), "added", None, after[key])
            else:
                yield from differing(before[key], after[key], (*path, key))
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield Difference(path, "changed", before, after)


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _merged(document: Document, folder: Path, environment: str, text: str) -> dict[str, Any]:
    """What can be read of the layers, unchecked."""
    trees = [read_layer(path, path.name)[0] for path in files(folder, document.file, environment)]
    found = [tree for tree in (*trees, parse_layer(text.encode(), "layer")[0]) if tree is not None]
    if not found:
        return {}
    merged = found[0]
    for tree in found[1:]:
        merged = merge(merged, tree)
    return dict(plain(merged))
