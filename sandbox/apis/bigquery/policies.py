"""IAM policies of what a dataset holds: tables and routines have theirs alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sandbox.control import iam
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route


def routes(path: str, found: Callable[[Call], Awaitable[str]]) -> list[Route]:
    """The three methods on a path; `found` is the name of the thing asked for, which must be there."""

    async def policy(call: Call) -> str:
        return f"//bigquery.googleapis.com/{await found(call)}"

    async def read(call: Call) -> Response:
        return iam.answer(call, await policy(call))

    async def write(call: Call) -> Response:
        return Response.of(iam.set_policy(call.control, await policy(call), call.body().get("policy")))

    async def test_permissions(call: Call) -> Response:
        await found(call)
        return Response.of(iam.permissions(call))

    return [
        Route("POST", path, read, verb="getIamPolicy"),
        Route("POST", path, write, verb="setIamPolicy"),
        Route("POST", path, test_permissions, verb="testIamPermissions"),
    ]
