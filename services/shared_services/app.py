"""The application: its routes on the base of every service."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from shared_services import ConfigManager, ServiceSettings, create_app, default_manager, service_of

from . import api_config, api_platform, api_reports, pages
from .answers import errors_as_documents
from .guard import Guard
from .parts import Parts

NAME = "shared-services"


def make_app(
    parts: Parts | None = None, *, manager: ConfigManager | None = None, settings: ServiceSettings | None = None
) -> FastAPI:
    """The application.

    Args:
        parts: what it stands on; by default made of the variables.
        manager: this process's configuration.
        settings: of the base; by default those of the configuration.
    """
    manager = manager or (parts.manager if parts else default_manager())
    more: dict[str, Any] = {"docs_url": None, "redoc_url": None}  # those pages load from elsewhere
    app = create_app(NAME, manager=manager, settings=settings, **more)
    made = parts or Parts(manager)
    app.state.parts, app.state.health = made, api_platform.HealthOfAll()
    app.user_middleware.append(Middleware(Guard))  # inside the base, which answers what it refuses
    for router in (api_config.router, api_platform.router, api_reports.router, pages.router):
        app.include_router(router)
    errors_as_documents(app)
    service = service_of(app)
    service.quiet_paths = ("/api/v1/events",)
    service.health.add("config bucket", made.reads_bucket, required=False)
    service.on_start(made.start)
    service.on_drain(made.events.close)
    service.on_stop(made.stop)
    return app
