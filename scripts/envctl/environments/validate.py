"""Validation against the models, with pydantic's errors said in words and given their place in the YAML."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .models import Environment
from .models.base import FieldError
from .nodes import Mapping, child, locate
from .paths import Path, format_path
from .problems import Location, Problem, did_you_mean
from .reader import describe
from .structure import descend, fields

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


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
        problems, paths = [], []
        for item in error.errors(include_url=False):
            path, at_key = _path(item["loc"])
            problems.append(_problem(item, path, at_key, tree, base))
            paths.append(path)
        return None, problems, paths


def _path(loc: tuple[int | str, ...]) -> tuple[Path, bool]:
    """The path of an error; pydantic marks an error in a key with a last part `[key]`."""
    return (loc[:-1], True) if loc and loc[-1] == "[key]" else (loc, False)


def _problem(item: Any, path: Path, at_key: bool, tree: Mapping, base: Mapping) -> Problem:
    kind, context, value = str(item["type"]), item.get("ctx", {}), item.get("input")
    where, shown = locate(tree, path, key=at_key), format_path(path)
    if kind == "extra_forbidden":
        return Problem.at(locate(tree, path, key=True), shown, "unknown key", _known_keys(path))
    if kind == "missing":
        return _missing(path, tree, base)
    if kind in _EXPECTED:
        expected = _EXPECTED[kind]
        return Problem.at(where, shown, f"expected {expected}, got {describe(value)}", _type_hint(expected, value))
    if kind == "value_error":
        error = context.get("error")
        if isinstance(error, FieldError):
            path = (*path, *error.path)
            where, shown = locate(tree, path), format_path(path)
        return Problem.at(where, shown, str(error))
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", '"')
        known = [part.strip().strip('"') for part in expected.replace(" or ", ", ").split(",")]
        hint = did_you_mean(value, known) if isinstance(value, str) else _type_hint("text", value)
        return Problem.at(
            where, shown, f"expected {expected}, got {describe(value)}", "" if hint.startswith("known") else hint
        )
    return Problem.at(where, shown, _limit(kind, context, value) or str(item["msg"]))


def _known_keys(path: Path) -> str:
    shape = descend(Environment, path[:-1])
    known = fields(shape.model) if shape is not None and shape.model is not None else {}
    return did_you_mean(str(path[-1]), known)


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


def _type_hint(expected: str, value: Any) -> str:
    if expected == "text" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if expected == "true or false" and isinstance(value, str):
        lower = value.lower()
        if lower in {"yes", "on", "y", "true"}:
            return "write true"
        if lower in {"no", "off", "n", "false"}:
            return "write false"
    if expected in {"a whole number", "a number"} and isinstance(value, str):
        digits = value.replace("_", "").replace(",", "")
        if digits.isdecimal() and digits.isascii():
            return f"write {digits.lstrip('0') or '0'} without quotes, _ or ,"
    if expected == "a mapping" and value is None:
        return "write {} for nothing but defaults"
    if expected == "a list" and value is None:
        return "write [] for none"
    if expected == "a list" and isinstance(value, str):
        return "put it in brackets: [ … ]"
    return ""


def _limit(kind: str, context: dict[str, Any], value: Any) -> str:
    got = describe(value)
    texts = {
        "greater_than_equal": ("is at least {ge}", "ge"),
        "greater_than": ("is more than {gt}", "gt"),
        "less_than_equal": ("is at most {le}", "le"),
        "less_than": ("is less than {lt}", "lt"),
        "multiple_of": ("is a multiple of {multiple_of}", "multiple_of"),
        "string_too_short": ("has at least {min_length} characters", "min_length"),
        "string_too_long": ("has at most {max_length} characters", "max_length"),
        "too_short": ("has at least {min_length} entries", "min_length"),
        "too_long": ("has at most {max_length} entries", "max_length"),
        "string_pattern_mismatch": ("matches {pattern}", "pattern"),
    }
    if kind not in texts:
        return ""
    text, name = texts[kind]
    said = text.format(**{name: context[name]})
    if kind in {"too_short", "too_long"}:
        return f"{said}, not {context.get('actual_length', 'that many')}"
    return f"{said}; got {got}"
