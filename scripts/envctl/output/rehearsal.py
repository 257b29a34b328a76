"""A rehearsed change as text, JSON and Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from envctl.console import paint

from . import json as checks_json
from .comment import comment
from .review import reviews_text

if TYPE_CHECKING:
    from envctl.rehearsing import Rehearsal


def rehearsal_text(done: Rehearsal) -> str:
    """What a person reads: what changes, what goes, and how it ended."""
    lines = [reviews_text([done.review])]
    if done.destroyed:
        lines += ["", *(paint(f"destroyed: {address}", "red") for address in done.destroyed)]
    rehearsed = done.review.rehearsal
    if rehearsed is not None and rehearsed.problem:
        lines += ["", paint("apply fails:", "red"), *(f"  {line}" for line in rehearsed.problem.splitlines())]
    if rehearsed is not None and rehearsed.differs:
        lines += [
            "",
            paint("not as declared after it:", "red"),
            *(f"  {line}" for line in rehearsed.differs.splitlines()),
        ]
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in done.seconds.items())
    verdict = "failed" if done.problem else "applied and as declared" if not done.exit_code else "applied"
    lines += ["", f"{done.environment} against {done.base}: {verdict} ({stages})"]
    return "\n".join(lines)


def rehearsal_json(done: Rehearsal) -> str:
    """The same for machines."""
    document = {
        "environment": done.environment,
        "base": done.base,
        "exit_code": done.exit_code,
        "problem": done.problem,
        "destroyed": done.destroyed,
        "review": done.review.model_dump(mode="json"),
        "validation": checks_json.document(done.validation)["summary"] if done.validation else None,
        "seconds": done.seconds,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def rehearsal_markdown(done: Rehearsal) -> str:
    """The same as a comment."""
    return comment([done.review])
