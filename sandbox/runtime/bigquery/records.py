"""Fields of records that are called as a word of SQL is, such as `order`: the engine writes them without quotes."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def quote_fields() -> None:
    """Let the engine quote them."""
    types: Any = import_module("bqemulator.storage.type_map")
    routes: Any = import_module("bqemulator.api.routes.tables")
    plain = types.bq_schema_to_duckdb_columns

    def columns(fields: list[dict[str, Any]]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for field in fields:
            if field["type"].upper() in ("RECORD", "STRUCT"):
                inner = ", ".join(f'"{name}" {kind}' for name, kind in columns(field.get("fields") or []))
                repeated = "[]" if str(field.get("mode")).upper() == "REPEATED" else ""
                found.append((field["name"], f"STRUCT({inner}){repeated}"))
            else:
                found += plain([field])
        return found

    types.bq_schema_to_duckdb_columns = routes.bq_schema_to_duckdb_columns = columns
