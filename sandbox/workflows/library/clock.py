"""`sys.*`, `time.*` and `uuid.*`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.workflows.errors import fault
from sandbox.workflows.library.helpers import format_double
from sandbox.workflows.library.registry import function, must_be
from sandbox.workflows.values import is_number, type_name

if TYPE_CHECKING:
    from sandbox.workflows.task import Task

SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_LONGEST_SLEEP = 365 * 86_400
_MISSING = object()


@function("sys.get_env", "name default", "task", default=_MISSING)
def _get_env(task: Task, name: Any, default: Any) -> Any:
    found = task.world.environment.get(must_be("string", name, "name"))
    if found is not None:
        return found
    if default is _MISSING:
        raise fault("KeyError", f"environment variable not found: {name}")
    return default


@function("sys.now", "", "noted")
def _now(task: Task) -> float:
    return task.world.now()


@function("uuid.generate", "", "noted")
def _uuid(task: Task) -> str:
    return task.world.uuid()


@function(
    "sys.log", "data severity text json timeout", "effect", data=None, severity=None, text=None, json=None, timeout=None
)
async def _log(task: Task, data: Any, severity: Any, text: Any, json: Any, _timeout: Any) -> None:
    """One of `data`, `text` and `json`; a text goes into textPayload, a map into jsonPayload."""
    severity = "DEFAULT" if severity is None else must_be("string", severity, "severity")
    if severity not in SEVERITIES:
        raise fault("ValueError", f"unknown severity '{severity}', expected one of {', '.join(SEVERITIES)}")
    given = [value for value in (data, text, json) if value is not None]
    if len(given) > 1:
        raise fault("ValueError", "sys.log takes one of 'data', 'text' and 'json'")
    if text is not None:
        must_be("string", text, "text")
    if json is not None:
        must_be("map", json, "json")
    payload = given[0] if given else None
    if is_number(payload) or isinstance(payload, bool):
        payload = format_double(payload) if isinstance(payload, float) else str(payload).lower()
    await task.world.log(severity, payload)


@function("sys.sleep", "seconds", "own")
async def _sleep(task: Task, seconds: Any) -> None:
    if must_be("number", seconds, "seconds") < 0:
        raise fault("ValueError", f"can't sleep {seconds} seconds")
    if seconds > _LONGEST_SLEEP:
        raise fault("ValueError", "a sleep lasts 31536000 seconds at most")
    await sleep(task, seconds)


async def sleep(task: Task, seconds: float) -> None:
    """Sleep; after a restart only what is left of it."""
    until: float = task.noted(lambda: task.world.now() + seconds)
    await _sleep_till(task, until)


@function("sys.sleep_until", "time", "own")
async def _sleep_until(task: Task, time: Any) -> None:
    await _sleep_till(task, _parse(time) if isinstance(time, str) else must_be("number", time, "time"))


async def _sleep_till(task: Task, until: float) -> None:
    while (left := until - task.world.now()) > 0:  # noqa: ASYNC110 - a clock is no event
        await asyncio.sleep(min(left, 3600))


@function("time.format", "seconds timezone", timezone=None)
def _format(seconds: Any, timezone: Any) -> str:
    must_be("number", seconds, "seconds")
    try:
        zone = UTC if timezone is None else ZoneInfo(must_be("string", timezone, "timezone"))
        moment = datetime.fromtimestamp(seconds, zone)
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError) as error:
        raise fault("ValueError", f"can't write {seconds} in time zone {timezone or 'UTC'}") from error
    text = moment.isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z") if timezone is None else text


@function("time.parse", "value")
def _parse(value: Any) -> float:
    if not isinstance(value, str):
        raise fault("TypeError", f"argument 'value' must be a string, not {type_name(value)}")
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError as error:
        raise fault("ValueError", f"'{value}' is no RFC 3339 time") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
