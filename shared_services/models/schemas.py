"""The files in `envs/schemas/` that are made from the models."""

from __future__ import annotations

import json
from typing import Any

from .avro import record_schema
from .bar import MarketBar, Tick
from .base import Model
from .fill import Fill
from .instrument import Instrument
from .nudge import Nudge
from .order import Order
from .performance import Performance
from .position import Position
from .risk import AuditEvent, RiskDecision
from .rows import table_schema
from .signal import Signal
from .trade import TradeRecord

MODELS: tuple[type[Model], ...] = (
    AuditEvent,
    Fill,
    Instrument,
    MarketBar,
    Nudge,
    Order,
    Performance,
    Position,
    RiskDecision,
    Signal,
    Tick,
    TradeRecord,
)
"""Every model that is stored or sent."""


def bigquery_schema(model: type[Model]) -> list[dict[str, str]]:
    """The columns of a model's table, as BigQuery's API takes them.

    >>> bigquery_schema(Signal)[0]["mode"]
    'REQUIRED'
    """
    return table_schema(model)


def avro_schema(model: type[Model]) -> dict[str, Any]:
    """The Avro record of a model's topic.

    >>> avro_schema(Signal)["namespace"]
    'trading.strategy'
    """
    return record_schema(model)


def schema_files() -> dict[str, str]:
    """Every file name of `envs/schemas/` that is made from a model, with its text: one line a column or field.

    >>> "signals.json" in schema_files(), "signal.avsc" in schema_files()
    (True, True)
    """
    files = {}
    for model in MODELS:
        schema = model.SCHEMA
        if schema.table:
            files[f"{schema.table}.json"] = "[\n" + _lines(table_schema(model), 2) + "\n]\n"
        if schema.record:
            record = record_schema(model)
            head = "".join(f"  {json.dumps(key)}: {json.dumps(record[key])},\n" for key in record if key != "fields")
            files[f"{schema.record}.avsc"] = (
                "{\n" + head + '  "fields": [\n' + _lines(record["fields"], 4) + "\n  ]\n}\n"
            )
    return dict(sorted(files.items()))


def _lines(items: list[Any], indent: int) -> str:
    return ",\n".join(" " * indent + json.dumps(item, ensure_ascii=False) for item in items)
