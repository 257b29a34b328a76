"""Retries: pauses, what is worth one, budget, deadline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_services import (
    BulkheadFull,
    CircuitOpen,
    InputError,
    RateLimited,
    Retry,
    RetryBudget,
    deadline,
)


def failing(times: int, error: Exception) -> Callable[[], int]:
    left = [times]

    def call() -> int:
        if left[0]:
            left[0] -= 1
            raise error
        return 7

    return call


def test_pauses_double_up_to_the_longest() -> None:
    pauses: list[float] = []
    retry = Retry(6, 1, 5, 0, sleep=pauses.append)
    assert retry.call(failing(5, TimeoutError())) == 7
    assert pauses == [1, 2, 4, 5, 5]


@given(chance=st.floats(0, 1), attempt=st.integers(1, 9))
def test_jitter_stays_within_its_part(chance: float, attempt: int) -> None:
    pause = Retry(10, 0.1, 5, 0.2, chance=lambda: chance).pause_after(attempt, TimeoutError())
    plain = min(5, 0.1 * 2 ** (attempt - 1))
    assert pause is not None
    assert 0.8 * plain - 1e-9 <= pause <= 1.2 * plain + 1e-9


@pytest.mark.parametrize("error", [InputError("bad"), KeyError("x"), CircuitOpen("kite", 1), BulkheadFull("kite", 1)])
def test_what_another_attempt_cannot_mend_is_raised_at_once(error: Exception) -> None:
    calls = []
    with pytest.raises(type(error)):
        Retry(5, 0).call(lambda: (calls.append(1), failing(9, error)())[1])
    assert len(calls) == 1


def test_the_last_error_is_raised() -> None:
    with pytest.raises(ConnectionError, match="three"):
        errors = iter([ConnectionError("one"), TimeoutError("two"), ConnectionError("three")])

        def call() -> None:
            raise next(errors)

        Retry(3, 0).call(call)


def test_retry_after_lengthens_the_pause() -> None:
    assert Retry(2, 0.1, 5, 0).pause_after(1, RateLimited("kite", 1.5)) == 1.5


def test_no_retry_that_would_outlast_the_deadline() -> None:
    pauses: list[float] = []
    with deadline(0.5), pytest.raises(TimeoutError):
        Retry(5, 1, jitter=0, sleep=pauses.append).call(failing(9, TimeoutError()))
    assert pauses == []


def test_the_budget_bounds_the_retries_of_all() -> None:
    budget = RetryBudget(ratio=0.1, reserve=5)
    retry = Retry(3, 0, budget=budget, sleep=lambda _: None)
    calls = 0

    def down() -> None:
        nonlocal calls
        calls += 1
        raise ConnectionError

    for _ in range(200):
        with pytest.raises(ConnectionError):
            retry.call(down)
    assert 200 < calls <= 200 + 5 + 20


async def test_async_calls_are_tried_again() -> None:
    answers = failing(2, TimeoutError())

    @Retry(3, 0)
    async def ask() -> int:
        return answers()

    assert await ask() == 7
