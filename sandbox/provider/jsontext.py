"""JSON as Go writes it, which is how the real provider keeps documents in a state."""

from __future__ import annotations

import json
from typing import Any


def go_json(value: Any) -> str:
    """JSON as Go writes it: sorted, compact, with the characters of HTML escaped."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
