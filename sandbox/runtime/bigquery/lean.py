"""Answers without what bqemulator puts around each: metrics, a log of accesses, correlation ids.

Nobody reads these, and each wraps a request into a task of its own: together they take longer than most answers.
Documents of datasets and tables, which every plan and validation reads by the dozen, come straight from the catalog.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any
from urllib.parse import unquote

from sandbox.runtime.bigquery.application import on_application

_AROUND = ("MetricsMiddleware", "AccessLogMiddleware", "CorrelationIdMiddleware")
_DOCUMENT = re.compile(r"/bigquery/v2/projects/([^/]+)/datasets/([^/]+)(?:/tables/([^/]+))?")


def answer_lean() -> None:
    """Let the engine's application answer so."""

    def change(app: Any, context: Any) -> None:
        app.user_middleware = [each for each in app.user_middleware if each.cls.__name__ not in _AROUND]
        app.add_middleware(_Documents, context=context)

    on_application(change)


class _Documents:
    """The documents that are there; all else, and the errors, are the application's."""

    def __init__(self, app: Any, context: Any) -> None:
        self._app = app
        self._context = context
        self._datasets: Any = import_module("bqemulator.api.routes.datasets")
        self._tables: Any = import_module("bqemulator.api.routes.tables")
        self._error: Any = import_module("bqemulator.domain.errors").DomainError
        self._response: Any = import_module("starlette.responses").JSONResponse

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        document = self._found(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if document is None:
            await self._app(scope, receive, send)
            return
        await self._response(document)(scope, receive, send)

    def _found(self, scope: Any) -> dict[str, Any] | None:
        named = _DOCUMENT.fullmatch(scope["raw_path"].decode("ascii"))
        if named is None or scope["query_string"]:
            return None
        project, dataset, table = (unquote(each) if each else None for each in named.groups())
        try:
            if table is None:
                return dict(self._datasets.get_dataset(project, dataset, self._context))
            return dict(self._tables.get_table(project, dataset, table, self._context))
        except self._error:
            return None
