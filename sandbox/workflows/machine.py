"""Executes a workflow: step by step, with jumps, loops, handlers, retries and calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.workflows import library, parallel, retries
from sandbox.workflows.errors import Frame, WorkflowError, fault
from sandbox.workflows.evaluation import Evaluator
from sandbox.workflows.expressions import Node
from sandbox.workflows.history import History
from sandbox.workflows.scope import Memory, Scope
from sandbox.workflows.task import Task
from sandbox.workflows.tree import (
    Assign,
    Block,
    Call,
    Definition,
    Loop,
    Parallel,
    Raise,
    Return,
    Routine,
    Step,
    Switch,
    Target,
    Try,
)
from sandbox.workflows.values import is_number, replaced, type_name
from sandbox.workflows.world import World

MOST_STEPS = 100_000
MOST_CALLS = 20
CONNECTORS = "googleapis."


@dataclass(frozen=True, slots=True)
class Jump:
    """`next`: the name of a step, `break`, `continue` or `end`."""

    to: str


@dataclass(frozen=True, slots=True)
class Result:
    """`return`."""

    value: Any


Signal = Jump | Result | None
Connect = Callable[[Task, str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an execution is: routine, scope, thread, how deep in calls and parallel steps."""

    routine: Routine
    scope: Scope
    task: Task
    depth: int = 1
    nesting: int = 0
    parent: int = 0


