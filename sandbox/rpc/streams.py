"""What calls have in common that are no requests of HTTP: their streams, their headers, how they are refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc

from sandbox.control.errors import ApiError
from sandbox.control.http import ConnectionCut, Response


async def streamed(
    requests: AsyncIterator[bytes],
    context: grpc.aio.ServicerContext,
    load: Callable[[], tuple[Any, Any]],
    package: str,
    answers: Callable[[AsyncIterator[Any], Any], AsyncIterator[Any]],
) -> AsyncIterator[bytes]:
    """A stream in both directions: `answers` to the decoded requests, its errors as a status."""
    from sandbox.rpc import statuses

    try:
        kind, response = await asyncio.to_thread(load)
    except ImportError:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"pip install {package} beside the sandbox.")
    try:
        async for answer in answers((kind.FromString(each) async for each in requests), response):
            yield answer.SerializeToString()
    except ApiError as error:
        status = statuses.of_error(error.status, error.message, error.details)
        await context.abort(status.code, status.message, status.trailing)
    except ConnectionCut:
        await context.abort(grpc.StatusCode.UNAVAILABLE, "The connection was cut.")


def headers(context: grpc.aio.ServicerContext) -> dict[str, str]:
    """What the client says of itself and of the call."""
    given = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
    return {**given, "content-type": "application/json"}


async def refuse(context: grpc.aio.ServicerContext, response: Response) -> None:
    """End a call as an answer of HTTP that is an error says."""
    from sandbox.rpc import statuses

    status = statuses.of_response(response)
    await context.abort(status.code, status.message, status.trailing)
