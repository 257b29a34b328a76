"""Names that the provider makes up where the configuration has none."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sandbox.provider.codec import UNKNOWN

_COUNTER = itertools.count(1)
_LONGEST_PREFIX = 37
"""The SDK's own ending has 26 characters, a name 63."""


def unique_name(prefix: str) -> str:
    """A name as Terraform's SDK makes one: a prefix, the time and a number.

    >>> len(unique_name("web-"))
    30
    """
    moment = datetime.now(UTC)
    if len(prefix) > _LONGEST_PREFIX:
        return f"{prefix}{moment:%m%d%H%M}{next(_COUNTER) % 16:x}"[:63]
    return f"{prefix or 'terraform-'}{moment:%Y%m%d%H%M%S}{moment.microsecond // 100:04}{next(_COUNTER):08x}"


def make_up_name(planned: dict[str, Any]) -> None:
    """Give what is planned a name where it has none, of its `name_prefix` where that is known."""
    if planned.get("name") in (None, "", UNKNOWN):
        prefix = planned.get("name_prefix")
        planned["name"] = unique_name(prefix if isinstance(prefix, str) else "")
