"""The standard library of workflows: a module of Google's is a function table here."""

from __future__ import annotations

from sandbox.workflows.library import clock, data, events, helpers, text, web
from sandbox.workflows.library.registry import CONSTANTS, FUNCTIONS, Function

MODULES = {name.rpartition(".")[0] for name in (*FUNCTIONS, *CONSTANTS) if "." in name}

__all__ = ["CONSTANTS", "FUNCTIONS", "MODULES", "Function", "clock", "data", "events", "helpers", "text", "web"]
