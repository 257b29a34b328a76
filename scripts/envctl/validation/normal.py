"""One form for values that the YAML and the APIs write differently, so that equal things compare equal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

# Labels that Google or its provider puts on things; a person can't make labels that begin so.
RESERVED_LABELS = "goog-"


def same(value: Any) -> Any:
    """As it is."""
    return value


def text(value: Any) -> str:
    """A text; none is the empty one.

    >>> text(None)
    ''
    """
    return "" if value is None else str(value)


def block(value: Any) -> str:
    """A longer text, without differences of line ends and of blanks around it."""
    return "\n".join(line.rstrip() for line in text(value).strip().splitlines())


def flag(value: Any) -> bool:
    """A boolean; APIs leave out false, and some write it as text.

    >>> flag(None), flag("true")
    (False, True)
    """
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def number(value: Any) -> int:
    """A whole number; APIs write 64 bits as text and leave out 0."""
    return int(value or 0)


def duration(value: Any) -> Decimal | None:
    """Seconds, exactly; what isn't a duration stays out of the way as None.

    >>> duration("600s") == duration("600.000s")
    True
    """
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value).removesuffix("s")).normalize()
    except InvalidOperation:
        return None


def lower(value: Any) -> str:
    """A name that is the same in any case, such as a location."""
    return text(value).lower()


def listed(value: Any) -> list[Any]:
    """A list; none is the empty one."""
    return list(value or [])


def unordered(value: Any) -> list[Any]:
    """A list whose order means nothing."""
    return sorted(value or [], key=lambda item: json.dumps(item, sort_keys=True, default=str))


def mapping(value: Any) -> dict[str, Any]:
    """A mapping; none is the empty one."""
    return dict(value or {})


def labels(value: Any) -> dict[str, str]:
    """Labels without those that Google and its provider add (`goog-terraform-provisioned`, …).

    >>> labels({"team": "quants", "goog-terraform-provisioned": "true"})
    {'team': 'quants'}
    """
    return {key: str(label) for key, label in (value or {}).items() if not key.startswith(RESERVED_LABELS)}


def cpus(value: Any) -> Decimal | None:
    """vCPUs; "1000m" is "1".

    >>> cpus("1000m") == cpus("1")
    True
    """
    if value in (None, ""):
        return None
    written = str(value)
    return Decimal(written[:-1]) / 1000 if written.endswith("m") else Decimal(written)


_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9}


def memory(value: Any) -> int | None:
    """Bytes; "1Gi" is "1024Mi"."""
    if value in (None, ""):
        return None
    written = str(value)
    for unit, factor in _UNITS.items():
        if written.endswith(unit):
            return int(Decimal(written.removesuffix(unit)) * factor)
    return int(Decimal(written))


def document(value: Any) -> Any:
    """JSON written as text, so that its spaces and the order of its keys don't matter; other text as a block."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return block(value)


def email(value: Any) -> str:
    """A service account's address, also from its full name.

    >>> email("projects/p/serviceAccounts/a@p.iam.gserviceaccount.com")
    'a@p.iam.gserviceaccount.com'
    """
    return text(value).rpartition("/")[2].lower()


def dig(value: Any, path: str) -> Any:
    """The value at a dotted path; a number is a place in a list. None where there is nothing.

    >>> dig({"containers": [{"image": "a"}]}, "containers.0.image")
    'a'
    """
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value
