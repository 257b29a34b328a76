"""Logging: structured lines that people and Cloud Logging read alike, without blocking and without secrets."""

from .context import bound_correlation_id, bound_fields, bound_trace, correlation_id, current_trace
from .logger import Logger, get_logger, log_request
from .setup import dropped_logs, flush_logs, setup_logging

__all__ = [
    "Logger",
    "bound_correlation_id",
    "bound_fields",
    "bound_trace",
    "correlation_id",
    "current_trace",
    "dropped_logs",
    "flush_logs",
    "get_logger",
    "log_request",
    "setup_logging",
]
