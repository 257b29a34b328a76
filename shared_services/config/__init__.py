"""Configuration: typed, checked, layered, reloaded without a restart, and free of secrets.

>>> from shared_services.config import ConfigManager
>>> ConfigManager().get_config("risk").limits.orders_per_minute
120
"""

from .errors import InvalidConfiguration, UnknownConfiguration
from .history import ConfigChange, ConfigStatus, ConfigVersion, ReloadResult
from .manager import ConfigManager, default_manager, get_config
from .model import ConfigModel
from .notifications import Notification, parse_notification
from .secret import Secret, SecretNotLoaded
from .services.base import BaseServiceConfig

__all__ = [
    "BaseServiceConfig",
    "ConfigChange",
    "ConfigManager",
    "ConfigModel",
    "ConfigStatus",
    "ConfigVersion",
    "InvalidConfiguration",
    "Notification",
    "ReloadResult",
    "Secret",
    "SecretNotLoaded",
    "UnknownConfiguration",
    "default_manager",
    "get_config",
    "parse_notification",
]
