"""The comment on a pull request: every environment, ordered by danger, cut in the middle where it is too long.

GitHub takes 65,535 characters. What is fixed (the table, the fingerprints) always stands; of the lists, the dangerous
ones get their place first, and one that doesn't fit loses its middle, so that its end is still read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .cost import rupees
from .markdown import cell
from .review import attribute_lines, counted, sign

if TYPE_CHECKING:
    from envctl.reviews.model import Review, ReviewedChange, ReviewedFinding

MARKER = "<!-- envctl plan -->"
LIMIT = 65_535
_FINGERPRINTS = "<!-- envctl fingerprints "
_LONGEST_LINE = 400
_FOREIGN = (
    "> Made by the code of a fork, in a sandbox and without a credential: read the change itself too. What is applied "
    "is reviewed on a pull request from a branch of this repository.\n"
)


@dataclass(slots=True)
class Block:
    """A part of the comment. `lines` may be cut, `before` and `after` not; a lower `rank` is cut later."""

    before: str
    lines: list[str] = field(default_factory=list)
    after: str = ""
    rank: int = 0

    def text(self) -> str:
        return "\n".join(part for part in (self.before, *self.lines, self.after) if part is not None)


def comment(reviews: Sequence[Review], *, limit: int | None = LIMIT, foreign: bool = False) -> str:
    """One comment for all environments.

    Args:
        reviews: one an environment.
        limit: characters; None for whatever it takes.
        foreign: they are the word of a fork: it notifies nobody, and holds nothing that an apply would believe.
    """
    if foreign:
        most = LIMIT if limit is None else limit
        text = comment(reviews, limit=most * 9 // 10).removeprefix(MARKER).rpartition(_FINGERPRINTS)[0]
        return cut(f"{MARKER}\n{_FOREIGN}\n{_harmless(text)}", most)
    ordered = sorted(reviews, key=_worst)
    blocks = [_head(ordered)]
    for review in ordered:
        blocks += _environment(review)
    blocks.append(Block(_footer(ordered)))
    if limit is not None:
        _fit(blocks, limit)
    text = "\n".join(block.text() for block in blocks)
    return text if limit is None else cut(text, limit)


def fingerprints(text: str) -> dict[str, str]:
    """The fingerprints that a comment holds, by environment; nothing where it isn't one of ours.

    >>> fingerprints('<!-- envctl plan -->\\n<!-- envctl fingerprints {"prod":"ab12"} -->')
    {'prod': 'ab12'}
    """
    if not text.startswith(MARKER):
        return {}
    _, found, rest = text.rpartition(_FINGERPRINTS)
    try:
        values = json.loads(rest.partition(" -->")[0]) if found else {}
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in values.items()} if isinstance(values, dict) else {}


def cut(text: str, limit: int) -> str:
    """A text without its middle, where it is longer than the limit.

    >>> cut("abcdefghij" * 9, 60)
    'abcdefghijabcdefghi\\n… 58 characters left out …\\nhijabcdefghij'
    """
    if len(text) <= limit:
        return text
    # The note's own length depends on the number in it, by a digit at most.
    room = max(0, limit - len(_left_out(len(text))))
    head, tail = room * 3 // 5, room - room * 3 // 5
    gone = len(text) - head - tail
    return (text[:head] + _left_out(gone) + (text[-tail:] if tail else ""))[:limit]


def _harmless(text: str) -> str:
    """A stranger's text that hides nothing, mentions nobody and shows no picture."""
    return text.replace("<!--", "&lt;!--").replace("@", "@\u200b").replace("![", "!\u200b[").replace("<img", "&lt;img")


def _left_out(number: int) -> str:
    return f"\n… {number} characters left out …\n"


