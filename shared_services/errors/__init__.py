"""Errors: what kind one is, and errors that say what, where, why and what to do."""

from .base import DependencyError, InputError, PermanentError, PlatformError, TransientError
from .classes import ErrorClass
from .classify import classify, describe_error

__all__ = [
    "DependencyError",
    "ErrorClass",
    "InputError",
    "PermanentError",
    "PlatformError",
    "TransientError",
    "classify",
    "describe_error",
]
