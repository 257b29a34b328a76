"""What was observed, looked up by what was declared: documents, causes, and the form of a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.output.model import Cause, Check, Location, Result

from . import causes
from .model import Blocked, Environment, PathPart, Thing
from .observe import Answer, Observed


class View:
    """One observation of one environment; what settings may ask of other things (`model.World`).

    Args:
        environment: what was declared.
        things: all of it.
        observed: what the cloud answered.
    """

    def __init__(self, environment: Environment, things: list[Thing], observed: Observed) -> None:
        self.things = things
        self._environment = environment
        self._observed = observed
        self._by_id = {thing.id: thing for thing in things}
        self._accounts = {_short(thing.name): thing for thing in things if thing.kind.name == "service_accounts"}
        self._tags = {thing.place.key: thing.id for thing in things if thing.kind.name == "policy_tags"}
        self._topics = {thing.name: thing for thing in things if thing.kind.name == "topics"}

    def service_uri(self, path: str) -> str:
        """The address of a service, named "subproject/key". Raises Blocked where it can't be known."""
        subproject, _, key = path.partition("/")
        thing = self._by_id[f"{subproject}/services/{key}"]
        found = self.document(thing)
        if isinstance(found, Failure):
            missing = found.reason is Reason.ABSENT
            raise Blocked(self.cause(thing, found), missing=missing, permission=found.permission)
        uri = str(found.get("uri") or "")
        if not uri:
            raise Blocked(causes.down(thing), missing=True)
        return uri

    def server_name(self, thing: str) -> str:
        """The name that Google gave a thing, by its id. Raises Blocked where it can't be known."""
        known = self._by_id[thing]
        found = self.document(known)
        if isinstance(found, Failure):
            missing = found.reason is Reason.ABSENT
            raise Blocked(self.cause(known, found), missing=missing, permission=found.permission)
        return str(found.get("name"))

    def policy_tag(self, path: str) -> str:
        """The name that Google gave a policy tag, by "TAXONOMY/PATH". Raises Blocked where it can't be known."""
        return self.server_name(self._tags[path])

    def answer(self, thing: Thing, read: str) -> Answer:
        """What a read of a thing brought."""
        return self._observed.answers[thing.id, read]

    def document(self, thing: Thing) -> Mapping[str, Any] | Failure:
        """The thing's own document; a failure where it can't be read or isn't there."""
        if thing.parent and self.absent(self._by_id[thing.parent]):
            return Failure(Reason.ABSENT, f"{self._by_id[thing.parent].title} is missing")
        answer = self.answer(thing, "document")
        if isinstance(answer, Failure) or thing.kind.select is None:
            return answer
        own = thing.kind.select(thing, answer)
        return Failure(Reason.ABSENT, f"{thing.title} is missing") if own is None else own

    def absent(self, thing: Thing) -> bool:
        """Whether the API says that there is no such thing; not knowing is not that."""
        document = self.document(thing)
        return isinstance(document, Failure) and document.reason is Reason.ABSENT

    def missing_topic(self, name: str) -> Cause | None:
        """Why a topic isn't there, where it is declared and isn't."""
        topic = self._topics.get(name)
        return self.missing(topic) if topic and self.absent(topic) else None

    def missing_account(self, member: str) -> Cause | None:
        """Why a member isn't there, where it is a service account that is declared and isn't."""
        account = self._accounts.get(member.removeprefix("serviceAccount:"))
        return self.missing(account) if account and self.absent(account) else None

    def missing(self, thing: Thing) -> Cause:
        """The cause of all that follows from a thing's absence."""
        if thing.parent and self.absent(self._by_id[thing.parent]):
            return self.missing(self._by_id[thing.parent])
        if thing.kind.name == "apis":
            # The same cause as of all reads that the API refuses because of it.
            return causes.blocked(Failure(Reason.API_DISABLED, "", service=thing.place.key), thing.place.project)
        return causes.missing(thing, self._environment.name)

    def cause(self, thing: Thing, failure: Failure) -> Cause:
        """The cause of a thing's failure to be read."""
        if failure.reason is Reason.ABSENT:
            return self.missing(thing)
        return causes.blocked(failure, thing.place.project)

    def differs(self, thing: Thing) -> Cause:
        """The cause of settings that are not as declared."""
        return causes.differs(thing, self._environment.name)

    def check(
        self,
        thing: Thing,
        what: str,
        result: Result,
        message: str,
        *,
        path: tuple[PathPart, ...] | None = None,
        cause: Cause | None = None,
        permission: str | None = None,
        expected: Any = None,
        actual: Any = None,
    ) -> Check:
        """A check of a thing, at its place in the YAML (`path`, or else the thing itself)."""
        at = self._environment.where(path or thing.path)
        return Check(
            id=f"{thing.id}#{what}",
            kind=thing.kind.name,
            resource=thing.name,
            what=what,
            result=result,
            where=Location(at.file, at.line, at.column),
            message=message,
            expected=expected,
            actual=actual,
            permission=permission,
            cause=cause,
        )

    def blocked(
        self, thing: Thing, what: str, path: tuple[PathPart, ...] | None, failure: Failure, cause: Cause | None = None
    ) -> Check:
        """A check that can't be made: skipped because something is missing, unknown because something can't be read."""
        why = cause or self.cause(thing, failure)
        result = Result.SKIPPED if failure.reason is Reason.ABSENT else Result.UNKNOWN
        said = why.title if result is Result.SKIPPED else failure.message
        message = f"{thing.title}: {what} {'skipped' if result is Result.SKIPPED else 'unknown'}: {said}"
        return self.check(thing, what, result, message, path=path, cause=why, permission=failure.permission)


def _short(name: str) -> str:
    return name.rpartition("/")[2]
