"""Cloud Storage's gRPC, google.storage.v2 and google.storage.control.v2, over the resources of its JSON API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import grpc

from sandbox.control.context import Control
from sandbox.control.http import Dispatch
from sandbox.rpc import streams

if TYPE_CHECKING:
    from sandbox.rpc.storage_rest import Rest

_CONTROL = "google.storage.control.v2.StorageControl/"
SERVICES = ("google.storage.v2.Storage/", _CONTROL)
# What each stream is: whether the client sends many messages, and whether it gets many.
_STREAMS = {
    "ReadObject": (False, True),
    "BidiReadObject": (True, True),
    "WriteObject": (True, False),
    "BidiWriteObject": (True, True),
}
_KINDS: dict[tuple[bool, bool], Callable[..., grpc.RpcMethodHandler]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


def handler(control: Control, dispatch: Dispatch, name: str) -> grpc.RpcMethodHandler:
    """What answers the method of that full name."""
    many_in, many_out = _STREAMS.get(name.partition("/")[2], (False, False))

    async def answers(given: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[bytes]:
        requests = given if many_in else _once(given)
        found = await _load(name, context)

        async def made(decoded: AsyncIterator[Any], _: Any) -> AsyncIterator[Any]:
            from sandbox.rpc.storage_rest import Rest

            rest = Rest(dispatch, streams.headers(context))
            async for answer in _answers(control, rest, name.partition("/")[2], found, decoded):
                yield answer

        async for answer in streams.streamed(requests, context, lambda: (found[0], None), "", made):
            yield answer

    async def single(given: Any, context: grpc.aio.ServicerContext) -> bytes:
        return [answer async for answer in answers(given, context)][-1]

    return _KINDS[many_in, many_out](answers if many_out else single)


async def _once(request: bytes) -> AsyncIterator[bytes]:
    yield request


async def _load(full: str, context: grpc.aio.ServicerContext) -> Any:
    """The message of a call, and what answers it where it is no stream."""
    name = full.partition("/")[2]
    package = "google-cloud-storage-control" if full.startswith(_CONTROL) else "'google-cloud-storage>=3.17'"

    def look() -> Any:
        from sandbox.rpc import storage_control, storage_messages, storage_methods, storage_writes

        if full.startswith(_CONTROL):
            return storage_control.find(name)
        own = {
            "StartResumableWrite": storage_writes.start,
            "QueryWriteStatus": storage_writes.query,
            "CancelResumableWrite": storage_writes.cancel,
        }
        if name in _STREAMS or name in own:
            return getattr(storage_messages.types(), f"{name}Request").pb(), own.get(name)
        return storage_methods.find(name)

    try:
        found = await asyncio.to_thread(look)
    except ImportError:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"pip install {package} beside the sandbox.")
    if found is None:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"The sandbox does not implement {full}.")
    return found


async def _answers(
    control: Control, rest: Rest, name: str, found: Any, decoded: AsyncIterator[Any]
) -> AsyncIterator[Any]:
    from sandbox.rpc import storage_reads, storage_writes

    if name == "ReadObject":
        async for answer in storage_reads.read(control, rest, await anext(decoded)):
            yield answer
    elif name == "BidiReadObject":
        async for answer in storage_reads.read_ranges(control, rest, decoded):
            yield answer
    elif name == "WriteObject":
        async for answer in storage_writes.write(control, rest, decoded):
            yield answer
    elif name == "BidiWriteObject":
        async for answer in storage_writes.write_both_ways(control, rest, decoded):
            yield answer
    elif name in ("StartResumableWrite", "QueryWriteStatus", "CancelResumableWrite"):
        yield await found[1](control, rest, await anext(decoded))
    else:
        yield await found[1](rest, await anext(decoded))
