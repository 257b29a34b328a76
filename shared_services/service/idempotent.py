"""`idempotent`: routes that do a request once for each `Idempotency-Key`, and answer it alike when it comes again."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from shared_services.cache.idempotency import Idempotency

from .auth import Principal
from .problem import HttpProblem

HEADER = "idempotency-key"
REPLAYED = "idempotency-replayed"
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')
_METHODS = frozenset({"POST", "PATCH"})
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def idempotent(once: Idempotency, *, required: bool = True) -> type[APIRoute]:
    """A class of routes that honour the header `Idempotency-Key` on POST and PATCH, as the IETF's draft has it.

    The first request with a key is done, and its answer kept: whoever sends it again has the same answer, with the
    header `Idempotency-Replayed`. 400 where the key is missing or malformed, 409 while the first still runs, 422 where
    the key was used for another request. An error (a status from 500 on, or whatever is raised) is not kept: the same
    request may be tried again. A key belongs to who asks, and to the route.

    >>> from fastapi import APIRouter
    >>> from shared_services import Idempotency, MemoryKeys, create_app, idempotent
    >>> orders = APIRouter(route_class=idempotent(Idempotency(MemoryKeys())))
    >>> @orders.post("/orders", status_code=201)
    ... async def order(symbol: str) -> dict[str, str]:
    ...     return {"order": "N1"}
    >>> app = create_app("execution-router")
    >>> app.include_router(orders)

    Args:
        once: remembers keys and answers: `Idempotency(RedisKeys(client))` where instances share the work.
        required: whether a request without a key is refused; else it is done each time.
    """

    class IdempotentRoute(APIRoute):
        """A route that does a request once for each key."""

        def get_route_handler(self) -> _Handler:
            handle = super().get_route_handler()

            async def handled(request: Request) -> Response:
                if request.method not in _METHODS:
                    return await handle(request)
                key = _key(request, required)
                if key is None:
                    return await handle(request)
                return await _once(once, f"{self.path}:{key}", request, handle)

            return handled

    return IdempotentRoute


class _NotKept(Exception):
    """An answer that isn't kept."""

    def __init__(self, response: Response) -> None:
        self.response = response


async def _once(once: Idempotency, name: str, request: Request, handle: _Handler) -> Response:
    first: list[Response] = []

    async def answered() -> dict[str, Any]:
        response = await handle(request)
        if response.status_code >= 500:
            raise _NotKept(response)
        if not isinstance(getattr(response, "body", None), bytes):
            raise TypeError("a route with idempotency keys answers whole: a stream can't be kept")
        first.append(response)
        headers = [[key.decode("latin-1"), value.decode("latin-1")] for key, value in response.raw_headers]
        return {"status": response.status_code, "headers": headers, "body": base64.b64encode(response.body).decode()}

    about = {
        "method": request.method,
        "url": f"{request.url.path}?{request.url.query}",
        "type": request.headers.get("content-type", ""),
        "body": hashlib.sha256(await request.body()).hexdigest(),
    }
    try:
        kept = await once.run_async(name, answered, request=about)
    except _NotKept as error:
        return error.response
    if first:
        return first[0]
    again = Response(base64.b64decode(kept["body"]), kept["status"])
    again.raw_headers = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in kept["headers"]]
    again.headers[REPLAYED] = "true"
    return again


def _key(request: Request, required: bool) -> str | None:
    """The request's key, with who asks.

    Raises:
        HttpProblem: 400, there is none, or it is malformed.
    """
    given = request.headers.get(HEADER)
    if given is None:
        if not required:
            return None
        raise HttpProblem(
            400, "the header Idempotency-Key is missing", type="urn:platform:problem:idempotency-key-missing"
        )
    match = _KEY.fullmatch(given.strip())
    if match is None:
        what = "the header Idempotency-Key holds 1 to 255 printable characters, best a UUID"
        raise HttpProblem(400, what, type="urn:platform:problem:idempotency-key-malformed")
    principal = request.scope.get("principal")
    who = principal.subject if isinstance(principal, Principal) else ""
    return f"{who}:{match[1] or match[2]}"