def _fit(blocks: list[Block], limit: int) -> None:
    """Cut the middle out of lists until all fits, beginning with what matters least."""
    over = len("\n".join(block.text() for block in blocks)) - limit
    for block in sorted(blocks, key=lambda block: -block.rank):
        if over <= 0:
            return
        if not block.lines:
            continue
        size = len(block.text())
        block.lines = _without_middle(block.lines, max(0, sum(len(line) + 1 for line in block.lines) - over - 80))
        over -= size - len(block.text())


def _without_middle(lines: list[str], room: int) -> list[str]:
    head, tail, used = 0, 0, 0
    while head + tail < len(lines):
        line = lines[head] if head <= tail * 2 else lines[-tail - 1]
        if used + len(line) + 1 > room:
            break
        used += len(line) + 1
        if head <= tail * 2:
            head += 1
        else:
            tail += 1
    gone = len(lines) - head - tail
    return [*lines[:head], f"… {gone} lines left out …", *(lines[-tail:] if tail else [])] if gone else lines


def _worst(review: Review) -> tuple[int, float, int, str]:
    from envctl.reviews.dangers import ORDER

    found = [ORDER.index(danger) for change in review.changes for danger in change.dangers]
    failed = review.status == "failed" or (review.rehearsal is not None and bool(review.rehearsal.problem))
    worst = -1 if failed else min(found, default=len(ORDER) + (not review.changes))
    more = -review.cost.more if review.cost is not None else 0.0
    return worst, more, review.environment != "prod", review.environment


def _head(reviews: Sequence[Review]) -> Block:
    rows = ["| environment | plan | danger | policy | a month | fingerprint |", "|---|---|---|---|---|---|"]
    for review in reviews:
        if review.status == "failed":
            rows.append(f"| **{review.environment}** | no plan | ❗ see below | | | |")
            continue
        danger, policy = _dangers(review) or "none", _new_findings(review)
        mark = f"`{review.fingerprint[:12]}`"
        cells = (f"**{review.environment}**", counted(review), danger, policy, _cost(review), mark)
        rows.append("| " + " | ".join(cells) + " |")
    return Block("\n".join([MARKER, "## Plan", "", *rows, ""]))


def _dangers(review: Review) -> str:
    from envctl.reviews.dangers import ORDER

    counts = Counter(danger for change in review.changes for danger in change.dangers)
    return ", ".join(f"{danger} {counts[danger]}" for danger in ORDER if counts[danger])


def _new_findings(review: Review) -> str:
    counts = Counter(finding.severity for finding in review.findings if finding.new)
    said = [f"{counts[severity]} {severity}" for severity in ("critical", "high", "medium", "low") if counts[severity]]
    return ", ".join(said) or "holds"


def _cost(review: Review) -> str:
    cost = review.cost
    if cost is None:
        return ""
    change = f" ({_signed(cost.more)})" if round(cost.more) else ""
    over = " **above the budget**" if cost.budget is not None and cost.after > cost.budget else ""
    return f"{rupees(cost.after)}{change}{over}"


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else ''}{rupees(amount)}"


