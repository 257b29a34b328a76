"""Errors as Google's APIs answer them: `google.rpc.Status`, and the older form of Storage and BigQuery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sandbox.control.http import Response

ErrorStyle = Literal["rpc", "legacy"]

_HTTP: dict[str, int] = {
    "CANCELLED": 499,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}

_REASONS: dict[int, str] = {
    304: "notModified",
    400: "invalid",
    401: "required",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    416: "requestedRangeNotSatisfiable",
    429: "rateLimitExceeded",
    500: "internalError",
    501: "notImplemented",
    503: "backendError",
}


class ApiError(Exception):
    """An error that an API answers. `reason` is the machine word of the older (`legacy`) form.

    >>> not_found("Topic not found (resource=t).").code
    404
    """

    def __init__(
        self,
        status: str,
        message: str,
        *,
        code: int | None = None,
        reason: str | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code if code is not None else _HTTP[status]
        self.reason = reason or _REASONS.get(self.code, "invalid")
        self.details = [dict(detail) for detail in details]
        self.headers = dict(headers or {})

    def document(self, style: ErrorStyle = "rpc") -> dict[str, Any]:
        """The JSON body of the error."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if style == "legacy":
            error["errors"] = [{"message": self.message, "domain": "global", "reason": self.reason}]
            if self.status == "UNIMPLEMENTED":
                error["status"] = self.status
        else:
            error["status"] = self.status
            if self.details:
                error["details"] = self.details
        return {"error": error}

    def response(self, style: ErrorStyle = "rpc") -> Response:
        """The HTTP answer."""
        response = Response.of(self.document(style), self.code)
        response.headers.update(self.headers)
        return response


def invalid_argument(message: str, fields: Mapping[str, str] | None = None, *, reason: str = "invalid") -> ApiError:
    """400; `fields` maps a field's path to what is wrong with it (google.rpc.BadRequest)."""
    details: list[dict[str, Any]] = []
    if fields:
        violations = [{"field": field, "description": text} for field, text in fields.items()]
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations})
    return ApiError("INVALID_ARGUMENT", message, reason=reason, details=details)


def failed_precondition(message: str, *, code: int = 400, reason: str | None = None) -> ApiError:
    """400 FAILED_PRECONDITION; Storage answers 412 (`code=412`)."""
    return ApiError("FAILED_PRECONDITION", message, code=code, reason=reason)


def permission_denied(message: str) -> ApiError:
    """403."""
    return ApiError("PERMISSION_DENIED", message)


def not_found(message: str) -> ApiError:
    """404."""
    return ApiError("NOT_FOUND", message)


def already_exists(message: str, *, reason: str | None = None) -> ApiError:
    """409 ALREADY_EXISTS."""
    return ApiError("ALREADY_EXISTS", message, reason=reason)


def aborted(message: str) -> ApiError:
    """409 ABORTED: an etag or a concurrent change."""
    return ApiError("ABORTED", message)


def unimplemented(message: str) -> ApiError:
    """501: what the sandbox does not do, said aloud."""
    return ApiError("UNIMPLEMENTED", message)
