"""The environment's variables as a layer: `RISK__LOSS__DAILY_HALT=0.01`; a service's are plain, `SERVICE_PORT=8001`."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from shared_services.yaml.nodes import Mapping, Node, Scalar, Sequence
from shared_services.yaml.problems import Location, Problem, did_you_mean
from shared_services.yaml.said import known_keys, types_at
from shared_services.yaml.scalars import Ambiguous, resolve

from .registry import Document
from .secret import Secret

# Variables that platforms set under names of their own; the setting's own name wins.
_ALSO = {"SERVICE_PORT": "PORT", "ENVIRONMENT": "PLATFORM_ENVIRONMENT", "PROJECT_ID": "GOOGLE_CLOUD_PROJECT"}
_DATABASE_URL = "DATABASE_URL"


def layer(document: Document, environ: MappingOf[str, str]) -> tuple[Mapping, list[Problem]]:
    """The variables that set something of a configuration, as a layer; their place is `$NAME`."""
    root = Mapping({}, {}, Location(f"${document.name}"))
    problems: list[Problem] = []
    for path, variable in _found(document, environ):
        resolved = _resolved(document.model, path)
        at = Location(f"${variable}")
        if isinstance(resolved, str):
            if document.is_service and len(path) == 1:
                continue
            problems.append(Problem.at(at, ".".join(path), "unknown key", resolved))
            continue
        try:
            _put(root, resolved, _node(document.model, resolved, variable, environ[variable], at), at)
        except Ambiguous as error:
            problems.append(Problem.at(at, ".".join(path), _hidden(str(error), environ[variable]), error.hint))
        except json.JSONDecodeError as error:
            problems.append(Problem.at(at, ".".join(path), f"is not JSON: {error.msg}", 'write it as ["a", "b"]'))
    return root, problems


def _found(document: Document, environ: MappingOf[str, str]) -> list[tuple[tuple[str, ...], str]]:
    """The variables of a configuration, shorter paths first: what sets a part of something wins over the whole."""
    found: list[tuple[tuple[str, ...], str]] = []
    if document.is_service:
        another = environ.get("SERVICE_NAME") not in (None, "", document.name)
        for field in document.model.model_fields:
            if field == "SERVICE_NAME" or (another and field.startswith("SERVICE_")):
                continue
            for variable in (field, *([_ALSO[field]] if field in _ALSO and not another else [])):
                if variable in environ:
                    found.append(((field,), variable))
                    break
        upper = {field: f"{field}__" for field in document.model.model_fields}
        for variable in environ:
            head = variable.split("__", 1)[0]
            if "__" in variable and head in upper:
                found.append((tuple(variable.split("__")), variable))
    else:
        if document.name == "database" and _DATABASE_URL in environ:
            found.append((("url",), _DATABASE_URL))
        prefix = document.name.upper() + "__"
        found += [(tuple(v.removeprefix(prefix).split("__")), v) for v in environ if v.startswith(prefix)]
    return sorted(found, key=lambda item: (len(item[0]), item[1]))


def _resolved(model: type[BaseModel], path: tuple[str, ...]) -> tuple[str, ...] | str:
    """The path with its keys as the model writes them; a hint where it has none."""
    done: tuple[str, ...] = ()
    for part in path:
        known = known_keys(model, done)
        match = next((key for key in known if key.upper() == part.upper()), None)
        if match is None:
            if known or not types_at(model, done) or not _is_mapping(model, done):
                return did_you_mean(part.lower(), known)
            match = part.lower()
        done = (*done, match)
    return done


def _is_mapping(model: type[BaseModel], path: tuple[str, ...]) -> bool:
    return any(get_origin(found) is dict for found in types_at(model, path))


def _node(model: type[BaseModel], path: tuple[str, ...], variable: str, text: str, at: Location) -> Node:
    types = types_at(model, path)
    if any(found is Secret for found in types):
        # The value stays where it is: what is read here may be shown.
        return _as_node({"secret": variable, "env": variable}, at)
    if any(get_origin(found) in (list, tuple, dict, set, frozenset) or _is_model(found) for found in types):
        if text.lstrip()[:1] in "[{":
            return _as_node(json.loads(text), at)
        return Sequence([Scalar(part.strip(), at) for part in text.split(",") if part.strip()], at)
    if any(found is str or _is_text_choice(found) or getattr(found, "__name__", "") == "SecretStr" for found in types):
        return Scalar(text, at)
    return Scalar(resolve(text.strip()), at)


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)


def _is_text_choice(found: Any) -> bool:
    return any(isinstance(choice, str) for choice in get_args(found))


def _as_node(value: Any, at: Location) -> Node:
    if isinstance(value, dict):
        return Mapping({str(k): _as_node(v, at) for k, v in value.items()}, dict.fromkeys(map(str, value), at), at)
    if isinstance(value, list):
        return Sequence([_as_node(item, at) for item in value], at)
    return Scalar(value, at)


def _put(root: Mapping, path: tuple[str, ...], node: Node, at: Location) -> None:
    current = root
    for part in path[:-1]:
        below = current.items.get(part)
        if not isinstance(below, Mapping):
            below = Mapping({}, {}, at)
            current.items[part], current.keys[part] = below, at
        current = below
    current.items[path[-1]], current.keys[path[-1]] = node, at


def _hidden(message: str, value: str) -> str:
    return message.replace(value, "its value")
