"""The gRPC face: health, reflection, what goes along with a call, errors as statuses, an end without loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from shared_services import (
    CircuitOpen,
    GrpcServer,
    InputError,
    RateLimited,
    Service,
    bound_correlation_id,
    correlation_id,
    current_traceparent,
    deadline,
    grpc_channel,
    remaining,
    span,
)
from shared_services.service.metrics import rendered
from tests.support.waiting import eventually_async

from .asgi import Line, settings

BEGUN = asyncio.Event()
ERRORS = {
    "input": InputError("no such symbol"),
    "open": CircuitOpen("kite", 1),
    "limited": RateLimited("kite", 1),
    "bug": KeyError("password=hunter2"),
}


async def ask(request: StringValue, context: Any) -> StringValue:
    word = request.value
    if word in ERRORS:
        raise ERRORS[word]
    if word == "slow":
        BEGUN.set()
        await asyncio.sleep(0.3)
    if word == "abort":
        await context.abort(grpc.StatusCode.NOT_FOUND, "no order N1")
    return StringValue(value=f"{correlation_id()} {(current_traceparent() or '')[3:35]} {remaining():.1f}")


async def ticks(request: StringValue, context: Any) -> AsyncIterator[StringValue]:
    for number in range(3):
        yield StringValue(value=f"{request.value} {number}")


def register(server: aio.Server) -> None:
    parts = {"request_deserializer": StringValue.FromString, "response_serializer": StringValue.SerializeToString}
    handlers = {
        "Ask": grpc.unary_unary_rpc_method_handler(ask, **parts),
        "Ticks": grpc.unary_stream_rpc_method_handler(ticks, **parts),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("platform.Quotes", handlers),))


class Face:
    """A running gRPC face, and calls of it."""

    def __init__(self, **more: Any) -> None:
        self.service = Service(settings(host="127.0.0.1", **more))
        self.server = GrpcServer(self.service, register, names=["platform.Quotes"], port=0, health_seconds=0.02)
        self.channel: aio.Channel | None = None

    async def __aenter__(self) -> Face:
        await self.service.start()
        self.channel = grpc_channel(f"127.0.0.1:{self.server.port}")
        self.ask = self.channel.unary_unary(
            "/platform.Quotes/Ask",
            request_serializer=StringValue.SerializeToString,
            response_deserializer=StringValue.FromString,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.channel is not None
        await self.channel.close()
        await self.service.stop()


async def test_a_call_carries_its_correlation_id_its_trace_and_the_time_left() -> None:
    async with Face() as face:
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        with bound_correlation_id("c-9"), span("outer", headers), deadline(9):
            answer = (await face.ask(StringValue(value="x"))).value
        assert answer.split()[:2] == ["c-9", trace]
        assert 0 < float(answer.split()[2]) <= 9  # it would be 10 without
        text = rendered().decode()
    assert 'grpc_requests_total{method="/platform.Quotes/Ask",service="quotes",status="OK"}' in text
    assert 'grpc_request_duration_seconds_bucket{le="0.005",method="/platform.Quotes/Ask",' in text


@pytest.mark.parametrize(
    ("word", "code", "details"),
    [
        ("input", grpc.StatusCode.INVALID_ARGUMENT, "no such symbol"),
        ("open", grpc.StatusCode.UNAVAILABLE, "kite is not called"),
        ("limited", grpc.StatusCode.RESOURCE_EXHAUSTED, "kite makes too many calls"),
        ("bug", grpc.StatusCode.INTERNAL, "an error that is logged under the correlation id"),
        ("abort", grpc.StatusCode.NOT_FOUND, "no order N1"),
    ],
)
async def test_errors_are_statuses(word: str, code: grpc.StatusCode, details: str, _lines: list[Line]) -> None:
    async with Face() as face:
        with pytest.raises(aio.AioRpcError) as failed:
            await face.ask(StringValue(value=word))
    assert (failed.value.code(), failed.value.details()) == (code, details)
    assert [line["grpc_status"] for line in _lines if "grpc_status" in line] == [code.name]


async def test_streams_are_counted_too() -> None:
    async with Face() as face:
        assert face.channel is not None
        call = face.channel.unary_stream(
            "/platform.Quotes/Ticks",
            request_serializer=StringValue.SerializeToString,
            response_deserializer=StringValue.FromString,
        )
        assert [tick.value async for tick in call(StringValue(value="TCS"))] == ["TCS 0", "TCS 1", "TCS 2"]
    assert 'grpc_requests_total{method="/platform.Quotes/Ticks",service="quotes",status="OK"}' in rendered().decode()


async def test_health_follows_the_checks_and_reflection_names_the_services() -> None:
    async with Face() as face:
        assert face.channel is not None
        works = True
        face.service.health.fresh_seconds = 0
        face.service.health.add("postgres", lambda: works, kind="database")
        health = health_pb2_grpc.HealthStub(face.channel)
        request = health_pb2.HealthCheckRequest(service="platform.Quotes")
        serving, not_serving = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING

        async def says(wanted: int) -> bool:
            return bool((await health.Check(request)).status == wanted)

        assert await eventually_async(lambda: says(serving))
        works = False
        assert await eventually_async(lambda: says(not_serving))
        stub = reflection_pb2_grpc.ServerReflectionStub(face.channel)
        asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        answers = [answer.list_services_response.service async for answer in stub.ServerReflectionInfo(asked)]
        assert {"platform.Quotes", "grpc.health.v1.Health"} <= {each.name for each in answers[0]}
        await face.service.drain()
        assert (await health.Check(request)).status == not_serving


async def test_calls_under_way_end_when_it_stops() -> None:
    BEGUN.clear()
    async with Face() as face:
        call = asyncio.ensure_future(face.ask(StringValue(value="slow")))
        await BEGUN.wait()
        await face.service.stop()
        assert (await call).value
        with pytest.raises(aio.AioRpcError):
            await face.ask(StringValue(value="x"))


async def test_a_client_that_calls_too_often() -> None:
    async with Face(rate_per_second=0.1, rate_burst=1) as face:
        await face.ask(StringValue(value="x"))
        with pytest.raises(aio.AioRpcError) as failed:
            await face.ask(StringValue(value="x"))
    assert failed.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_without_a_token_no_call_comes_in() -> None:
    async with Face(audiences=("quotes",), certificates="google") as face:
        with pytest.raises(aio.AioRpcError) as failed:
            await face.ask(StringValue(value="x"))
    assert failed.value.code() is grpc.StatusCode.UNAUTHENTICATED
