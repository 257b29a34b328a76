"""The library that every service, script and notebook of the platform stands on.

Everything public is imported from here. Names are loaded when they are first used, so importing the package costs
next to nothing and a service that never asks BigQuery never loads its client:

>>> from shared_services import classify
>>> classify(TimeoutError("no answer in 5 s")).value
'transient'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .config import BaseServiceConfig as BaseServiceConfig
    from .config import ConfigChange as ConfigChange
    from .config import ConfigManager as ConfigManager
    from .config import ConfigModel as ConfigModel
    from .config import ConfigStatus as ConfigStatus
    from .config import ConfigVersion as ConfigVersion
    from .config import InvalidConfiguration as InvalidConfiguration
    from .config import Notification as Notification
    from .config import ReloadResult as ReloadResult
    from .config import Secret as Secret
    from .config import SecretNotLoaded as SecretNotLoaded
    from .config import UnknownConfiguration as UnknownConfiguration
    from .config import default_manager as default_manager
    from .config import get_config as get_config
    from .config import parse_notification as parse_notification
    from .errors import DependencyError as DependencyError
    from .errors import ErrorClass as ErrorClass
    from .errors import InputError as InputError
    from .errors import PermanentError as PermanentError
    from .errors import PlatformError as PlatformError
    from .errors import TransientError as TransientError
    from .errors import classify as classify
    from .errors import describe_error as describe_error
    from .logging import Logger as Logger
    from .logging import bound_correlation_id as bound_correlation_id
    from .logging import bound_fields as bound_fields
    from .logging import bound_trace as bound_trace
    from .logging import correlation_id as correlation_id
    from .logging import dropped_logs as dropped_logs
    from .logging import flush_logs as flush_logs
    from .logging import get_logger as get_logger
    from .logging import log_request as log_request
    from .logging import setup_logging as setup_logging
    from .models import MODELS as MODELS
    from .models import AuditEvent as AuditEvent
    from .models import Decision as Decision
    from .models import Fill as Fill
    from .models import Incomplete as Incomplete
    from .models import Instrument as Instrument
    from .models import InvalidTransition as InvalidTransition
    from .models import MarketBar as MarketBar
    from .models import Message as Message
    from .models import Model as Model
    from .models import ModelError as ModelError
    from .models import Nudge as Nudge
    from .models import NudgeKind as NudgeKind
    from .models import OptionType as OptionType
    from .models import Order as Order
    from .models import OrderStatus as OrderStatus
    from .models import OrderType as OrderType
    from .models import Overfill as Overfill
    from .models import Performance as Performance
    from .models import Position as Position
    from .models import Product as Product
    from .models import RiskDecision as RiskDecision
    from .models import Schema as Schema
    from .models import Segment as Segment
    from .models import Severity as Severity
    from .models import Side as Side
    from .models import Signal as Signal
    from .models import Tick as Tick
    from .models import TimeInForce as TimeInForce
    from .models import TradeRecord as TradeRecord
    from .models import TradingState as TradingState
    from .models import UnreadableMessage as UnreadableMessage
    from .models import avro_schema as avro_schema
    from .models import bigquery_schema as bigquery_schema
    from .models import schema_files as schema_files
    from .models import signal_id as signal_id
    from .models import to_money as to_money

# A public name and the module below this package that defines it. One line a name: parts grow side by side.
_EXPORTS: dict[str, str] = {
    # configuration
    "BaseServiceConfig": "config",
    "ConfigChange": "config",
    "ConfigManager": "config",
    "ConfigModel": "config",
    "ConfigStatus": "config",
    "ConfigVersion": "config",
    "InvalidConfiguration": "config",
    "Notification": "config",
    "ReloadResult": "config",
    "Secret": "config",
    "SecretNotLoaded": "config",
    "UnknownConfiguration": "config",
    "default_manager": "config",
    "get_config": "config",
    "parse_notification": "config",
    # logging
    "Logger": "logging",
    "bound_correlation_id": "logging",
    "bound_fields": "logging",
    "bound_trace": "logging",
    "correlation_id": "logging",
    "dropped_logs": "logging",
    "flush_logs": "logging",
    "get_logger": "logging",
    "log_request": "logging",
    "setup_logging": "logging",
    # errors
    "DependencyError": "errors",
    "ErrorClass": "errors",
    "InputError": "errors",
    "PermanentError": "errors",
    "PlatformError": "errors",
    "TransientError": "errors",
    "classify": "errors",
    "describe_error": "errors",
    # models
    "AuditEvent": "models",
    "Decision": "models",
    "Fill": "models",
    "Incomplete": "models",
    "Instrument": "models",
    "InvalidTransition": "models",
    "MODELS": "models",
    "MarketBar": "models",
    "Message": "models",
    "Model": "models",
    "ModelError": "models",
    "Nudge": "models",
    "NudgeKind": "models",
    "OptionType": "models",
    "Order": "models",
    "OrderStatus": "models",
    "OrderType": "models",
    "Overfill": "models",
    "Performance": "models",
    "Position": "models",
    "Product": "models",
    "RiskDecision": "models",
    "Schema": "models",
    "Segment": "models",
    "Severity": "models",
    "Side": "models",
    "Signal": "models",
    "Tick": "models",
    "TimeInForce": "models",
    "TradeRecord": "models",
    "TradingState": "models",
    "UnreadableMessage": "models",
    "avro_schema": "models",
    "bigquery_schema": "models",
    "schema_files": "models",
    "signal_id": "models",
    "to_money": "models",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> object:
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value  # the next use finds it without coming here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
