"""Which kind an exception is of, whoever raised it; without importing the libraries that did."""

from __future__ import annotations

import errno
import json
import socket
import ssl
from collections.abc import Mapping

from .classes import ErrorClass

_BY_STATUS = {
    400: ErrorClass.INPUT,
    401: ErrorClass.PERMANENT,
    403: ErrorClass.PERMANENT,
    404: ErrorClass.PERMANENT,
    405: ErrorClass.PROGRAMMING,
    408: ErrorClass.TRANSIENT,
    409: ErrorClass.INPUT,
    410: ErrorClass.PERMANENT,
    412: ErrorClass.INPUT,
    413: ErrorClass.INPUT,
    415: ErrorClass.INPUT,
    416: ErrorClass.INPUT,
    422: ErrorClass.INPUT,
    425: ErrorClass.TRANSIENT,
    429: ErrorClass.TRANSIENT,
    500: ErrorClass.DEPENDENCY,
    501: ErrorClass.PROGRAMMING,
    502: ErrorClass.DEPENDENCY,
    503: ErrorClass.TRANSIENT,
    504: ErrorClass.TRANSIENT,
}

# Classes of libraries that this module must not import, by where they are defined.
_BY_NAME: Mapping[str, ErrorClass] = {
    "google.api_core.exceptions.RetryError": ErrorClass.DEPENDENCY,
    "google.auth.exceptions.DefaultCredentialsError": ErrorClass.PERMANENT,
    "google.auth.exceptions.RefreshError": ErrorClass.PERMANENT,
    "google.auth.exceptions.TransportError": ErrorClass.DEPENDENCY,
    "httpx.ConnectError": ErrorClass.DEPENDENCY,
    "httpx.TimeoutException": ErrorClass.TRANSIENT,
    "httpx.TransportError": ErrorClass.TRANSIENT,
    "pydantic_core._pydantic_core.ValidationError": ErrorClass.INPUT,
    "redis.exceptions.ConnectionError": ErrorClass.DEPENDENCY,
    "redis.exceptions.TimeoutError": ErrorClass.TRANSIENT,
    "requests.exceptions.ConnectionError": ErrorClass.DEPENDENCY,
    "requests.exceptions.Timeout": ErrorClass.TRANSIENT,
    "sqlalchemy.exc.DataError": ErrorClass.INPUT,
    "sqlalchemy.exc.IntegrityError": ErrorClass.INPUT,
    "sqlalchemy.exc.InterfaceError": ErrorClass.DEPENDENCY,
    "sqlalchemy.exc.OperationalError": ErrorClass.DEPENDENCY,
    "sqlalchemy.exc.TimeoutError": ErrorClass.TRANSIENT,
    "yaml.error.YAMLError": ErrorClass.INPUT,
}

_PASSING = {errno.EAGAIN, errno.EINTR, errno.ETIMEDOUT, errno.EBUSY, errno.ENETRESET, errno.ECONNRESET, errno.EPIPE}
_UNREACHABLE = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}
_INPUT = (json.JSONDecodeError, UnicodeError)
_PROGRAMMING = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    ImportError,
    LookupError,
    NameError,
    NotImplementedError,
    RecursionError,
    SyntaxError,
    TypeError,
    UnboundLocalError,
)


def classify(error: BaseException) -> ErrorClass:
    """Which kind an exception is of.

    An error of this library says it itself. Others are known by their class, by the HTTP status they carry (Google's
    clients, httpx, requests), by their `errno`, and a plain `RuntimeError` or `Exception` by what caused it. What is
    known by none of these is `programming`: somebody should look at it.

    >>> classify(ConnectionRefusedError()).value, classify(KeyError("symbol")).value
    ('dependency', 'programming')
    >>> import json
    >>> try:
    ...     json.loads("{")
    ... except ValueError as error:
    ...     classify(error).value
    'input'

    Args:
        error: any exception, also a group of them (the gravest of its members counts).
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        known = _own(current)
        if known is not None:
            return known
        current = current.__cause__
    return ErrorClass.INPUT if isinstance(error, ValueError) else ErrorClass.PROGRAMMING


def describe_error(error: BaseException) -> dict[str, str]:
    """An exception as the fields that log lines and alerts carry: its class, its type and its message.

    >>> describe_error(TimeoutError("no answer"))
    {'error_class': 'transient', 'error_type': 'TimeoutError', 'error_message': 'no answer'}
    """
    try:
        message = str(error)
    except Exception:  # a __str__ that itself fails must not hide the error
        message = "(its text can't be made)"
    return {"error_class": classify(error).value, "error_type": type(error).__qualname__, "error_message": message}


def _own(error: BaseException) -> ErrorClass | None:
    said = getattr(error, "error_class", None)
    if isinstance(said, ErrorClass):
        return said
    if isinstance(error, BaseExceptionGroup):
        return _gravest([classify(member) for member in error.exceptions])
    for base in type(error).__mro__:
        known = _BY_NAME.get(f"{base.__module__}.{base.__qualname__}")
        if known is not None:
            return known
    status = _status(error)
    if status is not None:
        return _BY_STATUS.get(status) or (ErrorClass.DEPENDENCY if status >= 500 else ErrorClass.INPUT)
    return _builtin(error)


def _gravest(kinds: list[ErrorClass]) -> ErrorClass:
    order = [*ErrorClass]
    return max(kinds, key=order.index)


def _status(error: BaseException) -> int | None:
    """The HTTP status that an exception of an HTTP client carries."""
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code", "status"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and not isinstance(value, bool) and 400 <= value <= 599:
                return int(value)
    return None


def _builtin(error: BaseException) -> ErrorClass | None:
    if isinstance(error, TimeoutError | InterruptedError | ConnectionResetError | BrokenPipeError):
        return ErrorClass.TRANSIENT
    if isinstance(error, ssl.SSLCertVerificationError):
        return ErrorClass.PERMANENT
    if isinstance(error, ConnectionError | socket.gaierror | ssl.SSLError):
        return ErrorClass.DEPENDENCY
    if isinstance(error, OSError):
        if error.errno in _PASSING:
            return ErrorClass.TRANSIENT
        return ErrorClass.DEPENDENCY if error.errno in _UNREACHABLE else ErrorClass.PERMANENT
    if isinstance(error, MemoryError):
        return ErrorClass.PERMANENT
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        return ErrorClass.TRANSIENT
    if isinstance(error, _INPUT):
        return ErrorClass.INPUT
    return ErrorClass.PROGRAMMING if isinstance(error, _PROGRAMMING) else None
