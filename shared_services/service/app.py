"""`create_app`: a FastAPI application that stands on the base."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp

from .auth import InvalidToken, Principal
from .base import Base
from .problem import CONTENT_TYPE, HttpProblem, Problem
from .service import Service
from .settings import ServiceSettings

if TYPE_CHECKING:
    from shared_services.config import ConfigManager

    from .auth import Authenticator

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    name: str | None = None,
    *,
    settings: ServiceSettings | None = None,
    manager: ConfigManager | None = None,
    authenticator: Authenticator | None = None,
    lifespan: Lifespan | None = None,
    **fastapi: Any,
) -> FastAPI:
    """A FastAPI application with health, metrics, logs, traces, limits, authentication and errors as documents.

    >>> from shared_services import create_app, service_of
    >>> app = create_app("market-data-ingestion")
    >>> @app.get("/bars/{symbol}")
    ... async def bars(symbol: str) -> dict[str, str]:
    ...     return {"symbol": symbol}
    >>> service_of(app).identity.service
    'market-data-ingestion'

    `run_service(app)` serves it.

    Args:
        name: of the service; its configuration is `config/services/NAME.yaml`.
        settings: instead of those of the configuration.
        manager: where the configuration comes from; its changes are followed.
        authenticator: who verifies tokens, instead of one made of the settings.
        lifespan: FastAPI's own, around the service's life.
        fastapi: further arguments of `FastAPI`.
    """
    follows = settings is None
    if settings is None:
        from shared_services.config import default_manager

        manager = manager or default_manager()
        settings = ServiceSettings.of(name, manager) if name else ServiceSettings()
    service = Service(settings, authenticator=authenticator)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if follows and name and manager is not None:
                stack.callback(service.follow(manager))
                stack.callback(_watching(manager))
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            await service.start()
            stack.push_async_callback(service.stop)
            yield

    identity = settings.identity
    about = {"title": identity.service, "version": identity.version or "0.0.0"}
    app = _Application(lifespan=life, **{**about, **fastapi})
    app.state.service = service
    app.add_middleware(cast("Any", Base), service=service)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


class _Application(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """FastAPI's, without its outermost layer: what nobody caught is the base's to answer."""
        stack = super().build_middleware_stack()
        return stack.app if isinstance(stack, ServerErrorMiddleware) else stack


def _watching(manager: ConfigManager) -> Callable[[], None]:
    """Have a manager follow its files and its bucket while the service lives, as `application.yaml` says.

    `CONFIG_SUBSCRIPTION` names the subscription to `config-changed` that tells it at once.
    """
    reload = manager.get_config("application").reload
    if not (reload.watch_files or reload.watch_bucket):
        return lambda: None
    manager.start_watching(os.environ.get("CONFIG_SUBSCRIPTION") if reload.watch_bucket else None)
    return manager.stop_watching


def service_of(app: Any) -> Service:
    """The service behind an application that `create_app` made, or behind a `Base`.

    >>> from shared_services import create_app
    >>> service_of(create_app(settings=ServiceSettings())).health.phase.value
    'starting'
    """
    found = getattr(getattr(app, "state", app), "service", None)
    if not isinstance(found, Service):
        raise TypeError("this application was not made by create_app")
    return found


def require(*permissions: str) -> Any:
    """A FastAPI dependency: who asks, where they have all of these permissions; else 401 or 403.

    >>> from typing import Annotated
    >>> from fastapi import Depends
    >>> from shared_services import Principal, create_app, require
    >>> app = create_app("shared-services")
    >>> @app.put("/config/{name}")
    ... async def put(name: str, who: Annotated[Principal, require("config.write")]) -> str:
    ...     return who.email
    """

    def principal(request: Request) -> Principal:
        found = request.scope.get("principal")
        if not isinstance(found, Principal):
            raise InvalidToken("")
        missing = [permission for permission in permissions if not found.may(permission)]
        if missing:
            raise HttpProblem(403, f"{found.email or found.subject} lacks {', '.join(missing)}")
        return found

    return Depends(principal)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = error.detail if isinstance(error.detail, str) else ""
    more: dict[str, Any] = {} if isinstance(error.detail, str) else {"errors": error.detail}
    problem = Problem(error.status_code, known, more=more)
    return _response(request, problem, dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Without the values: a password may be among them.
    found = [{"pointer": "/" + "/".join(map(str, each["loc"])), "detail": each["msg"]} for each in error.errors()]
    return _response(request, Problem(422, "the request is not valid", "input", more={"errors": found}), {})


def _response(request: Request, problem: Problem, headers: dict[str, str]) -> Response:
    body = problem.body(request.url.path)
    return Response(body, problem.status, {**headers, **problem.headers}, media_type=CONTENT_TYPE.decode())
