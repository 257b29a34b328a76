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
    from .cache import Cache as Cache
    from .cache import Idempotency as Idempotency
    from .cache import KeyStore as KeyStore
    from .cache import MemoryCache as MemoryCache
    from .cache import MemoryKeys as MemoryKeys
    from .cache import RedisLevel as RedisLevel
    from .cache.redis_keys import RedisKeys as RedisKeys
    from .cache.sql_keys import SqlKeys as SqlKeys
    from .cloud import BigQueryClient as BigQueryClient
    from .cloud import Bucket as Bucket
    from .cloud import CloudForbidden as CloudForbidden
    from .cloud import CloudNotFound as CloudNotFound
    from .cloud import CloudUnavailable as CloudUnavailable
    from .cloud import ConfigBucket as ConfigBucket
    from .cloud import ObjectInfo as ObjectInfo
    from .cloud import PreconditionFailed as PreconditionFailed
    from .cloud import Publisher as Publisher
    from .cloud import QueryRefused as QueryRefused
    from .cloud import QueryResult as QueryResult
    from .cloud import QueryTooLarge as QueryTooLarge
    from .cloud import ReceivedMessage as ReceivedMessage
    from .cloud import SecretForbidden as SecretForbidden
    from .cloud import SecretManager as SecretManager
    from .cloud import SecretNotFound as SecretNotFound
    from .cloud import SecretUnreadable as SecretUnreadable
    from .cloud import SecretVersion as SecretVersion
    from .cloud import Seen as Seen
    from .cloud import SeenInMemory as SeenInMemory
    from .cloud import Subscriber as Subscriber
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
    from .database.manager import DatabaseManager as DatabaseManager
    from .database.manager import get_async_db_session as get_async_db_session
    from .database.manager import get_db_session as get_db_session
    from .database.manager import initialize_database as initialize_database
    from .database.migrations import Migrations as Migrations
    from .database.repository import BaseRepository as BaseRepository
    from .discovery.client import IdTokens as IdTokens
    from .discovery.client import ServiceClient as ServiceClient
    from .discovery.registry import Endpoint as Endpoint
    from .discovery.registry import NoEndpoint as NoEndpoint
    from .discovery.registry import ServiceHealth as ServiceHealth
    from .discovery.registry import ServiceRegistry as ServiceRegistry
    from .discovery.registry import UnknownService as UnknownService
    from .discovery.sources import CloudRunSource as CloudRunSource
    from .discovery.sources import StaticSource as StaticSource
    from .errors import DependencyError as DependencyError
    from .errors import ErrorClass as ErrorClass
    from .errors import InputError as InputError
    from .errors import PermanentError as PermanentError
    from .errors import PlatformError as PlatformError
    from .errors import TransientError as TransientError
    from .errors import classify as classify
    from .errors import describe_error as describe_error
    from .finance.charges import ChargeRates as ChargeRates
    from .finance.charges import Charges as Charges
    from .finance.charges import ChargeSegment as ChargeSegment
    from .finance.charges import ChargesError as ChargesError
    from .finance.charges import Tariff as Tariff
    from .finance.charges import break_even_price as break_even_price
    from .finance.charges import calculate_charges as calculate_charges
    from .finance.charges import exercise_tax as exercise_tax
    from .finance.charges import get_charge_rates as get_charge_rates
    from .finance.charges import round_trip_charges as round_trip_charges
    from .finance.drawdown import drawdowns as drawdowns
    from .finance.drawdown import max_drawdown as max_drawdown
    from .finance.drawdown import max_drawdown_duration as max_drawdown_duration
    from .finance.pnl import PnlAccount as PnlAccount
    from .finance.pnl import PnlError as PnlError
    from .finance.pnl import account_of as account_of
    from .finance.pnl import match_trades as match_trades
    from .finance.pnl import realised_pnl as realised_pnl
    from .finance.pnl import trade_pnl as trade_pnl
    from .finance.pnl import unrealised_pnl as unrealised_pnl
    from .finance.ratios import calmar_ratio as calmar_ratio
    from .finance.ratios import downside_deviation as downside_deviation
    from .finance.ratios import information_ratio as information_ratio
    from .finance.ratios import omega_ratio as omega_ratio
    from .finance.ratios import payoff_ratio as payoff_ratio
    from .finance.ratios import profit_factor as profit_factor
    from .finance.ratios import sharpe_ratio as sharpe_ratio
    from .finance.ratios import sortino_ratio as sortino_ratio
    from .finance.ratios import win_rate as win_rate
    from .finance.relations import alpha as alpha
    from .finance.relations import beta as beta
    from .finance.relations import correlation as correlation
    from .finance.relations import covariance_matrix as covariance_matrix
    from .finance.relations import portfolio_volatility as portfolio_volatility
    from .finance.relations import tracking_error as tracking_error
    from .finance.returns import annualised_return as annualised_return
    from .finance.returns import cumulative_returns as cumulative_returns
    from .finance.returns import equity_curve as equity_curve
    from .finance.returns import excess_returns as excess_returns
    from .finance.returns import log_returns as log_returns
    from .finance.returns import simple_returns as simple_returns
    from .finance.returns import total_return as total_return
    from .finance.risk import VarBacktest as VarBacktest
    from .finance.risk import backtest_value_at_risk as backtest_value_at_risk
    from .finance.risk import conditional_value_at_risk as conditional_value_at_risk
    from .finance.risk import ewma_volatility as ewma_volatility
    from .finance.risk import value_at_risk as value_at_risk
    from .finance.risk import volatility as volatility
    from .finance.series import SeriesError as SeriesError
    from .finance.sizing import SizingError as SizingError
    from .finance.sizing import equal_weight_size as equal_weight_size
    from .finance.sizing import fixed_fractional_size as fixed_fractional_size
    from .finance.sizing import kelly_fraction as kelly_fraction
    from .finance.sizing import kelly_size as kelly_size
    from .finance.sizing import volatility_target_size as volatility_target_size
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
    from .market import CalendarRangeError as CalendarRangeError
    from .market import Holiday as Holiday
    from .market import MarketPhase as MarketPhase
    from .market import Session as Session
    from .market import SessionKind as SessionKind
    from .market import TradingCalendar as TradingCalendar
    from .market import UnknownContract as UnknownContract
    from .market import add_trading_days as add_trading_days
    from .market import count_trading_days as count_trading_days
    from .market import day_in_india as day_in_india
    from .market import get_calendar as get_calendar
    from .market import get_expiry_weekday as get_expiry_weekday
    from .market import get_freeze_quantity as get_freeze_quantity
    from .market import get_holidays as get_holidays
    from .market import get_lot_size as get_lot_size
    from .market import get_market_phase as get_market_phase
    from .market import get_monthly_expiry as get_monthly_expiry
    from .market import get_next_close as get_next_close
    from .market import get_next_expiry as get_next_expiry
    from .market import get_next_open as get_next_open
    from .market import get_next_trading_day as get_next_trading_day
    from .market import get_previous_trading_day as get_previous_trading_day
    from .market import get_price_band as get_price_band
    from .market import get_session as get_session
    from .market import get_tick_size as get_tick_size
    from .market import get_trading_day as get_trading_day
    from .market import get_trading_days as get_trading_days
    from .market import get_weekly_expiry as get_weekly_expiry
    from .market import is_closing_auction as is_closing_auction
    from .market import is_expiry_day as is_expiry_day
    from .market import is_holiday as is_holiday
    from .market import is_market_open as is_market_open
    from .market import is_on_tick as is_on_tick
    from .market import is_pre_open as is_pre_open
    from .market import is_special_session as is_special_session
    from .market import is_trading_day as is_trading_day
    from .market import minutes_to_close as minutes_to_close
    from .market import moment_in_india as moment_in_india
    from .market import round_to_lot as round_to_lot
    from .market import round_to_tick as round_to_tick
    from .market import time_since_open as time_since_open
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
    from .resilience import BreakerState as BreakerState
    from .resilience import Bulkhead as Bulkhead
    from .resilience import BulkheadFull as BulkheadFull
    from .resilience import CircuitBreaker as CircuitBreaker
    from .resilience import CircuitOpen as CircuitOpen
    from .resilience import Fallback as Fallback
    from .resilience import KeyConflict as KeyConflict
    from .resilience import RateLimited as RateLimited
    from .resilience import RateLimiter as RateLimiter
    from .resilience import RedisRateLimiter as RedisRateLimiter
    from .resilience import Retry as Retry
    from .resilience import RetryBudget as RetryBudget
    from .resilience import StillRunning as StillRunning
    from .resilience import TimedOut as TimedOut
    from .resilience import TimeLimit as TimeLimit
    from .resilience import deadline as deadline
    from .resilience import remaining as remaining
    from .resilience import resilient as resilient
    from .service.app import create_app as create_app
    from .service.app import require as require
    from .service.app import service_of as service_of
    from .service.auth import Authenticator as Authenticator
    from .service.auth import InvalidToken as InvalidToken
    from .service.auth import Principal as Principal
    from .service.grpc_client import grpc_channel as grpc_channel
    from .service.grpc_server import GrpcServer as GrpcServer
    from .service.health import CheckResult as CheckResult
    from .service.health import Health as Health
    from .service.health import Phase as Phase
    from .service.idempotent import idempotent as idempotent
    from .service.identity import Identity as Identity
    from .service.metrics import BusinessMetrics as BusinessMetrics
    from .service.metrics import counter as counter
    from .service.metrics import gauge as gauge
    from .service.metrics import histogram as histogram
    from .service.metrics import watch_breaker as watch_breaker
    from .service.metrics import watch_cache as watch_cache
    from .service.problem import HttpProblem as HttpProblem
    from .service.problem import problem_of as problem_of
    from .service.push import PushEndpoint as PushEndpoint
    from .service.server import run_service as run_service
    from .service.service import Service as Service
    from .service.settings import ServiceSettings as ServiceSettings
    from .tracing import current_traceparent as current_traceparent
    from .tracing import flush_tracing as flush_tracing
    from .tracing import setup_tracing as setup_tracing
    from .tracing import shutdown_tracing as shutdown_tracing
    from .tracing import span as span
    from .validation import is_whole as is_whole
    from .validation import validate_bar as validate_bar
    from .validation import validate_isin as validate_isin
    from .validation import validate_leverage as validate_leverage
    from .validation import validate_order as validate_order
    from .validation import validate_percentage as validate_percentage
    from .validation import validate_portfolio_weights as validate_portfolio_weights
    from .validation import validate_position as validate_position
    from .validation import validate_price as validate_price
    from .validation import validate_price_band as validate_price_band
    from .validation import validate_quantity as validate_quantity
    from .validation import validate_signal as validate_signal
    from .validation import validate_signal_value as validate_signal_value
    from .validation import validate_strategy as validate_strategy
    from .validation import validate_strength as validate_strength
    from .validation import validate_symbol as validate_symbol
    from .validation import validate_tick as validate_tick
    from .validation import validate_timestamp as validate_timestamp
    from .validation import validate_trade_date as validate_trade_date
    from .validation import validate_uuid as validate_uuid

