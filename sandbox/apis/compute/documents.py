"""Requests' documents: their nulls, what a change makes of what is kept, and fingerprints."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.control import payload
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]
PACIFIC = ZoneInfo("America/Los_Angeles")
"""The clocks of Compute Engine go by it."""


def body_of(call: Call) -> Json:
    """The JSON body, with its nulls: in a PATCH they clear."""
    return payload.document(call.request)


def patched(old: Json, change: Json) -> Json:
    """Objects are merged, everything else is replaced, null clears."""
    made = dict(old)
    for key, value in change.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, dict) and isinstance(made.get(key), dict) and key != "labels":
            made[key] = patched(made[key], value)
        else:
            made[key] = payload.without_nulls(value)
    return made


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
