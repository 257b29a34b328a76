"""The breaker against a plain model of what it promises, and its edges."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared_services import BreakerState, CircuitBreaker, CircuitOpen, InputError


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(error: BaseException) -> None:
    raise error


class BreakerMachine(RuleBasedStateMachine):
    """Calls that succeed, fail, or are under way while others end."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = CircuitBreaker(
            failure_threshold=3,
            failure_ratio=0.5,
            window_seconds=10,
            open_seconds=5,
            half_open_calls=2,
            clock=self.clock,
        )
        self.open_until = 0.0
        self.under_way: list[int] = []
        self.seen: list[tuple[BreakerState, BreakerState]] = []
        self.breaker.on_change(lambda breaker, before, after: self.seen.append((before, after)))

    def begin(self) -> int | None:
        state = self.breaker.state
        try:
            era = self.breaker.enter()
        except CircuitOpen as error:
            assert state is not BreakerState.CLOSED
            assert 0 < error.retry_after <= 5
            return None
        assert state is not BreakerState.OPEN
        return era

    @rule()
    def start(self) -> None:
        era = self.begin()
        if era is not None:
            self.under_way.append(era)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), well=st.booleans())
    def end(self, data: st.DataObject, well: bool) -> None:
        era = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        if well:
            self.breaker.succeeded(era)
        else:
            self.breaker.failed(era, TimeoutError())

    @rule()
    def failures(self) -> None:
        for _ in range(3):
            era = self.begin()
            if era is not None:
                self.breaker.failed(era, ConnectionError())

    @rule(seconds=st.sampled_from([0.5, 3, 6, 20]))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def changes_are_those_of_a_breaker(self) -> None:
        closed, opened, half = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN
        assert set(self.seen) <= {(closed, opened), (opened, half), (half, opened), (half, closed)}
        for (_, after), (before, _) in zip(self.seen, self.seen[1:], strict=False):
            assert before is after

    @invariant()
    def it_recovers_when_the_other_side_does(self) -> None:
        if self.breaker.state is BreakerState.HALF_OPEN and not self.under_way:
            self.clock.now += 6  # trials that never ended don't block it
            for _ in range(2):
                self.breaker.call(lambda: None)
            assert self.breaker.state is BreakerState.CLOSED


BreakerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBreakerMachine = BreakerMachine.TestCase


def opened(clock: Clock, **settings_: float) -> CircuitBreaker:
    breaker = CircuitBreaker("kite", failure_threshold=2, open_seconds=5, clock=clock, **settings_)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(ConnectionError):
            breaker.call(fail, ConnectionError())
    assert breaker.state is BreakerState.OPEN
    return breaker


def test_few_failures_among_many_calls_leave_it_closed() -> None:
    breaker = CircuitBreaker(failure_threshold=2, failure_ratio=0.5, clock=Clock())
    for _ in range(10):
        breaker.call(lambda: None)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            breaker.call(fail, TimeoutError())
    assert breaker.state is BreakerState.CLOSED


def test_failures_leave_the_window() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failure_threshold=2, window_seconds=10, clock=clock)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            breaker.call(fail, TimeoutError())
        clock.now += 11
    assert breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize("error", [InputError("no such symbol"), KeyError("mine"), KeyboardInterrupt()])
def test_what_is_no_failure_of_the_other_side_does_not_open_it(error: BaseException) -> None:
    breaker = CircuitBreaker(failure_threshold=1, clock=Clock())
    for _ in range(5):
        with pytest.raises(type(error)):
            breaker.call(fail, error)
    assert breaker.state is BreakerState.CLOSED


def test_a_late_failure_of_before_does_not_spoil_the_trials() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failure_threshold=1, half_open_calls=1, open_seconds=5, clock=clock)
    late = breaker.enter()
    breaker.failed(breaker.enter(), TimeoutError())
    clock.now += 6
    breaker.call(lambda: None)
    breaker.failed(late, TimeoutError())
    assert breaker.state is BreakerState.CLOSED


def test_open_refuses_and_says_for_how_long() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2
    with pytest.raises(CircuitOpen, match=r"kite is not called") as refused:
        breaker.call(lambda: None)
    assert refused.value.retry_after == 3
    assert breaker.refused == 1


def test_only_so_many_trials_run_at_a_time() -> None:
    clock = Clock()
    breaker = opened(clock, half_open_calls=2)
    clock.now += 5
    trials = [breaker.enter(), breaker.enter()]
    with pytest.raises(CircuitOpen):
        breaker.enter()
    for era in trials:
        breaker.succeeded(era)
    assert breaker.state is BreakerState.CLOSED


async def test_async_calls_are_counted_and_a_cancelled_trial_gives_its_place_back() -> None:
    clock = Clock()
    breaker = opened(clock, half_open_calls=1)
    clock.now += 5

    @breaker
    async def ask(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "up"

    task = asyncio.create_task(ask(60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await ask(0) == "up"
    assert breaker.state is BreakerState.CLOSED
