"""One thread of an execution: the main one, or a branch of a parallel step.

Each effect has a key: the thread's path and a number that counts its effects. A thread does the same things in the same
order when it is run again, so what the journal has under a key is what that effect gave the first time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.workflows.errors import WorkflowError
from sandbox.workflows.world import Outcome, World


@dataclass(slots=True)
class Task:
    """A thread, with what it can reach."""

    world: World
    path: str = "0"
    count: int = 0

    def _key(self) -> str:
        self.count += 1
        return f"{self.path}.{self.count}"

    def branch(self, number: int) -> Task:
        """A thread of a parallel step that has just been counted by `fork`."""
        return Task(self.world, f"{self.path}.{self.count}/{number}")

    def fork(self) -> None:
        """Count a parallel step."""
        self.count += 1

    def noted(self, compute: Callable[[], Any]) -> Any:
        """What a computation gave the first time."""
        key = self._key()
        found = self.world.noted(key)
        if found is None:
            found = Outcome(compute())
            self.world.note(key, found)
        return found.value

    async def once(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """What a call gave, or raised, the first time that it ended. One that was cut off is made again."""
        key = self._key()
        found = self.world.noted(key)
        if found is None:
            try:
                found = Outcome(await work())
            except WorkflowError as error:
                found = Outcome(error.value, failed=True)
                self.world.note(key, found)
                raise
            self.world.note(key, found)
        if found.failed:
            raise WorkflowError(found.value)
        return found.value