@dataclass(slots=True)
class Machine:
    """One execution of a definition. `connect` makes the calls of connectors."""

    definition: Definition
    world: World
    connect: Connect
    steps: int = 0
    memory: Memory = field(default_factory=Memory)
    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.world)

    async def run(self, argument: Any) -> Any:
        """The result. Raises WorkflowError with its trace."""
        main = self.definition["main"]
        place = Place(main, Scope(self.memory), Task(self.world))
        return await self.routine(place, [argument] if main.parameters else [], {})

    async def routine(self, place: Place, positional: Sequence[Any], named: Mapping[str, Any]) -> Any:
        """Call the routine of a place."""
        if place.depth > MOST_CALLS:
            raise fault("RecursionError", f"maximum call stack depth of {MOST_CALLS} exceeded")
        await self._bind(place, positional, named)
        try:
            signal = await self.block(place.routine.block, place)
        finally:
            place.scope.close()
        return signal.value if isinstance(signal, Result) else None

    async def _bind(self, place: Place, positional: Sequence[Any], named: Mapping[str, Any]) -> None:
        routine = place.routine
        if len(positional) > len(routine.parameters):
            message = f"{routine.name} takes {len(routine.parameters)} arguments at most, {len(positional)} given"
            raise fault("TypeError", message)
        unknown = next((name for name in named if name not in dict(routine.parameters)), None)
        if unknown is not None:
            raise fault("TypeError", f"{routine.name} has no argument '{unknown}'")
        for at, (name, default) in enumerate(routine.parameters):
            if at < len(positional):
                value = positional[at]
            elif name in named:
                value = named[name]
            elif default is not None:
                value = await self.value(default, place)
            else:
                raise fault("TypeError", f"{routine.name} needs the argument '{name}'")
            place.scope.define(name, value)

    async def block(self, block: Block, place: Place) -> Signal:
        """Run steps until they end, or something leads out of them."""
        steps = block.steps
        at = 0
        while at < len(steps):
            signal = await self._step(steps[at], place)
            at += 1
            if isinstance(signal, Jump):
                found = next((index for index, step in enumerate(steps) if step.name == signal.to), None)
                if found is None:
                    return signal
                at = found
            elif signal is not None:
                return signal
        return None

    async def _step(self, step: Step, place: Place) -> Signal:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise fault("ResourceLimitError", f"an execution may run {MOST_STEPS} steps")
        with self.history.entry(step, place.routine.name, place.parent, place.task.path) as entry:
            try:
                signal = await self._action(step, replace(place, parent=entry))
            except WorkflowError as error:
                frame = Frame(place.routine.name, step.name, step.position)
                if not error.trace or error.trace[-1] != frame:
                    error.trace.append(frame)
                raise
        if signal is None and step.next:
            return Jump(step.next)
        return signal

    async def _action(self, step: Step, place: Place) -> Signal:
        match step.action:
            case Assign(items):
                for target, node in items:
                    await self._assign(target, await self.value(node, place), place)
            case Call():
                value = await self._logged_call(step.name, step.action, place)
                if step.action.result:
                    place.scope.assign(step.action.result, value)
            case Switch(cases):
                for case in cases:
                    if await self._holds(case.condition, place):
                        inner = await self._action(case.step, place)
                        return Jump(case.step.next) if inner is None and case.step.next else inner
            case Loop():
                return await self._loop(step.action, place)
            case Parallel():
                await parallel.run(self, step.action, place)
            case Try():
                return await self._try(step.action, place)
            case Raise(node):
                raise WorkflowError(await self.value(node, place))
            case Return(node):
                return Result(await self.value(node, place))
            case Block():
                return await self.block(step.action, place)
        return None

    async def _holds(self, node: Node, place: Place) -> bool:
        found = await self.value(node, place)
        if not isinstance(found, bool):
            raise fault("TypeError", f"condition must be a boolean, not {type_name(found)}")
        return found

    async def _assign(self, target: Target, value: Any, place: Place) -> None:
        if target.keys:
            found = place.scope.find(target.name)
            if found is None:
                raise fault("KeyError", f"variable not found: {target.name}")
            keys = [await self.value(key, place) for key in target.keys]
            value = replaced(found[0], keys, value)
        place.scope.assign(target.name, value)

    async def _loop(self, loop: Loop, place: Place) -> Signal:
        for number, each in enumerate(await self.items(loop, place)):
            scope = place.scope.inner()
            try:
                signal = await self.round(loop, number, each, replace(place, scope=scope))
            finally:
                scope.close()
            if isinstance(signal, Result) or (isinstance(signal, Jump) and signal.to not in ("break", "continue")):
                return signal
            if isinstance(signal, Jump) and signal.to == "break":
                break
        return None

    async def round(self, loop: Loop, number: int, each: Any, place: Place) -> Signal:
        """One round of a loop, whose scope is the place's."""
        place.scope.define(loop.value, each)
        if loop.index:
            place.scope.define(loop.index, number)
        return await self.block(loop.block, place)

    async def items(self, loop: Loop, place: Place) -> Sequence[Any]:
        """What a loop goes over."""
        found = await self.value(loop.items, place)
        if not loop.is_range:
            if isinstance(found, dict):
                return list(found)
            if not isinstance(found, list):
                raise fault("TypeError", f"a loop goes over a list or a map, not {type_name(found)}")
            return found
        if not isinstance(found, list) or len(found) != 2 or not all(map(is_number, found)):
            raise fault("TypeError", "a range is a list of two numbers")
        first, last = found
        if isinstance(first, int) and isinstance(last, int):
            return range(first, last + 1)
        return [first + step for step in range(max(0, int(last - first) + 1))]

    async def _try(self, action: Try, place: Place) -> Signal:
        try:
            if action.retry is None:
                return await self.block(action.block, place)
            return await retries.run(self, action.block, action.retry, place)
        except WorkflowError as error:
            if action.handler is None:
                raise
            scope = place.scope.inner()
            if action.error:
                scope.define(action.error, error.value)
            try:
                return await self.block(action.handler, replace(place, scope=scope))
            finally:
                scope.close()

    async def _logged_call(self, step: str, call: Call, place: Place) -> Any:
        given = {} if call.arguments is None else await self.value(call.arguments, place)
        if given is None:
            given = {}
        if not isinstance(given, dict):
            raise fault("TypeError", f"the arguments of a call must be a map, not {type_name(given)}")
        level, world = self.world.call_log_level, self.world
        try:
            found = await self._call(call, given, place)
        except WorkflowError as error:
            if level in ("LOG_ALL_CALLS", "LOG_ERRORS_ONLY"):
                value = error.value
                await place.task.once(lambda: world.log_call(step, call.function, given, value))
            raise
        if level == "LOG_ALL_CALLS":
            await place.task.once(lambda: world.log_call(step, call.function, given, None))
        return found

    async def _call(self, call: Call, given: dict[str, Any], place: Place) -> Any:
        if call.function.startswith(CONNECTORS):
            return await self.connect(place.task, call.function.removeprefix(CONNECTORS), given)
        return await self.invoke(call.function, [], given, place)

    async def value(self, node: Node, place: Place) -> Any:
        """What an expression is at a place."""

        async def invoke(name: str, arguments: list[Any]) -> Any:
            return await self.invoke(name, arguments, {}, place)

        return await Evaluator(place.scope, self.definition, invoke).value(node)

    async def invoke(
        self, name: str | Routine | library.Function, positional: Sequence[Any], named: Mapping[str, Any], place: Place
    ) -> Any:
        """Call a routine or a function of the library."""
        found = self.definition.get(name) or library.FUNCTIONS.get(name) if isinstance(name, str) else name
        if isinstance(found, Routine):
            called = Place(found, Scope(self.memory), place.task, place.depth + 1, place.nesting, place.parent)
            return await self.routine(called, positional, named)
        if not isinstance(found, library.Function):
            raise fault("TypeError", f"{name} is not a function")
        values, task = found.bind(positional, named), place.task
        match found.kind:
            case "pure":
                return found.run(*values)
            case "task":
                return found.run(task, *values)
            case "noted":
                return task.noted(lambda: found.run(task, *values))
            case "own":
                return await found.run(task, *values)
        return await task.once(lambda: found.run(task, *values))
