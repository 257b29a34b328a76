"""Messages, their leases, and the ack ids that stand for leases."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.control.context import timestamp
from sandbox.control.errors import ApiError, invalid_argument


def seconds(duration: object, default: float = 0.0) -> float:
    """`"600s"` as a number."""
    return float(str(duration).removesuffix("s")) if duration else default


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be published."""

    data: bytes
    attributes: Mapping[str, str]
    ordering_key: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message leased to a subscriber."""

    ack_id: str
    id: int
    attempt: int
    data: bytes
    attributes: dict[str, str]
    ordering_key: str
    published: float

    def document(self) -> dict[str, Any]:
        """The message as the API shows it."""
        message: dict[str, Any] = {"messageId": str(self.id), "publishTime": timestamp(self.published, 3)}
        if self.data:
            message["data"] = base64.b64encode(self.data).decode()
        if self.attributes:
            message["attributes"] = self.attributes
        if self.ordering_key:
            message["orderingKey"] = self.ordering_key
        return message


def ack_id_of(message: int, attempt: int) -> str:
    """The ack id of a lease."""
    return base64.urlsafe_b64encode(f"ack:{message}:{attempt}".encode()).decode()


def parse_ack_id(text: str) -> tuple[int, int]:
    """Message and attempt of an ack id; 400 where it is none."""
    try:
        kind, message, attempt = base64.urlsafe_b64decode(text).decode().split(":")
        if kind == "ack":
            return int(message), int(attempt)
    except (binascii.Error, ValueError, TypeError):
        pass
    raise invalid_argument(f"You have passed an invalid ack ID to the service (ack_id={text}).")


def refused_acks(ack_ids: Sequence[str]) -> ApiError:
    """The answer where exactly-once delivery refuses ack ids."""
    metadata = dict.fromkeys(ack_ids, "PERMANENT_FAILURE_INVALID_ACK_ID")
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "EXACTLY_ONCE_ACKID_FAILURE",
        "domain": "pubsub.googleapis.com",
        "metadata": metadata,
    }
    text = "Some acknowledgement ids in the request were invalid. This could be because they have expired."
    return ApiError("FAILED_PRECONDITION", text, details=[detail])
