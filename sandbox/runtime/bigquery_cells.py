"""Values in rows of results, as BigQuery writes them: NUMERIC without zeros at its end, infinities by their names."""

from __future__ import annotations

import math
from decimal import Decimal
from importlib import import_module
from typing import Any


def replace_cells() -> None:
    """Let the engine write them so."""
    bridge: Any = import_module("bqemulator.storage.arrow_bridge")
    types: Any = import_module("pyarrow").types
    own = (
        (types.is_decimal, lambda value, _type, _field: numeric(value)),
        (types.is_floating, lambda value, _type, _field: double(value)),
    )
    bridge._BQ_TYPE_FORMATTERS = (*own, *bridge._BQ_TYPE_FORMATTERS)


def numeric(value: Decimal) -> str:
    """NUMERIC and BIGNUMERIC.

    >>> numeric(Decimal("3500.250000000")), numeric(Decimal("100")), numeric(Decimal("0E-9"))
    ('3500.25', '100', '0')
    """
    return f"{value.normalize():f}" if value else "0"


def double(value: float) -> str:
    """FLOAT64.

    >>> double(1.5), double(float("-inf"))
    ('1.5', '-Infinity')
    """
    if math.isfinite(value):
        return str(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
