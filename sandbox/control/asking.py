"""One API of the sandbox asks another, as a client would."""

from __future__ import annotations

from typing import Any

from sandbox.control.context import Control
from sandbox.control.errors import ApiError
from sandbox.control.http import Request

# What a code means, where an API's errors have no status.
_STATUSES = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}


async def ask(control: Control, method: str, path: str, document: Any = None) -> dict[str, Any]:
    """The document that an API answers, such as that of `/run/v2/projects/p/…`. Raises ApiError where it refuses."""
    response = await control.dispatch(Request.of(method, path, document))
    if response.status >= 400:
        error = response.json().get("error", {})
        status = error.get("status") or _STATUSES.get(response.status, "FAILED_PRECONDITION")
        reason = (error.get("errors") or [{}])[0].get("reason")
        raise ApiError(str(status), response.problem(), code=response.status, reason=reason)
    answer: dict[str, Any] = response.json() if response.body else {}
    return answer
