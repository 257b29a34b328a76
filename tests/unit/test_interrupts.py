"""Signals end a command in order: what is being finished is finished first, and nothing is said twice."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Iterator

import pytest
from envctl import interrupts
from envctl.interrupts import Interrupted, finishing


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts.NUMBERS}
    interrupts.install()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    logging.getLogger("asyncio").disabled = False


def send(number: signal.Signals) -> None:
    """To this very thread: what another one takes is told later, and two of them may be told as one."""
    signal.raise_signal(number)


def test_what_is_being_finished_is_finished_and_then_the_command_ends() -> None:
    done = []
    with pytest.raises(Interrupted, match="SIGTERM") as ended, finishing():
        with finishing():
            send(signal.SIGTERM)
            done.append("the inner")
        done.append("the outer")
    assert (done, ended.value.exit_code) == (["the inner", "the outer"], 143)
    with finishing():  # it ends the command once
        done.append("what comes after")


def test_the_third_signal_ends_that_too() -> None:
    done = []
    with pytest.raises(Interrupted, match="SIGINT"), finishing():
        send(signal.SIGINT)
        send(signal.SIGINT)
        done.append("it goes on")
        send(signal.SIGINT)
        done.append("never")
    assert done == ["it goes on"]
    interrupts.install()
    with pytest.raises(Interrupted):
        send(signal.SIGINT)


def test_a_task_that_is_interrupted_in_its_own_step_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def step() -> None:
        await asyncio.sleep(0)
        send(signal.SIGTERM)

    async def both() -> None:
        await asyncio.gather(step(), asyncio.sleep(60))

    for work in (step, both):
        interrupts.install()
        with pytest.raises(Interrupted):
            asyncio.run(work())
        gc.collect()
    assert caplog.text == ""
