"""`config/global_config.yaml`: what holds for the whole platform."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..model import ConfigModel, Port, Positive, TimeZone, Url


class ServiceAddress(ConfigModel):
    """Where a service answers on a laptop; in the cloud it is Cloud Run's address."""

    port: Port
    grpc_port: Port | None = None
    subproject: str
    depends_on: tuple[str, ...] = ()
    """Services it calls."""


class Market(ConfigModel):
    """The market that is traded."""

    exchange: Literal["NSE"] = "NSE"
    currency: Literal["INR"] = "INR"
    time_zone: TimeZone = "Asia/Kolkata"


class GlobalConfig(ConfigModel):
    """What holds for the whole platform."""

    platform: str = Field(default="ai-trading-machine", pattern=r"^[a-z][a-z0-9-]{2,29}$")
    region: str = "asia-south1"
    market: Market = Market()
    documentation: Url | None = None
    services: dict[str, ServiceAddress] = {}
    """The services of the six subprojects by name."""
    features: dict[str, bool] = {}
    """Switches that services ask for at run time."""
    history_versions: Positive = 20
    """Versions of each configuration that a process keeps for a rollback."""
