"""How what bootstrap found and made is written."""

from __future__ import annotations

import json
from dataclasses import asdict

from envctl.bootstrap import BootstrapResult, Thing


def bootstrap_text(result: BootstrapResult, words: str) -> str:
    """For people: a line a thing, its differences below; then what comes next."""
    lines = [line for thing in result.things for line in _lines(thing)]
    next_step = f"next: push the images, then `envctl plan {words}`"
    if result.differs:
        next_step = "what differs was left as it is: mend it by hand, or let apply do it"
    return "\n".join([*lines, next_step])


def bootstrap_json(result: BootstrapResult) -> str:
    """For programs."""
    things = [asdict(thing) for thing in result.things]
    return json.dumps({"environment": result.environment, "things": things}, indent=2)


def _lines(thing: Thing) -> list[str]:
    word = "made" if thing.made else "differs" if thing.differences else "exists"
    return [f"{word:<8} {thing.kind} {thing.name}", *(f"         {difference}" for difference in thing.differences)]
