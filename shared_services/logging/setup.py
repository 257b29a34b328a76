"""`setup_logging`: one call at the start of a service."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from shared_services.errors import InputError

from . import state
from .daily_file import DailyFile
from .redaction import Redactor
from .sink import StandardOutput
from .stdlib import Handler


def setup_logging(
    service_name: str = "shared-services",
    log_level: str = "INFO",
    log_format: str = "json",
    log_file: str | Path | None = None,
    *,
    levels: Mapping[str, str] | None = None,
    redact: Iterable[str] = (),
    queue_size: int = 10_000,
    keep_days: int = 14,
    to_stdout: bool = True,
    slow_request_ms: float = 1000,
    maximum_message_characters: int = 8192,
) -> None:
    """Decide what is logged and where, for this process; a second call replaces the first.

    What libraries log through the standard library comes out alike.

    >>> setup_logging(service_name="market-data-ingestion", log_level="INFO", log_format="json")

    Args:
        service_name: stands in each line.
        log_level: DEBUG, INFO, WARNING, ERROR or CRITICAL.
        log_format: json for Cloud Logging, text for people.
        log_file: also into a file a day: `logs/service.log` leads to today's `logs/service_20260102.log`; a folder
            (`logs/`) gets `shared_services_20260102.log`.
        levels: levels of single loggers by name: `{"google.auth": "WARNING"}`.
        redact: further parts of field names whose values are hidden.
        queue_size: lines that may wait to be written; what comes when they do is dropped and counted.
        keep_days: days of files that are kept.
        to_stdout: whether lines go to standard output.
        slow_request_ms: from here on a request is a warning.
        maximum_message_characters: longer messages are cut.

    Raises:
        InputError: a level or the format is none.
    """
    level = _level(log_level)
    outputs: list[Any] = [StandardOutput()] if to_stdout else []
    if log_file is not None:
        outputs.append(DailyFile(_file(log_file), keep_days=keep_days))
    project = os.environ.get("GOOGLE_CLOUD_PROJECT")
    labels = {"service": service_name}
    environment, version = os.environ.get("PLATFORM_ENVIRONMENT"), os.environ.get("SERVICE_VERSION")
    labels |= {"environment": environment} if environment else {}
    labels |= {"version": version} if version else {}
    new = state.State(
        service=service_name,
        level=level,
        format=_format(log_format),
        levels={name: _level(value) for name, value in (levels or {}).items()},
        redactor=Redactor(redact),
        project=project,
        labels=labels,
        most_characters=maximum_message_characters,
        slow_request_ms=slow_request_ms,
    )
    new.sink = new.made_sink(outputs, queue_size)
    state.replace(new)
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Handler)]:
        root.removeHandler(handler)
    root.addHandler(Handler())
    root.setLevel(min([level, *new.levels.values()]))


def flush_logs(timeout: float = 5) -> bool:
    """Wait until everything logged so far is written; whether it was, within `timeout` seconds.

    >>> flush_logs()
    True
    """
    sink = state.current().sink
    return True if sink is None else sink.flush(timeout)


def dropped_logs() -> int:
    """Lines that were dropped since `setup_logging`, because they came faster than they could be written.

    >>> dropped_logs()
    0
    """
    sink = state.current().sink
    return 0 if sink is None else sink.dropped


def _level(text: str) -> int:
    number = state.LEVELS.get(str(text).upper())
    if number is None:
        raise InputError(f'"{text}" is no level', todo=f"one of {', '.join(state.LEVELS)}")
    return number


def _format(text: str) -> Literal["json", "text"]:
    if text == "json":
        return "json"
    if text == "text":
        return "text"
    raise InputError(f'"{text}" is no format of logs', todo="json or text")


def _file(path: str | Path) -> Path:
    folder = str(path).endswith(("/", os.sep)) or Path(path).is_dir()
    return Path(path) / "shared_services.log" if folder else Path(path)
