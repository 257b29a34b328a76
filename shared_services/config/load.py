"""Reads a configuration once: its layers, merged and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from shared_services.yaml.nodes import Mapping, plain
from shared_services.yaml.problems import Location, Problem
from shared_services.yaml.said import known_keys, said

from . import layers, variables
from .errors import InvalidConfiguration
from .layers import RemoteObject
from .model import ConfigModel
from .registry import Document
from .secret import Secret


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration as it was read.

    Args:
        config: the checked model.
        digest: of the merged data, to tell whether anything changed.
        origins: what it was made of, lowest first.
    """

    config: ConfigModel
    digest: str
    origins: tuple[str, ...]


def load(
    document: Document,
    *,
    folder: Path,
    environment: str,
    environ: MappingOf[str, str],
    remote: RemoteObject | None = None,
    complete: bool = False,
) -> Loaded:
    """Read a configuration.

    Raises:
        InvalidConfiguration: something in it is wrong; the error names every place.
        StillBeingWritten: `complete` was asked for, and a file isn't yet.
    """
    problems: list[Problem] = []
    merged = Mapping({}, {}, Location(f"{folder.name}/{document.file}"))
    origins = ["defaults"]
    base, own = layers.files(folder, document.file, environment)
    read = [(path, f"{folder.name}/{path.relative_to(folder)}") for path in (base, own)]
    for path, shown in read:
        tree, found = layers.read_layer(path, shown, complete=complete)
        problems += found
        if tree is not None:
            merged = layers.merge(merged, tree)
            origins.append(shown)
        elif path == base and not found and document.required and remote is None and not path.exists():
            problems.append(Problem(shown, 1, 1, "", "there is no such file", f"set CONFIG_DIR, or write {path}"))
    if remote is not None:
        tree, found = layers.parse_layer(remote.data, remote.name)
        problems += found
        if tree is not None:
            merged = layers.merge(merged, tree)
            origins.append(f"{remote.name}#{remote.generation}")
    tree, found = variables.layer(document, environ)
    problems += found
    if tree.items:
        merged = layers.merge(merged, tree)
        origins += sorted({f"${path}" for path in _variables(tree)})
    if problems:
        raise InvalidConfiguration(document.name, problems)
    data = plain(merged)
    if document.is_service:
        data["SERVICE_NAME"] = document.name
    return Loaded(_validated(document, data, merged, environ), _digest(data, environ), tuple(origins))


def _validated(document: Document, data: Any, tree: Mapping, environ: MappingOf[str, str]) -> Any:
    model = document.model
    try:
        # JSON is where strict models still read times, decimals and tuples, as YAML writes them.
        config = model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        found = said(error, tree, lambda path: known_keys(model, path))
        raise InvalidConfiguration(document.name, [problem for _, problem in found]) from None
    return with_secrets(config, lambda secret: secret.from_variables(environ))


def with_secrets(config: ConfigModel, change: Any) -> Any:
    """A copy of a configuration in which every secret went through a function; the same object where none changed."""
    changed: dict[str, Any] = {}
    for name in type(config).model_fields:
        value = getattr(config, name)
        new = _changed(value, change)
        if new is not value:
            changed[name] = new
    return config.model_copy(update=changed) if changed else config


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, Secret):
        return change(value)
    if isinstance(value, BaseModel):
        return with_secrets(value, change) if isinstance(value, ConfigModel) else value
    if isinstance(value, dict):
        new = {key: _changed(item, change) for key, item in value.items()}
        return new if any(new[key] is not value[key] for key in value) else value
    if isinstance(value, tuple):
        items = tuple(_changed(item, change) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def _variables(tree: Mapping) -> set[str]:
    found: set[str] = set()
    for key, node in tree.items.items():
        if isinstance(node, Mapping):
            found |= _variables(node) or {tree.keys[key].file[1:]}
        found.add(tree.keys[key].file[1:])
    return found


def _digest(data: Any, environ: MappingOf[str, str]) -> str:
    """Of the data, with the secrets that variables hold in it: a new value is a change too."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode())
    for name in sorted(_secret_variables(data)):
        digest.update(b"\0" + environ.get(name, "").encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _secret_variables(data: Any) -> set[str]:
    if isinstance(data, dict):
        if set(data) == {"secret", "env"}:
            return {data["env"]}
        return {name for item in data.values() for name in _secret_variables(item)}
    return {name for item in data for name in _secret_variables(item)} if isinstance(data, list) else set()
