"""Errors as RFC 9457 has them: `application/problem+json`, and what each error is for the one who asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

from shared_services.errors import ErrorClass, PlatformError, classify
from shared_services.logging.context import correlation_id
from shared_services.resilience.errors import (
    BulkheadFull,
    CircuitOpen,
    KeyConflict,
    RateLimited,
    StillRunning,
    TimedOut,
)

CONTENT_TYPE = b"application/problem+json"


class HttpProblem(PlatformError):
    """An error with the HTTP status it is answered with.

    >>> HttpProblem(404, "there is no order N1").status
    404

    Args:
        status: of HTTP.
        what: what went wrong, for the one who asked.
        headers: of the answer.
        more: further members of the document.
    """

    def __init__(self, status: int, what: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(what)
        self.status = status
        self.headers = headers or {}
        self.more = more


@dataclass(frozen=True, slots=True)
class Problem:
    """What is answered.

    Args:
        status: of HTTP.
        detail: for the one who asked; nothing of the inside.
        kind: the last part of its type.
        headers: of the answer.
        more: further members of the document.
    """

    status: int
    detail: str = ""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def body(self, instance: str = "") -> bytes:
        """The document.

        >>> Problem(404, "there is no order N1").body("/orders/N1").decode()[:84]
        '{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no order N'
        """
        try:
            title = HTTPStatus(self.status).phrase
        except ValueError:
            title = "Error"
        document: dict[str, Any] = {
            "type": f"urn:platform:problem:{self.kind}" if self.kind else "about:blank",
            "title": title,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if instance:
            document["instance"] = instance
        correlation = correlation_id()
        if correlation:
            document["correlation_id"] = correlation
        return orjson.dumps(document | self.more, default=str)


_POLICIES: dict[type[Exception], tuple[int, str]] = {
    RateLimited: (429, "rate-limited"),
    BulkheadFull: (503, "overloaded"),
    CircuitOpen: (503, "dependency-down"),
    TimedOut: (504, "timed-out"),
    KeyConflict: (422, "idempotency-key-reused"),
    StillRunning: (409, "still-running"),
}
_CLASSES = {
    ErrorClass.INPUT: (422, "input"),
    ErrorClass.TRANSIENT: (503, "transient"),
    ErrorClass.DEPENDENCY: (502, "dependency"),
}


def problem_of(error: BaseException) -> Problem:
    """What an error is for the one who asked. What is ours alone is not told, only that it was logged.

    >>> problem_of(RateLimited("client-7", 0.4)).status, problem_of(KeyError("password")).detail
    (429, 'an error that is logged under the correlation id')
    """
    if isinstance(error, HttpProblem):
        return Problem(error.status, error.what, headers=error.headers, more=error.more)
    status, kind = next(
        (found for known, found in _POLICIES.items() if isinstance(error, known)),
        _CLASSES.get(classify(error), (500, "internal")),
    )
    told = isinstance(error, PlatformError) and status != 500 and kind != "dependency"
    detail = error.what if told and isinstance(error, PlatformError) else ""
    if not detail:
        detail = "an error that is logged under the correlation id"
        if status == 422:  # a ValueError of deep inside is no answer to a request
            status, kind = 500, "internal"
    seconds = getattr(error, "retry_after", None)
    if seconds is None and status == 503:
        seconds = 1
    headers = {} if seconds is None else {"retry-after": str(max(1, math.ceil(seconds)))}
    return Problem(status, detail, kind, headers)
