"""What the JSON of a request says.

A null is a field that isn't set, and no element of a list: so protobuf's mapping of JSON has it
(https://protobuf.dev/programming-guides/json/). Compute Engine, Cloud Storage, BigQuery and Cloud DNS are older than
that: to them a null in a PATCH clears.
"""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import invalid_argument
from sandbox.control.http import Request

# Fields that hold JSON by itself (google.protobuf.Struct), where a null is a value.
_FREE = frozenset({"jsonPayload", "json_payload", "json"})


def document(request: Request, reason: str = "invalid") -> dict[str, Any]:
    """The JSON object that is the body, with its nulls.

    Raises:
        ApiError: 400, with that reason: the body is no JSON object, or a list in it has a null.
    """
    try:
        found = request.json()
    except (ValueError, RecursionError) as error:
        raise invalid_argument(f"Invalid JSON payload received. {error}", reason=reason) from error
    if not isinstance(found, dict):
        raise invalid_argument("Invalid JSON payload received. The body must be an object.", reason=reason)
    _check(found, "", reason)
    return found


def without_nulls(value: Any) -> Any:
    """A copy in which no object has a null.

    >>> without_nulls({"httpGet": {"port": None}, "grpc": None, "args": [1], "jsonPayload": {"price": None}})
    {'httpGet': {}, 'args': [1], 'jsonPayload': {'price': None}}
    """
    if isinstance(value, dict):
        return {k: v if k in _FREE else without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _check(value: Any, where: str, reason: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _FREE:
                _check(inner, f"{where}.{key}" if where else key, reason)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if inner is None:
                raise invalid_argument(
                    f"Invalid value at '{where}[{at}]': null is no element of a list.",
                    {f"{where}[{at}]": "null"},
                    reason=reason,
                )
            _check(inner, f"{where}[{at}]", reason)