# A public name and the module below this package that defines it. One line a name: parts grow side by side.
_EXPORTS: dict[str, str] = {
    # cloud
    "BigQueryClient": "cloud",
    "Bucket": "cloud",
    "CloudForbidden": "cloud",
    "CloudNotFound": "cloud",
    "CloudUnavailable": "cloud",
    "ConfigBucket": "cloud",
    "ObjectInfo": "cloud",
    "PreconditionFailed": "cloud",
    "Publisher": "cloud",
    "QueryRefused": "cloud",
    "QueryResult": "cloud",
    "QueryTooLarge": "cloud",
    "ReceivedMessage": "cloud",
    "SecretForbidden": "cloud",
    "SecretManager": "cloud",
    "SecretNotFound": "cloud",
    "SecretUnreadable": "cloud",
    "SecretVersion": "cloud",
    "Seen": "cloud",
    "SeenInMemory": "cloud",
    "Subscriber": "cloud",
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
    # market
    "CalendarRangeError": "market",
    "Holiday": "market",
    "MarketPhase": "market",
    "Session": "market",
    "SessionKind": "market",
    "TradingCalendar": "market",
    "UnknownContract": "market",
    "add_trading_days": "market",
    "count_trading_days": "market",
    "day_in_india": "market",
    "get_calendar": "market",
    "get_expiry_weekday": "market",
    "get_freeze_quantity": "market",
    "get_holidays": "market",
    "get_lot_size": "market",
    "get_market_phase": "market",
    "get_monthly_expiry": "market",
    "get_next_close": "market",
    "get_next_expiry": "market",
    "get_next_open": "market",
    "get_next_trading_day": "market",
    "get_previous_trading_day": "market",
    "get_price_band": "market",
    "get_session": "market",
    "get_tick_size": "market",
    "get_trading_day": "market",
    "get_trading_days": "market",
    "get_weekly_expiry": "market",
    "is_closing_auction": "market",
    "is_expiry_day": "market",
    "is_holiday": "market",
    "is_market_open": "market",
    "is_on_tick": "market",
    "is_pre_open": "market",
    "is_special_session": "market",
    "is_trading_day": "market",
    "minutes_to_close": "market",
    "moment_in_india": "market",
    "round_to_lot": "market",
    "round_to_tick": "market",
    "time_since_open": "market",
    # validation
    "is_whole": "validation",
    "validate_bar": "validation",
    "validate_isin": "validation",
    "validate_leverage": "validation",
    "validate_order": "validation",
    "validate_percentage": "validation",
    "validate_portfolio_weights": "validation",
    "validate_position": "validation",
    "validate_price": "validation",
    "validate_price_band": "validation",
    "validate_quantity": "validation",
    "validate_signal": "validation",
    "validate_signal_value": "validation",
    "validate_strategy": "validation",
    "validate_strength": "validation",
    "validate_symbol": "validation",
    "validate_tick": "validation",
    "validate_timestamp": "validation",
    "validate_trade_date": "validation",
    "validate_uuid": "validation",
    # finance
    "ChargeRates": "finance.charges",
    "ChargeSegment": "finance.charges",
    "Charges": "finance.charges",
    "ChargesError": "finance.charges",
    "PnlAccount": "finance.pnl",
    "PnlError": "finance.pnl",
    "SeriesError": "finance.series",
    "SizingError": "finance.sizing",
    "Tariff": "finance.charges",
    "VarBacktest": "finance.risk",
    "account_of": "finance.pnl",
    "alpha": "finance.relations",
    "annualised_return": "finance.returns",
    "backtest_value_at_risk": "finance.risk",
    "beta": "finance.relations",
    "break_even_price": "finance.charges",
    "calculate_charges": "finance.charges",
    "calmar_ratio": "finance.ratios",
    "conditional_value_at_risk": "finance.risk",
    "correlation": "finance.relations",
    "covariance_matrix": "finance.relations",
    "cumulative_returns": "finance.returns",
    "downside_deviation": "finance.ratios",
    "drawdowns": "finance.drawdown",
    "equal_weight_size": "finance.sizing",
    "equity_curve": "finance.returns",
    "ewma_volatility": "finance.risk",
    "excess_returns": "finance.returns",
    "exercise_tax": "finance.charges",
    "fixed_fractional_size": "finance.sizing",
    "get_charge_rates": "finance.charges",
    "information_ratio": "finance.ratios",
    "kelly_fraction": "finance.sizing",
    "kelly_size": "finance.sizing",
    "log_returns": "finance.returns",
    "match_trades": "finance.pnl",
    "max_drawdown": "finance.drawdown",
    "max_drawdown_duration": "finance.drawdown",
    "omega_ratio": "finance.ratios",
    "payoff_ratio": "finance.ratios",
    "portfolio_volatility": "finance.relations",
    "profit_factor": "finance.ratios",
    "realised_pnl": "finance.pnl",
    "round_trip_charges": "finance.charges",
    "sharpe_ratio": "finance.ratios",
    "simple_returns": "finance.returns",
    "sortino_ratio": "finance.ratios",
    "total_return": "finance.returns",
    "tracking_error": "finance.relations",
    "trade_pnl": "finance.pnl",
    "unrealised_pnl": "finance.pnl",
    "value_at_risk": "finance.risk",
    "volatility": "finance.risk",
    "volatility_target_size": "finance.sizing",
    "win_rate": "finance.ratios",
    # resilience
    "BreakerState": "resilience",
    "Bulkhead": "resilience",
    "BulkheadFull": "resilience",
    "CircuitBreaker": "resilience",
    "CircuitOpen": "resilience",
    "Fallback": "resilience",
    "KeyConflict": "resilience",
    "RateLimited": "resilience",
    "RateLimiter": "resilience",
    "RedisRateLimiter": "resilience",
    "Retry": "resilience",
    "RetryBudget": "resilience",
    "StillRunning": "resilience",
    "TimeLimit": "resilience",
    "TimedOut": "resilience",
    "deadline": "resilience",
    "remaining": "resilience",
    "resilient": "resilience",
    # cache
    "Cache": "cache",
    "Idempotency": "cache",
    "KeyStore": "cache",
    "MemoryCache": "cache",
    "MemoryKeys": "cache",
    "RedisKeys": "cache.redis_keys",
    "RedisLevel": "cache",
    "SqlKeys": "cache.sql_keys",
    # service
    "grpc_channel": "service.grpc_client",
    "GrpcServer": "service.grpc_server",
    "Authenticator": "service.auth",
    "BusinessMetrics": "service.metrics",
    "CheckResult": "service.health",
    "Health": "service.health",
    "HttpProblem": "service.problem",
    "Identity": "service.identity",
    "InvalidToken": "service.auth",
    "Phase": "service.health",
    "Principal": "service.auth",
    "PushEndpoint": "service.push",
    "Service": "service.service",
    "ServiceSettings": "service.settings",
    "counter": "service.metrics",
    "create_app": "service.app",
    "gauge": "service.metrics",
    "histogram": "service.metrics",
    "idempotent": "service.idempotent",
    "problem_of": "service.problem",
    "require": "service.app",
    "run_service": "service.server",
    "service_of": "service.app",
    "watch_breaker": "service.metrics",
    "watch_cache": "service.metrics",
    # tracing
    "current_traceparent": "tracing",
    "flush_tracing": "tracing",
    "setup_tracing": "tracing",
    "shutdown_tracing": "tracing",
    "span": "tracing",
    # database
    "BaseRepository": "database.repository",
    "DatabaseManager": "database.manager",
    "Migrations": "database.migrations",
    "get_async_db_session": "database.manager",
    "get_db_session": "database.manager",
    "initialize_database": "database.manager",
    # discovery
    "CloudRunSource": "discovery.sources",
    "Endpoint": "discovery.registry",
    "IdTokens": "discovery.client",
    "NoEndpoint": "discovery.registry",
    "ServiceClient": "discovery.client",
    "ServiceHealth": "discovery.registry",
    "ServiceRegistry": "discovery.registry",
    "StaticSource": "discovery.sources",
    "UnknownService": "discovery.registry",
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
