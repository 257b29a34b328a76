"""Whatever is asked, within the OpenAPI or beside it: never a 500, and every error is a problem document."""

from __future__ import annotations

from typing import Annotated

import pytest
import schemathesis
from fastapi import APIRouter, Body, Header, HTTPException, Path, Query
from hypothesis import HealthCheck, Phase, settings
from pydantic import BaseModel, Field

from shared_services import (
    Idempotency,
    MemoryKeys,
    PushEndpoint,
    ReceivedMessage,
    create_app,
    idempotent,
)

from .asgi import client
from .asgi import settings as service_settings


class Order(BaseModel):
    symbol: str = Field(pattern="^[A-Z]{1,10}$")
    quantity: int = Field(ge=1, le=1_000_000)
    price: float | None = None
    tags: list[str] = []


def application() -> object:
    """Routes of every kind that a service has: path, query, header, body, keys, pushes."""
    app = create_app(settings=service_settings())

    @app.get("/bars/{symbol}/{day}")
    async def bars(
        symbol: Annotated[str, Path(max_length=20)],
        day: Annotated[int, Path(ge=0)],
        most: Annotated[int, Query(ge=1, le=1000)] = 10,
        x_strategy: Annotated[str, Header()] = "",
    ) -> dict[str, object]:
        if day % 7 == 6:
            raise HTTPException(404, f"no bars of {symbol} that day")
        return {"symbol": symbol, "day": day, "most": most, "strategy": x_strategy}

    @app.put("/limits/{strategy}")
    async def limits(strategy: str, limits: Annotated[dict[str, float], Body()]) -> int:
        return len(limits)

    orders = APIRouter(route_class=idempotent(Idempotency(MemoryKeys())))

    @orders.post("/orders", status_code=201)
    async def order(order: Order, idempotency_key: Annotated[str, Header()]) -> Order:
        return order

    @app.post("/push/signals")
    @PushEndpoint()
    async def push(message: ReceivedMessage) -> None:
        """Nothing."""

    app.include_router(orders)
    return app


schema = schemathesis.openapi.from_asgi("/openapi.json", application())


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_a_500(case: schemathesis.Case) -> None:
    answer = case.call()
    assert answer.status_code < 500, f"{case.as_curl_command()} answered {answer.status_code}: {answer.text}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        said = answer.json()
        assert said["status"] == answer.status_code
        assert {"type", "title", "correlation_id"} <= said.keys()


@pytest.mark.parametrize("path", ["/health", "/metrics", "/no/such/path", "/bars/%ff/%00", "/bars/../../etc/passwd"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"])
async def test_no_method_on_any_path_makes_a_500(method: str, path: str) -> None:
    async with client(application()) as http:
        answer = await http.request(method, path)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
