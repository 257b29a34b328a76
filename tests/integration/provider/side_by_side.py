"""Changes of a configuration that one plan shows as well as a plan each."""

from __future__ import annotations

import re
from itertools import pairwise

Change = tuple[str, str, str]
"""An old text, a new one, and the address that is replaced for it."""

_BLOCK = re.compile(r'^(?P<data>data|resource) "(?P<type>\w+)" "(?P<name>\w+)" \{', re.M)


def side_by_side(configuration: str, changes: tuple[Change, ...]) -> list[list[Change]]:
    """The changes in rounds: what one of a round changes doesn't reach the address of another."""
    reached = _reached(configuration)
    rounds: list[list[Change]] = []
    for change in changes:
        assert change[0] in configuration
        for known in rounds:
            if not any(_meet(configuration, reached, one, change) for one in known):
                known.append(change)
                break
        else:
            rounds.append([change])
    return rounds


def changed(configuration: str, changes: list[Change]) -> str:
    """The configuration with a round's changes, each at the first place of its old text."""
    for at, old, new in sorted(((configuration.index(old), old, new) for old, new, _ in changes), reverse=True):
        configuration = configuration[:at] + new + configuration[at + len(old) :]
    return configuration


def _meet(configuration: str, reached: dict[str, set[str]], one: Change, other: Change) -> bool:
    places = [_touched(configuration, change) for change in (one, other)]
    return (
        places[0] == places[1]
        or any(place is None for place in places)
        or one[2] == other[2]
        or other[2] in reached[places[0] or ""]
        or one[2] in reached[places[1] or ""]
    )


def _touched(configuration: str, change: Change) -> str | None:
    """The address of the block that a change is within; none where it goes beyond one."""
    at = configuration.index(change[0])
    for address, (begin, end) in _blocks(configuration).items():
        if begin <= at and at + len(change[0]) <= end:
            return address
    return None


def _blocks(configuration: str) -> dict[str, tuple[int, int]]:
    found = list(_BLOCK.finditer(configuration))
    ends = [right.start() for _, right in pairwise(found)] + [len(configuration)]
    return {
        f"{'data.' if one['data'] == 'data' else ''}{one['type']}.{one['name']}": (one.start(), end)
        for one, end in zip(found, ends, strict=True)
    }


def _reached(configuration: str) -> dict[str, set[str]]:
    """Of each address itself and all that refer to it, over others too."""
    blocks = {address: configuration[begin:end] for address, (begin, end) in _blocks(configuration).items()}
    referring = {
        address: {other for other, text in blocks.items() if re.search(rf"\b{re.escape(address)}\b", text)}
        for address in blocks
    }
    reached = {address: {address} for address in blocks}
    for address, found in reached.items():
        new = [address]
        while new:
            new = [other for each in new for other in referring[each] if other not in found]
            found.update(new)
    return reached
