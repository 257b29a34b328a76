"""Field masks: which fields an update sets."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

_SNAKE = re.compile(r"_([a-z0-9])")


def camel(name: str) -> str:
    """A field name as JSON writes it.

    >>> camel("ack_deadline_seconds")
    'ackDeadlineSeconds'
    """
    return _SNAKE.sub(lambda match: match.group(1).upper(), name)


def paths(mask: object) -> list[str]:
    """The paths of a mask as text (`a,b.c`), as a list or as `{"paths": […]}`; snake case becomes camel case.

    Keys of maps (`labels.my_key`) keep their spelling, quoted with backticks or not.

    >>> paths("push_config,labels")
    ['pushConfig', 'labels']
    """
    if isinstance(mask, Mapping):
        mask = mask.get("paths", [])
    items: Iterable[str] = mask.split(",") if isinstance(mask, str) else mask if isinstance(mask, list | tuple) else ()
    found: list[str] = []
    for item in items:
        text = str(item).strip()
        if not text:
            continue
        head, _, rest = text.partition(".")
        head = camel(head)
        if rest and head not in _MAPS:
            rest = ".".join(camel(part) for part in rest.split("."))
        path = f"{head}.{rest}" if rest else head
        if path not in found:
            found.append(path)
    return found


_MAPS = frozenset({"labels", "annotations", "userEnvVars", "versionAliases", "attributes"})


def read(document: Mapping[str, Any], path: str) -> Any:
    """The value at a path, or None."""
    value: Any = document
    for part in _parts(path):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def apply(old: Mapping[str, Any], new: Mapping[str, Any], mask: Iterable[str]) -> dict[str, Any]:
    """`old` with the fields of the mask taken from `new`; a field that `new` leaves out is cleared.

    >>> apply({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 9}}, ["a", "b.c"])
    {'b': {'c': 9, 'd': 3}}
    """
    result = copy.deepcopy(dict(old))
    for path in mask:
        if path == "*":
            result = copy.deepcopy(dict(new))
            continue
        value = read(new, path)
        if value is None:
            _remove(result, _parts(path))
        else:
            _write(result, _parts(path), copy.deepcopy(value))
    return result


def _parts(path: str) -> list[str]:
    head, _, rest = path.partition(".")
    if head in _MAPS and rest:
        return [head, rest.strip("`")]
    return path.split(".")


def _write(document: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        inner = document.get(part)
        if not isinstance(inner, dict):
            inner = {}
            document[part] = inner
        document = inner
    document[parts[-1]] = value


def _remove(document: dict[str, Any], parts: list[str]) -> None:
    for part in parts[:-1]:
        inner = document.get(part)
        if not isinstance(inner, dict):
            return
        document = inner
    document.pop(parts[-1], None)
