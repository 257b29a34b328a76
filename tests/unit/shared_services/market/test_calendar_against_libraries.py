"""Our calendar beside two others'. Where they differ, the difference is known and has its reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import exchange_calendars
import pandas_market_calendars
import pytest

from shared_services.market import SessionKind, get_calendar, get_session

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)

# Sessions that exchange-calendars' XBOM 4.13 lacks: it knows no session on a weekend (with pandas 3 it drops those it
# has), and none of the Muhurat hours. Each was traded, or announced by NSE.
NOT_IN_XBOM = {
    date(2019, 10, 27): "Muhurat, a Sunday",
    date(2020, 2, 1): "Union Budget, a Saturday",
    date(2020, 11, 14): "Muhurat, a Saturday",
    date(2021, 11, 4): "Muhurat",
    date(2022, 10, 24): "Muhurat",
    date(2023, 11, 12): "Muhurat, a Sunday",
    date(2024, 1, 20): "a Saturday in place of Monday",
    date(2024, 3, 2): "disaster recovery, a Saturday",
    date(2024, 5, 18): "disaster recovery, a Saturday",
    date(2024, 11, 1): "Muhurat",
    date(2025, 2, 1): "Union Budget, a Saturday",
    date(2025, 10, 21): "Muhurat",
    date(2026, 2, 1): "Union Budget, a Sunday",
    date(2026, 11, 8): "Muhurat, a Sunday",
}
OUTAGE = date(2021, 2, 24)  # a trading day for all, with hours of its own
# pandas-market-calendars 5.5 has the Muhurat hours of working days, and no session on a weekend.
NOT_IN_PMC = {day: why for day, why in NOT_IN_XBOM.items() if day.weekday() > 4}


def ours() -> set[date]:
    return set(get_calendar().days(FIRST, LAST))


def test_against_exchange_calendars() -> None:
    xbom = exchange_calendars.get_calendar("XBOM", start=FIRST.isoformat(), end=LAST.isoformat())
    theirs = {session.date() for session in xbom.sessions}
    assert theirs - ours() == set()
    assert ours() - theirs == set(NOT_IN_XBOM)


def test_against_pandas_market_calendars() -> None:
    nse = pandas_market_calendars.get_calendar("NSE")
    theirs = {session.date() for session in nse.valid_days(FIRST.isoformat(), LAST.isoformat())}
    assert theirs - ours() == set()
    assert ours() - theirs == set(NOT_IN_PMC)


def test_the_hours_are_those_of_pandas_market_calendars() -> None:
    schedule = pandas_market_calendars.get_calendar("NSE").schedule(FIRST.isoformat(), LAST.isoformat())
    for row in schedule.itertuples():
        day = row.Index.date()
        session = get_session(day)
        assert session is not None
        if session.kind is SessionKind.MUHURAT:
            continue  # it has some openings, and no closings, of those
        assert (session.opens_at, session.closes_at) == (row.market_open, row.market_close), day


def test_every_special_session_has_a_reason_here() -> None:
    assert set(get_calendar().specials) == {*NOT_IN_XBOM, OUTAGE}


@pytest.mark.parametrize("day", sorted(NOT_IN_XBOM))
def test_a_muhurat_hour_is_an_hour_and_no_regular_day(day: date) -> None:
    session = get_session(day)
    assert session is not None and session.source
    muhurat = session.kind is SessionKind.MUHURAT
    assert muhurat == NOT_IN_XBOM[day].startswith("Muhurat")
    assert get_calendar().is_trading_day(day, regular=True) is not muhurat
    if muhurat:
        assert session.closes_at - session.opens_at == timedelta(hours=1)


def test_what_is_uncertain_says_so() -> None:
    uncertain = {day for day in get_calendar().specials if (found := get_session(day)) and found.provisional}
    assert uncertain == {date(2024, 5, 18), date(2026, 2, 1), date(2026, 11, 8)}
    auction = get_session(date(2026, 8, 3))
    assert auction is not None and auction.provisional and auction.closing_auction is not None


def test_no_holiday_falls_on_a_weekend_and_every_year_has_its_own() -> None:
    nse = get_calendar()
    assert all(day.weekday() < 5 and holiday.source for day, holiday in nse.holidays.items())
    assert {day.year for day in nse.holidays} == set(range(2019, 2027))
    assert nse.valid_through == date(2026, 12, 31)
    assert datetime.combine(nse.valid_from, datetime.min.time()).year == 2019
