"""The port that gRPC is answered at."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import grpc

from sandbox.control.context import Control
from sandbox.control.http import ConnectionCut, Dispatch, Request, Response
from sandbox.rpc import storage_calls, streams

log = logging.getLogger("sandbox")

_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),  # a port that is in use is refused, not shared
    ("grpc.http2.max_ping_strikes", 0),  # a subscriber may ask as often as it likes whether its quiet stream is there
]
_STREAMING_PULL = "google.pubsub.v1.Subscriber/StreamingPull"
_LOG_TAIL = "google.logging.v2.LoggingServiceV2/TailLogEntries"
_READ_ROWS = "google.cloud.bigquery.storage.v1.BigQueryRead/ReadRows"
_STORAGE = "google-cloud-bigquery-storage"
_APPEND_ROWS = "google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows"
# Waits for what may come: a client that is gone must not take the messages that do.
_GIVEN_UP_WITH_ITS_CLIENT = {"google.pubsub.v1.Subscriber/Pull"}


@dataclass(slots=True)
class Serving:
    """gRPC being served. `stop()` ends it."""

    port: int
    _server: grpc.aio.Server

    @property
    def address(self) -> str:
        """As gRPC clients want it: no scheme."""
        return f"127.0.0.1:{self.port}"

    async def stop(self, grace: float | None = 0) -> None:
        """Stop; calls under way get `grace` seconds."""
        await self._server.stop(grace)


async def serve(control: Control, dispatch: Dispatch, port: int = 0) -> Serving:
    """Serve on a port of the loopback address; 0: any. Raises OSError where it is taken."""
    server = grpc.aio.server(options=_OPTIONS)
    server.add_generic_rpc_handlers((_Handler(control, dispatch),))
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError as error:
        raise OSError(f"Port {port} is in use.") from error
    await server.start()
    return Serving(bound, server)


class _Handler(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Every method there is: messages are bytes until it is known which they are."""

    def __init__(self, control: Control, dispatch: Dispatch) -> None:
        self._control = control
        self._dispatch = dispatch
        self._methods: dict[str, Any] = {}

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        name = details.method.removeprefix("/")
        if name.startswith(storage_calls.SERVICES):
            return storage_calls.handler(self._control, self._dispatch, name)
        if name == _STREAMING_PULL:
            return grpc.stream_stream_rpc_method_handler(self._streaming_pull)
        if name == _LOG_TAIL:
            return grpc.stream_stream_rpc_method_handler(self._log_tail)
        if name == _READ_ROWS:
            return grpc.unary_stream_rpc_method_handler(self._read_rows)
        if name == _APPEND_ROWS:
            return grpc.stream_stream_rpc_method_handler(self._append_rows)

        async def unary(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
            return await self._unary(name, request, context)

        return grpc.unary_unary_rpc_method_handler(unary)

    async def _unary(self, name: str, given: bytes, context: grpc.aio.ServicerContext) -> bytes:
        from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

        from sandbox.rpc import methods, transcoding

        try:
            method = self._methods.get(name)
            if method is None:
                # It imports, and the sandbox answers others meanwhile.
                method = self._methods[name] = await asyncio.to_thread(_find, name)
            request = transcoding.to_http(method, method.request.FromString(given), streams.headers(context))
            asking = asyncio.ensure_future(self._ask(request))
            response = await (asking if name in _GIVEN_UP_WITH_ITS_CLIENT else asyncio.shield(asking))
            if response.status < 400:
                return bytes(transcoding.from_json(method.response, response.body).SerializeToString())
        except methods.Unserved as error:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        except (transcoding.Untranscodable, DecodeError) as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except ConnectionCut:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "The connection was cut.")
        except ParseError as error:
            log.exception("%s: an answer that is not its message", name)
            await context.abort(grpc.StatusCode.INTERNAL, f"The sandbox's answer is not the message of {name}: {error}")
        await streams.refuse(context, response)
        return b""  # never: refusing raises

    async def _ask(self, request: Request) -> Response:
        response = await self._dispatch(request)
        if response.status == 501 and request.method == "GET" and request.path.endswith(":getIamPolicy"):
            # Some APIs have it under POST only.
            return await self._dispatch(Request("POST", request.path, request.query, request.headers))
        return response

    async def _streaming_pull(
        self, requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[bytes]:
        from sandbox.rpc import streaming_pull

        async def answers(decoded: AsyncIterator[Any], response: Any) -> AsyncIterator[Any]:
            first = await anext(decoded, None)
            if first is None:
                return
            name = ""
            if first.subscription:  # with the project's id, where the client says its number
                name = str((await self._open(f"/pubsub/v1/{quote(first.subscription)}", context))["name"])
            async for answer in streaming_pull.answers(self._control, name, decoded, first, response):
                yield answer

        async for answer in streams.streamed(requests, context, streaming_pull.load, "google-cloud-pubsub", answers):
            yield answer

    async def _log_tail(
        self, requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[bytes]:
        from sandbox.rpc import log_tail

        answers = functools.partial(log_tail.answers, self._control)
        async for answer in streams.streamed(requests, context, log_tail.load, "google-cloud-logging", answers):
            yield answer

    async def _read_rows(self, request: bytes, context: grpc.aio.ServicerContext) -> AsyncIterator[bytes]:
        from sandbox.rpc import read_rows

        async def requests() -> AsyncIterator[bytes]:
            yield request

        async def answers(decoded: AsyncIterator[Any], response: Any) -> AsyncIterator[Any]:
            asked = await anext(decoded)
            await self._open(f"/bigquerystorage/v1/{quote(asked.read_stream)}", context)
            async for answer in read_rows.answers(self._control, asked, response):
                yield answer

        async for answer in streams.streamed(requests(), context, read_rows.load, _STORAGE, answers):
            yield answer

    async def _append_rows(
        self, requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[bytes]:
        from sandbox.rpc import append_rows

        async def answers(decoded: AsyncIterator[Any], response: Any) -> AsyncIterator[Any]:
            async for answer in append_rows.answers(
                self._control, lambda name: self._open(f"/bigquerystorage/v1/{quote(name)}", context), decoded, response
            ):
                yield answer

        async for answer in streams.streamed(requests, context, append_rows.load, _STORAGE, answers):
            yield answer

    async def _open(self, path: str, context: grpc.aio.ServicerContext) -> dict[str, Any]:
        """What a stream is of, asked for as a client would, so that faults meet streams too."""
        opened = await self._dispatch(Request("GET", path, {}, streams.headers(context)))
        if opened.status >= 400:
            await streams.refuse(context, opened)
        found: dict[str, Any] = opened.json()
        return found


def _find(name: str) -> Any:
    """The method of that name. Raises Unserved."""
    from sandbox.rpc import methods, mixins

    service, _, method = name.partition("/")
    with methods.IMPORTING:
        known = mixins.of_service(service) or methods.of_service(service)
    if method not in known:
        raise methods.Unserved(f"The sandbox does not implement {name}.")
    return known[method]
