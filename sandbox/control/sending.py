"""Requests that the sandbox makes by itself: of tasks, jobs and pushes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.control.context import Control
from sandbox.control.outgoing import NotServed, here

if TYPE_CHECKING:
    import httpx

# google.rpc.Code by HTTP status; any other one is UNKNOWN.
CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4}
UNKNOWN, _DEADLINE_EXCEEDED, _UNIMPLEMENTED, _UNAVAILABLE = 2, 4, 12, 14
_MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to send."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the HTTP status (0: none came), and what is wrong with it, as words and as a code."""

    status: int = 0
    problem: str = ""
    code: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender:
    """Sends requests; those for Google's APIs to the sandbox itself."""

    def __init__(self, control: Control, most_connections: int | None = None) -> None:
        self._control = control
        self._most = most_connections
        self._client: httpx.AsyncClient | None = None
        self._closed = False

    async def close(self) -> None:
        """Close the connections. What is under way is cancelled: it did not fail."""
        self._closed = True
        if self._client is not None:
            await self._client.aclose()

    async def send(self, made: Outgoing, deadline: float, *, redirects: bool = False) -> Answer:
        """Send, and wait `deadline` seconds for the answer. What goes wrong is in the answer, and not raised.

        redirects: follow them, so that the last answer is the one that counts.
        """
        import httpx

        try:
            response = await self.fetch(made, deadline, redirects=redirects)
        except TimeoutError:
            return Answer(0, f"DEADLINE_EXCEEDED: no answer within {deadline:g} s", _DEADLINE_EXCEEDED)
        except NotServed as error:
            return Answer(0, f"UNIMPLEMENTED: {error}", _UNIMPLEMENTED)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError, ValueError) as error:
            return Answer(0, f"UNAVAILABLE: {type(error).__name__}: {error}", _UNAVAILABLE)
        status = response.status_code
        if 200 <= status < 300:
            return Answer(status, headers=response.headers)
        return Answer(status, f"HTTP status code {status}", CODES.get(status, UNKNOWN), response.headers)

    async def fetch(self, made: Outgoing, deadline: float, *, redirects: bool = False) -> httpx.Response:
        """The response, whatever its status.

        Raises:
            TimeoutError: none came in time.
            NotServed: it is for an API of Google's that the sandbox lacks.
            httpx.HTTPError, httpx.InvalidURL, RuntimeError, ValueError: it could not be sent, or the connection broke.
        """
        import httpx

        if self._client is None:
            # Proxies of the environment are not for loopback addresses.
            self._client = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=self._most))
        try:
            request = self._client.build_request(
                made.method, here(self._control, made.url), headers=made.headers, content=made.content, timeout=None
            )
            async with asyncio.timeout(deadline):
                response = await self._client.send(request)
                for _ in range(_MOST_REDIRECTS if redirects else 0):
                    if response.next_request is None:
                        break
                    response = await self._client.send(self._redirected(response.next_request))
        except (httpx.HTTPError, RuntimeError) as error:
            if self._closed:
                raise asyncio.CancelledError from error
            raise
        return response

    def _redirected(self, request: httpx.Request) -> httpx.Request:
        """The request to where another one was redirected: not to Google from there either."""
        import httpx

        url = httpx.URL(here(self._control, str(request.url)))
        if url != request.url:
            request.url, request.headers["host"] = url, url.netloc.decode()
        return request


def backoff(least: float, most: float, doublings: int, failed: int) -> float:
    """Seconds to wait after so many failures: doubled as often as it may be, then growing by the same step.

    >>> [backoff(10, 300, 3, failed) for failed in range(1, 9)]
    [10.0, 20.0, 40.0, 80.0, 160.0, 240.0, 300.0, 300.0]
    """
    steps = failed - 1
    if steps <= doublings:
        return float(min(most, least * 2.0 ** min(steps, 60)))
    return float(min(most, least * 2.0 ** min(doublings, 60) * (steps - doublings + 1)))
