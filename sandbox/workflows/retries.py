"""`retry`: how often the steps of a `try` are made again, and after which pause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.workflows import library
from sandbox.workflows.errors import WorkflowError, fault
from sandbox.workflows.expressions import Node
from sandbox.workflows.library.clock import sleep
from sandbox.workflows.task import Task
from sandbox.workflows.tree import Block, Routine
from sandbox.workflows.values import is_number, type_name

if TYPE_CHECKING:
    from sandbox.workflows.machine import Machine, Place, Signal

T = TypeVar("T")

_DEFAULT: dict[str, Any] = library.CONSTANTS["http.default_retry"]
_BACKOFF: tuple[float, float, float] = tuple(_DEFAULT["backoff"].values())


async def run(machine: Machine, block: Block, retry: Node, place: Place) -> Signal:
    """Run a block until it succeeds, its error isn't to be retried, or it was retried often enough."""
    policy = await machine.value(retry, place)
    if not isinstance(policy, dict):
        raise fault("TypeError", f"a retry policy must be a map, not {type_name(policy)}")
    most = _number(policy, "max_retries", _DEFAULT["max_retries"])
    backoff = policy.get("backoff", _DEFAULT["backoff"])
    if not isinstance(backoff, dict):
        raise fault("TypeError", f"backoff must be a map, not {type_name(backoff)}")
    pause, longest, factor = (
        _number(backoff, name, _DEFAULT["backoff"][name]) for name in ("initial_delay", "max_delay", "multiplier")
    )

    async def wanted(error: WorkflowError) -> bool:
        return await _wanted(machine, policy, error, place)

    return await again(place.task, lambda: machine.block(block, place), wanted, int(most), (pause, longest, factor))


async def again(
    task: Task,
    work: Callable[[], Awaitable[T]],
    wanted: Callable[[WorkflowError], Awaitable[bool]],
    most: int = _DEFAULT["max_retries"],
    backoff: tuple[float, float, float] = _BACKOFF,
) -> T:
    """Do something until it succeeds, `most` times more at most; `backoff`: the first pause, the longest, a factor."""
    pause, longest, factor = backoff
    for _ in range(most):
        try:
            return await work()
        except WorkflowError as error:
            if not await wanted(error):
                raise
        await sleep(task, min(pause, longest))
        pause = min(pause * factor, longest)
    return await work()


async def _wanted(machine: Machine, policy: dict[str, Any], error: WorkflowError, place: Place) -> bool:
    predicate = policy.get("predicate", _DEFAULT["predicate"])
    if not isinstance(predicate, Routine | library.Function):
        raise fault("TypeError", f"a retry predicate must be a function, not {type_name(predicate)}")
    found = await machine.invoke(predicate, [error.value], {}, place)
    if not isinstance(found, bool):
        raise fault("TypeError", f"a retry predicate must give a boolean, not {type_name(found)}")
    return found


def _number(given: dict[str, Any], name: str, default: float) -> float:
    value = given.get(name, default)
    if not is_number(value) or value < 0:
        raise fault("TypeError", f"{name} must be a number from zero up, not {value!r}")
    return float(value)
