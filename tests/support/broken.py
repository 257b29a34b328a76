"""A sandbox that is sent each request broken in many ways before the request itself.

`python -m tests.support.broken serve --state DIR` is `python -m sandbox serve --state DIR`, with every change that
comes over the provider or HTTP tried first with one field left out, emptied or of another value, and undone. Whatever
is then answered with an incident, and not with a refusal, is a line of `DIR/incidents.jsonl`.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import random
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.__main__ import main
from sandbox.control import router
from sandbox.control.errors import ApiError
from sandbox.control.http import Request, Response

MOST = 60
"""How many variants of a request are tried: all of a small one, some of a large one."""
LEFT_OUT = object()
# What these keep lies beside the store, so that a try of them can't be undone.
_NOT_TRIED = ("/storage/", "/upload/", "/_sandbox/")
_TEXTS = ("", "x", "projects/x", "9" * 30, "a/b/c/d/e/f", "-1", "é")
_PROJECT = re.compile(r"(?<=projects/)[^/:]+")
_NUMBERS = (0, -1, 10**12)
_QUERIES: tuple[dict[str, list[str]], ...] = (
    {"updateMask": ["x.y"]},
    {"updateMask": [""]},
    {"updateMask": ["*"]},
    {"pageSize": ["abc"]},
    {"pageToken": ["zzz"]},
    {"maxResults": ["-1"]},
    {"filter": ["(("]},
    {"orderBy": ["x y z"]},
)


def variants(body: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Places in a document, each with something else to stand there; the kind of value stays what it was."""
    yield from _variants(body, ())


def _variants(value: Any, place: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if place:
        yield from ((place, other) for other in (LEFT_OUT, None, *_others(value)))
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _variants(inner, (*place, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _variants(inner, (*place, at))


def _others(value: Any) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case str():
            yield from _TEXTS
        case int() | float():
            yield from _NUMBERS
        case dict():
            yield {}
        case list() if value:
            yield from ([], [*value, *value], [{} if isinstance(value[0], dict) else ""], [*value, type(value[0])()])


def broken(body: dict[str, Any], place: tuple[Any, ...], other: Any) -> dict[str, Any]:
    """A copy with something else at a place."""
    made: Any = copy.deepcopy(body)
    holder = made
    for step in place[:-1]:
        holder = holder[step]
    if other is LEFT_OUT:
        del holder[place[-1]]
    else:
        holder[place[-1]] = other
    return made  # type: ignore[no-any-return]


def tries(request: Request) -> Iterator[tuple[str, Request]]:
    """Variants of a request, each with what was done to it."""
    if request.path.startswith(_NOT_TRIED) or (request.path.startswith("/bigquery/v2/") and request.method == "POST"):
        return
    choose = random.Random(f"{request.method} {_PROJECT.sub('', request.path)}")  # the same in each run
    try:
        body = json.loads(request.body or b"null")
    except ValueError:
        return
    if isinstance(body, dict) and body:
        yield "empty", dataclasses.replace(request, body=b"{}")
        places = list(variants(body))
        for place, other in choose.sample(places, min(MOST, len(places))):
            what = f"{'.'.join(map(str, place))}: {'left out' if other is LEFT_OUT else repr(other)}"
            yield what, dataclasses.replace(request, body=json.dumps(broken(body, place, other)).encode())
    if request.method in ("GET", "PATCH"):
        for query in choose.sample(_QUERIES, 2):
            yield f"?{query}", dataclasses.replace(request, query={**request.query, **query})


class Tried:
    """`dispatch` with the tries before it, one request at a time."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "incidents.jsonl"
        self._serve = router.Router.dispatch
        self._trying: str | None = None

    def install(self) -> None:
        tried = self

        async def dispatch(self: router.Router, request: Request) -> Response:
            return await tried.dispatch(self, request)

        def incident(self: router.Router, request: Request, style: Any) -> Response:
            return tried.incident(request, style)

        router.Router.dispatch = dispatch  # type: ignore[method-assign]
        router.Router._incident = incident  # type: ignore[method-assign]

    async def dispatch(self, routes: router.Router, request: Request) -> Response:
        store = routes.control.store
        if self._trying is None and not store._depth:
            for what, variant in tries(request):
                self._trying = what
                store.db.execute("BEGIN IMMEDIATE")
                store._depth = 1  # its own transactions join this one
                try:
                    await self._serve(routes, variant)
                finally:
                    store.db.execute("ROLLBACK")
                    store._depth, self._trying = 0, None
        return await self._serve(routes, request)

    def incident(self, request: Request, style: Any) -> Response:
        line = {
            "request": f"{request.method} {request.path}",
            "what": self._trying or "as it is",
            "error": traceback.format_exc(limit=-2),
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return ApiError("INTERNAL", "An incident.").response(style)


if __name__ == "__main__":
    Tried(Path(sys.argv[sys.argv.index("--state") + 1])).install()
    main()
