"""Traces that go on through HTTP, gRPC and Pub/Sub, in the form of W3C's `traceparent`.

Without an exporter nothing of OpenTelemetry is loaded: the ids of the trace are passed on, and stand in every log line.
`setup_tracing` adds spans, sent to where `OTEL_EXPORTER_OTLP_ENDPOINT` says, or to an exporter that is given.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from random import getrandbits
from typing import Any

from shared_services.logging.context import Trace, _trace, current_trace, parse_trace

TRACEPARENT = "traceparent"
_tracer: Any = None
_provider: Any = None


def setup_tracing(
    service_name: str,
    *,
    sample: float = 0.05,
    exporter: Any = None,
    version: str = "",
    environ: Mapping[str, str] | None = None,
) -> bool:
    """Send spans; whether there is somewhere to send them to. A second call replaces the first.

    >>> setup_tracing("quotes", environ={})
    False

    Args:
        service_name: stands in each span.
        sample: the part of new traces that is kept; a trace that comes from outside is kept as its sender decided.
        exporter: a `SpanExporter`, instead of OTLP to `OTEL_EXPORTER_OTLP_ENDPOINT`.
        version: of the service.
        environ: the variables.
    """
    global _tracer, _provider
    shutdown_tracing()
    environ = os.environ if environ is None else environ
    if exporter is None and not environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return False
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    if exporter is None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    about = {"service.name": service_name, **({"service.version": version} if version else {})}
    # Ours, not OpenTelemetry's global one: that can be set once only.
    _provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(sample)), resource=Resource.create(about), shutdown_on_exit=False
    )
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = _provider.get_tracer("shared_services")
    return True


def flush_tracing(timeout: float = 5) -> bool:
    """Send the spans that wait; whether all were, within `timeout` seconds.

    >>> flush_tracing()
    True
    """
    return True if _provider is None else bool(_provider.force_flush(int(timeout * 1000)))


def shutdown_tracing() -> None:
    """Send what waits, and no more.

    >>> shutdown_tracing()
    """
    global _tracer, _provider
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        provider.shutdown()


class span:  # noqa: N801 - used as a function, and a class since every request pays for it
    """A part of the work, in the trace of the headers (in lower case), of what runs, or in a new one.

    >>> with span("order.submit", {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}):
    ...     current_traceparent()[:36]
    '00-4bf92f3577b34da6a3ce929d0e0e4736-'

    Args:
        name: of the span.
        headers: of the request or message that it answers.
        kind: internal, server, client, producer or consumer.
        attributes: of the span.

    What `with` gives is OpenTelemetry's span, or None where none is recorded.
    """

    __slots__ = ("_attributes", "_headers", "_kind", "_name", "_started", "_token")

    def __init__(
        self, name: str, headers: Mapping[str, str] | None = None, *, kind: str = "internal", **attributes: Any
    ) -> None:
        self._name, self._headers, self._kind, self._attributes = name, headers, kind, attributes
        self._started: Any = None

    def __enter__(self) -> Any:
        parent = None if self._headers is None else parse_trace(self._headers)
        if _tracer is None:
            self._token = _trace.set(_child(parent))
            return None
        from opentelemetry.trace import SpanKind

        self._started = _tracer.start_as_current_span(
            self._name,
            context=_context(parent),
            kind=SpanKind[self._kind.upper()],
            attributes=self._attributes,
            record_exception=True,
        )
        made = self._started.__enter__()
        found = made.get_span_context()
        mine = Trace(f"{found.trace_id:032x}", f"{found.span_id:016x}", bool(found.trace_flags & 1))
        self._token = _trace.set(mine)
        return made

    def __exit__(self, *error: Any) -> bool | None:
        _trace.reset(self._token)
        return None if self._started is None else self._started.__exit__(*error)


def current_traceparent() -> str | None:
    """What is sent along with a call or a message, so that the other side goes on with this trace.

    >>> current_traceparent() is None
    True
    """
    trace = current_trace()
    if trace is None:
        return None
    return f"00-{trace.trace_id}-{trace.span_id or _span_id()}-{'01' if trace.sampled else '00'}"


def _span_id() -> str:
    # It names, it guards nothing: so without asking the system.
    return "%016x" % getrandbits(64)  # noqa: UP031 - quicker


def _child(parent: Trace | None) -> Trace:
    """A place of its own in a trace: the given one, the one that is bound, or a new one."""
    parent = parent or current_trace()
    if parent is None:
        return Trace("%032x" % getrandbits(128), _span_id(), False)  # noqa: UP031 - quicker
    return Trace(parent.trace_id, _span_id(), parent.sampled)


def _context(parent: Trace | None) -> Any:
    """OpenTelemetry's context for a trace from outside, or None for the current one."""
    from opentelemetry import trace

    if parent is None:
        return None
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if parent.sampled else trace.TraceFlags.DEFAULT)
    span_id = int(parent.span_id or _span_id(), 16)
    remote = trace.SpanContext(int(parent.trace_id, 16), span_id, is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(remote))
