"""The base of all images, by its digest."""

from __future__ import annotations

import re

from ..environments.pinned import split
from ..errors import UserError
from .registry import Registry

_BASE = re.compile(r"^ARG PYTHON_IMAGE=(?P<image>\S+)$", re.MULTILINE)
# Docker's own name for its registry is not where it answers.
_HOSTS = {"docker.io": "registry-1.docker.io"}


def pinned(dockerfile: str) -> tuple[str, str]:
    """The base with the digest that its tag has now, and the Dockerfile with it.

    Raises:
        UserError: the Dockerfile names no base, or the registry can't be asked.
    """
    found = _BASE.search(dockerfile)
    if found is None:
        raise UserError("services/Dockerfile names no base", why="it has no line ARG PYTHON_IMAGE=…")
    name, tag, _ = split(found["image"])
    host, _, path = name.partition("/")
    digest = Registry(_HOSTS.get(host, host)).digest(path, tag)
    if digest is None:
        raise UserError(f"{host} has no {path}:{tag}", todo="name a tag that there is")
    base = f"{name}:{tag}@{digest}"
    return base, f"{dockerfile[: found.start('image')]}{base}{dockerfile[found.end('image') :]}"
