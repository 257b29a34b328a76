"""What the platform's parts tell each other: signals, orders, fills, positions, bars and decisions.

Each model is checked when it is made, never changes, and goes to and from JSON, rows of BigQuery and messages of
Pub/Sub by one versioned schema. `envs/schemas/` is made from them (`make generate`).

>>> Position(symbol="TCS", quantity=100, price=3500.0).price
Decimal('3500.0')
"""

from .bar import MarketBar, Tick
from .base import Message, Model, Schema
from .enums import (
    Decision,
    NudgeKind,
    OptionType,
    OrderStatus,
    OrderType,
    Product,
    Segment,
    Severity,
    Side,
    TimeInForce,
    TradingState,
)
from .errors import Incomplete, InvalidTransition, ModelError, Overfill, UnreadableMessage
from .fields import to_money
from .fill import Fill
from .instrument import Instrument
from .nudge import Nudge
from .order import Order
from .performance import Performance
from .position import Position
from .risk import AuditEvent, RiskDecision
from .schemas import MODELS, avro_schema, bigquery_schema, schema_files
from .signal import Signal, signal_id
from .trade import TradeRecord

__all__ = [
    "MODELS",
    "AuditEvent",
    "Decision",
    "Fill",
    "Incomplete",
    "Instrument",
    "InvalidTransition",
    "MarketBar",
    "Message",
    "Model",
    "ModelError",
    "Nudge",
    "NudgeKind",
    "OptionType",
    "Order",
    "OrderStatus",
    "OrderType",
    "Overfill",
    "Performance",
    "Position",
    "Product",
    "RiskDecision",
    "Schema",
    "Segment",
    "Severity",
    "Side",
    "Signal",
    "Tick",
    "TimeInForce",
    "TradeRecord",
    "TradingState",
    "UnreadableMessage",
    "avro_schema",
    "bigquery_schema",
    "schema_files",
    "signal_id",
    "to_money",
]
