"""The history of an execution: an entry for each step, when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sandbox.workflows import library
from sandbox.workflows.errors import WorkflowError
from sandbox.workflows.tree import Assign, Block, Call, Loop, Parallel, Raise, Return, Step, Switch, Try
from sandbox.workflows.world import StepEntry, World

_KINDS = {
    Assign: "STEP_ASSIGN",
    Switch: "STEP_SWITCH",
    Loop: "STEP_FOR",
    Try: "STEP_TRY_RETRY_EXCEPT",
    Raise: "STEP_RAISE",
    Return: "STEP_RETURN",
    Block: "STEP_TYPE_UNSPECIFIED",
    type(None): "STEP_GOTO",
}


def kind(step: Step) -> str:
    """The type of a step, as Google's API calls it."""
    action = step.action
    if isinstance(action, Call):
        if action.function.startswith("googleapis."):
            return "STEP_CONNECTOR_CALL"
        return "STEP_STD_LIB_CALL" if action.function in library.FUNCTIONS else "STEP_SUBWORKFLOW_CALL"
    if isinstance(action, Parallel):
        return "STEP_PARALLEL_FOR" if action.loop else "STEP_PARALLEL_BRANCH"
    return _KINDS[type(action)]


@dataclass(slots=True)
class History:
    """Numbers the entries, and knows which steps run now."""

    world: World
    count: int = 0
    current: dict[int, tuple[str, str]] = field(default_factory=dict)

    @contextmanager
    def entry(self, step: Step, routine: str, parent: int, thread: str) -> Iterator[int]:
        """An entry that lasts as long as the step."""
        self.count += 1
        number = self.count
        begun = StepEntry(number, routine, step.name, kind(step), "STATE_IN_PROGRESS", self.world.now())
        begun = replace(begun, parent=parent, thread=thread)
        self.current[number] = (routine, step.name)
        self.world.step(begun)
        try:
            yield number
        except WorkflowError as error:
            self.world.step(replace(begun, state="STATE_FAILED", ended=self.world.now(), error=error.value))
            raise
        except BaseException:
            self.world.step(replace(begun, state="STATE_CANCELLED", ended=self.world.now()))
            raise
        else:
            self.world.step(replace(begun, state="STATE_SUCCEEDED", ended=self.world.now()))
        finally:
            self.current.pop(number, None)
