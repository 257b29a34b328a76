"""The standard library's records, as the same lines."""

from __future__ import annotations

import logging
from typing import Any

from . import state
from .render import error_fields

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Handler(logging.Handler):
    """Hands the standard library's records to the sink."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. Never raises."""
        now = state.current()
        try:
            if record.levelno < now.threshold(record.name):
                return
            fields: dict[str, Any] = {name: value for name, value in vars(record).items() if name not in _OWN}
            if record.exc_info and record.exc_info[1] is not None:
                fields |= error_fields(record.exc_info[1])
            place = (record.module, record.funcName or "", record.lineno)
            now.emit(now.line(record.levelname.lower(), record.getMessage(), record.name, place, fields))
        except Exception:
            now.failed()
