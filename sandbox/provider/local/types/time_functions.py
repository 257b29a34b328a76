"""`provider::time::duration_parse`, `rfc3339_parse` and `unix_timestamp_parse`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.provider import durations
from sandbox.provider.local import times
from sandbox.provider.local.kind import Function, State

_NUMBERS = ("year", "year_day", "day", "month", "weekday", "hour", "minute", "second", "iso_year", "iso_week")
_MOMENT = {**dict.fromkeys(_NUMBERS, "number"), "month_name": "string", "weekday_name": "string"}
_WHOLE = {"milliseconds": 10**6, "microseconds": 10**3, "nanoseconds": 1}
_IN_PART = {"hours": 3600 * 10**9, "minutes": 60 * 10**9, "seconds": 10**9}
_LENGTHS = (*_IN_PART, *_WHOLE)


def _shown(moment: datetime) -> State:
    iso = moment.isocalendar()
    return {
        **{name: getattr(moment, name) for name in times.PARTS},
        "year_day": moment.timetuple().tm_yday,
        "month_name": f"{moment:%B}",
        "weekday": moment.isoweekday() % 7,
        "weekday_name": f"{moment:%A}",
        "iso_year": iso.year,
        "iso_week": iso.week,
    }


def _rfc3339(text: str) -> State:
    try:
        moment = times.read(text)
    except ValueError as error:
        what = f'Error parsing RFC3339 timestamp: "{text}" is not a valid RFC3339 timestamp'
        raise ValueError(what) from error
    return {**_shown(moment), "unix": int(moment.timestamp() // 1)}


def _unix(seconds: Any) -> State:
    if not isinstance(seconds, int):
        raise ValueError(f"Error parsing unix timestamp: {seconds} is not a whole number")  # noqa: TRY004
    moment = datetime.fromtimestamp(seconds, UTC)
    return {**_shown(moment), "rfc3339": times.write(moment)}


def _duration(text: str) -> State:
    try:
        length = durations.nanoseconds(text)
    except ValueError as error:
        raise ValueError(f'Error parsing duration string: "{text}" is not a valid duration string') from error
    told: State = {name: length / unit for name, unit in _IN_PART.items()}
    # Whole units: what is left over goes, towards nought.
    return told | {name: abs(length) // unit * (1 if length >= 0 else -1) for name, unit in _WHOLE.items()}


DURATION = Function("duration_parse", "duration", "string", dict.fromkeys(_LENGTHS, "number"), _duration)
RFC3339 = Function("rfc3339_parse", "timestamp", "string", {**_MOMENT, "unix": "number"}, _rfc3339)
UNIX = Function("unix_timestamp_parse", "unix_timestamp", "number", {**_MOMENT, "rfc3339": "string"}, _unix)
