"""`base64.*`, `hash.*`, `json.*`, `list.*`, `map.*`, `math.*`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
from typing import Any

from sandbox.workflows.errors import fault
from sandbox.workflows.library.registry import function, must_be
from sandbox.workflows.values import equal, to_json, whole

_ALGORITHMS = {name: name.lower() for name in ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")}


def _bytes(value: Any, name: str) -> bytes:
    must_be("string or bytes", value, name)
    return value.encode() if isinstance(value, str) else bytes(value)


@function("base64.decode", "data padding", padding=True)
def _base64_decode(data: Any, padding: Any) -> bytes:
    text = _bytes(data, "data")
    if not must_be("boolean", padding, "padding"):
        text += b"=" * (-len(text) % 4)
    try:
        return base64.b64decode(text.translate(bytes.maketrans(b"-_", b"+/")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise fault("ValueError", "data is not base64") from error


@function("base64.encode", "data padding", padding=True)
def _base64_encode(data: Any, padding: Any) -> str:
    text = base64.b64encode(_bytes(data, "data")).decode()
    return text if must_be("boolean", padding, "padding") else text.rstrip("=")


@function("hash.compute_checksum", "data algorithm")
def _checksum(data: Any, algorithm: Any) -> bytes:
    return hashlib.new(_algorithm(algorithm), _bytes(data, "data")).digest()


@function("hash.compute_hmac", "key data algorithm")
def _hmac(key: Any, data: Any, algorithm: Any) -> bytes:
    return hmac.new(_bytes(key, "key"), _bytes(data, "data"), _algorithm(algorithm)).digest()


def _algorithm(name: Any) -> str:
    known = _ALGORITHMS.get(must_be("string", name, "algorithm"))
    if known is None:
        raise fault("ValueError", f"unknown algorithm '{name}', expected one of {', '.join(_ALGORITHMS)}")
    return known


@function("json.decode", "data")
def _json_decode(data: Any) -> Any:
    try:
        return json.loads(_bytes(data, "data"), parse_int=lambda text: whole(int(text)), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise fault("ValueError", f"data is not JSON: {error}") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no value of JSON")


@function("json.encode", "data indent", indent=None)
def _json_encode(data: Any, indent: Any) -> bytes:
    return to_json(data, _indent(indent)).encode()


@function("json.encode_to_string", "data indent", indent=None)
def _json_encode_to_string(data: Any, indent: Any) -> str:
    return to_json(data, _indent(indent))


def _indent(given: Any) -> int | None:
    if given is None or isinstance(given, bool):
        return 2 if given else None
    return int(must_be("integer", given, "indent"))


@function("list.concat", "objs val")
def _list_concat(objects: Any, value: Any) -> list[Any]:
    return [*must_be("list", objects, "objs"), value]


@function("list.prepend", "objs val")
def _list_prepend(objects: Any, value: Any) -> list[Any]:
    return [value, *must_be("list", objects, "objs")]


@function("map.delete", "map key")
def _map_delete(given: Any, key: Any) -> dict[str, Any]:
    must_be("string", key, "key")
    if key not in must_be("map", given, "map"):
        raise fault("KeyError", f"key not found: {key}")
    return {name: value for name, value in given.items() if name != key}


@function("map.get", "map keys default", default=None)
def _map_get(given: Any, keys: Any, default: Any) -> Any:
    """What stands at a key or a path of keys; the default where there is none on the way."""
    found = given
    for key in keys if isinstance(keys, list) else [keys]:
        if isinstance(key, int) and not isinstance(key, bool) and isinstance(found, list):
            found = found[key] if 0 <= key < len(found) else None
        else:
            must_be("string", key, "keys")
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            return default
    return found


@function("map.merge", "first second")
def _map_merge(first: Any, second: Any) -> dict[str, Any]:
    return {**must_be("map", first, "first"), **must_be("map", second, "second")}


@function("map.merge_nested", "first second")
def _map_merge_nested(first: Any, second: Any) -> dict[str, Any]:
    merged = {**must_be("map", first, "first")}
    for key, value in must_be("map", second, "second").items():
        before = merged.get(key)
        merged[key] = (
            _map_merge_nested(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
        )
    return merged


@function("math.abs", "x")
def _abs(x: Any) -> Any:
    found = abs(must_be("number", x, "x"))
    return whole(found) if isinstance(found, int) else found


@function("math.floor", "x")
def _floor(x: Any) -> int:
    if not math.isfinite(must_be("number", x, "x")):
        raise fault("ValueError", f"{x} has no floor")
    return whole(math.floor(x))


@function("math.max", "x y")
def _max(x: Any, y: Any) -> Any:
    return max(must_be("number", x, "x"), must_be("number", y, "y"))


@function("math.min", "x y")
def _min(x: Any, y: Any) -> Any:
    return min(must_be("number", x, "x"), must_be("number", y, "y"))


def contains(of: Any, value: Any) -> bool:
    """`value in of`. Raises TypeError of workflows."""
    if isinstance(of, dict):
        return isinstance(value, str) and value in of
    if isinstance(of, list):
        return any(equal(value, each) for each in of)
    raise fault("TypeError", "'in' needs a list or a map")
