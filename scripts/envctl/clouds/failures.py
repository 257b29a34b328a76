"""Why a read brought no answer. Only a clear "not found" of the API means that a thing is absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .credentials import SIGN_IN, CredentialsError


class Reason(StrEnum):
    """What stood between a question and its answer."""

    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    API_DISABLED = "api_disabled"
    QUOTA = "quota"
    UNAUTHENTICATED = "unauthenticated"
    UNREACHABLE = "unreachable"
    UNIMPLEMENTED = "unimplemented"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Failure:
    """A read without an answer.

    Attributes:
        reason: why. `ABSENT` alone says something about the thing itself.
        message: for a person, one line.
        permission: the one that is missing, such as "pubsub.topics.get".
        service: the API that is disabled, such as "run.googleapis.com"; or the address that didn't answer.
        advice: what to do, where whoever failed says so.
    """

    reason: Reason
    message: str
    permission: str | None = None
    service: str | None = None
    advice: str = ""

    @property
    def todo(self) -> str:
        """What to do about it; nothing, where only its caller can tell."""
        if self.advice:
            return self.advice
        if self.reason is Reason.UNAUTHENTICATED:
            return SIGN_IN
        return f"get the permission {self.permission}" if self.permission else ""


def unauthenticated(error: CredentialsError) -> Failure:
    """Nothing was asked, for want of credentials."""
    return Failure(Reason.UNAUTHENTICATED, str(error), service="credentials", advice=error.todo)


_PERMISSION = re.compile(r"\b[Pp]ermissions? '?([a-z]+(?:\.[A-Za-z]+){2,3})'?|have ([a-z]+(?:\.[A-Za-z]+){2,3}) access")
_DISABLED = re.compile(r"has not been used in project|it is disabled|API .{0,80} is not enabled", re.IGNORECASE)
_API_NAME = re.compile(r"\b([a-z][a-z0-9-]*\.googleapis\.com)\b")
_PROJECT_UNKNOWN = re.compile(r"project not found|not found: project|project .{0,80} (not found|does not exist)", re.I)
_FORBIDDEN_REASONS = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED"}


def classify(status: int, body: Any, *, permission: str | None = None, service: str = "") -> Failure:
    """What an HTTP answer other than 200 means.

    Args:
        status: the HTTP status.
        body: the answer as JSON, or None where it was none.
        permission: the permission the call needs, for APIs that don't name it when they refuse.
        service: the API that was asked, such as "pubsub".

    >>> classify(404, {"error": {"code": 404, "message": "Topic not found"}}).reason
    <Reason.ABSENT: 'absent'>
    >>> classify(404, None).reason  # a proxy's page, not the API's answer
    <Reason.UNEXPECTED: 'unexpected'>
    """
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return _without_error_body(status, service)
    message = _one_line(str(error.get("message") or "no message"))
    reasons, metadata = _details(error)
    api = f"{service}.googleapis.com"
    if status == 404:
        if _PROJECT_UNKNOWN.search(message):
            return Failure(Reason.FORBIDDEN, f"the project doesn't exist or may not be seen: {message}", permission)
        return Failure(Reason.ABSENT, message)
    if status == 401:
        return Failure(Reason.UNAUTHENTICATED, f"the credentials were refused: {message}", service=api)
    if status == 429 or reasons & _FORBIDDEN_REASONS or error.get("status") == "RESOURCE_EXHAUSTED":
        return Failure(Reason.QUOTA, f"quota is used up: {message}", service=api)
    if status == 403:
        if reasons & {"SERVICE_DISABLED", "accessNotConfigured"} or _DISABLED.search(message):
            named = _API_NAME.search(message)
            disabled = str(metadata.get("service") or (named[1] if named else api))
            return Failure(Reason.API_DISABLED, f"the API {disabled} is not enabled", service=disabled)
        found = _PERMISSION.search(message)
        missing = metadata.get("permission") or ((found[1] or found[2]) if found else permission)
        return Failure(Reason.FORBIDDEN, message, permission=str(missing) if missing else None)
    if status == 501:
        return Failure(Reason.UNIMPLEMENTED, message, service=api)
    if status in (500, 502, 503, 504):
        return Failure(Reason.UNREACHABLE, f"{api} answered {status}: {message}", service=api)
    return Failure(Reason.UNEXPECTED, f"{api} answered {status}: {message}", service=api)


def _without_error_body(status: int, service: str) -> Failure:
    api = f"{service}.googleapis.com"
    if status in (429, 500, 502, 503, 504):
        reason = Reason.QUOTA if status == 429 else Reason.UNREACHABLE
        return Failure(reason, f"{api} answered {status}", service=api)
    return Failure(Reason.UNEXPECTED, f"{api} answered {status} without the API's error document", service=api)


def _details(error: Mapping[str, Any]) -> tuple[set[str], Mapping[str, Any]]:
    """Reasons named in an error of either form (google.rpc or the older `errors` list), and its metadata."""
    reasons: set[str] = set()
    metadata: Mapping[str, Any] = {}
    for item in [*(error.get("details") or []), *(error.get("errors") or [])]:
        if isinstance(item, Mapping):
            if item.get("reason"):
                reasons.add(str(item["reason"]))
            if isinstance(item.get("metadata"), Mapping):
                metadata = item["metadata"]
    return reasons, metadata


def _one_line(text: str) -> str:
    return " ".join(text.split())[:400]
