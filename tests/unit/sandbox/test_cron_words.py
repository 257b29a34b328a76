"""Schedules in words, beside a look at every minute."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.apis.cron_words import parsed

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "march", "apr", "may", "june", "jul", "aug", "sep", "october", "nov", "dec")
_ORDINALS = ("first", "2nd", "third", "4th", "fifth")
_ZONES = ("Etc/UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe")


def _some(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, most), min_size=1, max_size=3, unique=True)


@st.composite
def _schedules(draw: st.DrawFn) -> tuple[str, dict[str, set[int]]]:
    """A text and what it says."""
    means = {"weekdays": set(range(1, 8)), "ordinals": set(range(1, 6)), "months": set(range(1, 13))}
    of = ""
    if months := draw(st.none() | _some(12)):
        means["months"], of = set(months), f"of {','.join(_MONTHS[month - 1] for month in months)}"
    elif draw(st.booleans()):
        of = "of month"
    if draw(st.booleans()):
        days = draw(_some(31))
        means["days"] = set(days)
        text = f"{','.join(map(str, days))} {of or 'of month'}"
    elif weekdays := draw(st.none() | _some(7)):
        means["weekdays"] = set(weekdays)
        ordinals = draw(st.none() | _some(5))
        means["ordinals"] = set(ordinals) if ordinals else means["ordinals"]
        which = ",".join(_ORDINALS[one - 1] for one in ordinals) if ordinals else "every"
        text = f"{which} {', '.join(_DAYS[one - 1] for one in weekdays)} {of}"
    else:
        text = f"every day {of}"
    minute = draw(st.integers(0, 1439))
    means["minutes"] = {minute}
    return f"{text} {minute // 60:02}:{minute % 60:02}", means


def _fits(means: dict[str, set[int]], at: datetime) -> bool:
    if at.month not in means["months"] or at.hour * 60 + at.minute not in means["minutes"]:
        return False
    if "days" in means:
        return at.day in means["days"]
    return at.isoweekday() in means["weekdays"] and -(-at.day // 7) in means["ordinals"]


@settings(max_examples=60)
@given(_schedules(), st.sampled_from(_ZONES), st.datetimes(datetime(2022, 1, 1), datetime(2027, 1, 1)))
def test_the_next_time_is_the_first_minute_that_fits(
    schedule: tuple[str, dict[str, set[int]]], zone: str, moment: datetime
) -> None:
    text, means = schedule
    begin = moment.replace(tzinfo=UTC).timestamp()
    first = begin // 60 * 60 + 60
    minutes = (first + 60 * n for n in range(2 * 1440))
    wanted = next((at for at in minutes if _fits(means, datetime.fromtimestamp(at, ZoneInfo(zone)))), None)
    found = parsed(text, zone).after(begin)
    assert found == wanted or (wanted is None and (found is None or found >= first + 2 * 86_400))


@pytest.mark.parametrize(
    ("text", "after", "times"),
    [
        ("every 24 hours", "2026-11-26T10:07:30Z", ["2026-11-27T09:30:00Z", "2026-11-28T09:30:00Z"]),
        ("every 15 mins", "2026-11-26T10:07:30Z", ["2026-11-26T10:15:00Z", "2026-11-26T10:30:00Z"]),
        ("every 12 hours synchronized", "2026-11-26T10:07Z", ["2026-11-26T12:00Z", "2026-11-27T00:00Z"]),
        ("every 30 minutes from 23:30 to 00:30", "2026-11-26T10:07Z", ["2026-11-26T23:30Z", "2026-11-27T00:00Z"]),
        ("every day 03:30", "2026-11-26T03:30Z", ["2026-11-27T03:30Z"]),
        ("Every Monday 9:00", "2026-11-26T00:00Z", ["2026-11-30T09:00Z", "2026-12-07T09:00Z"]),
        ("1st,15 of month 10:00", "2026-11-10T00:00Z", ["2026-11-15T10:00Z", "2026-12-01T10:00Z"]),
        ("1st,3rd monday of month 15:30", "2026-11-26T00:00Z", ["2026-12-07T15:30Z", "2026-12-21T15:30Z"]),
        ("every wed,fri of jan,jun 13:15", "2026-11-26T00:00Z", ["2027-01-01T13:15Z", "2027-01-06T13:15Z"]),
        ("first sunday of quarter 00:00", "2026-11-26T00:00Z", ["2027-01-03T00:00Z", "2027-04-04T00:00Z"]),
        ("1 of second month of quarter 06:00", "2026-11-26T00:00Z", ["2027-02-01T06:00Z", "2027-05-01T06:00Z"]),
        ("fifth friday of feb 00:00", "2026-11-26T00:00Z", []),
    ],
)
def test_times_as_google_reads_them(text: str, after: str, times: list[str]) -> None:
    at: float | None = datetime.fromisoformat(after).timestamp()
    schedule = parsed(text, origin=datetime.fromisoformat("2026-11-20T09:30Z").timestamp())
    for time in times:
        assert at is not None
        at = schedule.after(at)
        assert at == datetime.fromisoformat(time).timestamp()
    if not times:
        assert schedule.after(at or 0.0) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at its end"),
        ("every 5", "hours or minutes"),
        ("every 0 minutes", "no interval"),
        ("every 7 hours synchronized", "no multiple"),
        ("every 2 days", "hours or minutes"),
        ("every day", "a time such as 09:00"),
        ("every day 24:00", "a time such as 09:00"),
        ("every someday 09:00", "a day of the week"),
        ("32 of month 09:00", "a day of the month"),
        ("6th monday of month 09:00", "'of'"),
        ("last monday of month 09:00", "an ordinal"),
        ("first day of month 09:00", "a day of the week"),
        ("1 of fourth month of quarter 09:00", "three months"),
        ("every monday 09:00 10:00", "its end"),
    ],
)
def test_what_is_no_schedule_says_where(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parsed(text)


def test_long_gaps_are_found() -> None:
    found = parsed("29 of feb 00:00").after(datetime(2097, 1, 1, tzinfo=UTC).timestamp())
    assert found == datetime(2104, 2, 29, tzinfo=UTC).timestamp()
