"""`config/brokers.yaml`: the exchanges and brokers behind one interface."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from ..model import BasisPoints, ConfigModel, Milliseconds, Rupees, Seconds, Url
from ..secret import Secret


class PaperBroker(ConfigModel):
    """The paper exchange: fills against market data, with costs."""

    slippage_bps: BasisPoints = Decimal(5)
    latency_ms: Milliseconds = 20
    partial_fills: bool = True
    starting_cash: Rupees = Decimal(1_000_000)


class KiteBroker(ConfigModel):
    """Zerodha's Kite Connect. Its access token lasts a day."""

    base_url: Url = "https://api.kite.trade"
    stream_url: Url = "wss://ws.kite.trade"
    api_key: Secret
    api_secret: Secret
    access_token: Secret
    orders_per_second: int = Field(default=9, ge=1, le=9)
    requests_per_second: int = Field(default=3, ge=1, le=10)
    timeout_seconds: Seconds = 7
    static_address_required: bool = True
    """The exchange binds a key to an address: calls leave through the NAT's reserved one."""


class BrokersConfig(ConfigModel):
    """The exchanges and brokers."""

    paper: PaperBroker = PaperBroker()
    kite: KiteBroker | None = None
    fallback: Literal["none", "paper"] = "none"
    """What takes over when a broker is down: nothing, or (never for live orders) paper."""
