"""What a `CREATE SCHEMA` says of the dataset that it makes: place, names, labels, expirations. The engine noted none.

https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#schema_option_list
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from sandbox.runtime.bigquery.made import labels
from sandbox.runtime.bigquery.tokens import tokens_of

_MADE = re.compile(r"\bCREATE\s+SCHEMA\b", re.I)
_DAY_MS = 86_400_000
_TEXTS = ("description", "friendly_name")
_QUOTED = ("STRING", "RAW_STRING", "BYTE_STRING", "IDENTIFIER")
_DAYS = {
    "default_table_expiration_days": "default_table_expiration_ms",
    "default_partition_expiration_days": "default_partition_expiration_ms",
}


def note_datasets() -> None:
    """Let the engine note it, for statements by themselves and in scripts."""
    noted = import_module("bqemulator.catalog.ddl_sync").sync_created_schema
    for module in ("bqemulator.jobs.executor", "bqemulator.scripting.interpreter"):
        users: Any = import_module(module)
        users.sync_created_schema = _synced(noted)


def _synced(noted: Callable[[str, str, Any], None]) -> Callable[[str, str, Any], None]:
    detect = import_module("bqemulator.catalog.ddl_sync")._detect_create_schema

    def synced(sql: str, project: str, ctx: Any) -> None:
        place = detect(sql, project) if _MADE.search(sql) else None
        known = place is None or ctx.catalog.get_dataset(*place) is not None
        noted(sql, project, ctx)
        if not known and (said := options(sql)):
            made = ctx.catalog.get_dataset(*(place or ()))
            ctx.catalog.update_dataset(made.model_copy(update=said))

    return synced


def options(sql: str) -> dict[str, Any]:
    """The fields of the engine's record of a dataset that a statement's options say.

    >>> options("CREATE SCHEMA d OPTIONS (location = 'asia-south1', default_table_expiration_days = 1)")
    {'location': 'asia-south1', 'default_table_expiration_ms': 86400000}
    """
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp
    found: dict[str, Any] = {}
    for each in sqlglot.parse_one(sql, read="bigquery").find_all(exp.Property):
        if isinstance(each, exp.LocationProperty):
            found["location"] = normal_location(each.this.name)
            continue
        name, value = each.name.lower(), each.args.get("value")
        if name in _TEXTS and isinstance(value, exp.Literal):
            found[name] = value.name
        elif name in _DAYS and isinstance(value, exp.Literal):
            found[_DAYS[name]] = int(float(value.name) * _DAY_MS)
        elif name == "is_case_insensitive" and isinstance(value, exp.Boolean):
            found[name] = bool(value.this)
        elif name == "labels" and isinstance(value, exp.Array):
            found[name] = labels(value)
    return found


def normal_location(location: str) -> str:
    """As BigQuery writes it.

    >>> normal_location("us"), normal_location("Asia-South1")
    ('US', 'asia-south1')
    """
    return location.upper() if location.lower() in ("us", "eu") else location.lower()


def placed(text: str, location: str) -> str:
    """Statements with the place of their job said of the datasets that they make, where they say none.

    >>> placed("CREATE SCHEMA d; CREATE SCHEMA e OPTIONS (description = 'x')", "EU")
    "CREATE SCHEMA d OPTIONS (location = 'EU'); CREATE SCHEMA e OPTIONS (location = 'EU', description = 'x')"
    >>> placed("CREATE SCHEMA `options`; SELECT 'CREATE SCHEMA e'", "EU"), placed("CREATE SCHEMA d '", "EU")
    ("CREATE SCHEMA `options` OPTIONS (location = 'EU'); SELECT 'CREATE SCHEMA e'", "CREATE SCHEMA d '")
    """
    if not _MADE.search(text):
        return text
    tokens = tokens_of(text)
    # What is quoted is no word, whatever it says.
    words = ["" if token.token_type.name in _QUOTED else token.text.upper() for token in tokens]
    parts: list[str] = []
    end = 0
    for start in range(len(words) - 2):
        if words[start : start + 2] != ["CREATE", "SCHEMA"]:
            continue
        last = next((at for at in range(start, len(words)) if words[at] == ";"), len(words))
        here = words[start:last]
        if "OPTIONS" not in here:
            at, said = tokens[last - 1].end + 1, f" OPTIONS (location = '{location}')"
        elif "LOCATION" not in here[here.index("OPTIONS") :]:
            at, said = tokens[start + here.index("OPTIONS") + 1].end + 1, f"location = '{location}', "
        else:
            continue
        parts += [text[end:at], said]
        end = at
    return "".join([*parts, text[end:]])
