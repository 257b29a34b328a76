"""Days and hours, their edges, and what lies beyond."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_services import (
    CalendarRangeError,
    add_trading_days,
    count_trading_days,
    get_holidays,
    get_market_phase,
    get_next_close,
    get_next_open,
    get_next_trading_day,
    get_previous_trading_day,
    get_session,
    get_trading_day,
    get_trading_days,
    is_closing_auction,
    is_market_open,
    is_pre_open,
    is_special_session,
    is_trading_day,
    minutes_to_close,
    time_since_open,
)
from shared_services.market import calendar as calendar_module
from shared_services.market.calendar import INDIA, TradingCalendar

DAYS = st.dates(date(2019, 1, 15), date(2026, 12, 15))
MOMENTS = st.datetimes(datetime(2019, 1, 15), datetime(2026, 12, 15), timezones=st.just(UTC))


@given(DAYS)
def test_the_next_day_is_the_first_after_and_the_way_back_is_the_same(day: date) -> None:
    following = get_next_trading_day(day)
    assert following > day and is_trading_day(following)
    assert not any(is_trading_day(day + timedelta(days=n)) for n in range(1, (following - day).days))
    assert get_previous_trading_day(following) == get_trading_day(day)
    assert add_trading_days(day, 1) == following


@given(DAYS, st.integers(-40, 40))
def test_adding_days_and_counting_them_agree(day: date, count: int) -> None:
    start = get_trading_day(day)
    try:
        end = add_trading_days(start, count)
    except CalendarRangeError:
        return
    first, last = sorted([start, end])
    assert count_trading_days(first, last) == abs(count) + 1
    assert add_trading_days(end, -count) == start


@given(MOMENTS)
def test_open_closes_and_pre_open_never_overlap(moment: datetime) -> None:
    assert not (is_market_open(moment) and is_pre_open(moment))
    assert (minutes_to_close(moment) > 0) == is_market_open(moment)
    assert is_market_open(moment) == (get_market_phase(moment) == "OPEN")
    opening, closing = get_next_open(moment), get_next_close(moment)
    assert opening > moment and is_market_open(opening) and not is_market_open(opening - timedelta(seconds=1))
    assert closing > moment and not is_market_open(closing) and is_market_open(closing - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("clock", "phase"),
    [
        ("08:59:59", "CLOSED"),
        ("09:00:00", "PRE_OPEN"),
        ("09:14:59", "PRE_OPEN"),
        ("09:15:00", "OPEN"),
        ("15:29:59", "OPEN"),
        ("15:30:00", "CLOSED"),
        ("15:40:00", "POST_CLOSE"),
        ("16:00:00", "CLOSED"),
    ],
)
def test_the_phases_of_a_day(clock: str, phase: str) -> None:
    assert get_market_phase(datetime.combine(date(2026, 1, 2), time.fromisoformat(clock))) == phase


def test_a_time_without_a_zone_is_indias() -> None:
    naive = datetime(2026, 1, 2, 9, 15)
    assert is_market_open(naive)
    assert is_market_open(naive.replace(tzinfo=INDIA))
    assert not is_market_open(naive.replace(tzinfo=UTC) + timedelta(hours=1))
    assert is_market_open(datetime(2026, 1, 1, 23, 0, tzinfo=ZoneInfo("America/New_York")))
    assert get_next_trading_day(datetime(2026, 1, 1, 20, 0, tzinfo=UTC)) == date(2026, 1, 5)


def test_derivatives_trade_ten_minutes_longer_since_august_2026() -> None:
    before, after = datetime(2026, 7, 31, 15, 35), datetime(2026, 8, 3, 15, 35)
    assert [is_market_open(before, segment) for segment in ("EQUITY", "FUTURES", "OPTIONS")] == [False] * 3
    assert [is_market_open(after, segment) for segment in ("EQUITY", "FUTURES", "OPTIONS")] == [False, True, True]
    assert is_closing_auction(datetime(2026, 8, 3, 15, 34, 59)) and not is_closing_auction(after)
    assert minutes_to_close(after, "FUTURES") == 5


def test_the_day_of_the_disaster_recovery_has_a_pause() -> None:
    assert is_market_open(datetime(2024, 3, 2, 9, 30))
    assert not is_market_open(datetime(2024, 3, 2, 10, 30))
    assert get_next_open(datetime(2024, 3, 2, 10, 30)) == datetime(2024, 3, 2, 11, 30, tzinfo=INDIA)
    assert time_since_open(datetime(2024, 3, 2, 11, 30)) == timedelta(hours=2, minutes=15)


def test_muhurat_is_in_the_evening_only() -> None:
    assert not is_market_open(datetime(2024, 11, 1, 10, 0))
    assert is_market_open(datetime(2024, 11, 1, 18, 30))
    assert is_special_session(date(2024, 11, 1)) and get_session(date(2024, 11, 2)) is None


@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2027, 1, 1), date.min, date.max])
def test_beyond_the_calendar_it_refuses(day: date) -> None:
    for call in (is_trading_day, get_next_trading_day, get_previous_trading_day, get_session):
        with pytest.raises(CalendarRangeError, match="NSE_CALENDAR_FILE"):
            call(day)
    with pytest.raises(CalendarRangeError):
        is_market_open(datetime(2027, 1, 1, 10, 0))


def test_the_last_day_has_no_next_and_the_first_no_previous() -> None:
    assert is_trading_day(date(2026, 12, 31))
    with pytest.raises(CalendarRangeError, match="ends on 2026-12-31"):
        get_next_trading_day(date(2026, 12, 31))
    with pytest.raises(CalendarRangeError, match="2019-01-01"):
        get_previous_trading_day(date(2019, 1, 1))
    with pytest.raises(CalendarRangeError):
        get_holidays(2027)


@pytest.mark.parametrize("value", ["2026-01-02", 20260102, 1.5, [], object()])
def test_what_is_no_day_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match="a day is"):
        is_trading_day(value)
    with pytest.raises(TypeError, match="a moment is"):
        is_market_open(value)


def test_an_unknown_segment_is_named() -> None:
    with pytest.raises(ValueError, match="not 'COMMODITY'"):
        is_market_open(datetime(2026, 1, 2, 10), "COMMODITY")


def test_a_newer_file_takes_the_place_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = calendar_module._FILE.read_text().replace("valid_through = 2026-12-31", "valid_through = 2027-06-30")
    text += '\n[years.2027]\nsource = "a test"\n[years.2027.holidays]\n2027-01-26 = "Republic Day"\n'
    file = tmp_path / "nse.toml"
    file.write_text(text)
    monkeypatch.setenv("NSE_CALENDAR_FILE", str(file))
    assert not is_trading_day(date(2027, 1, 26))
    assert get_next_trading_day(date(2026, 12, 31)) == date(2027, 1, 1)
    file.with_name("bad.toml").write_text("valid_from = 2019-01-01\n")
    with pytest.raises(ValueError, match="no trading calendar"):
        TradingCalendar.from_file(file.with_name("bad.toml"))


def test_days_between_are_empty_when_turned_round() -> None:
    assert get_trading_days(date(2026, 1, 5), date(2026, 1, 2)) == []
