"""Joining what the validation found with what Terraform says of its state. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from envctl.output.model import Cause, Check, Location, Result
from envctl.policy.evaluate import BASE
from envctl.policy.exceptions import covers

from .addresses import IMPORTS, Key, adoption, key_of, key_of_thing, keys_of
from .model import PAIRS, Drift, DriftResult, StateView, Verdict
from .strangers import Strangers
from .unmanaged import Unmanaged, place_of, short

if TYPE_CHECKING:
    from envctl.environments import LoadedEnvironment
    from envctl.environments.models.policy import DriftException

_TODO = {
    Verdict.CHANGED: "`envctl apply {env}` sets it back; or write what is wanted into the YAML",
    Verdict.DELETED: "`envctl apply {env}` makes it again; or take it out of the YAML",
    Verdict.NOT_APPLIED: "`envctl apply {env}` brings the cloud to the YAML",
    Verdict.ALL_DIFFER: "`envctl plan {env}` shows what apply would do; look at who changed it first",
    Verdict.NOT_IN_STATE: "adopt it by its import block, or delete it by hand, before the next apply",
    Verdict.NOT_IN_YAML: "`envctl apply {env}` removes it",
    Verdict.UNMANAGED: "declare and import it; or delete it; or write an exception with its owner and its end",
    Verdict.SEEN: "`envctl drift {env}` without --no-state says which of the two was changed",
}
_BY_HAND = "delete it by hand before the next apply, which makes it again: Terraform imports none of its kind"


def compare(
    loaded: LoadedEnvironment,
    checks: Iterable[Check],
    state: StateView | None,
    strangers: Iterable[Unmanaged],
    *,
    today: date,
    first_seen: Mapping[str, str] | None = None,
    seconds: float = 0.0,
) -> DriftResult:
    """Every disagreement, once.

    Args:
        loaded: the environment.
        checks: of the validation: the YAML against the cloud.
        state: what Terraform says; None where it wasn't asked.
        strangers: what is in the cloud and nowhere else.
        today: for exceptions, and for what is seen for the first time.
        first_seen: days of an earlier report, by id.
        seconds: how long it took.
    """
    checks, seen = list(checks), dict(first_seen or {})
    judge = _Judge(loaded, state)
    drifts = [
        *judge.of_checks(checks),
        *judge.of_state(checks),
        *judge.of_strangers(strangers),
    ]
    unknown = [check for check in checks if check.result is Result.UNKNOWN]
    unknown += [judge.strangers.unread(each) for each in strangers if each.failure is not None]
    kept, excepted, findings = _excepted(loaded, drifts, today)
    found = [Drift(check, verdict, seen.get(check.id, today.isoformat())) for check, verdict in kept]
    return DriftResult(
        loaded.name,
        found,
        unknown,
        excepted,
        findings,
        judge.imports,
        len({check.id.partition("#")[0] for check in checks}),
        seconds,
        {drift.check.id: drift.since for drift in found},
    )


class _Judge:
    def __init__(self, loaded: LoadedEnvironment, state: StateView | None) -> None:
        self._loaded = loaded
        self._state = state
        self._held = keys_of(state.addresses) if state else {}
        self._waiting = keys_of(state.not_applied) if state else {}
        self._changed = keys_of(state.changed) if state else {}
        self.strangers = Strangers(loaded, state)
        self.imports: list[str] = []
        self._used: set[Key] = set()

    def of_checks(self, checks: Iterable[Check]) -> Iterator[tuple[Check, Verdict]]:
        """What differs between YAML and cloud, with what the state says of it."""
        for check in checks:
            if check.result is Result.FAIL:
                key = self._key(check)
                self._used.add(key)
                verdict = self._verdict(check, key)
                yield self._told(check, verdict, keep=_is_extra(check)), verdict

    def of_state(self, checks: Iterable[Check]) -> Iterator[tuple[Check, Verdict]]:
        """What the state alone knows: to be removed, to be adopted, or to be applied where the cloud can't say."""
        if self._state is None:
            return
        told = {key.key for key in self._used}
        waiting = [(address, action, key_of(address)) for address, action in sorted(self._state.not_applied.items())]
        adopted = {
            key: there
            for address, action, key in waiting
            if action == "create" and key is not None and (there := self._there(checks, key, address))
        }
        for address, action, key in waiting:
            new = key is None or (key not in self._used and key.key not in told)
            if action == "create" and key is not None and key in adopted:
                self._adopt(address, key, adopted[key])
                if new:
                    said = "is in the cloud and in the YAML, and not in the state"
                    yield self._bare(address, Verdict.NOT_IN_STATE, said), Verdict.NOT_IN_STATE
            elif action == "delete" and new:
                said = "is in the state and not in the YAML"
                yield self._bare(address, Verdict.NOT_IN_YAML, said), Verdict.NOT_IN_YAML
            elif action == "replace" and key is not None and _thing(key) in adopted:
                pass  # a grant on what isn't in the state: for that alone it would be made anew
            elif action in ("update", "replace") and new:
                yield self._bare(address, Verdict.NOT_APPLIED, f"apply would {action} it"), Verdict.NOT_APPLIED

    def of_strangers(self, strangers: Iterable[Unmanaged]) -> Iterator[tuple[Check, Verdict]]:
        """What nobody declared."""
        for check, verdict, blocks in self.strangers.judged(strangers):
            self._block(blocks)
            yield self._told(check, verdict, keep=bool(check.cause and check.cause.todo)), verdict

    def _key(self, check: Check) -> Key:
        thing = check.id.partition("#")[0]
        key = thing.split("/", 2)[2] if thing.count("/") >= 2 else thing
        grant = check.what.startswith(("grant", "project role", "agent"))
        return key_of_thing(check.kind, key, grant=grant)

    def _verdict(self, check: Check, key: Key) -> Verdict:
        if self._state is None:
            return Verdict.SEEN
        whole = _thing(key)
        changed = key in self._changed or (not key.grant and whole in self._changed)
        waiting = key in self._waiting or (not key.grant and whole in self._waiting)
        if _is_extra(check):
            return Verdict.CHANGED
        if check.what == "exists":
            held = whole in self._held
            return Verdict.DELETED if held else Verdict.NOT_APPLIED
        if whole not in self._held and not key.grant:
            return Verdict.NOT_IN_STATE if self._known(whole) else Verdict.CHANGED
        if changed and waiting:
            return Verdict.ALL_DIFFER
        if waiting and not changed:
            return Verdict.NOT_APPLIED
        return Verdict.CHANGED

    def _known(self, key: Key) -> bool:
        from .addresses import KINDS

        return key.kind in KINDS.values()

    def _there(self, checks: Iterable[Check], key: Key, address: str) -> Check | None:
        """The check that says that a thing is in the cloud; of things of one key, that of the address's subproject."""
        there = (check for check in checks if check.what == "exists" and check.result is Result.PASS)
        found = [check for check in there if self._key(check) == key]
        own = [check for check in found if check.id.startswith(f"{_subproject(address)}/")]
        return next(iter((*own, *found)), None)

    def _adopt(self, address: str, key: Key, there: Check) -> None:
        """The block of what is declared: where the plan would make it, under the name that it has."""
        values = self._loaded.tfvars
        how = adoption(
            key.kind,
            short(there.resource),
            values["project_id"],
            place_of(there.resource) or values["region"],
            _subproject(address),
            key.key,
        )
        if how is not None:
            self._block([replace(how, address=address).block])

    def _block(self, blocks: Iterable[str]) -> None:
        self.imports += [block for block in blocks if block not in self.imports]

    def _bare(self, address: str, verdict: Verdict, message: str) -> Check:
        key = next(iter(keys_of([address])), None)
        by_hand = verdict is Verdict.NOT_IN_STATE and (key is None or key.kind not in IMPORTS)
        check = Check(
            id=f"state/{address}#{verdict.name.lower()}",
            kind=key.kind if key else "state",
            resource=address,
            what=verdict.value,
            result=Result.FAIL,
            message=f"{address} {message}",
            cause=Cause(f"state:{address}", f"{address} {message}", _BY_HAND) if by_hand else None,
            severity="medium",
        )
        return self._told(check, verdict, keep=by_hand)

    def _told(self, check: Check, verdict: Verdict, *, keep: bool = False) -> Check:
        """A check with its verdict, the pairs that disagree, and what to do (with `keep`, what it said before)."""
        pairs = ", ".join(PAIRS[verdict])
        before = check.cause or Cause(check.id, check.message)
        todo = before.todo if keep else _TODO[verdict].format(env=self._loaded.name)
        message = f"{check.message} ({verdict.value}: {pairs})"
        return replace(check, message=message, cause=replace(before, todo=todo), severity="medium")


