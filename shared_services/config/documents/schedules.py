"""`config/schedules.yaml`: the daily cycle, in IST on trading days."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..model import Clock, ConfigModel, Positive, TimeZone


class Step(ConfigModel):
    """A step of the daily cycle."""

    at: Clock
    workflow: str
    service: str
    days: Literal["trading", "every"] = "trading"
    deadline_minutes: Positive = 60
    attempts: Annotated[int, Field(ge=1, le=5)] = 3
    description: str = ""


class SchedulesConfig(ConfigModel):
    """The daily cycle."""

    time_zone: TimeZone = "Asia/Kolkata"
    steps: dict[str, Step]
