"""The times that a schedule stands for, beside a look at every minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.apis import cron
from sandbox.apis.cron import parsed
from sandbox.control.errors import ApiError

# Clocks that change by an hour, half an hour, two hours, at midnight, or never; offsets of quarters of an hour.
_ZONES = (
    *("Etc/UTC", "Asia/Kolkata", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Antarctica/Troll"),
    *("America/Havana", "Asia/Beirut", "Pacific/Chatham", "Africa/Casablanca"),
)
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
Field = tuple[str, frozenset[int]]


def _numbers(lowest: int, highest: int) -> st.SearchStrategy[Field]:
    number = st.integers(lowest, highest)
    top = min(highest, 6) if (lowest, highest) == _RANGES[4] else highest
    item = st.one_of(
        number.map(lambda n: (str(n), [n])),
        st.tuples(number, number).map(sorted).map(lambda p: (f"{p[0]}-{p[1]}", list(range(p[0], p[1] + 1)))),
        st.tuples(number, number, st.integers(1, 20))
        .map(lambda t: (min(t[:2]), max(t[:2]), t[2]))
        .map(lambda t: (f"{t[0]}-{t[1]}/{t[2]}", list(range(t[0], t[1] + 1, t[2])))),
        st.integers(1, 20).map(lambda step: (f"*/{step}", list(range(lowest, top + 1, step)))),
    )
    return st.lists(item, min_size=1, max_size=2).map(
        lambda items: (",".join(i[0] for i in items), frozenset(value for i in items for value in i[1]))
    )


def _fields() -> st.SearchStrategy[Sequence[Field]]:
    def star(lowest: int, highest: int) -> st.SearchStrategy[Field]:
        return st.just(("*", frozenset(range(lowest, highest + 1))))

    return st.tuples(*(st.one_of(star(*each), _numbers(*each)) for each in _RANGES))


def _fits(fields: Sequence[Field], local: datetime) -> bool:
    minutes, hours, days, months, weekdays = (field[1] for field in fields)
    on_days, on_weekdays = local.day in days, bool({local.isoweekday(), local.isoweekday() % 7} & weekdays)
    either = fields[2][0] != "*" and fields[4][0] != "*"
    day = (on_days or on_weekdays) if either else (on_days and on_weekdays)
    return local.minute in minutes and local.hour in hours and local.month in months and day


# Around the days on which the clocks of these zones change, and any others.
_MOMENTS = st.one_of(
    st.datetimes(datetime(2022, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from([datetime(2026, *day) for day in ((3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31))]).flatmap(
        lambda day: st.integers(0, 2 * 1440).map(lambda minutes: day + timedelta(minutes=minutes))
    ),
)


@settings(max_examples=80, deadline=None)
@given(_fields(), st.sampled_from(_ZONES), _MOMENTS)
def test_the_next_time_is_the_first_minute_that_fits(fields: Sequence[Field], zone: str, moment: datetime) -> None:
    schedule = parsed(" ".join(field[0] for field in fields), zone)
    begin = moment.replace(tzinfo=UTC).timestamp()
    first = begin // 60 * 60 + 60
    minutes = (first + 60 * n for n in range(2 * 1440))
    wanted = next((at for at in minutes if _fits(fields, datetime.fromtimestamp(at, ZoneInfo(zone)))), None)
    found = schedule.after(begin)
    assert found == wanted or (wanted is None and (found is None or found >= first + 2 * 86_400))


@settings(max_examples=40, deadline=None)
@given(_fields(), st.sampled_from(_ZONES), _MOMENTS, st.integers(0, 1440))
def test_the_latest_time_is_the_last_of_those_after(
    fields: Sequence[Field], zone: str, moment: datetime, minutes: int
) -> None:
    schedule = parsed(" ".join(field[0] for field in fields), zone)
    begin = moment.replace(tzinfo=UTC).timestamp()
    until, wanted, at = begin + minutes * 60, None, schedule.after(begin)
    while at is not None and at <= until:
        wanted, at = at, schedule.after(at)
    assert schedule.latest(begin, until) == wanted


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "times"),
    [
        ("30 15 * * 1-5", "Asia/Kolkata", "2026-11-26T10:00Z", ["2026-11-27T10:00Z", "2026-11-30T10:00Z"]),
        ("0 9 13 * fri", "Etc/UTC", "2026-11-10T00:00Z", ["2026-11-13T09:00Z", "2026-11-20T09:00Z"]),
        ("0 0 29 feb *", "Etc/UTC", "2097-01-01T00:00Z", ["2104-02-29T00:00Z"]),
        ("0 0 * * 7", "Etc/UTC", "2026-11-26T00:00Z", ["2026-11-29T00:00Z", "2026-12-06T00:00Z"]),
        # 02:30 is left out on 8 March; 01:30 comes twice on 1 November.
        ("30 2 8 3 *", "America/New_York", "2026-01-01T00:00Z", ["2027-03-08T07:30Z"]),
        ("every monday 09:00", "Asia/Kolkata", "2026-11-26T00:00Z", ["2026-11-30T03:30Z", "2026-12-07T03:30Z"]),
        ("30 1 1 11 *", "America/New_York", "2026-01-01T00:00Z", ["2026-11-01T05:30Z", "2026-11-01T06:30Z"]),
    ],
)
def test_times_as_google_reads_them(schedule: str, zone: str, after: str, times: list[str]) -> None:
    at: float | None = datetime.fromisoformat(after).timestamp()
    for time in times:
        assert at is not None
        at = parsed(schedule, zone).after(at)
        assert at == datetime.fromisoformat(time).timestamp()


def test_what_never_comes_has_no_next_time() -> None:
    assert parsed("0 0 30 2 *", "Etc/UTC").after(0) is None


@pytest.mark.parametrize("schedule", ["every", "1 * * *", "every 5 years", "every day 25:00", "0 0 32 * *", 7])
def test_what_is_no_schedule_is_refused(schedule: object) -> None:
    with pytest.raises(ApiError) as refused:
        cron.check(schedule)
    assert refused.value.code == 400
