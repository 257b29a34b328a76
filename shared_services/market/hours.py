"""Questions about moments: is the market open, and for how long yet.

A moment is a `datetime` (without a zone it is India's time) or None, now. Segments differ in their hours since
2026-08-03: equity ends at 15:30, derivatives at 15:40. An opening time is open, a closing time is closed.
Every function raises `CalendarRangeError` for a moment that the calendar does not reach, and TypeError for anything
but a datetime.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from .calendar import INDIA, Session, SessionKind, Span, get_calendar
from .days import day_in_india


class MarketPhase(StrEnum):
    """What the market is doing."""

    CLOSED = "CLOSED"
    PRE_OPEN = "PRE_OPEN"
    OPEN = "OPEN"
    CLOSING_AUCTION = "CLOSING_AUCTION"
    POST_CLOSE = "POST_CLOSE"


def moment_in_india(at: datetime | None = None) -> datetime:
    """The moment, in India's time.

    >>> moment_in_india(datetime(2026, 1, 2, 9, 15)).isoformat()
    '2026-01-02T09:15:00+05:30'
    """
    if at is None:
        return datetime.now(INDIA)
    if not isinstance(at, datetime):
        raise TypeError(f"a moment is a datetime, not {type(at).__name__}")
    return at.replace(tzinfo=INDIA) if at.tzinfo is None else at.astimezone(INDIA)


def get_session(day: date | datetime | None = None, segment: str = "EQUITY") -> Session | None:
    """The hours of a day; None when it is closed.

    >>> get_session(date(2024, 11, 1)).kind.value, get_session(date(2024, 11, 1)).opens_at.isoformat()
    ('MUHURAT', '2024-11-01T18:00:00+05:30')
    """
    return get_calendar().session(day_in_india(day), _known(segment))


def is_market_open(at: datetime | None = None, segment: str = "EQUITY") -> bool:
    """Whether NSE is in normal trading. The pre-open and what follows the close are not.

    >>> is_market_open(datetime(2026, 1, 2, 9, 15)), is_market_open(datetime(2026, 1, 2, 15, 30))
    (True, False)
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    return session is not None and any(_within(span, moment.time()) for span in session.open)


def is_pre_open(at: datetime | None = None, segment: str = "EQUITY") -> bool:
    """Whether NSE collects orders for the opening auction: 09:00 to 09:15 on regular days.

    >>> is_pre_open(datetime(2026, 1, 2, 9, 0)), is_pre_open(datetime(2026, 1, 2, 9, 15))
    (True, False)
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    return session is not None and _within(session.pre_open, moment.time())


def is_closing_auction(at: datetime | None = None, segment: str = "EQUITY") -> bool:
    """Whether shares with derivatives are in their closing auction: 15:15 to 15:35, since 2026-08-03.

    >>> is_closing_auction(datetime(2026, 8, 3, 15, 20)), is_closing_auction(datetime(2026, 7, 31, 15, 20))
    (True, False)
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    return session is not None and _within(session.closing_auction, moment.time())


def get_market_phase(at: datetime | None = None, segment: str = "EQUITY", *, in_auction: bool = False) -> MarketPhase:
    """What the market is doing. `in_auction` is for shares that have derivatives: they close by auction.

    >>> at = datetime(2026, 8, 3, 15, 20)
    >>> get_market_phase(at).value, get_market_phase(at, in_auction=True).value
    ('OPEN', 'CLOSING_AUCTION')
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    if session is None:
        return MarketPhase.CLOSED
    if in_auction and _within(session.closing_auction, moment.time()):
        return MarketPhase.CLOSING_AUCTION
    if any(_within(span, moment.time()) for span in session.open):
        return MarketPhase.OPEN
    if _within(session.pre_open, moment.time()):
        return MarketPhase.PRE_OPEN
    return MarketPhase.POST_CLOSE if _within(session.post_close, moment.time()) else MarketPhase.CLOSED


def minutes_to_close(at: datetime | None = None, segment: str = "EQUITY") -> float:
    """Minutes until normal trading ends; 0 when the market is closed. A pause within the day counts as closed.

    >>> minutes_to_close(datetime(2026, 1, 2, 15, 0))
    30.0
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    if session is None or not any(_within(span, moment.time()) for span in session.open):
        return 0.0
    return (session.closes_at - moment).total_seconds() / 60


def get_next_open(at: datetime | None = None, segment: str = "EQUITY") -> datetime:
    """When normal trading begins next, after the moment; in India's time.

    >>> get_next_open(datetime(2026, 1, 23, 16, 0)).isoformat()
    '2026-01-27T09:15:00+05:30'
    """
    moment = moment_in_india(at)
    nse = get_calendar()
    day = moment.date()
    session = nse.session(day, _known(segment))
    for start, _ in session.open if session else ():
        if moment.time() < start:
            return datetime.combine(day, start, INDIA)
    following = nse.session(nse.step(day, 1), segment)
    if following is None:  # step gives days with a session only
        raise AssertionError(day)
    return following.opens_at


def get_next_close(at: datetime | None = None, segment: str = "EQUITY") -> datetime:
    """When normal trading ends next, after the moment; in India's time.

    >>> get_next_close(datetime(2026, 1, 23, 15, 30)).isoformat()
    '2026-01-27T15:30:00+05:30'
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    if session is not None and moment < session.closes_at:
        return session.closes_at
    following = get_calendar().session(get_calendar().step(moment.date(), 1), segment)
    if following is None:
        raise AssertionError(moment)
    return following.closes_at


def is_special_session(day: date | datetime | None = None) -> bool:
    """Whether the day's session is a Muhurat, budget, disaster recovery or other special one.

    >>> is_special_session(date(2026, 2, 1)), is_special_session(date(2026, 2, 2))
    (True, False)
    """
    session = get_session(day)
    return session is not None and session.kind is not SessionKind.REGULAR


def time_since_open(at: datetime | None = None, segment: str = "EQUITY") -> timedelta | None:
    """Since normal trading began that day; None when it has not, or the day is closed.

    >>> time_since_open(datetime(2026, 1, 2, 9, 30))
    datetime.timedelta(seconds=900)
    """
    moment = moment_in_india(at)
    session = get_calendar().session(moment.date(), _known(segment))
    return moment - session.opens_at if session is not None and moment >= session.opens_at else None


def _within(span: Span | None, now: time) -> bool:
    return span is not None and span[0] <= now < span[1]


def _known(segment: str) -> str:
    if segment not in ("EQUITY", "INDEX", "FUTURES", "OPTIONS"):
        raise ValueError(f"the segments are EQUITY, INDEX, FUTURES and OPTIONS, not {segment!r}")
    return segment
