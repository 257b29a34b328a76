"""JSON Schemas of the configuration files, made from the models, for editors and other languages."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from functools import cache
from itertools import pairwise
from typing import Any

from .model import ConfigModel
from .registry import document, names

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def texts() -> dict[str, str]:
    """The schemas' texts by their file below `config/`: `schemas/trading.json`, …"""
    return {f"schemas/{name}.json": json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n" for name in names()}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a configuration's files. Nothing is required: an environment's file says only what differs.

    >>> schema("trading")["properties"]["mode"]["enum"]
    ['paper', 'live']
    """
    wanted = document(name)
    made = wanted.model.model_json_schema(mode="validation")
    for model in _models(wanted.model):
        target = made if model is wanted.model else made.get("$defs", {}).get(model.__name__, {})
        for field, text in _docstrings(model).items():
            if field in target.get("properties", {}):
                known = target["properties"][field].get("description", "")
                target["properties"][field]["description"] = f"{text} {known}".strip()
        target.pop("required", None)
    if wanted.is_service:
        made["properties"].pop("SERVICE_NAME", None)
    secret = made.get("$defs", {}).get("Secret")
    if secret is not None:
        secret["description"] = "A reference to a secret; its value never stands in a file."
    made["properties"] = _untitled(made["properties"])
    return {"$schema": _DRAFT, **made, "title": f"{wanted.name}: {(wanted.model.__doc__ or '').splitlines()[0]}"}


def _untitled(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: {k: v for k, v in field.items() if k != "title"} for name, field in properties.items()}


def _models(model: type[ConfigModel]) -> list[type[ConfigModel]]:
    found: list[type[ConfigModel]] = []
    waiting: list[Any] = [model]
    while waiting:
        current = waiting.pop()
        if isinstance(current, type) and issubclass(current, ConfigModel) and current not in found:
            found.append(current)
            waiting += [info.annotation for info in current.model_fields.values()]
        else:
            waiting += getattr(current, "__args__", ())
    return found


@cache
def _docstrings(model: type[ConfigModel]) -> dict[str, str]:
    """The strings that stand below the fields."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not (issubclass(base, ConfigModel) and base is not ConfigModel):
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        for field, text in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                value = text.value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    texts[field.target.id] = " ".join(value.value.split())
    return texts
