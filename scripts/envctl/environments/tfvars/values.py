"""Values that Terraform takes as text."""

from __future__ import annotations

import json
from typing import Any


def compact(value: Any) -> str:
    """JSON without spaces, so that a change of layout in the YAML is no change of the thing."""
    return json.dumps(value, separators=(",", ":"))
