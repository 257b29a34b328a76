"""`ALTER DATABASE … SET OPTIONS (…)`, and its spelling in PostgreSQL: `SET spanner.NAME TO VALUE`."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis import cron
from sandbox.apis.spanner import configs
from sandbox.apis.spanner.ddl.statements import Reader, Statement
from sandbox.apis.spanner.ddl.tokens import Token, split
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument

Json = dict[str, Any]
_NAMES = frozenset(
    (
        *("default_leader", "default_sequence_kind", "default_time_zone", "optimizer_statistics_package"),
        *("optimizer_version", "read_lease_regions", "version_retention_period", "columnar_policy"),
    )
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def set_options(document: Json, statement: Statement, has_tables: bool, call: Call) -> None:
    """What they do to a database. Raises what Google would answer for a value that it refuses."""
    if statement.name.lower() != str(document["name"]).rpartition("/")[2]:
        raise invalid_argument(f"Database {statement.name} in the statement is not the database of the request.")
    for name, value in _options(statement).items():
        if name not in _NAMES:
            raise invalid_argument(f"Option: {name} is unknown.")
        if name == "version_retention_period":
            document["versionRetentionPeriod"] = _period(value)
        elif name == "default_leader":
            _lead(document, value, call)
        elif name == "default_time_zone" and value is not None:
            _zone(value, has_tables)


def _options(statement: Statement) -> dict[str, str | None]:
    read = Reader(statement.text, list(statement.rest))
    read.expect("SET")
    if read.take("OPTIONS"):
        if read.key != "(":
            raise read.fail(f"Expecting '(' but found '{read.key}'")
        parts, _ = split(read.words, read.at)
        return {part[0].name.lower(): _value(part[2:]) for part in parts if len(part) > 2}
    read.expect("SPANNER", ".")
    name = read.name().lower()
    if not read.take("TO"):
        read.expect("=")
    return {name: _value(list(read.rest))}


def _value(words: list[Token]) -> str | None:
    text = "".join(word.text for word in words)
    return None if text.upper() in ("NULL", "DEFAULT") else text.strip("'\"`")


def _period(value: str | None) -> str:
    """An hour to a week, as it is written."""
    match = re.fullmatch(r"(\d+)\s*([smhd])", value or "1h")
    if match is None or not 3600 <= int(match[1]) * _UNITS[match[2]] <= 7 * 86_400:
        raise invalid_argument("version_retention_period is an hour to seven days, such as 3d or 36h.")
    return match[0]


def _lead(document: Json, value: str | None, call: Call) -> None:
    instance = call.store.get("spanner.instances", str(document["name"]).partition("/databases/")[0])
    if instance is None:
        return
    config = configs.find(call, instance.document["config"])
    if value is not None and value not in config["leaderOptions"]:
        raise invalid_argument(f"default_leader is one of {', '.join(config['leaderOptions'])}.")
    document["defaultLeader"] = value or config["replicas"][0]["location"]


def _zone(value: str, has_tables: bool) -> None:
    try:
        cron.check_zone(value)
    except ApiError as error:
        raise invalid_argument(f"default_time_zone '{value}' is not in the tz database.") from error
    if has_tables:
        raise failed_precondition("The default time zone can't be set in a database that has tables.")
