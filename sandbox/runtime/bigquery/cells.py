"""Values in rows of results, as BigQuery writes them: NUMERIC without zeros at its end, infinities by their names.

INTERVALs have the sign of each of their parts, where the engine puts one before them all.

Places (GEOGRAPHY) are WKT, which the engine writes as well, but as if they were bytes: no client could read them.
"""

from __future__ import annotations

import math
import re
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
    executor: Any = import_module("bqemulator.jobs.executor")
    resolve, as_text = executor._resolve_bq_type, bridge.wkb_to_wkt

    def resolved(field: Any, inner: Any) -> Any:
        return "GEOGRAPHY" if bridge._is_geometry_field(field) else resolve(field, inner)

    executor._resolve_bq_type = resolved
    bridge.wkb_to_wkt = lambda value: well_known_text(as_text(value))
    bridge.format_bq_interval = interval


def well_known_text(text: str) -> str:
    """A place.

    >>> well_known_text("MULTIPOLYGON (((0 0, 1 1, 1 0, 0 0)))"), well_known_text("POINT (1 2)")
    ('MULTIPOLYGON(((0 0, 1 1, 1 0, 0 0)))', 'POINT(1 2)')
    """
    return re.sub(r"(?<=[A-Z]) \(", "(", text)


def numeric(value: Decimal) -> str:
    """NUMERIC and BIGNUMERIC.

    >>> numeric(Decimal("3500.250000000")), numeric(Decimal("100")), numeric(Decimal("0E-9"))
    ('3500.25', '100', '0')
    >>> numeric(Decimal("12345678901234567890123456789.123456789"))
    '12345678901234567890123456789.123456789'
    """
    text = f"{value:f}"  # not normalized: that rounds to 28 digits, and NUMERIC has 38
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def double(value: float) -> str:
    """FLOAT64.

    >>> double(1.5), double(float("-inf"))
    ('1.5', '-Infinity')
    """
    if math.isfinite(value):
        return str(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def interval(months: int, days: int, nanoseconds: int) -> str:
    """An INTERVAL as BigQuery writes it: years and months, days, time, each with a sign of its own.

    >>> interval(14, 3, 4_500_000_000), interval(-1, 0, 0), interval(0, 0, -60_000_000_000)
    ('1-2 3 0:0:4.5', '-0-1 0 0:0:0', '0-0 0 -0:1:0')
    """
    micros, years = abs(nanoseconds) // 1000, abs(months)
    seconds, fraction = divmod(micros, 1_000_000)
    text = f"{seconds % 60}" + (f".{fraction:06d}".rstrip("0") if fraction else "")
    head = f"{'-' if months < 0 else ''}{years // 12}-{years % 12} {days} "
    return f"{head}{'-' if nanoseconds < 0 else ''}{seconds // 3600}:{seconds // 60 % 60}:{text}"
