"""What the functions of finance take: a series of numbers, and the refusal of what is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from shared_services.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Series: TypeAlias = Sequence[float] | npt.NDArray[Any]
"""A list, a tuple, a numpy array, or anything that numpy makes one of (a pandas or polars series)."""
TRADING_DAYS = 252
"""Trading days a year, as returns are annualised."""


class SeriesError(InputError, ValueError):
    """A series that is too short, is not one-dimensional, or has something that is no finite number."""


def floats(values: Series, least: int = 1, what: str = "returns") -> Floats:
    """The values as an array of floats.

    Raises:
        SeriesError: fewer than `least`, NaN, infinite, not numbers, or more than one dimension.

    >>> floats([0.01, -0.02]).tolist()
    [0.01, -0.02]
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SeriesError(f"{what} are not numbers: {error}") from None
    if array.ndim != 1:
        raise SeriesError(f"{what} have {array.ndim} dimensions, and must have one")
    if array.size < least:
        raise SeriesError(f"{array.size} {what}, and {least} are needed")
    if not math.isfinite(array.sum()) and not np.isfinite(array).all():  # a sum is quicker, and may overflow
        place = int(np.flatnonzero(~np.isfinite(array))[0])
        raise SeriesError(f"{what}[{place}] is {array[place]}", todo="drop or fill what is missing first")
    return array


def growths(returns: Series, least: int = 1) -> Floats:
    """1 + each return.

    Raises:
        SeriesError: as `floats`, and a return below -1: more than all can't be lost.
    """
    array = floats(returns, least)
    if (array < -1).any():
        raise SeriesError("a return is below -1: more than all can't be lost")
    return 1 + array


def same_length(first: Floats, second: Floats, what: str = "benchmark") -> None:
    """Raises SeriesError unless both are as long."""
    if first.size != second.size:
        raise SeriesError(f"{first.size} returns and {second.size} of the {what}: they must be of the same days")


def spread(array: Floats) -> float:
    """Standard deviation with ddof 1, and exactly 0 for what differs by rounding only."""
    centred = array - array.sum() / array.size  # numpy's own std takes three times as long over a year's returns
    deviation = math.sqrt(float(centred @ centred) / (array.size - 1))
    return 0.0 if deviation <= 1e-14 * float(np.abs(array).max()) else deviation
