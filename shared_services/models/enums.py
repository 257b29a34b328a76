"""The words that the models use. Each is its own text: `Side.BUY == "BUY"`."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Which way an order or a fill goes.

    >>> Side.BUY.sign, Side.SELL.opposite
    (1, <Side.BUY: 'BUY'>)
    """

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """1 for BUY, -1 for SELL."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> Side:
        """The other side."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    """Order types of NSE: `SL` is a stop with a limit, `SL_M` a stop that becomes a market order."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    SL = "SL"
    SL_M = "SL_M"


class Product(StrEnum):
    """How a position is held: `CNC` delivery, `MIS` squared off the same day, `NRML` derivatives carried over."""

    CNC = "CNC"
    MIS = "MIS"
    NRML = "NRML"


class TimeInForce(StrEnum):
    """How long an order lives: the day, or at once and the rest cancelled."""

    DAY = "DAY"
    IOC = "IOC"


class Segment(StrEnum):
    """What kind of thing is traded."""

    EQUITY = "EQUITY"
    FUTURES = "FUTURES"
    OPTIONS = "OPTIONS"
    INDEX = "INDEX"


class OptionType(StrEnum):
    """Call or put, in NSE's letters."""

    CE = "CE"
    PE = "PE"


class OrderStatus(StrEnum):
    """Where an order stands; which may follow which is in `order_states`."""

    INITIALIZED = "INITIALIZED"
    DENIED = "DENIED"
    SUBMITTED = "SUBMITTED"
    REJECTED = "REJECTED"
    ACCEPTED = "ACCEPTED"
    TRIGGERED = "TRIGGERED"
    PENDING_UPDATE = "PENDING_UPDATE"
    PENDING_CANCEL = "PENDING_CANCEL"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


class Decision(StrEnum):
    """What the risk check says of an order."""

    APPROVED = "APPROVED"
    REDUCED = "REDUCED"
    DENIED = "DENIED"


class TradingState(StrEnum):
    """What trading is allowed: all, only what makes positions smaller, or nothing."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


class NudgeKind(StrEnum):
    """The habits that the behavioural engine watches for."""

    OVER_TRADING = "OVER_TRADING"
    REVENGE_TRADING = "REVENGE_TRADING"
    DISPOSITION_EFFECT = "DISPOSITION_EFFECT"
    CONCENTRATION = "CONCENTRATION"
    LIMIT_NEAR = "LIMIT_NEAR"


class Severity(StrEnum):
    """How much it matters."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"
