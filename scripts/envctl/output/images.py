"""Images for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..images.work import Built


def images_text(built: Sequence[Built]) -> str:
    """A line an image."""
    lines = []
    for one in built:
        what = f" {one.digest}" if one.digest else ""
        starter = " (the starter: it has no package yet)" if one.image.is_starter else ""
        lines.append(f"{one.result:<11} {one.tag}{what}{starter}")
    return "\n".join(lines) or "no images"


def images_json(environment: str, built: Sequence[Built]) -> str:
    """The same as JSON."""
    rows = [
        {"image": one.tag, "package": one.image.package, "result": one.result, "digest": one.digest or None}
        for one in built
    ]
    return json.dumps({"environment": environment, "images": rows})
