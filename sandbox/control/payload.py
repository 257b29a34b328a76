"""What the JSON of a request says.

To most APIs it is a message: a null is a field that isn't set, and no element of a list, as protobuf's mapping of JSON
has it (https://protobuf.dev/programming-guides/json/). Compute Engine, Cloud Storage, BigQuery and Cloud DNS are older:
it is a document, in which a null clears, and a null in a list is nothing (hashicorp/google 5 sends such lists).
"""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import invalid_argument
from sandbox.control.http import Request

# Fields that hold JSON by itself (google.protobuf.Struct), where a null is a value.
_FREE = frozenset({"jsonPayload", "json_payload", "json"})


def document(request: Request, reason: str = "invalid") -> dict[str, Any]:
    """The JSON object that is the body, with its nulls; those that are elements of a list are left out.

    Raises:
        ApiError: 400, with that reason: the body is no JSON object.
    """
    found: dict[str, Any] = _without_null_elements(_object(request, reason))
    return found


def message(request: Request) -> dict[str, Any]:
    """The JSON object that is the body, as a message: what is null isn't there.

    Raises:
        ApiError: 400, the body is no JSON object, or a list in it has a null.
    """
    found = _object(request, "invalid")
    _check(found, "")
    made: dict[str, Any] = without_nulls(found)
    return made


def _object(request: Request, reason: str) -> dict[str, Any]:
    try:
        found = request.json()
    except (ValueError, RecursionError) as error:
        raise invalid_argument(f"Invalid JSON payload received. {error}", reason=reason) from error
    if not isinstance(found, dict):
        raise invalid_argument("Invalid JSON payload received. The body must be an object.", reason=reason)
    return found


def without_nulls(value: Any) -> Any:
    """A copy in which no object has a null.

    >>> without_nulls({"httpGet": {"port": None}, "grpc": None, "args": [1], "jsonPayload": {"price": None}})
    {'httpGet': {}, 'args': [1], 'jsonPayload': {'price': None}}
    """
    if isinstance(value, dict):
        return {k: v if k in _FREE else without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _without_null_elements(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner if key in _FREE else _without_null_elements(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_null_elements(inner) for inner in value if inner is not None]
    return value


def _check(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _FREE:
                _check(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if inner is None:
                at_fault = f"{where}[{at}]"
                raise invalid_argument(
                    f"Invalid value at '{at_fault}': null is no element of a list.", {at_fault: "null"}
                )
            _check(inner, f"{where}[{at}]")
