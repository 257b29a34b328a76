"""Calls the sandbox's APIs as the real provider calls Google's: retries, operations, errors in its words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sandbox.control.http import ConnectionCut, Dispatch, Request, Response

Json = dict[str, Any]
_BUSY = frozenset((429, 500, 502, 503))
# A 409 is retried for what it says, and by Cloud SQL whatever it says, but that the name is taken.
_BUSY_TEXTS = (
    "operationinprogress",
    "too many concurrent edits",
    "could not fulfill the request",
    "sync mutate calls cannot be queued",
)
_AGENT = {
    "content-type": "application/json",
    "user-agent": "Terraform embedded-provider",
    "authorization": "Bearer embedded",
}


class ApiError(Exception):
    """An API's refusal, in the words googleapis uses."""

    def __init__(self, status: int, document: Any) -> None:
        error = document.get("error", {}) if isinstance(document, dict) else {}
        if not isinstance(error, dict):
            error = {"message": str(error)}
        self.status = status
        self.reason = str(error.get("status") or next((e.get("reason", "") for e in error.get("errors", [])), ""))
        self.message = str(error.get("message") or "no message")
        self.details: list[Any] = error.get("details") or []
        # The older APIs list what went wrong; googleapis ends with the reason where that is the message alone.
        listed = error.get("errors") or []
        same = len(listed) == 1 and isinstance(listed[0], dict) and listed[0].get("message") == error.get("message")
        self._listed_reason = str(listed[0].get("reason") or "") if same else ""
        super().__init__(self.text())

    def text(self) -> str:
        """The message as the real provider prints it."""
        said = f"googleapi: Error {self.status}: {self.message}"
        if self.details:
            said += f"\nDetails:\n{json.dumps(self.details, indent=2, sort_keys=True)}"
        return f"{said}, {self._listed_reason}" if self._listed_reason else said

    @property
    def fields(self) -> list[str]:
        """The fields of the request that the API found fault with."""
        return [
            violation["field"]
            for detail in self.details
            if isinstance(detail, dict)
            for violation in detail.get("fieldViolations", [])
            if violation.get("field")
        ]


class OperationError(ApiError):
    """A long-running operation that ended in an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(int(error.get("code", 2)), {"error": error})

    def text(self) -> str:
        return f"Error code {self.status}, message: {self.message}"


class NoAnswer(ApiError):
    """The connection ended before an answer came: whether the call was done is not known."""

    def __init__(self, request: Request) -> None:
        self._asked = f'{request.method.capitalize()} "{request.path}"'
        super().__init__(0, {"error": {"message": "EOF"}})

    def text(self) -> str:
        return f"{self._asked}: EOF"


@dataclass(slots=True)
class Api:
    """The APIs behind one dispatch. `sleep` is what waiting does; locks are shared by all users of the object.

    The real provider goes on asking a busy API for as long as the operation may take, twenty minutes mostly; on one
    machine `attempts`, a few seconds, tell whether it is busy or broken.
    """

    dispatch: Dispatch
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    attempts: int = 10
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def lock(self, name: str) -> asyncio.Lock:
        """The lock of a thing that is read, changed and written back, such as a policy."""
        return self._locks.setdefault(name, asyncio.Lock())

    async def send(self, request: Request) -> Response:
        """Send, and send again while the API is busy. Raises ApiError, or NoAnswer."""
        pause = 0.05
        for attempt in range(1, self.attempts + 1):
            response = await self._dispatch(request)
            if response.status < 400:
                return response
            error = ApiError(response.status, _document(response))
            if attempt == self.attempts or not _worth_retrying(error, request):
                raise error
            await self.sleep(pause)
            pause = min(pause * 2, 1.0)
        raise AssertionError("unreachable")

    async def _dispatch(self, request: Request) -> Response:
        """One attempt. Where the connection is cut, only what changes nothing is asked again, once, as Go does."""
        for again in (request.method == "GET", False):
            try:
                return await self.dispatch(request)
            except ConnectionCut:
                if not again:
                    raise NoAnswer(request) from None
        raise AssertionError("unreachable")

    async def call(self, method: str, url: str, document: Any = None, headers: Mapping[str, str] | None = None) -> Json:
        """One JSON call. Raises ApiError."""
        response = await self.send(Request.of(method, url, document, {**_AGENT, **(headers or {})}))
        answer = response.json()
        return answer if isinstance(answer, dict) else {}

    async def pages(self, url: str, field: str) -> AsyncIterator[Json]:
        """Every item of a list, page after page; of a list by places, what each of them has. Raises ApiError."""
        token = ""
        while True:
            more = f"{'&' if '?' in url else '?'}pageToken={quote(token, safe='')}" if token else ""
            answer = await self.call("GET", url + more)
            found = answer.get(field) or []
            for item in found.values() if isinstance(found, dict) else found:
                yield item
            token = answer.get("nextPageToken") or ""
            if not token:
                return

    async def get(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Json | None:
        """The document at `url`, or None where there is none; lists of some collections are asked for by a POST."""
        try:
            return await self.call(method, url, headers=headers)
        except ApiError as error:
            if error.status in (404, 410):
                return None
            raise

    async def wait(self, base: str, operation: Json, seconds: float) -> Json:
        """The response of an operation once it is done. Raises OperationError, or TimeoutError after `seconds`."""
        if operation.get("kind") == "compute#operation":
            return await self._wait_compute(base, operation, seconds)
        pause, waited = 0.02, 0.0
        while not operation.get("done"):
            if waited >= seconds:
                raise TimeoutError(f"timeout while waiting for {operation.get('name')} after {seconds:g}s")
            await self.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 1.0)
            operation = await self.call("GET", f"{base}{operation['name']}")
        if error := operation.get("error"):
            raise OperationError(error)
        response = operation.get("response")
        return response if isinstance(response, dict) else {}

    async def _wait_compute(self, base: str, operation: Json, seconds: float) -> Json:
        """The end of an operation of Compute Engine, which has a form of its own."""
        pause, waited = 0.02, 0.0
        while operation.get("status") != "DONE":
            if waited >= seconds:
                raise TimeoutError(f"timeout while waiting for {operation.get('name')} after {seconds:g}s")
            await self.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 1.0)
            link = str(operation["selfLink"])
            operation = await self.call("GET", base + link[link.index("projects/") :])
        for error in (operation.get("error") or {}).get("errors") or []:
            raise OperationError({"code": operation.get("httpErrorStatusCode") or 400, "message": error.get("message")})
        return operation


def _document(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return {"error": {"message": response.body.decode(errors="replace")[:2000]}}


def _worth_retrying(error: ApiError, request: Request) -> bool:
    if error.status in _BUSY:
        return True
    if error.status != 409 or error.reason == "instanceAlreadyExists":
        return False
    said = f"{error.reason} {error.message}".lower()
    return request.path.startswith("/sqladmin/") or any(text in said for text in _BUSY_TEXTS)
