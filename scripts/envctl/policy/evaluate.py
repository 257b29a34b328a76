"""Holding the rules against subjects. No I/O: the same input brings the same findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from envctl.output.model import Cause, Check, Location, Report, Result

from ..plans.read import FOREIGN, foreign
from .exceptions import Exceptions
from .model import SEVERITIES, UNKNOWN, UNSEEN, Ground, Rule, Subject
from .rules import BY_ID, EXPIRED, RULES, UNUSED

BASE = "envs/base.yaml"
Where = Callable[[tuple[str | int, ...]], Location | None]


@dataclass(slots=True)
class Verdict:
    """What came of holding the rules against subjects.

    Attributes:
        checks: findings, what is excepted and what isn't known, in the order of the rules; one that passes for each
            rule that holds for all it looked at.
        subjects: how many were looked at.
    """

    checks: list[Check] = field(default_factory=list)
    subjects: int = 0


def evaluate(
    subjects: Iterable[Subject],
    ground: Ground,
    exceptions: Exceptions,
    where: Where,
    *,
    unread: Iterable[Check] = (),
    whole: bool = True,
) -> Verdict:
    """Hold every rule against every subject.

    Args:
        subjects: things and grants, from a plan or from the cloud.
        ground: what the environment says.
        exceptions: and what it excepts.
        where: the place in the YAML of a path.
        unread: checks of what couldn't be read.
        whole: whether the subjects are all that there is: only then is an exception unused.
    """
    of_kind: dict[str, list[Rule]] = {}
    for rule in RULES:
        if not rule.production or ground.production:
            for kind in rule.kinds:
                of_kind.setdefault(kind, []).append(rule)
    certain: dict[str, list[Rule]] = {}  # of those, what can be seen of each thing of the kind
    found: dict[str, list[Check]] = {rule.id: [] for rule in RULES}
    held: Counter[str] = Counter()
    number = 0
    environment = Subject("environment", "environment", {}, {}, path=("budget",))
    for subject in (environment, *subjects):
        number += 1
        rules = of_kind.get(subject.kind, ())
        asks = bool(subject.unknown or subject.known)  # whether it depends on the thing, which of its facts are known
        if not asks and rules:
            if subject.kind not in certain:
                certain[subject.kind] = [rule for rule in rules if all(map(subject.facts.get, rule.facts))]
            rules = certain[subject.kind]
        try:
            for rule in rules:
                seen, known = _seen(subject, rule.facts) if asks else (True, True)
                if not seen:
                    continue
                if not known:
                    found[rule.id].append(_unknown(rule, subject, where))
                elif message := rule.check(subject, ground):
                    found[rule.id].append(_finding(rule, subject, message, exceptions, where))
                else:
                    held[rule.id] += 1
        except FOREIGN as error:
            if not subject.address:
                raise
            raise foreign(subject.address, error) from error
    if whole:
        found[EXPIRED] += _expired(exceptions, where)
        found[UNUSED] += _unused(exceptions, where)
    checks = [check for rule in RULES for check in (found[rule.id] or _passed(rule, held[rule.id]))]
    return Verdict([*checks, *unread], number - 1)


def _seen(subject: Subject, facts: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a rule's facts can be seen, and whether they are known."""
    known = True
    for fact in facts:
        value = subject[fact]
        if value is UNSEEN:
            return False, False
        if value is UNKNOWN:
            known = False
    return True, known


def report(subject: str, verdict: Verdict, duration: float = 0.0) -> Report:
    """The verdict as what renderers take."""
    return Report(subject, tuple(verdict.checks), duration, {"things": str(verdict.subjects)})


def worst(checks: Iterable[Check]) -> list[Check]:
    """What failed and what isn't known, the most severe first."""
    order: dict[str, int] = {severity: index for index, severity in enumerate(SEVERITIES)}
    found = [check for check in checks if check.result in (Result.FAIL, Result.UNKNOWN)]
    return sorted(found, key=lambda check: (order.get(check.severity or "low", len(order)), check.kind, check.id))


def _finding(rule: Rule, subject: Subject, message: str, exceptions: Exceptions, where: Where) -> Check:
    holds, expired = exceptions.of(rule.id, (subject.id, subject.address))
    text = f"{subject.id}: {message}" if subject.id != "environment" else message
    if holds is not None:
        text = f"{text} (excepted until {holds.expires} by {holds.owner}: {holds.reason})"
        return _check(rule, subject, Result.SKIPPED, text, where)
    if expired is not None:
        text = f"{text} (the exception of {expired.owner} expired on {expired.expires})"
    return _check(rule, subject, Result.FAIL, text, where)


def _unknown(rule: Rule, subject: Subject, where: Where) -> Check:
    return _check(rule, subject, Result.UNKNOWN, f"{subject.id}: known after apply only", where)


def _passed(rule: Rule, number: int) -> Iterator[Check]:
    if number:
        yield Check(
            f"policy#{rule.id}",
            rule.id,
            "policy",
            rule.title,
            Result.PASS,
            message=f"{rule.title}: {number} hold to it",
        )


def _expired(exceptions: Exceptions, where: Where) -> Iterator[Check]:
    for key, one in exceptions.declared.items():
        if exceptions.has_expired(one):
            yield _of_exception(
                BY_ID[EXPIRED],
                key,
                f"the exception from {one.rule} for {one.resource} expired on {one.expires}",
                where,
            )


def _unused(exceptions: Exceptions, where: Where) -> Iterator[Check]:
    for key, one in exceptions.unused():
        at = where(("policy", "exceptions", key))
        if at is not None and at.file == BASE:
            continue  # of every environment: some have nothing that it is for
        if not exceptions.has_expired(one):
            message = f"the exception from {one.rule} for {one.resource} excepts nothing"
            yield _of_exception(BY_ID[UNUSED], key, message, where)


def _of_exception(rule: Rule, key: str, message: str, where: Where) -> Check:
    subject = Subject("exceptions", f"policy/exceptions/{key}", {}, {}, path=("policy", "exceptions", key))
    return _check(rule, subject, Result.FAIL, message, where)


def _check(rule: Rule, subject: Subject, result: Result, message: str, where: Where) -> Check:
    return Check(
        id=f"{subject.id}#{rule.id}",
        kind=rule.id,
        resource=subject.address or subject.id,
        what=rule.title,
        result=result,
        where=where(subject.path) if subject.path else None,
        message=message,
        cause=Cause(rule.id, f"{rule.id} {rule.title}", rule.remediation),
        severity=rule.severity,
    )


def today() -> date:
    """The day, for whoever doesn't say."""
    return date.today()
