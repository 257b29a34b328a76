"""Which layer of the Terraform root makes a kind of thing: read from infra/, so that it can't say otherwise."""

from __future__ import annotations

import re
from pathlib import Path

LAYERS = ("foundation", "data", "compute", "orchestration", "observability")
_MAP = re.compile(r"(?:each\.value|subproject|var\.subprojects\[each\.key\]|var)\.([a-z][a-z0-9_]*)")
_TIMES = {"push_subscriptions": "subscriptions", "export_subscriptions": "subscriptions"}


def layers(infra: Path) -> dict[str, str]:
    """The layer by kind. A kind that several layers mention belongs to the first.

    Args:
        infra: the Terraform root.
    """
    found: dict[str, str] = {}
    for layer in LAYERS:
        file = infra / f"{layer}.tf"
        for kind in _MAP.findall(file.read_text(encoding="utf-8")) if file.is_file() else ():
            found.setdefault(_TIMES.get(kind, kind), layer)
    return found
