"""`Logger`: fields in keywords, as structlog has them, and in `extra=`, as the standard library; it never raises."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from . import state
from .render import error_fields


class Logger:
    """Writes structured lines.

    Fields are keywords, or a mapping in `extra`, as the standard library has it; `bind` gives a logger that adds some
    to each of its lines. Fields that are named like secrets are hidden. Nothing here waits or raises.

    >>> logger = Logger("trades")
    >>> logger.info("Processing started", extra={"symbol": "RELIANCE"})
    >>> logger.bind(run_id="r-7").info("Trade executed", symbol="RELIANCE", quantity=100, price=2450.50)
    >>> logger.performance("trade_execution", 0.023)

    Args:
        name: the logger's name, usually `__name__`: levels are set by it.
        fields: what stands in each of its lines.
    """

    def __init__(self, name: str = "shared_services", /, **fields: Any) -> None:
        self._name, self._context = name, fields

    @property
    def name(self) -> str:
        """The logger's name.

        >>> Logger("trades").name
        'trades'
        """
        return self._name

    def debug(self, event: object, *args: Any, **fields: Any) -> None:
        """What helps to find a mistake.

        >>> Logger("trades").debug("cache hit", key="TCS")
        """
        if state.current().threshold(self._name) <= 10:
            self._emit("debug", event, args, fields)

    def info(self, event: object, *args: Any, **fields: Any) -> None:
        """What went as it should.

        >>> Logger("trades").info("Service started", port=8001, version="1.0.0")
        """
        if state.current().threshold(self._name) <= 20:
            self._emit("info", event, args, fields)

    def warning(self, event: object, *args: Any, **fields: Any) -> None:
        """What somebody should look at some time.

        >>> Logger("trades").warning("late bar", symbol="TCS", seconds=31)
        """
        if state.current().threshold(self._name) <= 30:
            self._emit("warning", event, args, fields)

    warn = warning

    def error(self, event: object, *args: Any, **fields: Any) -> None:
        """What failed. With `exc_info=error` (or True inside `except`) the error's kind and place stand in it.

        >>> Logger("trades").error("order rejected", reason="price band")
        """
        if state.current().threshold(self._name) <= 40:
            self._emit("error", event, args, fields)

    def critical(self, event: object, *args: Any, **fields: Any) -> None:
        """What somebody has to look at now.

        >>> Logger("trades").critical("kill switch fired", by="u-1")
        """
        if state.current().threshold(self._name) <= 50:
            self._emit("critical", event, args, fields)

    fatal = critical

    def exception(self, event: object, *args: Any, **fields: Any) -> None:
        """What failed, inside `except`: with the error's kind (transient, permanent, …) and where it was raised.

        >>> try:
        ...     {}["TCS"]
        ... except KeyError:
        ...     Logger("trades").exception("no price")
        """
        if state.current().threshold(self._name) <= 40:
            fields.setdefault("exc_info", True)
            self._emit("exception", event, args, fields)

    def log(self, level: int | str, event: object, *args: Any, **fields: Any) -> None:
        """A line of a level that is decided at run time.

        >>> Logger("trades").log("WARNING", "late bar")
        """
        number = state.LEVELS.get(level.upper(), 20) if isinstance(level, str) else level
        if state.current().threshold(self._name) <= number:
            names = [name for name, value in state.LEVELS.items() if value <= number] or ["DEBUG"]
            self._emit(names[-1].lower(), event, args, fields)

    def performance(self, operation: str, seconds: float, **fields: Any) -> None:
        """How long something took.

        >>> Logger("trades").performance("trade_execution", 0.023, symbol="RELIANCE")

        Args:
            operation: what.
            seconds: how long; written in milliseconds as `duration_ms`.
            fields: more about it.
        """
        if state.current().threshold(self._name) <= 20:
            try:
                fields |= {"operation": operation, "duration_ms": round(float(seconds) * 1000, 3)}
            except (TypeError, ValueError):
                fields |= {"operation": operation, "duration_ms": None}
            self._emit("info", f"{operation} took {fields['duration_ms']} ms", (), fields)

    @contextmanager
    def timed(self, operation: str, **fields: Any) -> Iterator[None]:
        """Measure what stands inside, and write it as `performance` does, with `outcome` ok or failed.

        >>> with Logger("trades").timed("load prices", symbols=250):
        ...     pass
        """
        began, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "ok"
        finally:
            self.performance(operation, time.perf_counter() - began, outcome=outcome, **fields)

    def bind(self, **fields: Any) -> Logger:
        """A logger that adds these fields to each of its lines."""
        return type(self)(self._name, **{**self._context, **fields})

    def new(self, **fields: Any) -> Logger:
        """A logger with these fields only."""
        return type(self)(self._name, **fields)

    def unbind(self, *names: str) -> Logger:
        """A logger without some fields.

        Raises:
            KeyError: one of them isn't there.
        """
        left = dict(self._context)
        for name in names:
            del left[name]
        return type(self)(self._name, **left)

    def try_unbind(self, *names: str) -> Logger:
        """A logger without some fields, whether they are there or not."""
        return type(self)(self._name, **{name: value for name, value in self._context.items() if name not in names})

    def is_enabled_for(self, level: int) -> bool:
        """Whether a line of a level (10 debug … 50 critical) would be written.

        >>> Logger("trades").is_enabled_for(50)
        True
        """
        return state.current().threshold(self._name) <= level

    def __repr__(self) -> str:
        return f"Logger({self._name!r})"

    def _emit(self, method: str, event: object, args: tuple[Any, ...], fields: dict[str, Any], depth: int = 2) -> None:
        now = state.current()
        try:
            extra = fields.pop("extra", None)
            if isinstance(extra, Mapping):
                fields = {**extra, **fields}
            elif extra is not None:
                fields["extra"] = extra
            if self._context:
                fields = {**self._context, **fields}
            if "exc_info" in fields:
                fields = _with_error(fields)
            fields.pop("stacklevel", None)
            now.emit(now.line(method, _message(event, args), self._name, _place(sys._getframe(depth)), fields))
        except Exception:
            now.failed()


def get_logger(name: str = "shared_services", **fields: Any) -> Logger:
    """A logger by name. `setup_logging` may come before or after; until then lines of INFO and above go out as JSON.

    >>> logger = get_logger("market_data")
    >>> logger.info("Service started", port=8001, version="1.0.0")

    Args:
        name: usually `__name__`.
        fields: what stands in each of its lines.
    """
    return Logger(name, **fields)


def log_request(method: str, path: str, status: int, ms: float, *, user_id: str | None = None, **more: Any) -> None:
    """A request that was answered, as Cloud Logging shows requests.

    Its level is ERROR from status 500 on, WARNING from 400 on or when it was slow, else INFO.

    >>> log_request("GET", "/api/data", 200, 45.2, user_id="user123")

    Args:
        method: such as GET.
        path: with or without its query; secrets in that are hidden.
        status: the HTTP status.
        ms: how long it took, in milliseconds.
        user_id: who asked.
        more: fields of its own.
    """
    now = state.current()
    try:
        severe = "error" if status >= 500 else "warning" if status >= 400 or ms >= now.slow_request_ms else "info"
        if now.threshold(_REQUESTS.name) > state.LEVELS[severe.upper()]:
            return
        message = f"{method} {path} {status}"
        fields: dict[str, Any] = {
            "method": method,
            "path": path,
            "status_code": status,
            "duration_ms": ms,
            "httpRequest": {
                "requestMethod": method,
                "requestUrl": path,
                "status": status,
                "latency": f"{ms / 1000:.6f}s",
            },
        }
        if user_id is not None:
            fields["user_id"] = user_id
        redactor = now.redactor
        if more or redactor.extended or len(message) > now.most_characters or redactor.suspects(f"{message} {user_id}"):
            _REQUESTS._emit(severe, message, (), {**more, **fields})
        else:  # every request pays for its line: where nothing looks like a secret, fields aren't searched one by one
            now.emit(now.line(severe, message, _REQUESTS.name, _place(sys._getframe(1)), fields, clean=True))
    except Exception:
        now.failed()


_REQUESTS = Logger("requests")
_MOST_PLACES = 4096
_places: dict[tuple[int, int], tuple[tuple[str, str, int], CodeType]] = {}


def _place(frame: FrameType) -> tuple[str, str, int]:
    """Module, function and line of a call; kept, as Python finds a line by walking through its function."""
    code = frame.f_code
    key = id(code), frame.f_lasti
    known = _places.get(key)
    if known is None:
        if len(_places) >= _MOST_PLACES:  # of code that is made as it goes, as in a notebook
            _places.clear()
        module = code.co_filename.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
        known = _places[key] = (module, code.co_name, frame.f_lineno), code  # held, so that its id stays its own
    return known[0]


def _message(event: object, args: tuple[Any, ...]) -> str:
    text = event if isinstance(event, str) else str(event)
    if not args:
        return text
    try:
        return text % (args[0] if len(args) == 1 and isinstance(args[0], Mapping) and args[0] else args)
    except (TypeError, ValueError, KeyError):
        return f"{text} {args}"  # what was meant can still be read


def _with_error(fields: dict[str, Any]) -> dict[str, Any]:
    fields = dict(fields)
    given = fields.pop("exc_info")
    if isinstance(given, BaseException):
        error: BaseException | None = given
    elif isinstance(given, tuple):
        error = given[1] if len(given) > 1 else None
    else:
        error = sys.exc_info()[1] if given else None
    return fields if error is None else {**fields, **error_fields(error)}
