"""The engine's HTTP application, as it is when the engine starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def on_application(change: Callable[[Any, Any], None]) -> None:
    """Have `change(application, context)` called once the engine has made its application, after earlier changes."""
    server: Any = import_module("bqemulator.server")
    made = server.create_app

    def create_app(context: Any) -> Any:
        app = made(context)
        change(app, context)
        return app

    server.create_app = create_app
