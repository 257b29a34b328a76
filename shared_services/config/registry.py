"""Which configurations there are, and the model and file of each. Models are imported when they are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from shared_services.yaml.problems import did_you_mean

from .errors import UnknownConfiguration

if TYPE_CHECKING:
    from .model import ConfigModel
    from .services.base import BaseServiceConfig

_DOCUMENTS = {
    "application": "ApplicationConfig",
    "brokers": "BrokersConfig",
    "cache": "CacheConfig",
    "compliance": "ComplianceConfig",
    "database": "DatabaseConfig",
    "global_config": "GlobalConfig",
    "infrastructure": "InfrastructureConfig",
    "logging": "LoggingConfig",
    "market_data": "MarketDataConfig",
    "notifications": "NotificationsConfig",
    "observability": "ObservabilityConfig",
    "resilience": "ResilienceConfig",
    "risk": "RiskConfig",
    "schedules": "SchedulesConfig",
    "security": "SecurityConfig",
    "strategies": "StrategiesConfig",
    "trading": "TradingConfig",
    "universe": "UniverseConfig",
}
_SERVICES = {
    "ai-behavioral-nudge-engine": ("risk", "NudgeEngineConfig"),
    "api-gateway": ("shared", "ApiGatewayConfig"),
    "auth": ("shared", "AuthConfig"),
    "dashboard": ("monitoring", "DashboardConfig"),
    "execution-router": ("execution", "ExecutionRouterConfig"),
    "market-connector": ("data", "MarketConnectorConfig"),
    "market-data-ingestion": ("data", "MarketDataIngestionConfig"),
    "portfolio-manager": ("execution", "PortfolioManagerConfig"),
    "reporting": ("monitoring", "ReportingConfig"),
    "risk-manager": ("risk", "RiskManagerConfig"),
    "shared-services": ("shared", "SharedServicesConfig"),
    "strategy-engine": ("strategy", "StrategyEngineConfig"),
}
# Names that users of the platform knew them by.
_ALIASES = {"global": "global_config", "risk-calculation-engine": "risk-manager"}
_SERVICE_NAME = re.compile(r"[a-z][a-z0-9-]{0,48}")


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration.

    Args:
        name: such as `trading` or `market-data-ingestion`.
        file: its file below the configuration's folder.
        model: what it is checked against.
        is_service: a service's own.
        required: whether its file has to be there.
    """

    name: str
    file: str
    model: type[ConfigModel]
    is_service: bool
    required: bool


def names() -> tuple[str, ...]:
    """Every configuration that has a file and a schema.

    >>> "trading" in names(), "market-data-ingestion" in names()
    (True, True)
    """
    return (*sorted(_DOCUMENTS), *sorted(_SERVICES))


def document(name: str) -> Document:
    """The configuration of a name; a service that isn't in the table has the base's settings.

    Raises:
        UnknownConfiguration: the name is near to a known one, or can't be a service's.
    """
    name = _ALIASES.get(name, name)
    if name in _DOCUMENTS:
        module = import_module(f"{__package__}.documents.{name}")
        return Document(name, f"{name}.yaml", getattr(module, _DOCUMENTS[name]), is_service=False, required=True)
    from .services.base import BaseServiceConfig

    model: type[BaseServiceConfig] | None = None
    if name in _SERVICES:
        module_name, class_name = _SERVICES[name]
        model = getattr(import_module(f"{__package__}.services.{module_name}"), class_name)
    own = BaseServiceConfig.classes.get(name)
    if own is not None:
        model = own if model is None or issubclass(own, model) else _both(own, model)
    if model is None:
        hint = did_you_mean(name, [*names(), *_ALIASES], otherwise="known: " + ", ".join(names()))
        if hint.startswith("did you mean") or not _SERVICE_NAME.fullmatch(name):
            raise UnknownConfiguration(f'there is no configuration "{name}"', todo=hint)
        model = BaseServiceConfig
    return Document(name, f"services/{name}.yaml", model, is_service=True, required=name in _SERVICES)


@cache
def _both(own: type[BaseServiceConfig], ours: type[BaseServiceConfig]) -> type[BaseServiceConfig]:
    """A service's own class beside the table's: the file may say what either knows, and its own defaults win."""
    return type(own.__name__, (own, ours), {"__module__": __package__ + ".services", "__doc__": own.__doc__})
