"""pydantic's errors said in words, with their place in the YAML."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .nodes import Mapping, locate
from .paths import Path, format_path
from .problems import Problem, did_you_mean
from .reader import describe

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


class FieldError(ValueError):
    """Raised by a validator of a whole model, with the path below it of the one field that has to change."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def said(
    error: ValidationError,
    tree: Mapping,
    known: Callable[[Path], Iterable[str]],
    missing: Callable[[Path], Problem] | None = None,
) -> Iterator[tuple[Path, Problem]]:
    """Each thing that is wrong, with its path.

    Args:
        error: what pydantic raised.
        tree: the data with its places.
        known: the keys that a mapping at a path may have.
        missing: says that the key at a path is missing; by default in the mapping that lacks it.
    """
    for item in error.errors(include_url=False):
        loc = item["loc"]
        # pydantic marks an error in a key with a last part `[key]`
        path, at_key = (loc[:-1], True) if loc and loc[-1] == "[key]" else (loc, False)
        if str(item["type"]) == "missing":
            yield path, missing(path) if missing is not None else _missing(path, tree)
        else:
            yield path, _problem(item, path, at_key, tree, known)


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at a path below a model may have; none where any key will do.

    >>> class Limits(BaseModel):
    ...     orders: int
    ...     symbols: dict[str, int]
    >>> known_keys(Limits, ()), known_keys(Limits, ("symbols",))
    (['orders', 'symbols'], [])
    """
    return [key for found in types_at(model, path) for key in _fields(found)]


def types_at(model: type[BaseModel], path: Path) -> list[Any]:
    """The types that a value at a path below a model may have: unions give several, unknown paths none."""
    found: list[Any] = [model]
    for part in path:
        found = [below for annotation in found for below in _step(annotation, part)]
    return found


def _step(annotation: Any, part: str | int) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = _fields(annotation).get(str(part))
        return [] if field is None else _arms(field)
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return _arms(arguments[-1]) if get_origin(annotation) in (list, tuple, dict, frozenset, set) else []


def _fields(annotation: Any) -> dict[str, Any]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return {}
    return {info.alias or name: info.annotation for name, info in annotation.model_fields.items()}


def _arms(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _arms(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [arm for part in get_args(annotation) for arm in _arms(part)]
    return [] if annotation is type(None) else [annotation]


def _problem(item: Any, path: Path, at_key: bool, tree: Mapping, known: Callable[[Path], Iterable[str]]) -> Problem:
    kind, context, value = str(item["type"]), item.get("ctx", {}), item.get("input")
    where, shown = locate(tree, path, key=at_key), format_path(path)
    if kind == "extra_forbidden":
        return Problem.at(
            locate(tree, path, key=True), shown, "unknown key", did_you_mean(str(path[-1]), known(path[:-1]))
        )
    if kind in _EXPECTED:
        expected = _EXPECTED[kind]
        return Problem.at(where, shown, f"expected {expected}, got {describe(value)}", _type_hint(expected, value))
    if kind == "value_error":
        error = context.get("error")
        if isinstance(error, FieldError):
            path = (*path, *error.path)
            where, shown = locate(tree, path), format_path(path)
        return Problem.at(where, shown, str(error))
    if kind in {"literal_error", "enum"}:
        expected = str(context.get("expected", "")).replace("'", '"')
        names = [part.strip().strip('"') for part in expected.replace(" or ", ", ").split(",")]
        hint = did_you_mean(value, names) if isinstance(value, str) else _type_hint("text", value)
        return Problem.at(
            where, shown, f"expected {expected}, got {describe(value)}", "" if hint.startswith("known") else hint
        )
    return Problem.at(where, shown, _limit(kind, context, value) or str(item["msg"]))


def _missing(path: Path, tree: Mapping) -> Problem:
    where = locate(tree, path[:-1], key=True)
    return Problem.at(where, format_path(path), f'"{path[-1]}" is missing', f"add {path[-1]}: …")


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
