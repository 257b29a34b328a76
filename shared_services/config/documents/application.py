"""`config/application.yaml`: what all services do alike."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..model import ConfigModel, Count, Positive, Seconds


class Api(ConfigModel):
    """The REST faces."""

    prefix: str = Field(default="/api/v1", pattern=r"^/[a-z0-9/_-]*$")
    page_size: Positive = 100
    maximum_page_size: Positive = 1000
    maximum_body_kb: Positive = 1024
    request_timeout_seconds: Seconds = 30


class Shutdown(ConfigModel):
    """What happens on SIGTERM: Cloud Run kills after ten seconds."""

    drain_seconds: Seconds = 8
    flush_seconds: Seconds = 1


class Reload(ConfigModel):
    """How changes of configuration are noticed."""

    watch_files: bool = True
    poll_seconds: float = Field(default=1.0, ge=0.05, le=3600)
    watch_bucket: bool = True


class ApplicationConfig(ConfigModel):
    """What all services do alike."""

    name: str = "AI Trading Machine"
    locale: Literal["en-IN"] = "en-IN"
    api: Api = Api()
    shutdown: Shutdown = Shutdown()
    reload: Reload = Reload()
    worker_threads: Count = 8
    correlation_header: str = "x-correlation-id"
