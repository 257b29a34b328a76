"""The memory cache against a model; one computation for all who ask."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared_services import Cache, MemoryCache

KEYS = st.sampled_from("abcdef")


class MemoryMachine(RuleBasedStateMachine):
    """Against an ordered dict with times."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.cache = MemoryCache(3, 10, clock=lambda: self.now)
        self.model: OrderedDict[str, tuple[float, int]] = OrderedDict()

    @rule(key=KEYS, value=st.integers(), ttl=st.sampled_from([None, 1.0, 30.0]))
    def set(self, key: str, value: int, ttl: float | None) -> None:
        self.cache.set(key, value, ttl)
        self.model.pop(key, None)
        self.model[key] = (self.now + (10 if ttl is None else ttl), value)
        while len(self.model) > 3:
            self.model.popitem(last=False)

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        until, value = self.model.get(key, (0.0, -1))
        alive = key in self.model and until > self.now
        assert self.cache.get(key, "none") == (value if alive else "none")
        if alive:
            self.model.move_to_end(key)
        else:
            self.model.pop(key, None)

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        assert self.cache.delete(key) == (self.model.pop(key, None) is not None)

    @rule(seconds=st.sampled_from([0.5, 1.0, 11.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def it_has_no_more_than_it_may(self) -> None:
        assert len(self.cache) == len(self.model) <= 3


MemoryMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMemoryMachine = MemoryMachine.TestCase


def test_none_is_a_value() -> None:
    cache = Cache()
    assert [cache.get_or_load("k", lambda: None), cache.get("k", "missing")] == [None, None]


def test_threads_that_ask_at_once_have_it_computed_once() -> None:
    cache, calls, answers = Cache(), [], []

    def load() -> int:
        calls.append(1)
        time.sleep(0.02)
        return 7

    threads = [threading.Thread(target=lambda: answers.append(cache.get_or_load("k", load))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(calls), answers) == (1, [7] * 20)


async def test_tasks_that_ask_at_once_have_it_computed_once() -> None:
    cache, calls = Cache(), []

    async def load() -> int:
        calls.append(1)
        await asyncio.sleep(0.01)
        return 7

    assert await asyncio.gather(*(cache.get_or_load_async("k", load) for _ in range(50))) == [7] * 50
    assert len(calls) == 1


async def test_an_error_reaches_all_who_wait_and_is_not_kept() -> None:
    cache = Cache()

    async def fails() -> int:
        await asyncio.sleep(0.01)
        raise ConnectionError("down")

    async def works() -> int:
        return 7

    found = await asyncio.gather(*(cache.get_or_load_async("k", fails) for _ in range(3)), return_exceptions=True)
    assert [str(error) for error in found] == ["down"] * 3
    assert await cache.get_or_load_async("k", works) == 7


async def test_when_the_one_that_computes_is_cancelled_another_does() -> None:
    cache = Cache()

    async def load() -> int:
        await asyncio.sleep(0.02)
        return 7

    first, second = (asyncio.create_task(cache.get_or_load_async("k", load)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 7
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_what_is_invalidated_while_it_is_computed_is_not_kept() -> None:
    cache = Cache()
    seen: list[str] = []
    cache.on_invalidate(seen.append)

    async def load() -> str:
        cache.invalidate("k")
        return "old"

    async def again() -> str:
        return "new"

    assert await cache.get_or_load_async("k", load) == "old"
    assert await cache.get_or_load_async("k", again) == "new"
    assert seen == ["k"]


def test_a_kind_has_its_own_lifetime() -> None:
    now = [0.0]
    cache = Cache(MemoryCache(10, 60, clock=lambda: now[0]), ttls={"last_price": 1}, chance=lambda: 0)
    cache.set("TCS", 3500, kind="last_price")
    cache.set("name", "Tata")
    now[0] = 1.5
    assert (cache.get("TCS"), cache.get("name")) == (None, "Tata")


def test_a_prefix_is_forgotten_at_once() -> None:
    cache = Cache()
    cache.set("bars:TCS", 1)
    cache.set("ticks:TCS", 2)
    cache.invalidate_prefix("bars:")
    assert (cache.get("bars:TCS"), cache.get("ticks:TCS")) == (None, 2)
