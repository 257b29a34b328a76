"""Limits of time and rate, what stands in, and all of it together."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from shared_services import (
    Bulkhead,
    CircuitBreaker,
    Fallback,
    InputError,
    RateLimited,
    RateLimiter,
    Retry,
    TimedOut,
    TimeLimit,
    deadline,
    remaining,
    resilient,
)


class LimiterMachine(RuleBasedStateMachine):
    """Against a list of the calls that were allowed: in no span of time are there more than burst and rate give."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.limiter = RateLimiter(per_second=4, burst=3, keys=4, clock=lambda: self.now)
        self.allowed: dict[str, list[float]] = {}

    @rule(key=st.sampled_from("ab"), calls=st.integers(1, 6))
    def call(self, key: str, calls: int) -> None:
        for _ in range(calls):
            wait = self.limiter.check(key)
            if wait == 0:
                self.allowed.setdefault(key, []).append(self.now)
            else:
                assert self.over(key, self.now), "refused though there was room"
                assert not self.over(key, self.now + wait + 1e-6), "the wait it names is too short"

    @rule(seconds=st.sampled_from([0.01, 0.25, 0.7, 10]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    def over(self, key: str, at: float) -> bool:
        """Whether one more call at a time would break a limit of some span that ends then."""
        times = [*self.allowed.get(key, ()), at]
        spans = [(len(times) - index, at - begin) for index, begin in enumerate(times)]
        return any(count > 3 + 4 * length + 1e-6 for count, length in spans)


LimiterMachine.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
TestLimiterMachine = LimiterMachine.TestCase


def test_quiet_keys_are_forgotten_first() -> None:
    now = [0.0]
    limiter = RateLimiter(1, 1, keys=3, clock=lambda: now[0])
    for key in "abc":
        assert limiter.check(key) == 0
    now[0] = 0.5
    assert limiter.check("d") == 0  # no key is quiet: the oldest goes
    assert (limiter.check("a"), limiter.check("c") > 0) == (0, True)


async def test_acquire_waits_for_its_turn_or_is_refused() -> None:
    limiter = RateLimiter(100, 1, name="kite")
    began = time.monotonic()
    for _ in range(4):
        await limiter.acquire_async("orders")
    limiter.acquire("orders")
    assert time.monotonic() - began >= 0.035
    with pytest.raises(RateLimited, match="kite orders makes too many calls"):
        RateLimiter(0.01, 1, name="kite").acquire("orders") or limiter.acquire("orders", most_seconds=0)


def test_a_plain_call_that_takes_too_long() -> None:
    with pytest.raises(TimedOut, match=r"no answer within 0\.02 s"):
        TimeLimit(0.02).call(time.sleep, 0.2)


async def test_an_async_call_that_takes_too_long_is_cancelled() -> None:
    cancelled = asyncio.Event()

    @TimeLimit(0.01)
    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(TimedOut):
        await slow()
    assert cancelled.is_set()


async def test_a_time_out_of_the_callee_is_its_own() -> None:
    async def own() -> None:
        raise TimeoutError("the database's")

    with pytest.raises(TimeoutError, match="the database's"):
        await TimeLimit(5).call_async(own)


def test_the_deadline_is_seen_in_the_thread_of_the_call() -> None:
    with deadline(5):
        left = TimeLimit(60).call(remaining)
    assert left is not None
    assert 0 < left <= 5


def test_nothing_is_called_when_no_time_is_left() -> None:
    with deadline(0), pytest.raises(TimedOut):
        TimeLimit(5).call(pytest.fail, "called")


async def test_fallback_stands_in_for_failures_only() -> None:
    fallback = Fallback.value("yesterday's")

    async def down() -> str:
        raise ConnectionError

    async def wrong() -> str:
        raise InputError("no such symbol")

    assert await fallback.call_async(down) == "yesterday's"
    with pytest.raises(InputError):
        await fallback.call_async(wrong)
    assert fallback.used == 1


async def test_all_policies_together() -> None:
    breaker, calls = CircuitBreaker("kite", failure_threshold=3), []

    @resilient(
        timeout=0.01,
        bulkhead=Bulkhead(limit=2),
        breaker=breaker,
        retry=Retry(2, 0),
        fallback=Fallback(lambda error, symbol: type(error).__name__),
    )
    async def quote(symbol: str) -> str:
        calls.append(symbol)
        await asyncio.sleep(60)
        return symbol

    assert [await quote("TCS") for _ in range(3)] == ["TimedOut", "CircuitOpen", "CircuitOpen"]
    assert len(calls) == 3
