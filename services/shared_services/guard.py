"""`Guard`: what every request of a browser goes through: it comes from our own page, is not too large, and its answer
may load nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from shared_services import HttpProblem

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Guard:
    """Around the routes, inside the base.

    Args:
        app: the routes.
        most_bytes: of a request's body.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], most_bytes: int = 1_048_576) -> None:
        self.app, self._most = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] not in _SAFE:
            _same_origin(headers)
        self._check(int(headers.get(b"content-length", "0") or 0))
        size = 0

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                return {"type": "http.disconnect"}  # the rest is not read; `reply` says why
            return message

        async def reply(message: Message) -> None:
            self._check(size)
            if message["type"] == "http.response.start":
                known = {name for name, _ in message.get("headers", ())}
                message["headers"] = [*message.get("headers", ()), *(each for each in _HEADERS if each[0] not in known)]
            await send(message)

        await self.app(scope, limited, reply)

    def _check(self, size: int) -> None:
        if size > self._most:
            raise HttpProblem(413, f"a request has at most {self._most:,} bytes")


def _same_origin(headers: dict[bytes, str]) -> None:
    """Refuse what another site's page sends: browsers say where a request comes from, and pages can't change that."""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None:
        same = site in ("same-origin", "none")
    else:
        same = origin is None or urlsplit(origin).netloc == headers.get(b"host", "")
    if not same:
        raise HttpProblem(403, "the request comes from the page of another site")
