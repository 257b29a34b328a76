"""What every line of one request carries: its correlation id, its trace and whatever is bound to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_bound: ContextVar[Mapping[str, Any]] = ContextVar("bound", default={})  # noqa: B039 - never changed, only replaced


def correlation_id() -> str | None:
    """The correlation id of what runs, or None.

    >>> with bound_correlation_id("c-1"):
    ...     correlation_id()
    'c-1'
    """
    return _correlation_id.get()


@contextmanager
def bound_correlation_id(value: str | None = None) -> Iterator[str]:
    """Give everything inside a correlation id: the one given (from a header or a message), or a new one.

    Threads started inside don't have it by themselves; tasks of asyncio do.

    >>> with bound_correlation_id() as new:
    ...     len(new)
    32
    """
    made = value or uuid.uuid4().hex
    token = _correlation_id.set(made)
    try:
        yield made
    finally:
        _correlation_id.reset(token)


@contextmanager
def bound_fields(**fields: Any) -> Iterator[None]:
    """Give every log line inside these fields.

    >>> with bound_fields(run_id="r-7"):
    ...     bound()["run_id"]
    'r-7'
    """
    token = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


def bound() -> Mapping[str, Any]:
    """The fields that are bound here."""
    return _bound.get()
