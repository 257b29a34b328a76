"""dashboard and reporting."""

from __future__ import annotations

from typing import Literal

from ..model import Clock, Days, Seconds
from .base import BaseServiceConfig


class DashboardConfig(BaseServiceConfig):
    """A web page: what is up, what happened today, P&L, risk and cost."""

    SERVICE_NAME: str = "dashboard"
    REFRESH_SECONDS: Seconds = 5
    HISTORY_DAYS: Days = 30
    PANELS: tuple[str, ...] = ()


class ReportingConfig(BaseServiceConfig):
    """The daily report."""

    SERVICE_NAME: str = "reporting"
    REPORT_TIME: Clock = "20:00"
    FORMATS: tuple[Literal["html", "pdf", "csv", "json"], ...] = ("html", "csv")
    SECTIONS: tuple[str, ...] = ()
    CHANNELS: tuple[Literal["telegram", "email"], ...] = ("telegram",)
