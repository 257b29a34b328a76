"""google.protobuf.Duration as JSON writes it."""

from __future__ import annotations

import re

from sandbox.control.errors import invalid_argument

FORM = re.compile(r"(\d+(?:\.\d{1,9})?)s")


def seconds(text: object, field: str) -> float:
    """A duration of 0 or more, in seconds; `field` names it where it has another form.

    Raises:
        ApiError: 400, it is no duration.

    >>> seconds("600s", "ttl"), seconds("0.5s", "ttl")
    (600.0, 0.5)
    """
    found = FORM.fullmatch(str(text))
    if found is None:
        message = f"{field} must be a duration, seconds with an s such as 3600s, and not '{text}'."
        raise invalid_argument(message, {field: "no duration"})
    return float(found[1])
