"""The page's files, read once."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared_services import HttpProblem

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/")
async def root() -> RedirectResponse:
    """The page stands below /ui/."""
    return RedirectResponse("/ui/")


@router.get("/ui/{name:path}")
async def file(request: Request, name: str) -> Response:
    """A file of the page."""
    found = _files().get(name or "index.html")
    if found is None:
        raise HttpProblem(404, f"there is no {request.url.path}")
    data, kind, tag = found
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=kind)


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        if path.suffix in _TYPES:
            data = path.read_bytes()
            found[path.name] = data, _TYPES[path.suffix], f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    return found
