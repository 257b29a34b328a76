"""One trace through HTTP, Pub/Sub and gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.wrappers_pb2 import StringValue
from grpc import aio
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared_services import (
    GrpcServer,
    Identity,
    Publisher,
    ReceivedMessage,
    Service,
    ServiceSettings,
    Subscriber,
    create_app,
    current_traceparent,
    flush_tracing,
    grpc_channel,
    setup_tracing,
    shutdown_tracing,
)

from .conftest import PROJECT, Made

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(params=["ids alone", "with spans"])
def spans(request: pytest.FixtureRequest) -> Iterator[InMemorySpanExporter | None]:
    exporter = InMemorySpanExporter() if request.param == "with spans" else None
    if exporter is not None:
        setup_tracing("quotes", exporter=exporter)
    yield exporter
    shutdown_tracing()


async def test_one_trace_is_seen_everywhere(
    environ: dict[str, str], make: Made, name: str, spans: InMemorySpanExporter | None
) -> None:
    make("PUT", f"/pubsub/v1/projects/{{project}}/topics/{name}")
    topic = f"projects/{PROJECT}/topics/{name}"
    make("PUT", f"/pubsub/v1/projects/{{project}}/subscriptions/{name}", {"topic": topic})
    app = create_app(settings=ServiceSettings(identity=Identity("quotes")))
    seen: list[str] = []

    @app.post("/orders")
    async def order() -> None:
        with Publisher(name, project=PROJECT, environ=environ) as publisher:
            await asyncio.to_thread(publisher.publish({"symbol": "TCS"}).result, 20)

    async def ask(request: StringValue, context: Any) -> StringValue:
        seen.append(current_traceparent() or "")
        return request

    def register(server: aio.Server) -> None:
        handler = grpc.unary_unary_rpc_method_handler(ask, StringValue.FromString, StringValue.SerializeToString)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("platform.Risk", {"Ask": handler}),))

    risk = Service(ServiceSettings(identity=Identity("risk"), host="127.0.0.1"))
    face = GrpcServer(risk, register, port=0)
    await risk.start()
    loop = asyncio.get_running_loop()

    async def check() -> None:
        async with grpc_channel(f"127.0.0.1:{face.port}") as channel:
            call = channel.unary_unary("/platform.Risk/Ask", StringValue.SerializeToString, StringValue.FromString)
            await call(StringValue(value="TCS"))

    def handle(message: ReceivedMessage) -> None:
        seen.append(message.attributes["traceparent"])
        seen.append(current_traceparent() or "")
        asyncio.run_coroutine_threadsafe(check(), loop).result(20)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://quotes") as http:
        headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        assert (await http.post("/orders", headers=headers)).status_code == 200
    subscriber = Subscriber(name, project=PROJECT, environ=environ)
    assert await asyncio.to_thread(subscriber.pull, handle, wait_seconds=0) == 1
    await risk.stop()
    assert [each.split("-")[1] for each in seen] == [TRACE] * 3
    assert len({each.split("-")[2] for each in seen}) == 3  # a span of its own at each
    assert {each.split("-")[3] for each in seen} == {"01"}
    if spans is not None:
        flush_tracing()
        finished = spans.get_finished_spans()
        assert {f"{each.context.trace_id:032x}" for each in finished if each.context} == {TRACE}
        assert {each.name for each in finished} == {"POST /orders", f"{name} receive", "platform.Risk/Ask"}
