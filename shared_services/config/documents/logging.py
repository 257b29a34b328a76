"""`config/logging.yaml`: what is logged, where, and what never is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..model import ConfigModel, Days, Positive

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class LogFile(ConfigModel):
    """A file a day."""

    enabled: bool = False
    folder: str = "logs"
    keep_days: Days = 14


class LoggingConfig(ConfigModel):
    """What is logged, where, and what never is."""

    level: Level = "INFO"
    format: Literal["json", "text"] = "json"
    levels: dict[str, Level] = {}
    """Levels of single loggers, by name."""
    file: LogFile = LogFile()
    queue_size: Positive = 10_000
    """Records that may wait; what comes when it is full is dropped and counted."""
    redact: tuple[str, ...] = ()
    """Further parts of field names whose values are never written."""
    slow_request_ms: Positive = 1000
    maximum_message_characters: int = Field(default=8192, ge=256, le=262_144)
