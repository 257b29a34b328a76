"""Unix cron expressions, as Cloud Scheduler accepts them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_FIELDS: list[tuple[str, int, int, dict[str, int]]] = [
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of month", 1, 31, {}),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _DAYS),
]
_PART = re.compile(r"(?P<low>\*|[a-z]{3}|\d+)(?:-(?P<high>[a-z]{3}|\d+))?(?:/(?P<step>\d+))?", re.IGNORECASE)


def check_cron(expression: str) -> str:
    """Return a five-field cron expression as it is, or raise ValueError that says which field is wrong and why.

    >>> check_cron("0 18 * * 1-5")
    '0 18 * * 1-5'
    """
    fields = expression.split(" ")
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f'"{expression}" has {len(fields)} fields; cron has 5 with one space between: '
            "minute hour day-of-month month day-of-week"
        )
    for text, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in text.split(","):
            _check_part(part, name, low, high, names)
    return expression


def _check_part(part: str, name: str, low: int, high: int, names: dict[str, int]) -> None:
    match = _PART.fullmatch(part)
    if not match or (match["low"] == "*" and match["high"]):
        raise ValueError(f'{name} "{part}" is not a number, a range (1-5), a list (1,3) or a step (*/5)')
    values = [_number(text, name, names) for text in (match["low"], match["high"]) if text and text != "*"]
    if any(not low <= value <= high for value in values):
        raise ValueError(f'{name} "{part}" is outside {low} to {high}')
    if len(values) == 2 and values[0] > values[1]:
        raise ValueError(f'{name} "{part}" ends before it begins')
    if match["step"] is not None and not 1 <= int(match["step"]) <= high:
        raise ValueError(f'{name} "{part}" steps by {match["step"]}; a step is 1 to {high}')


def _number(text: str, name: str, names: dict[str, int]) -> int:
    if text.isdigit():
        return int(text)
    if text.lower() not in names:
        raise ValueError(f'{name} "{text}" is neither a number nor one of its names')
    return names[text.lower()]


Cron = Annotated[str, AfterValidator(check_cron)]
