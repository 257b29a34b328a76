"""From a container image's name to the Python module that runs in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

STARTER = "services.starter"
# Google's own sample, with which services are begun: it answers at its root.
_HELLO = re.compile(r"(?:us-docker\.pkg\.dev/cloudrun/container|gcr\.io/cloudrun)/hello(?:[:@].*)?")

_IMAGE = re.compile(
    r"(?:(?P<host>[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?::\d+)?)/)?"
    r"(?P<path>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class CommandRefused(Exception):
    """A container command that has no meaning for a local package."""


@dataclass(frozen=True, slots=True)
class Image:
    """What runs for an image: a package of `services`, or the starter until there is one."""

    kind: Literal["starter", "package"]
    module: str
    arguments: tuple[str, ...] = ()


def valid(image: str) -> bool:
    """Whether a text can be the name of an image.

    >>> valid("asia-south1-docker.pkg.dev/p/images/risk-manager:1.2"), valid("UPPER case")
    (True, False)
    """
    return len(image) <= 2048 and _IMAGE.fullmatch(image) is not None


def package(image: str) -> str:
    """The name a package of `services` has for an image.

    >>> package("asia-south1-docker.pkg.dev/p/images/risk-manager@sha256:" + "0" * 64)
    'risk_manager'
    """
    last = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return re.sub(r"\W", "_", last)


def resolve(image: str, command: Sequence[str] = (), arguments: Sequence[str] = ()) -> Image:
    """The module for an image. Raises CommandRefused where its package can't be run by that command.

    >>> resolve("gcr.io/p/no-such-service").kind, resolve("us-docker.pkg.dev/cloudrun/container/hello").arguments
    ('starter', ('/',))
    """
    name = package(image)
    if not (name.isidentifier() and name != "starter" and _exists(name)):
        return Image("starter", STARTER, ("/",) if _HELLO.fullmatch(image) else ())
    if not command:
        return Image("package", f"services.{name}", tuple(arguments))
    program, *rest = command
    if re.fullmatch(r"(?:.*/)?python[\d.]*", program) and len(rest) >= 2 and rest[0] == "-m":
        return Image("package", rest[1], (*rest[2:], *arguments))
    raise CommandRefused(f"The sandbox runs `python -m MODULE` only; the command {' '.join(command)!r} is not that.")


def _exists(name: str) -> bool:
    """Looked up in the folder, without importing what is in it."""
    found = find_spec("services")
    places = found.submodule_search_locations if found else None
    return any((Path(place) / name / "__main__.py").is_file() for place in places or ())
