"""A subscriber's stream: messages as they come, no more at a time than it wants to hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Delivery, parse_ack_id
from sandbox.apis.pubsub.subscriptions import refuse_to_pull, subscriptions
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

_BATCH_MOST = 1000
_SIZE_MOST = 10_000_000
_LOOK_AGAIN = 0.5  # seconds: a lease that expires makes room, or frees its key, without anyone saying so
_WAIT_MOST = 60.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of ack ids that the stream was given."""

    taken: list[str]
    refused: list[str]


@dataclass(slots=True)
class Stream:
    """One stream of a subscription. `most_messages` and `most_bytes`, where they aren't 0, are what may be outstanding:
    sent, and neither acknowledged nor expired, whoever acknowledged it and how.
    """

    control: Control
    name: str
    deadline: int
    most_messages: int = 0
    most_bytes: int = 0
    _sent: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.extend(self.deadline)
        self.subscription()

    def extend(self, deadline: int) -> None:
        """Lease what is sent from now on for so many seconds."""
        if not 10 <= deadline <= 600:
            raise invalid_argument(
                f"Invalid stream ack deadline (stream_ack_deadline_seconds={deadline}): 10 to 600.",
                {"stream_ack_deadline_seconds": "10 to 600"},
            )
        self.deadline = deadline

    def subscription(self) -> Resource:
        """The subscription as it is now. Raises ApiError where it is gone or can't be pulled."""
        found = subscriptions.must(self.control, self.name)
        refuse_to_pull(found)
        return found

    def acknowledge(self, ack_ids: Sequence[str]) -> Settled:
        """Acknowledge messages."""
        refused = self.control.part(Engine).acknowledge(self.subscription(), ack_ids)
        return Settled([each for each in ack_ids if each not in refused], refused)

    def modify(self, deadlines: Mapping[str, int]) -> Settled:
        """Extend leases; 0 gives a message back."""
        engine, subscription = self.control.part(Engine), self.subscription()
        if not all(0 <= seconds <= 600 for seconds in deadlines.values()):
            raise invalid_argument("modify_deadline_seconds must be 0 to 600.", {"modify_deadline_seconds": "0 to 600"})
        leased = engine.leased(self.name)
        settled = Settled([], [])
        for ack_id, seconds in deadlines.items():
            live = parse_ack_id(ack_id) in leased
            (settled.taken if live else settled.refused).append(ack_id)
            engine.modify_deadline(subscription, [ack_id], seconds)
        return settled

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Let others have what was leased and could not be sent."""
        subscription = subscriptions.find(self.control, self.name)
        if subscription is not None:
            self.control.part(Engine).modify_deadline(subscription, [each.ack_id for each in deliveries], 0)

    async def next(self) -> tuple[Resource, list[Delivery]]:
        """Wait for messages, and for room to send them in. Raises ApiError where the subscription goes."""
        engine = self.control.part(Engine)
        while True:
            subscription = self.subscription()
            waiter = engine.waiter(self.name)
            waiter.clear()
            count, size = self._room(engine)
            wait = _LOOK_AGAIN
            if count > 0 and size > 0:
                found = engine.pull(subscription, count, float(self.deadline), size)
                if found:
                    self._sent |= {(each.id, each.attempt): len(each.data) for each in found}
                    return subscription, found
                due, now = engine.next_available(self.name), self.control.clock()
                if due is None:
                    wait = _WAIT_MOST
                elif due > now:
                    wait = min(due - now, _WAIT_MOST)
            # Not `wait_for`: in Python 3.11 it loses a cancellation that comes with the event, and a subscriber that is
            # gone would take the next message.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await waiter.wait()

    def _room(self, engine: Engine) -> tuple[int, int]:
        if not self.most_messages and not self.most_bytes:
            self._sent.clear()
            return _BATCH_MOST, _SIZE_MOST
        if self._sent:
            leased = engine.leased(self.name)
            self._sent = {key: size for key, size in self._sent.items() if key in leased}
        count = self.most_messages - len(self._sent) if self.most_messages else _BATCH_MOST
        size = self.most_bytes - sum(self._sent.values()) if self.most_bytes else _SIZE_MOST
        return min(count, _BATCH_MOST), min(size, _SIZE_MOST)
