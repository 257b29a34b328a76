"""How much to buy. Quantities are whole lots, rounded down; amounts are INR, as Decimal, float or text.

Sources: R. Vince, Portfolio Management Formulas (1990), for the fixed fraction; J. L. Kelly, A New Interpretation of
Information Rate (1956).
"""

from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal

from shared_services.errors import InputError
from shared_services.models.fields import EXACT, to_money

Number = Decimal | float | str


class SizingError(InputError, ValueError):
    """Something that no size follows from."""


def fixed_fractional_size(
    equity: Number, risk_fraction: Number, entry_price: Number, stop_price: Number, lot_size: int = 1
) -> int:
    """So many that a stop loses `risk_fraction` of the equity, and no more than the equity buys.

    Raises:
        SizingError: the fraction is not above 0 and at most 1, prices are not above zero, or entry and stop are the
        same.

    >>> fixed_fractional_size(1_000_000, 0.01, 500, 490)
    1000
    """
    money, part = _positive(equity, "equity"), _fraction(risk_fraction, "risk_fraction")
    entry, stop = _positive(entry_price, "entry_price"), _positive(stop_price, "stop_price")
    if part > 1:
        raise SizingError(f"risk_fraction is a part of the equity, such as 0.01, not {part}")
    if entry == stop:
        raise SizingError(f"entry and stop are both {entry}: nothing is at risk")
    by_risk = EXACT.divide(EXACT.multiply(money, part), abs(entry - stop))
    return _lots(min(by_risk, EXACT.divide(money, entry)), lot_size)


def volatility_target_size(
    equity: Number,
    target_volatility: float,
    asset_volatility: float,
    price: Number,
    lot_size: int = 1,
    max_leverage: float = 1.0,
) -> int:
    """So many that the position has the volatility that is wanted of the equity, with at most `max_leverage` of it.

    Raises:
        SizingError: something is not a number above zero.

    >>> volatility_target_size(1_000_000, 0.10, 0.25, 500)
    800
    """
    money, each = _positive(equity, "equity"), _positive(price, "price")
    target = _positive(target_volatility, "target_volatility")
    own = _positive(asset_volatility, "asset_volatility")
    weight = min(EXACT.divide(target, own), _positive(max_leverage, "max_leverage"))
    return _lots(EXACT.divide(EXACT.multiply(money, weight), each), lot_size)


def kelly_fraction(win_rate: float, payoff_ratio: float, cap: float = 0.25) -> float:
    """w - (1-w)/payoff, the part of the equity whose growth is highest; 0 without an edge, and never above `cap`.

    `payoff_ratio` is the average win by the average loss. Full Kelly falls by half one year in two: hence the cap.

    Raises:
        SizingError: a rate or cap that is not 0 to 1, or a payoff that is not above 0.

    >>> kelly_fraction(0.55, 1.5), round(kelly_fraction(0.55, 1.5, cap=1), 2), kelly_fraction(0.3, 1)
    (0.25, 0.25, 0.0)
    """
    if not 0 <= win_rate <= 1 or not 0 <= cap <= 1:
        raise SizingError(f"win_rate and cap are 0 to 1, not {win_rate} and {cap}")
    if not (payoff_ratio > 0 and math.isfinite(payoff_ratio)):
        raise SizingError(f"payoff_ratio is above 0, not {payoff_ratio}")
    return min(cap, max(0.0, win_rate - (1 - win_rate) / payoff_ratio))


def kelly_size(
    equity: Number, win_rate: float, payoff_ratio: float, price: Number, lot_size: int = 1, cap: float = 0.25
) -> int:
    """So many as `kelly_fraction` of the equity buys.

    >>> kelly_size(1_000_000, 0.52, 1.2, 500)
    240
    """
    part = to_money(kelly_fraction(win_rate, payoff_ratio, cap))
    return _lots(EXACT.divide(EXACT.multiply(_positive(equity, "equity"), part), _positive(price, "price")), lot_size)


def equal_weight_size(equity: Number, positions: int, price: Number, lot_size: int = 1) -> int:
    """So many as the equity's equal share buys.

    >>> equal_weight_size(1_000_000, 20, 3500)
    14
    """
    if positions < 1:
        raise SizingError(f"one position or more, not {positions}")
    share = EXACT.divide(_positive(equity, "equity"), Decimal(positions))
    return _lots(EXACT.divide(share, _positive(price, "price")), lot_size)


def _lots(quantity: Decimal, lot_size: int) -> int:
    if lot_size < 1:
        raise SizingError(f"a lot has one unit or more, not {lot_size}")
    return int(EXACT.divide(quantity, Decimal(lot_size)).to_integral_value(ROUND_FLOOR)) * lot_size


def _fraction(value: Number, what: str) -> Decimal:
    """A fraction as it is said: at money's nine decimals that of a large equity is off by more than a paisa."""
    rounded = _positive(value, what)
    return Decimal(float.__repr__(value)) if isinstance(value, float) else rounded


def _positive(value: Number, what: str) -> Decimal:
    try:
        number = to_money(value)
    except ValueError as error:
        raise SizingError(f"{what} {error}") from None
    if number <= 0:
        raise SizingError(f"{what} must be above zero, not {number}")
    return number
