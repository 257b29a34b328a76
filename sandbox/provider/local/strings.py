"""What `random_string` and `random_password` have in common."""

from __future__ import annotations

import secrets
import string
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import Change, Kind, Run, State, fields, set_by_provider

FIELDS = """
keepers map(string)
length number required forces_new
special bool optional computed forces_new default=true
upper bool optional computed forces_new default=true
lower bool optional computed forces_new default=true
number bool optional computed forces_new deprecated
numeric bool optional computed forces_new
min_numeric number optional computed forces_new default=0
min_upper number optional computed forces_new default=0
min_lower number optional computed forces_new default=0
min_special number optional computed forces_new default=0
override_special string forces_new
id string computed
"""
_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_LEAST = ("min_upper", "min_lower", "min_numeric", "min_special")
_ON = ("special", "upper", "lower", "numeric")
_IMPORTED = {**dict.fromkeys((*_ON, "number"), True), **dict.fromkeys(_LEAST, 0)}


def kind(
    name: str,
    more: str,
    version: int,
    create: Callable[[State, Run], Awaitable[State]],
    restore: Callable[[str, Run], Awaitable[State]],
    upgrade: Callable[[int, State], State],
) -> Kind:
    """One of the two types, with what it has more than these fields."""
    known = fields(FIELDS + more)
    return Kind(
        name,
        known,
        create,
        version=version,
        settled=set_by_provider(known),
        keepers="keepers",
        check=check,
        prepare=one_of_two_names,
        replaces={"override_special": other_characters},
        restore=restore,
        upgrade=upgrade,
    )


def check(config: State) -> Iterator[Problem]:
    """A length of at least one and of what it must hold, and characters to choose from."""
    length, least = config.get("length"), [config.get(name) for name in _LEAST]
    if isinstance(length, int):
        if length < 1:
            detail = f"Attribute length value must be at least 1, got: {length}"
            yield Problem("Invalid Attribute Value", detail, ("length",))
        elif UNKNOWN not in least and length < (total := sum(value or 0 for value in least)):
            detail = f"Attribute length value must be at least sum of {' + '.join(_LEAST)} ({total}), got: {length}"
            yield Problem("Invalid Attribute Value", detail, ("length",))
    for name in ("number", "numeric"):
        if config.get(name) is False and all(config.get(other) is False for other in _ON[:3]):
            detail = "At least one of special, upper, lower and numeric must be true"
            yield Problem("Invalid Attribute Combination", detail, (name,))


def one_of_two_names(change: Change) -> None:
    """`number` is what `numeric` was called: each says what the other does."""
    number, numeric = (change.config.get(name) for name in ("number", "numeric"))
    if number is not None and numeric is not None:
        if UNKNOWN not in (number, numeric) and number != numeric:
            what = "Number and numeric are both configured with different values"
            raise ProviderError(Problem(what, "Number is deprecated, use numeric instead", ("number",)))
        return
    given = number if numeric is None else numeric
    change.planned["number"] = change.planned["numeric"] = True if given is None else given


def other_characters(change: Change) -> bool:
    """Whether it must be made again for its own special characters: not where an empty text becomes none."""
    given = change.config.get("override_special")
    return given is not UNKNOWN and not (given is None and (change.prior or {}).get("override_special") == "")


def make(planned: State) -> str:
    """A text as asked for."""
    special = planned.get("override_special") or _SPECIAL
    sets = {
        "upper": string.ascii_uppercase,
        "lower": string.ascii_lowercase,
        "numeric": string.digits,
        "special": special,
    }
    every = "".join(characters for name, characters in sets.items() if planned[name])
    if not every:
        raise ProviderError(Problem("Random Read Error", "The character set specified is empty."))
    made = [secrets.choice(sets[name]) for name in sets for _ in range(planned[f"min_{name}"])]
    made += [secrets.choice(every) for _ in range(planned["length"] - len(made))]
    secrets.SystemRandom().shuffle(made)
    return "".join(made)


def restored(result: str) -> dict[str, Any]:
    """The state of a text that is imported."""
    return {**_IMPORTED, "length": len(result.encode()), "result": result}


def upgraded(state: State) -> State:
    """A state of before: `numeric` had another name, and an import left most of it out."""
    known = {name: value for name, value in state.items() if value is not None}
    made = {**_IMPORTED, "length": len(str(state.get("result", "")).encode()), **known}
    return {**made, "numeric": known.get("numeric", made["number"])}
