"""`parallel`: branches and rounds that run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.workflows.errors import WorkflowError, fault
from sandbox.workflows.tree import Block, Parallel

if TYPE_CHECKING:
    from sandbox.workflows.machine import Machine, Place

MOST_NESTED = 2
MOST_AT_ONCE = 20
_MOST_ERRORS = 100


async def run(machine: Machine, step: Parallel, place: Place) -> None:
    """Run all branches. The first error ends the others, unless they are to continue."""
    if place.nesting >= MOST_NESTED:
        raise fault("ParallelNestingError", f"parallel steps can be nested {MOST_NESTED} deep")
    for name in step.shared:
        if place.scope.find(name) is None:
            raise fault("KeyError", f"shared variable not found: {name}")
    slots = asyncio.Semaphore(await _limit(machine, step, place))
    place.task.fork()
    works: list[tuple[str, Callable[[Place], Awaitable[Any]]]] = []
    if step.loop is not None:
        loop = step.loop
        for number, each in enumerate(await machine.items(loop, place)):
            works.append((str(number), lambda inner, n=number, e=each: machine.round(loop, n, e, inner)))  # type: ignore[misc]
    for name, block in step.branches:
        works.append((name, lambda inner, b=block: _branch(machine, b, inner)))  # type: ignore[misc]

    async def one(number: int, work: Callable[[Place], Awaitable[Any]]) -> None:
        async with slots:
            scope = place.scope.inner(frozenset(step.shared))
            inner = replace(place, scope=scope, task=place.task.branch(number), nesting=place.nesting + 1)
            try:
                await work(inner)
            finally:
                scope.close()

    tasks = [asyncio.create_task(one(number, work)) for number, (_, work) in enumerate(works)]
    try:
        if tasks:
            when = asyncio.ALL_COMPLETED if step.continue_all else asyncio.FIRST_EXCEPTION
            await asyncio.wait(tasks, return_when=when)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    _raise_first(step, [(name, each) for (name, _), each in zip(works, ended, strict=True)])


async def _branch(machine: Machine, block: Block, place: Place) -> None:
    await machine.block(block, place)


async def _limit(machine: Machine, step: Parallel, place: Place) -> int:
    if step.limit is None:
        return MOST_AT_ONCE
    found = await machine.value(step.limit, place)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise fault("ValueError", f"concurrency_limit must be a positive integer, not {found!r}")
    return min(found, MOST_AT_ONCE)


def _raise_first(step: Parallel, ended: list[tuple[str, Any]]) -> None:
    errors = [(name, each) for name, each in ended if isinstance(each, WorkflowError)]
    for _, each in ended:
        if isinstance(each, Exception) and not isinstance(each, WorkflowError):
            raise each
    if not errors:
        return
    if not step.continue_all:
        raise errors[0][1]
    branches = [{"id": name, "error": error.value} for name, error in errors[:_MOST_ERRORS]]
    message = f"{len(errors)} of {len(ended)} branches or iterations failed"
    raise WorkflowError(
        {
            "message": message,
            "tags": ["UnhandledBranchError"],
            "branches": branches,
            "truncated": len(errors) > len(branches),
        },
        errors[0][1].trace,
    )
