"""What `setup_logging` decided, for the loggers to look at: service, levels, format, outputs."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from . import context, render
from .redaction import Redactor
from .sink import Sink, StandardOutput

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}


@dataclass
class State:
    """The settings in force. Replaced as a whole, so that a line is made by one or the other."""

    service: str = "shared-services"
    level: int = 20
    format: Literal["json", "text"] = "json"
    levels: Mapping[str, int] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)
    project: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    most_characters: int = 8192
    slow_request_ms: float = 1000
    sink: Sink | None = None
    thresholds: dict[str, int] = field(default_factory=dict)
    failures: int = 0

    def threshold(self, name: str) -> int:
        """The level below which a logger is silent: its own, that of the nearest name above it, or the general one."""
        known = self.thresholds.get(name)
        if known is None:
            known, above = self.level, name
            while above:
                if above in self.levels:
                    known = self.levels[above]
                    break
                above = above.rpartition(".")[0]
            self.thresholds[name] = known
        return known

    def line(
        self,
        method: str,
        message: str,
        logger: str,
        place: tuple[str, str, int],
        fields: Mapping[str, Any],
        *,
        clean: bool = False,
    ) -> str:
        """A record as its line. A clean one is known to hold no secret, and no name that the line has of its own."""
        severity = render.SEVERITIES.get(method, "INFO")
        record: dict[str, Any] = {
            "timestamp": render.timestamp(time.time_ns()),
            "severity": severity,
            "level": severity,
            "service": self.service,
            "message": message if clean else self.redactor.text(render.cut(message, self.most_characters)),
            "module": place[0],
            "function": place[1],
            "line": place[2],
            "logger": logger,
        }
        correlation = context.correlation_id()
        if correlation is not None:
            record["correlation_id"] = correlation
        trace = context.current_trace()
        if trace is not None:
            self._add_trace(record, trace)
        if self.labels:
            record["logging.googleapis.com/labels"] = self.labels
        bound = context.bound()
        if clean and not bound:
            record.update(fields)
            return render.as_json(record) if self.format == "json" else render.as_text(record)
        for name, value in self.redactor.fields({**bound, **fields} if bound else fields).items():
            record[f"{name}_" if name in render.RESERVED else name] = value
        return render.as_json(record) if self.format == "json" else render.as_text(record)

    def _add_trace(self, record: dict[str, Any], trace: context.Trace) -> None:
        name = f"projects/{self.project}/traces/{trace.trace_id}" if self.project else trace.trace_id
        record["logging.googleapis.com/trace"] = name
        if trace.span_id:
            record["logging.googleapis.com/spanId"] = trace.span_id
        record["logging.googleapis.com/trace_sampled"] = trace.sampled

    def emit(self, line: str) -> None:
        """Hand a line to the sink, which is made when it is first needed."""
        sink = self.sink
        if sink is None:
            sink = self.sink = self.made_sink([StandardOutput()], 10_000)
        sink.put(line)

    def made_sink(self, outputs: list[Any], size: int) -> Sink:
        """A sink that says in a line of this service how many were dropped."""
        place = ("sink", "put", 0)
        return Sink(
            outputs,
            size,
            lambda count: self.line(
                "warning", "log records were dropped", "shared_services.logging", place, {"dropped": count}
            ),
        )

    def failed(self) -> None:
        """Something about a record failed: counted, and said once on standard error."""
        self.failures += 1
        if self.failures == 1:
            try:
                error = sys.exc_info()[1]
                sys.stderr.write(f"logging: a record could not be written: {type(error).__name__}\n")
            except Exception:  # noqa: S110 - logging never raises into the caller
                pass


_state = State(project=os.environ.get("GOOGLE_CLOUD_PROJECT"))
_lock = threading.Lock()


def current() -> State:
    """The settings in force."""
    return _state


def replace(new: State) -> None:
    """Put settings in force, and end the sink of those before."""
    global _state
    with _lock:
        old, _state = _state, new
    if old.sink is not None and old.sink is not new.sink:
        old.sink.close()