def _subproject(address: str) -> str:
    """The key of the module: mostly a subproject."""
    return address.partition('["')[2].partition('"')[0]


def _thing(key: Key) -> Key:
    """What a grant is on."""
    return Key(key.kind, key.key)


def _is_extra(check: Check) -> bool:
    """Whether somebody may do more than is declared: Terraform's grants are additive, and don't know of others."""
    return check.what.startswith(("grants ", "project roles "))


def _excepted(
    loaded: LoadedEnvironment, drifts: list[tuple[Check, Verdict]], today: date
) -> tuple[list[tuple[Check, Verdict]], list[Check], list[Check]]:
    exceptions = loaded.declared.drift.exceptions
    kept: list[tuple[Check, Verdict]] = []
    excepted: list[Check] = []
    used: set[str] = set()
    for check, verdict in drifts:
        names = (check.id, check.id.partition("#")[0], check.resource)
        name, exception = next(
            ((key, one) for key, one in exceptions.items() if covers(one.resource, names)), ("", None)
        )
        if exception is not None:
            used.add(name)
        if exception is None or date.fromisoformat(exception.expires) < today:
            kept.append((check, verdict))
        else:
            why = f"{check.message} (excepted until {exception.expires} by {exception.owner}: {exception.reason})"
            excepted.append(replace(check, result=Result.SKIPPED, message=why))
    return kept, excepted, [*_of_exceptions(loaded, exceptions, used, today)]


def _of_exceptions(
    loaded: LoadedEnvironment, exceptions: Mapping[str, DriftException], used: set[str], today: date
) -> Iterator[Check]:
    for key, one in exceptions.items():
        expired = date.fromisoformat(one.expires) < today
        if not expired and key in used:
            continue
        at = loaded.where(("drift", "exceptions", key))
        if not expired and at.file == BASE:
            continue  # of every environment: some have nothing that it is for
        said = f"expired on {one.expires}" if expired else "covers nothing"
        yield Check(
            id=f"drift/exceptions/{key}#{'expired' if expired else 'unused'}",
            kind="exceptions",
            resource=one.resource,
            what="exception",
            result=Result.FAIL,
            where=Location(at.file, at.line, at.column),
            message=f"the exception for {one.resource} {said}",
            cause=Cause(
                f"exception:{key}", f"the exception {key}", f"take it out, or agree on a new end with {one.owner}"
            ),
            severity="low",
        )
