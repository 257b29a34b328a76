"""One value spelt in two ways: times, amounts, addresses, text."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from sandbox.provider.suppress.registry import rule


@rule("duration")
def _duration(old: Any, new: Any, _: str) -> bool:
    """`1.5s` and `1.500s`."""
    return seconds(old) is not None and seconds(old) == seconds(new)


@rule("duration_or_zero")
def _duration_or_zero(old: Any, new: Any, _: str) -> bool:
    """As durations; the server doesn't tell one of zero."""
    return (not old and new == "0s") or _duration(old, new, "")


def seconds(value: Any) -> float | None:
    """A duration as Google writes it, in seconds; None where it is not one.

    >>> seconds("3600s")
    3600.0
    """
    if not isinstance(value, str) or not value:
        return None
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    total, digits = 0.0, ""
    for character in value:
        if character.isdigit() or character == ".":
            digits += character
        elif character in units and digits:
            total, digits = total + float(digits) * units[character], ""
        else:
            return None
    return None if digits else total


@rule("port_range")
def _port_range(old: Any, new: Any, _: str) -> bool:
    """`443` and `443-443`."""
    return bool(old) and bool(new) and _ports(old) == _ports(new)


def _ports(text: str) -> tuple[str, str]:
    low, _, high = text.partition("-")
    return low, high or low


@rule("domains")
def _domains(old: Any, new: Any, _: str) -> bool:
    """Domains, with and without the dot at their end."""
    return [d.rstrip(".") for d in old or []] == [d.rstrip(".") for d in new or []]


@rule("records")
def _records(old: Any, new: Any, _: str) -> bool:
    """DNS answers in any order; case and quotes mean nothing."""
    return sorted(map(_plain_record, old or [])) == sorted(map(_plain_record, new or []))


def _plain_record(data: str) -> str:
    return data.lower().strip('"')


@rule("case")
def _case(old: Any, new: Any, _: str) -> bool:
    return bool(old) and isinstance(new, str) and old.casefold() == new.casefold()


@rule("prefix")
def _prefix(old: Any, new: Any, argument: str) -> bool:
    """With and without what it may begin with."""
    return str(new) == f"{argument}{old}" or str(old) == f"{argument}{new}"


@rule("leading_slash")
def _leading_slash(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and old == f"/{new}"


@rule("last_slash")
def _last_slash(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and isinstance(new, str) and bool(old) and old.rstrip("/") == new.rstrip("/")


@rule("blanks")
def _blanks(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and isinstance(new, str) and old.strip() == new.strip()


@rule("blank")
def _blank(old: Any, new: Any, _: str) -> bool:
    """A blank means that there is none."""
    return {old or "", new or ""} == {"", " "}


@rule("limits")
def _limits(old: Any, new: Any, _: str) -> bool:
    """Amounts of cpu and memory in other units; those left out are the server's."""
    if not old or not new:
        return False
    # An amount of null is one that is left out.
    given = {name: value for name, value in new.items() if value is not None}
    return all(name in old and amount(old[name]) == amount(value) for name, value in given.items())


_UNITS = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def amount(quantity: str) -> float | str:
    """A Kubernetes quantity as a number; unchanged where it is none.

    >>> amount("1000m") == amount("1"), amount("1Gi")
    (True, 1073741824.0)
    """
    for unit in sorted(_UNITS, key=len, reverse=True):
        if quantity.endswith(unit):
            number, factor = quantity.removesuffix(unit), _UNITS[unit]
            break
    else:
        number, factor = quantity, 1
    try:
        return float(number) * factor
    except ValueError:
        return quantity


@rule("internal_ip")
def _internal_ip(old: Any, new: Any, _: str) -> bool:
    """An address by another spelling, or by the name of what is reserved, which tells no number."""
    before, _, mask = str(old or "").partition("/")
    after, _, other = str(new or "").partition("/")
    try:
        standing = ip_address(before)
    except ValueError:
        return False
    try:
        return standing == ip_address(after) and (not mask or not other or mask == other)
    except ValueError:
        return True


@rule("json")
def _json(old: Any, new: Any, _: str) -> bool:
    try:
        return bool(json.loads(old) == json.loads(new))
    except (TypeError, ValueError):
        return False


@rule("flat_rate")
def _flat_rate(old: Any, new: Any, _: str) -> bool:
    """A plan by its older name."""
    return old in ("FLEX", "MONTHLY", "ANNUAL") and new == f"{old}_FLAT_RATE"
