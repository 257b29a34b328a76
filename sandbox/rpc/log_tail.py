"""`google.logging.v2.LoggingServiceV2/TailLogEntries`, the call behind `logging_client.tail_log_entries()`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sandbox.apis.logging.tails import Tail, Tails
from sandbox.control.context import Control
from sandbox.control.errors import invalid_argument
from sandbox.rpc import transcoding
from sandbox.rpc.methods import IMPORTING

_WINDOW, _LONGEST = 2.0, 60.0


def load() -> tuple[type[Any], type[Any]]:
    """The messages of the call. It imports: call it in a thread."""
    with IMPORTING:
        from google.cloud.logging_v2.types import TailLogEntriesRequest, TailLogEntriesResponse

    return TailLogEntriesRequest.pb(), TailLogEntriesResponse.pb()


async def answers(control: Control, requests: AsyncIterator[Any], response: type[Any]) -> AsyncIterator[Any]:
    """The stream's answers, until its requests end or it is cancelled; a request takes the place of the one before.

    Raises ApiError.
    """
    tails = control.part(Tails)
    first = await anext(requests, None)
    if first is None:
        return
    tail, window = _follow(tails, first)
    hearing, coming = asyncio.ensure_future(anext(requests, None)), asyncio.ensure_future(tail.next(window))
    try:
        while True:
            await asyncio.wait({hearing, coming}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                yield _told(response, *coming.result())
                coming = asyncio.ensure_future(tail.next(window))
            if hearing.done():
                request = hearing.result()
                if request is None:
                    return
                tails.end(tail)
                coming.cancel()
                tail, window = _follow(tails, request)
                coming = asyncio.ensure_future(tail.next(window))
                hearing = asyncio.ensure_future(anext(requests, None))
    finally:
        tails.end(tail)
        for task in (hearing, coming):
            task.cancel()
        await asyncio.gather(hearing, coming, return_exceptions=True)


def _follow(tails: Tails, request: Any) -> tuple[Tail, float]:
    given = request.HasField("buffer_window")
    window = request.buffer_window.ToNanoseconds() / 1e9 if given else _WINDOW
    if not 0 <= window <= _LONGEST:
        raise invalid_argument(f"buffer_window is {window:g}s: 0s to 60s.", {"buffer_window": "0s to 60s"})
    return tails.follow(request.resource_names, request.filter), window


def _told(response: type[Any], entries: list[dict[str, Any]], suppressed: int) -> Any:
    document: dict[str, Any] = {"entries": entries}
    if suppressed:
        document["suppressionInfo"] = [{"reason": "NOT_CONSUMED", "suppressedCount": suppressed}]
    return transcoding.from_json(response, json.dumps(document).encode())
