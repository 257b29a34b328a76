"""Requests' documents: their nulls, what a change makes of what is kept, and fingerprints."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
PACIFIC = ZoneInfo("America/Los_Angeles")
"""The clocks of Compute Engine go by it."""


def body_of(call: Call) -> Json:
    """The JSON body, with its nulls: in a PATCH they clear."""
    try:
        document = call.request.json()
    except (ValueError, RecursionError) as error:
        raise invalid_argument(f"Invalid JSON payload received. {error}") from error
    if not isinstance(document, dict):
        raise invalid_argument("Invalid JSON payload received. The body must be an object.")
    return document


def without_nulls(document: Json) -> Json:
    """Without the fields that are null."""
    return {key: value for key, value in document.items() if value is not None}


def patched(old: Json, change: Json) -> Json:
    """Objects are merged, everything else is replaced, null clears."""
    document = dict(old)
    for key, value in change.items():
        if value is None:
            document.pop(key, None)
        elif isinstance(value, dict) and isinstance(document.get(key), dict) and key != "labels":
            document[key] = patched(document[key], value)
        else:
            document[key] = value
    return document


def fingerprint(document: Json) -> str:
    """A hash of what is stored: eight bytes in base64."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    return base64.urlsafe_b64encode(digest[:8]).decode()


def insert_for_google(call: Call, collection: str, name: str, fields: Json) -> None:
    """Store what Google makes by itself, for another resource; no operation tells of it."""
    moment = call.control.clock()
    document = {
        "id": str(int(call.control.hex(15), 16)),
        "name": name.rpartition("/")[2],
        "creationTimestamp": call.control.now(),
        **fields,
    }
    call.store.insert(Resource(collection, name, document, moment, moment))


def told_time(moment: float) -> str:
    """A time, in seconds since 1970, as Compute Engine tells it: in California's.

    >>> told_time(0), told_time(1_780_000_000)
    ('1969-12-31T16:00:00.000-08:00', '2026-05-28T13:26:40.000-07:00')
    """
    return datetime.fromtimestamp(moment, PACIFIC).isoformat(timespec="milliseconds")
