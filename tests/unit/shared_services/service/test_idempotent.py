"""The header Idempotency-Key: a request is done once, and answered alike."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from shared_services import Idempotency, MemoryKeys, TransientError, create_app, idempotent

from .asgi import client, settings


class Order(BaseModel):
    symbol: str
    quantity: int = 1


class Orders:
    """An application that counts its orders."""

    def __init__(self, once: Idempotency | None = None, *, required: bool = True) -> None:
        self.count = 0
        self.fails: list[Exception] = []
        self.going, self.ends = asyncio.Event(), asyncio.Event()
        self.ends.set()
        routes = APIRouter(route_class=idempotent(once or Idempotency(MemoryKeys()), required=required))
        routes.post("/orders", status_code=201)(self.order)
        routes.get("/orders")(self.all)
        routes.post("/stream")(self.stream)
        self.app: FastAPI = create_app(settings=settings())
        self.app.include_router(routes)

    async def order(self, order: Order, response: Response) -> dict[str, Any]:
        self.going.set()
        await self.ends.wait()
        if self.fails:
            raise self.fails.pop()
        self.count += 1
        response.headers["location"] = f"/orders/N{self.count}"
        return {"order": f"N{self.count}", "symbol": order.symbol}

    async def all(self) -> int:
        return self.count

    async def stream(self) -> StreamingResponse:
        return StreamingResponse(iter([b"a"]))


TCS = {"symbol": "TCS"}


@pytest.mark.parametrize("key", ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', "order-17"])
async def test_the_same_request_has_the_same_answer(key: str) -> None:
    made = Orders()
    async with client(made.app) as http:
        first, again = [await http.post("/orders", json=TCS, headers={"idempotency-key": key}) for _ in range(2)]
        other = await http.post("/orders", json=TCS, headers={"idempotency-key": "another"})
        assert (await http.get("/orders")).json() == 2
    assert first.json() == again.json() == {"order": "N1", "symbol": "TCS"}
    assert (first.status_code, again.status_code, again.headers["location"]) == (201, 201, "/orders/N1")
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert other.json()["order"] == "N2"
    assert first.headers["x-correlation-id"] != again.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("key", "kind"), [(None, "missing"), ("", "malformed"), ("x" * 300, "malformed"), ('"a', "malformed")]
)
async def test_without_a_key_or_with_a_malformed_one_nothing_is_done(key: str | None, kind: str) -> None:
    made = Orders()
    async with client(made.app) as http:
        answer = await http.post("/orders", json=TCS, headers={} if key is None else {"idempotency-key": key})
    assert (answer.status_code, made.count) == (400, 0)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:platform:problem:idempotency-key-{kind}"


async def test_where_no_key_is_required_each_request_is_done() -> None:
    made = Orders(required=False)
    async with client(made.app) as http:
        for _ in range(2):
            assert (await http.post("/orders", json=TCS)).status_code == 201
    assert made.count == 2


async def test_another_request_with_the_same_key_is_422() -> None:
    made = Orders()
    headers = {"idempotency-key": "k"}
    async with client(made.app) as http:
        assert (await http.post("/orders", json=TCS, headers=headers)).status_code == 201
        other = await http.post("/orders", json={"symbol": "INFY"}, headers=headers)
        query = await http.post("/orders?dry=1", json=TCS, headers=headers)
    assert (other.status_code, query.status_code, made.count) == (422, 422, 1)
    assert other.json()["type"] == "urn:platform:problem:idempotency-key-reused"


async def test_while_the_first_still_runs_it_is_409() -> None:
    made = Orders()
    made.ends.clear()
    headers = {"idempotency-key": "k"}
    async with client(made.app) as http:
        first = asyncio.create_task(http.post("/orders", json=TCS, headers=headers))
        await made.going.wait()
        early = await http.post("/orders", json=TCS, headers=headers)
        made.ends.set()
        assert (early.status_code, early.headers["retry-after"]) == (409, "1")
        assert (await first).status_code == 201
    assert made.count == 1


async def test_a_failure_is_not_kept() -> None:
    made = Orders()
    made.fails = [HTTPException(404, "no such symbol"), TransientError("away"), ValueError("a bug")]
    headers = {"idempotency-key": "k"}
    async with client(made.app) as http:
        codes = [(await http.post("/orders", json=TCS, headers=headers)).status_code for _ in range(5)]
        malformed = await http.post("/orders", json={"quantity": "many"}, headers={"idempotency-key": "m"})
        mended = await http.post("/orders", json=TCS, headers={"idempotency-key": "m"})
    assert codes == [500, 503, 404, 201, 201]
    assert (malformed.status_code, mended.status_code, made.count) == (422, 201, 2)


async def test_a_stream_cannot_be_kept() -> None:
    made = Orders()
    async with client(made.app) as http:
        assert (await http.post("/stream", headers={"idempotency-key": "k"})).status_code == 500
