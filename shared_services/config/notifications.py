"""Messages on `config-changed`: our own, and those that Cloud Storage sends for an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notification:
    """That configurations changed.

    Args:
        names: which; none means any.
        reason: why, for the log.
    """

    names: tuple[str, ...] = ()
    reason: str = ""


def parse_notification(data: bytes, attributes: Mapping[str, str], prefix: str = "") -> Notification | None:
    """What a message says, or None where it is about something else.

    >>> parse_notification(b'{"names": ["risk"], "reason": "limit lowered"}', {})
    Notification(names=('risk',), reason='limit lowered')
    >>> parse_notification(b"", {"objectId": "services/api-gateway.yaml", "eventType": "OBJECT_FINALIZE"})
    Notification(names=('api-gateway',), reason='OBJECT_FINALIZE')
    >>> parse_notification(b"", {"objectId": "notes.txt", "eventType": "OBJECT_FINALIZE"}) is None
    True

    Args:
        data: the message's data.
        attributes: the message's attributes.
        prefix: what precedes the names of the bucket's objects.
    """
    thing = attributes.get("objectId")
    if thing is not None:
        if not thing.startswith(prefix) or not thing.endswith(".yaml"):
            return None
        name = thing.removeprefix(prefix).removesuffix(".yaml").removeprefix("services/")
        return Notification((name,), attributes.get("eventType", ""))
    try:
        document = json.loads(data or b"{}")
    except ValueError:
        return Notification(reason="a message that is not JSON")
    if not isinstance(document, dict):
        return Notification(reason="a message that is no object")
    names = document.get("names")
    listed = tuple(str(name) for name in names) if isinstance(names, list) else ()
    return Notification(listed, str(document.get("reason", "")))
