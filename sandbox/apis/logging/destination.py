"""What a destination of sinks is to those who pass entries on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sandbox.control.context import Control
from sandbox.control.http import Request, Response
from sandbox.control.store import Resource

Entry = dict[str, Any]

OWNERS = frozenset({"roles/owner", "roles/editor"})
"""Roles of a project that may write to all that is in it."""


class Refused(Exception):
    """The destination doesn't take the entries, and won't while it is as it is. `code` is Google's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Unavailable(Exception):
    """The destination can't take the entries now. `failed`: not because it is down, but on these entries."""

    def __init__(self, detail: str, *, failed: bool = False) -> None:
        super().__init__(detail)
        self.failed = failed


class Destination(Protocol):
    """Takes the entries of sinks.

    most    how many at once
    window  seconds in which they gather before
    """

    most: int
    window: float

    def due(self, entry: Entry) -> float:
        """From when on an entry can be passed on, in seconds since the epoch: at once, unless a destination says."""
        return 0.0

    async def deliver(self, control: Control, sink: Resource, entries: Sequence[Entry]) -> None:
        """Pass entries on. Raises Refused or Unavailable."""


def writer(sink: Resource) -> str:
    """Who writes for a sink, as a member of policies."""
    return str(sink.document.get("writerIdentity", ""))


def denied(sink: Resource, noun: str, role: str, on: str) -> Refused:
    """What to say where the writer lacks a role."""
    return Refused(f"{noun}_permission_denied", f"{writer(sink)} has no role such as {role} on {on}.")


async def ask(control: Control, noun: str, request: Request) -> Response:
    """The answer of an API of the sandbox that isn't an error. Raises Refused or Unavailable."""
    response = await control.dispatch(request)
    if response.status < 400:
        return response
    if response.status == 404:
        raise Refused(f"{noun}_not_found", response.problem())
    if response.status in (429, 500, 502, 503, 504):
        raise Unavailable(response.problem(), failed=response.status == 500)
    raise Refused(f"{noun}_invalid", response.problem())
