"""Answers without what bqemulator puts around each: metrics, a log of accesses, correlation ids.

Nobody reads these, and each wraps a request into a task of its own: together they take longer than most answers.
Documents of datasets and tables, which every plan and validation reads by the dozen, come straight from the catalog.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any
from urllib.parse import unquote

_AROUND = ("MetricsMiddleware", "AccessLogMiddleware", "CorrelationIdMiddleware")
_DOCUMENT = re.compile(r"/bigquery/v2/projects/([^/]+)/datasets/([^/]+)(?:/tables/([^/]+))?")


def answer_lean() -> None:
    """Let the engine's application answer so."""
    server: Any = import_module("bqemulator.server")
    made = server.create_app

    def create_app(context: Any) -> Any:
        app = made(context)
        app.user_middleware = [each for each in app.user_middleware if each.cls.__name__ not in _AROUND]
        app.add_middleware(_Documents, context=context)
        return app

    server.create_app = create_app


class _Documents:
    """The documents that are there; all else, and the errors, are the application's."""

    def __init__(self, app: Any, context: Any) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        document = self._found(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if document is None:
            await self._app(scope, receive, send)
            return
        from starlette.responses import JSONResponse

        await JSONResponse(document)(scope, receive, send)

    def _found(self, scope: Any) -> dict[str, Any] | None:
        named = _DOCUMENT.fullmatch(scope["raw_path"].decode("ascii"))
        if named is None or scope["query_string"]:
            return None
        project, dataset, table = (unquote(each) if each else None for each in named.groups())
        errors: Any = import_module("bqemulator.domain.errors")
        datasets: Any = import_module("bqemulator.api.routes.datasets")
        tables: Any = import_module("bqemulator.api.routes.tables")
        try:
            if table is None:
                return dict(datasets.get_dataset(project, dataset, self._context))
            return dict(tables.get_table(project, dataset, table, self._context))
        except errors.DomainError:
            return None
