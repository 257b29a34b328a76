"""Documents of Storage: merge-patches, etags, times, numbers as text."""

from __future__ import annotations

import base64
import copy
from typing import Any

from sandbox.control import payload
from sandbox.control.context import Call, timestamp

WEB = "https://www.googleapis.com/storage/v1"


def body(call: Call) -> dict[str, Any]:
    """The JSON body with its nulls, which a patch needs."""
    return payload.document(call.request, reason="parseError")


def merge(old: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7396).

    >>> merge({"a": {"b": 1, "c": 2}}, {"a": {"b": None}})
    {'a': {'c': 2}}
    """
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def etag(*numbers: int) -> str:
    """An etag as Storage makes them: the numbers as protobuf fields, in base64.

    >>> etag(1)
    'CAE='
    """
    data = bytearray()
    for field, number in enumerate(numbers, 1):
        data.append(field << 3)
        while number > 127:
            data.append(number & 127 | 128)
            number >>= 7
        data.append(number)
    return base64.b64encode(bytes(data)).decode()


def now(call: Call) -> str:
    """The time in milliseconds, as Storage writes it."""
    return timestamp(call.control.clock(), 3)


def numbers_as_text(document: dict[str, Any], *paths: str) -> None:
    """64-bit numbers are text in JSON."""
    for path in paths:
        *above, last = path.split(".")
        place: Any = document
        for part in above:
            place = place.get(part) if isinstance(place, dict) else None
        if isinstance(place, dict) and isinstance(place.get(last), int):
            place[last] = str(place[last])
