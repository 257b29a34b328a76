"""Reviews of plans as text, as JSON, and as the section of a comment that each environment has."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from envctl.console import paint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envctl.reviews import Review, ReviewedChange

_SIGNS = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "delete": ("-", "red"),
    "replace": ("-/+", "red"),
    "forget": ("x", "red"),
    "import": ("<", "green"),
    "move": (">", "dim"),
}
_WORDS = {
    "delete": "to destroy",
    "replace": "to replace",
    "forget": "to forget",
    "update": "to change",
    "create": "to add",
    "import": "to import",
    "move": "to move",
}
_SHOWN_ATTRIBUTES = 12
_WIDTH = 100


def reviews_text(reviews: Sequence[Review]) -> str:
    """What a person reads after `envctl plan ENV… --out DIR`."""
    return "\n\n".join("\n".join(_lines(review)) for review in reviews)


def reviews_json(reviews: Sequence[Review]) -> str:
    """The same for machines."""
    return json.dumps({"reviews": [review.model_dump(mode="json") for review in reviews]}, indent=2)


def reviews_markdown(reviews: Sequence[Review]) -> str:
    """The same as a comment, uncut."""
    from envctl.output.comment import comment

    return comment(list(reviews), limit=None)


def counted(review: Review, bold: str = "") -> str:
    """How much is done, the worst first, such as "1 to destroy, 2 to add"."""
    counts = Counter(change.action for change in review.changes)
    said = [f"{bold}{counts[action]}{bold} {words}" for action, words in _WORDS.items() if counts[action]]
    return ", ".join(said) or "nothing to change"


def sign(change: ReviewedChange) -> str:
    return _SIGNS.get(change.action, ("~", ""))[0]


def attribute_lines(change: ReviewedChange) -> Iterable[str]:
    """The attributes of an update or a replacement, the first of them."""
    known = [one for one in change.attributes if not one.after.startswith("(known after") or one.replaces]
    for one in known[:_SHOWN_ATTRIBUTES]:
        text = f"{one.path}: {_short(one.before) or 'nothing'} → {_short(one.after) or 'nothing'}"
        yield f"{text}  # forces replacement" if one.replaces else text
    if len(known) > _SHOWN_ATTRIBUTES:
        yield f"… and {len(known) - _SHOWN_ATTRIBUTES} more attributes"


def _lines(review: Review) -> Iterable[str]:
    if review.status == "failed":
        yield paint(f"{review.environment}: no plan", "red")
        yield from (f"  {line}" for line in review.problem.splitlines())
        return
    yield paint(f"{review.environment}: {counted(review)}", "bold")
    for change in review.changes:
        mark, style = _SIGNS.get(change.action, ("~", "yellow"))
        danger = f"  # {', '.join(change.dangers)}" if change.dangers else ""
        yield "  " + paint(f"{mark} {change.address}{danger}", style)
        yield from (f"      {line}" for line in attribute_lines(change))
    for finding in review.findings:
        if finding.new:
            at = f"{finding.where}: " if finding.where else ""
            yield paint(f"  {finding.rule} ({finding.severity}): {at}{finding.message}", "red")
            yield f"      what to do: {finding.todo}"
    yield from (f"  warning: {warning}" for warning in review.warnings)
    if review.pending:
        yield f"  {len(review.pending)} hold values that something not yet applied decides: plan again after it"
    made = review.made_from
    yield f"  fingerprint {review.fingerprint[:12]}, commit {made.commit[:12]}{' and changes' if made.changed else ''}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
