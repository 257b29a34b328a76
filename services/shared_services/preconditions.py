"""What makes a writing request safe: the version that it is based on, and the key by which it is done once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response

from shared_services import HttpProblem

from .answers import answer
from .parts import Parts
from .people import Person

MATCH_HEADER, KEY_HEADER = "If-Match", "Idempotency-Key"


def base_of(if_match: str | None) -> int:
    """The version that `If-Match: "7"` names.

    Raises:
        HttpProblem: 428 where it is missing, 412 where it is nothing that a configuration can have.
    """
    if if_match is None or if_match.strip() == "*":
        raise HttpProblem(428, 'say which version the change is based on: If-Match: "7", as its ETag says')
    found = re.fullmatch(r'"([0-9]{1,8})"', if_match.strip())
    if found is None:
        raise HttpProblem(412, "If-Match is not the ETag of a version of this configuration")
    return int(found[1])


def once(
    parts: Parts,
    request: Request,
    person: Person,
    key: str | None,
    about: Any,
    do: Callable[[], dict[str, Any]],
    *,
    status: int = 200,
) -> Response:
    """Do a request, once for its key where it has one; what was done before is answered again."""
    path = request.url.path
    if key is None:
        return _done(do(), status)
    if not key.strip() or not key.isprintable():
        raise HttpProblem(422, "Idempotency-Key is a text of 1 to 200 characters")
    name = f"{person.name} {request.method} {path} {key}"
    return _done(parts.once.run(name, do, request=[request.method, path, about]), status)


def _done(body: dict[str, Any], status: int) -> Response:
    version = body.get("version")
    return answer(body, status, {} if version is None else {"etag": f'"{version}"'})
