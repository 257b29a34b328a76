"""Messages as they are sent and received."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from shared_services.errors import InputError

IDEMPOTENCY_KEY = "idempotency_key"
CORRELATION_ID = "correlation_id"


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message that a subscriber was given.

    Args:
        data: its bytes.
        attributes: its attributes.
        message_id: Pub/Sub's id.
        ordering_key: the key whose messages come in order; may be empty.
        delivery_attempt: counts from 1 where the subscription has a dead-letter topic; otherwise 0.
        published: when, in UTC.
    """

    data: bytes
    attributes: Mapping[str, str]
    message_id: str
    ordering_key: str = ""
    delivery_attempt: int = 0
    published: datetime | None = None

    @property
    def key(self) -> str:
        """What is the same for a message sent twice: its sender's key, or else Pub/Sub's id.

        >>> ReceivedMessage(b"", {"idempotency_key": "order-17"}, "9001").key
        'order-17'
        """
        return self.attributes.get(IDEMPOTENCY_KEY) or self.message_id

    def json(self) -> Any:
        """The data as JSON.

        Raises:
            InputError: it is none.

        >>> ReceivedMessage(b'{"symbol": "TCS"}', {}, "1").json()
        {'symbol': 'TCS'}
        """
        try:
            return json.loads(self.data)
        except ValueError as error:
            raise InputError("the message is not JSON", where=self.message_id, why=str(error)) from None


def encoded(data: bytes | str | Mapping[str, Any]) -> bytes:
    """What is sent for some data: mappings as compact JSON.

    >>> encoded({"symbol": "TCS"})
    b'{"symbol":"TCS"}'
    """
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    return json.dumps(data, separators=(",", ":"), default=str).encode()


class Seen(Protocol):
    """Remembers what was handled, so that a message delivered twice is handled once."""

    def claim(self, key: str) -> bool:
        """Whether this key is new; it is taken from now on."""
        ...

    def release(self, key: str) -> None:
        """The handler failed: the key is new again."""
        ...


class SeenInMemory:
    """The latest keys, in this process. Across instances use a store they share, such as a unique key in a database.

    >>> seen = SeenInMemory(2)
    >>> [seen.claim(key) for key in ("a", "b", "a", "c", "a")]
    [True, True, False, True, False]

    Args:
        most: keys that are remembered; the one asked for longest ago goes first.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def claim(self, key: str) -> bool:
        """Whether this key is new; it is taken from now on."""
        with self._lock:
            if key in self._keys:
                self._keys.move_to_end(key)
                return False
            self._keys[key] = None
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)
            return True

    def release(self, key: str) -> None:
        """The key is new again."""
        with self._lock:
            self._keys.pop(key, None)
