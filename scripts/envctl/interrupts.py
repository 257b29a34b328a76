"""SIGINT and SIGTERM: what is under way ends in order, and is cleaned up after.

CI that cancels a job sends one, seconds later the other, and then kills; a person presses Ctrl-C again. So the first
ends the command, the second changes nothing while it cleans up, and the third ends that too.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []
_waiting: list[int] = []  # what came while something was finished
_finishing = 0


class Interrupted(KeyboardInterrupt):
    """A command was ended by a signal. No `except Exception` holds it up.

    Args:
        number: the signal; 0 where the time was up.
        what, why, todo: as of a `UserError`.
    """

    def __init__(self, number: int, what: str = "", *, why: str = "", todo: str = "") -> None:
        self.number = number
        self.what = what or f"interrupted by {signal.Signals(number).name}"
        self.why = why or "what it made for itself is removed"
        self.todo = todo or "run it again"
        super().__init__(self.what)

    @property
    def exit_code(self) -> int:
        """As a shell says it: 130 after SIGINT, 143 after SIGTERM; 1 where no signal came."""
        return 128 + self.number if self.number else 1


def install() -> None:
    """Have this process end in order. Whatever is ignored stays so, as for a command behind `nohup`."""
    _received.clear()
    _waiting.clear()
    for number in NUMBERS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def received(number: int) -> bool:
    """Count a signal; whether it is one to act on: the first, or the third."""
    _received.append(number)
    return len(_received) in (1, 3)


@contextmanager
def finishing() -> Iterator[None]:
    """Do something to its end, such as cleaning up: a first signal ends the command afterwards, the third at once."""
    global _finishing
    _finishing += 1
    try:
        yield
    finally:
        _finishing -= 1
        if _waiting and not _finishing:
            raise Interrupted(_waiting.pop())


def _end(number: int, _frame: FrameType | None) -> None:
    if not received(number):
        return
    if _finishing and len(_received) == 1:
        _waiting.append(number)
        return
    import logging

    logging.getLogger("asyncio").disabled = True  # it complains of tasks that this ends: nobody waits for them now
    raise Interrupted(number)
