"""`google.pubsub.v1.Subscriber/StreamingPull`, the call behind `subscriber.subscribe()`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sandbox.apis.pubsub.messages import Delivery
from sandbox.apis.pubsub.streaming import Settled, Stream
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource
from sandbox.rpc.methods import IMPORTING


def load() -> tuple[type[Any], type[Any]]:
    """The messages of the call. It imports: call it in a thread."""
    with IMPORTING:
        from google.pubsub_v1.types import StreamingPullRequest, StreamingPullResponse

    return StreamingPullRequest.pb(), StreamingPullResponse.pb()


async def answers(
    control: Control, name: str, requests: AsyncIterator[Any], first: Any, response: type[Any]
) -> AsyncIterator[Any]:
    """The stream's answers, until its requests end or it is cancelled. Raises ApiError.

    Args:
        control: the sandbox.
        name: the subscription.
        requests: what the client says after its first request.
        first: the first request.
        response: the class of the answers.
    """
    if not first.subscription:
        raise invalid_argument("The first request of a stream names its subscription.", {"subscription": "required"})
    stream = Stream(
        control,
        name,
        first.stream_ack_deadline_seconds,
        max(0, first.max_outstanding_messages),
        max(0, first.max_outstanding_bytes),
    )
    for settled in _settle(stream, first, response):
        yield settled
    hearing = asyncio.ensure_future(anext(requests, None))
    delivering = asyncio.ensure_future(stream.next())
    try:
        while True:
            await asyncio.wait({hearing, delivering}, return_when=asyncio.FIRST_COMPLETED)
            if delivering.done():
                subscription, found = delivering.result()
                yield _delivered(response, subscription, found)
                delivering = asyncio.ensure_future(stream.next())
            if hearing.done():
                request = hearing.result()
                if request is None:
                    return
                if request.subscription not in ("", first.subscription):
                    raise invalid_argument("A stream keeps its subscription.", {"subscription": "changed"})
                for settled in _settle(stream, request, response):
                    yield settled
                hearing = asyncio.ensure_future(anext(requests, None))
    finally:
        if delivering.done() and not delivering.cancelled() and delivering.exception() is None:
            stream.give_back(delivering.result()[1])
        for task in (hearing, delivering):
            task.cancel()
        await asyncio.gather(hearing, delivering, return_exceptions=True)


def _settle(stream: Stream, request: Any, response: type[Any]) -> list[Any]:
    """Do what a request asks; with exactly-once delivery the client is told what became of it."""
    if len(request.modify_deadline_ack_ids) != len(request.modify_deadline_seconds):
        raise invalid_argument(
            "modify_deadline_ack_ids and modify_deadline_seconds must have one length.",
            {"modify_deadline_seconds": "not as many"},
        )
    if request.stream_ack_deadline_seconds:
        stream.extend(request.stream_ack_deadline_seconds)
    acknowledged = stream.acknowledge(list(request.ack_ids)) if request.ack_ids else None
    modified = None
    if request.modify_deadline_ack_ids:
        modified = stream.modify(
            dict(zip(request.modify_deadline_ack_ids, request.modify_deadline_seconds, strict=True))
        )
    if not stream.subscription().document.get("enableExactlyOnceDelivery"):
        return []
    told = response()
    _confirm(told.acknowledge_confirmation, acknowledged)
    _confirm(told.modify_ack_deadline_confirmation, modified)
    return [told] if acknowledged or modified else []


def _confirm(confirmation: Any, settled: Settled | None) -> None:
    if settled is not None:
        confirmation.ack_ids.extend(settled.taken)
        confirmation.invalid_ack_ids.extend(settled.refused)


def _delivered(response: type[Any], subscription: Resource, found: list[Delivery]) -> Any:
    document = subscription.document
    made = response()
    made.subscription_properties.exactly_once_delivery_enabled = bool(document.get("enableExactlyOnceDelivery"))
    made.subscription_properties.message_ordering_enabled = bool(document.get("enableMessageOrdering"))
    for each in found:
        received = made.received_messages.add()
        received.ack_id = each.ack_id
        if document.get("deadLetterPolicy"):
            received.delivery_attempt = each.attempt
        message = received.message
        message.data = each.data
        message.message_id = str(each.id)
        message.ordering_key = each.ordering_key
        message.attributes.update(each.attributes)
        message.publish_time.FromNanoseconds(round(each.published * 1000) * 1_000_000)
    return made
