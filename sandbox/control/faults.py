"""Faults on demand: what an API answers on a bad day, by rules that a running sandbox is given at `/sandbox/faults`.

A rule says which calls it is for and what becomes of them. Rules live in memory: a sandbox that starts has none. The
sandbox's own calls inside itself (Pub/Sub's rows for BigQuery, say) are spared; what clients and Terraform ask is not,
nor what a push, a task or a job sends to the URL of an API.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import ConnectionCut, Dispatch, Request, Response
from sandbox.control.router import Router

PATH = "/sandbox/faults"
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
CUTS = ("before", "after")
_MOST_LATENCY = 600_000


@dataclass(slots=True)
class Fault:
    """One rule.

    service      an API by its short or full name (`pubsub`, `pubsub.googleapis.com`); empty: every one
    method       an HTTP method; empty: every one
    path         a pattern for the path below the API's prefix, such as `v1/projects/*/topics/*`; empty: every one
    status       the error that is answered in place of the call; 0: none
    message      what that error says
    cut          `before` the call is done, or `after` it was: the connection ends without an answer
    latency_ms   how long the call waits first
    probability  how likely a call that fits is hit
    skip         how many calls that fit go by unharmed first
    times        how many are hit; 0: all
    matched, hit how many calls fitted and were hit so far
    """

    id: str
    service: str = ""
    method: str = ""
    path: str = ""
    status: int = 0
    message: str = ""
    cut: str = ""
    latency_ms: int = 0
    probability: float = 1.0
    skip: int = 0
    times: int = 0
    matched: int = 0
    hit: int = 0

    def fits(self, services: tuple[str, ...], method: str, path: str) -> bool:
        """Whether the rule is for such a call."""
        return (
            (not self.service or self.service in services)
            and (not self.method or self.method == method)
            and (not self.path or fnmatchcase(path, self.path))
        )

    def strikes(self, chance: Callable[[], float]) -> bool:
        """Count a call that fits; whether it is hit."""
        self.matched += 1
        if self.matched <= self.skip or (self.times and self.hit >= self.times):
            return False
        if self.probability < 1 and chance() >= self.probability:
            return False
        self.hit += 1
        return True

    def error(self) -> ApiError:
        """What is answered."""
        message = self.message or f"Injected by the sandbox: fault {self.id} (envctl sandbox faults)."
        return ApiError(STATUSES[self.status], message, code=self.status)


@dataclass(slots=True)
class Faults:
    """The rules of a running sandbox, in the order they were given: the first that ends a call ends it."""

    router: Router
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    rules: dict[str, Fault] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, document: Any) -> Fault:
        """A rule more. Raises ApiError 400 where it says nothing, or something it can't mean."""
        rule = _rule(str(next(self._numbers)), document, {name for api in self.router.apis for name in _names(api)})
        self.rules[rule.id] = rule
        return rule

    async def dispatch(self, request: Request) -> Response:
        """The router's dispatch, but for what the rules do to it. Raises ConnectionCut."""
        if not self.rules:
            return await self.router.dispatch(request)
        return await self._through(request, self.router.dispatch)

    async def _through(self, request: Request, dispatch: Dispatch) -> Response:
        found = self.router.match("GET" if request.method == "HEAD" else request.method, request.path)
        services = _names(found[0]) if found else ()
        path = request.path.lstrip("/")
        if services:
            path = path.removeprefix(f"{services[0]}/")
        hit = [
            rule
            for rule in list(self.rules.values())
            if rule.fits(services, request.method, path) and rule.strikes(self.chance)
        ]
        if waiting := sum(rule.latency_ms for rule in hit):
            await self.sleep(waiting / 1000)
        for rule in hit:
            if rule.cut == "before":
                raise ConnectionCut
            if rule.status:
                return rule.error().response(found[0].error_style if found else "rpc")
        response = await dispatch(request)
        if any(rule.cut == "after" for rule in hit):
            raise ConnectionCut
        return response

    def page(self, request: Request) -> Response | None:
        """The rules as a resource: GET lists them, POST adds one, DELETE clears all or one. None for other paths."""
        head, _, id_ = request.path.partition(f"{PATH}/")
        if request.path != PATH and (head or not id_):
            return None
        try:
            if request.method == "GET" and not id_:
                return Response.of({"faults": [asdict(rule) for rule in self.rules.values()]})
            if request.method == "POST" and not id_:
                return Response.of(asdict(self.add(_json(request))))
            if request.method == "DELETE":
                return Response.of({"cleared": self._clear(id_)})
        except ApiError as error:
            return error.response()
        return ApiError("UNIMPLEMENTED", f"{PATH} takes GET, POST and DELETE.", code=405).response()

    def _clear(self, id_: str) -> int:
        if not id_:
            count = len(self.rules)
            self.rules.clear()
            return count
        if self.rules.pop(id_, None) is None:
            raise ApiError("NOT_FOUND", f"There is no fault '{id_}'.")
        return 1


def _names(api: Any) -> tuple[str, ...]:
    return (api.short, api.service)


def _json(request: Request) -> Any:
    try:
        return request.json()
    except ValueError as error:
        raise invalid_argument(f"Invalid JSON payload received. {error}") from error


_WORDS = ("service", "method", "path", "message", "cut")
_COUNTS = ("status", "latency_ms", "skip", "times")


def _rule(id_: str, document: Any, services: set[str]) -> Fault:
    """A rule from what was sent. Raises ApiError 400."""
    if not isinstance(document, dict):
        raise invalid_argument("A fault is an object.")
    problems = {name: "no such field" for name in document if name not in (*_WORDS, *_COUNTS, "probability")}
    problems |= {name: "a text" for name in _WORDS if not isinstance(document.get(name, ""), str)}
    for name in _COUNTS:
        value = document.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            problems[name] = "a whole number from 0"
    probability = document.get("probability", 1)
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 < probability <= 1:
        problems["probability"] = "a number above 0, up to 1"
    if not problems:
        problems = _meaning(document, services)
    if problems:
        said = "; ".join(f"{name}: {text}" for name, text in problems.items())
        raise invalid_argument(f"Not a fault: {said}.", problems)
    return Fault(id_, **{**document, "method": document.get("method", "").upper()})


def _meaning(document: dict[str, Any], services: set[str]) -> dict[str, str]:
    problems = {}
    if document.get("service") and document["service"] not in services:
        problems["service"] = f"no API of the sandbox is called so; there are {', '.join(sorted(services))}"
    if document.get("status") and document["status"] not in STATUSES:
        problems["status"] = f"one of {', '.join(map(str, STATUSES))}"
    if document.get("cut") and document["cut"] not in CUTS:
        problems["cut"] = "before or after"
    if document.get("latency_ms", 0) > _MOST_LATENCY:
        problems["latency_ms"] = f"{_MOST_LATENCY} at most"
    if not any(document.get(name) for name in ("status", "cut", "latency_ms")):
        problems["status"] = "a fault has a status, a cut or a latency"
    elif document.get("status") and document.get("cut"):
        problems["cut"] = "a connection that is cut answers no status: one of the two"
    return problems
