"""What every line of one request carries: its correlation id, its trace and whatever is bound to it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from random import getrandbits
from typing import Any, NamedTuple

_correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_fields: ContextVar[Mapping[str, Any]] = ContextVar("fields", default={})  # noqa: B039 - never changed, only replaced
_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)

_USABLE = re.compile(r"[\x21-\x7e]{1,128}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/([0-9]{1,20}))?(?:;o=([01]))?")


class Trace(NamedTuple):
    """A trace that a request belongs to.

    Args:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
        sampled: whether it is kept.
    """

    trace_id: str
    span_id: str = ""
    sampled: bool = False


def correlation_id() -> str | None:
    """The correlation id of what runs, or None.

    >>> with bound_correlation_id("c-1"):
    ...     correlation_id()
    'c-1'
    """
    return _correlation_id.get()


class bound_correlation_id:  # noqa: N801 - used as a function, and a class since every request pays for it
    """Give everything inside a correlation id: the one given (from a header or a message), or a new one.

    One that isn't short and printable is replaced: it comes from outside, and goes into every line. Tasks of asyncio
    that are started inside have it too; threads don't.

    >>> with bound_correlation_id() as new:
    ...     len(new)
    32
    """

    __slots__ = ("_token", "_value")

    def __init__(self, value: str | None = None) -> None:
        self._value = value if value and _USABLE.fullmatch(value) else "%032x" % getrandbits(128)  # noqa: UP031 - quicker

    def __enter__(self) -> str:
        self._token = _correlation_id.set(self._value)
        return self._value

    def __exit__(self, *error: object) -> None:
        _correlation_id.reset(self._token)


@contextmanager
def bound_fields(**fields: Any) -> Iterator[None]:
    """Give every log line inside these fields.

    >>> with bound_fields(run_id="r-7"):
    ...     bound()["run_id"]
    'r-7'
    """
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def bound() -> Mapping[str, Any]:
    """The fields that are bound here.

    >>> dict(bound())
    {}
    """
    return _fields.get()


@contextmanager
def bound_trace(headers: Mapping[str, str]) -> Iterator[Trace | None]:
    """Give every log line inside the trace of a request, from its headers (in lower case).

    >>> with bound_trace({"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) as trace:
    ...     trace.trace_id, trace.sampled
    ('4bf92f3577b34da6a3ce929d0e0e4736', True)
    """
    token = _trace.set(parse_trace(headers))
    try:
        yield _trace.get()
    finally:
        _trace.reset(token)


def parse_trace(headers: Mapping[str, str]) -> Trace | None:
    """The trace that `traceparent` (W3C) or `x-cloud-trace-context` (Google's older one) names, or None.

    >>> parse_trace({"x-cloud-trace-context": "105445aa7843bc8bf206b12000100000/1;o=1"}).span_id
    '0000000000000001'
    >>> parse_trace({"traceparent": "nonsense"}) is None
    True
    """
    given = headers.get("traceparent")
    match = _TRACEPARENT.fullmatch(given) if given else None
    if match and set(match[1]) != {"0"}:
        return Trace(match[1], match[2], bool(int(match[3], 16) & 1))
    given = headers.get("x-cloud-trace-context")
    match = _CLOUD_TRACE.fullmatch(given) if given else None
    if match is None:
        return None
    return Trace(match[1], f"{int(match[2]) & (2**64 - 1):016x}" if match[2] else "", match[3] == "1")


def current_trace() -> Trace | None:
    """The trace bound here, or OpenTelemetry's, where that is in use.

    >>> current_trace() is None
    True
    """
    trace = _trace.get()
    if trace is not None or "opentelemetry.trace" not in sys.modules:
        return trace
    context = sys.modules["opentelemetry.trace"].get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return Trace(f"{context.trace_id:032x}", f"{context.span_id:016x}", bool(context.trace_flags & 1))
