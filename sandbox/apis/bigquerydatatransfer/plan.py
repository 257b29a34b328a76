"""When a transfer configuration of BigQuery's Data Transfer Service runs by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.apis import cron_words
from sandbox.apis.cron_times import Times
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

# What the service takes where a configuration says nothing.
_OTHERWISE = "every 24 hours"
_LEAST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """The times of a configuration: those of its schedule that are not before `start` and before `end`."""

    text: str
    times: Times
    start: float | None
    end: float | None

    def after(self, moment: float) -> float | None:
        """The first run later than `moment`; None where there is none."""
        if self.start is not None:
            moment = max(moment, self.start - 1e-3)
        found = self.times.after(moment)
        return None if found is None or (self.end is not None and found >= self.end) else found

    def latest(self, due: float, until: float) -> float:
        """The last run from the one that is due until a time."""
        return self.times.latest(due, until if self.end is None else min(until, self.end - 1e-3)) or due


def plan(config: Resource) -> Plan | None:
    """A configuration's plan; None where it runs by hand only.

    Raises 400 for what is no schedule, 501 for runs that events start.
    """
    document = config.document
    if v2 := document.get("scheduleOptionsV2"):
        if document.get("schedule") or document.get("scheduleOptions"):
            text = "schedule_options_v2 can't be used together with schedule or schedule_options."
            raise invalid_argument(text, {"transfer_config.schedule_options_v2": text})
        if "eventDrivenSchedule" in v2:
            raise unimplemented("The sandbox does not implement transfers that are started by events.")
        if "manualSchedule" in v2:
            return None
        options = v2.get("timeBasedSchedule") or {}
        text = str(options.get("schedule") or "")
    else:
        options, text = document.get("scheduleOptions") or {}, str(document.get("schedule") or "")
        if options.get("disableAutoScheduling"):
            return None
    start, end = (_moment(options, field) for field in ("startTime", "endTime"))
    if start is not None and end is not None and start >= end:
        raise invalid_argument("The start time must be before the end time.", {"schedule_options": "start >= end"})
    text = text or _OTHERWISE
    try:
        # Intervals are counted from the first run: at once, or when the configuration says.
        times = cron_words.parsed(text, origin=float(int(config.created)) if start is None else start)
    except ValueError as error:
        message = f"The schedule '{text}' can't be read: {error}"
        raise invalid_argument(message, {"transfer_config.schedule": message}) from error
    if isinstance(times, cron_words.Interval) and times.seconds < _LEAST_SECONDS:
        message = f"The schedule '{text}' is shorter than the 5 minutes that are allowed."
        raise invalid_argument(message, {"transfer_config.schedule": message})
    return Plan(text, times, start, end)


def moment(text: object, field: str) -> float:
    """A timestamp of a request, in seconds since 1970. 400 where it is none."""
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp()
    except ValueError as error:
        raise invalid_argument(f"{field} is not a timestamp: '{text}'.", {field: "not a timestamp"}) from error


def _moment(options: Mapping[str, Any], field: str) -> float | None:
    return moment(options[field], f"schedule_options.{field}") if options.get(field) else None
