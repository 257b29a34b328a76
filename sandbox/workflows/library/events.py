"""`events.*`: requests from outside that an execution waits for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sandbox.workflows.errors import fault
from sandbox.workflows.library.registry import function, must_be

if TYPE_CHECKING:
    from sandbox.workflows.task import Task

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
_LONGEST = 43_200.0


@function("events.create_callback_endpoint", "http_callback_method", "effect", http_callback_method="POST")
async def _create(task: Task, method: Any) -> dict[str, Any]:
    if must_be("string", method, "http_callback_method") not in _METHODS:
        raise fault("ValueError", f"http_callback_method must be one of {', '.join(_METHODS)}")
    return {"url": task.world.create_callback(task.world.uuid(), method)}


@function("events.await_callback", "callback timeout", "own", timeout=_LONGEST)
async def _await(task: Task, callback: Any, timeout: Any) -> dict[str, Any]:  # noqa: ASYNC109 - the workflow's
    url = must_be("string", must_be("map", callback, "callback").get("url"), "callback.url")
    seconds = must_be("number", timeout, "timeout")
    until: float = task.noted(lambda: task.world.now() + seconds)

    async def wait() -> dict[str, Any]:
        try:
            async with asyncio.timeout(max(0.0, until - task.world.now())):
                return await task.world.await_callback(url.rpartition("/")[2])
        except TimeoutError as error:
            raise fault("TimeoutError", f"no callback was received within {seconds} seconds") from error

    return dict(await task.once(wait))