def _environment(review: Review) -> Iterator[Block]:
    yield Block(f"### {review.environment}\n")
    if review.status == "failed":
        yield Block("```text", _plain(review.problem.splitlines()), "```\n", rank=1)
        return
    rehearsed = review.rehearsal
    if rehearsed is not None:
        yield Block(f"{_rehearsed(review)}\n")
        if failed := rehearsed.problem or rehearsed.differs:
            yield Block("```text", _plain(failed.splitlines()), "```\n", rank=1)
    dangerous = [change for change in review.changes if change.dangers]
    if dangerous:
        yield Block("**Look at these first**\n", [_dangerous(change) for change in dangerous], "", rank=1)
    new = [finding for finding in review.findings if finding.new]
    old = len(review.findings) - len(new)
    if review.findings or review.excepted:
        said = [
            f"{old} {'was' if old == 1 else 'were'} there before" * bool(old),
            f"{review.excepted} excepted" * bool(review.excepted),
        ]
        rest = ", ".join(text for text in said if text)
        title = f"**Policy**: {len(new)} new finding{'s' * (len(new) != 1)}{f' ({rest})' if rest else ''}\n"
        head = f"{title}\n| rule | severity | what | where | what to do |\n|---|---|---|---|---|" if new else title
        yield Block(head, [_finding(finding) for finding in new], "", rank=2)
    if review.cost is not None and (review.cost.things or review.cost.missing):
        cost, limit = review.cost, f", budget {rupees(review.cost.budget)}" if review.cost.budget is not None else ""
        title = f"**Cost**: {rupees(cost.before)} → {rupees(cost.after)} a month{limit}\n"
        parts = [f"- {_signed(inr)} `{_line(id)}`" for id, inr in cost.things.items()]
        yield Block(title, [*(f"- {_line(text)}" for text in cost.missing), *parts], "", rank=4)
    if review.warnings or review.pending:
        yield Block("", [*_notes(review)], "", rank=3)
    if review.changes:
        title = f"<details><summary>{counted(review)}</summary>\n\n```diff"
        yield Block(title, _plain(list(_diff(review.changes))), "```\n</details>\n", rank=5)


def _rehearsed(review: Review) -> str:
    found = review.rehearsal
    if found is None:
        return ""
    if found.problem:
        return f"❗ **It can't be applied**: rehearsed in a sandbox against `{_line(found.base)}`, it failed"
    checks = ", ".join(f"{number} {result}" for result, number in found.checks.items())
    ended = "it applies, and isn't as declared afterwards" if found.differs else "it applies and is as declared"
    return f"Rehearsed in a sandbox against `{_line(found.base)}`: {ended} ({checks})"


def _dangerous(change: ReviewedChange) -> str:
    replaced = [one.path for one in change.attributes if one.replaces]
    by = f" by {', '.join(replaced)}" if replaced else ""
    return f"- **{', '.join(change.dangers)}**{by}: `{_line(change.address)}`"


def _finding(finding: ReviewedFinding) -> str:
    where = f"`{finding.where}`" if finding.where else ""
    what = finding.message if finding.result == "fail" else f"unknown: {finding.message}"
    cells = (finding.rule, finding.severity, cell(what), where, cell(finding.todo))
    return "| " + " | ".join(cells) + " |"


def _notes(review: Review) -> Iterator[str]:
    for warning in review.warnings:
        said, _, block = warning.strip().partition("\n\n")
        yield f"- warning: {_line(said)}"
        if block:
            yield from ("", "  ```hcl", *(f"  {line}".rstrip() for line in block.splitlines()), "  ```", "")
    if review.pending:
        yield f"- {len(review.pending)} changes hold values that something not yet applied decides: plan again after it"


def _diff(changes: Sequence[ReviewedChange]) -> Iterator[str]:
    for change in changes:
        mark = sign(change)
        yield f"{'!' if mark == '~' else mark[0]} {change.address}{' (replaced)' if mark == '-/+' else ''}"
        yield from (f"    {line}" for line in attribute_lines(change))


def _plain(lines: list[str]) -> list[str]:
    """Lines that can't end the code block that they stand in."""
    return [_line(line).replace("```", "'''") for line in lines]


def _line(text: str) -> str:
    text = " ".join(text.splitlines()).replace("<!--", "<! --")
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1]}…"


def _footer(reviews: Sequence[Review]) -> str:
    planned = [review for review in reviews if review.status == "planned"]
    lines = []
    for review in planned:
        made = review.made_from
        commit = f"{made.commit[:12]}{' with changes' if made.changed else ''}"
        sources = f"YAML `{made.yaml}`, code `{made.code}`, lock `{made.lock}`"
        lines.append(f"{review.environment}: commit `{commit}`, {sources}  ")
    whole = json.dumps({review.environment: review.fingerprint for review in planned}, separators=(",", ":"))
    return "\n".join(["<sub>", *lines, "</sub>", f"{_FINGERPRINTS}{whole} -->"])
