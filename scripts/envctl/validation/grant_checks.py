"""Grants: each that is declared is there, on the thing and on the project, and nothing that is broader."""

from __future__ import annotations

from collections.abc import Iterator

from envctl.clouds import Failure
from envctl.output.model import Cause, Check, Result

from . import causes, grants
from .agents import agents_of
from .model import PathPart, Thing
from .view import View

Path = tuple[PathPart, ...]


class GrantChecks:
    """The grants of all things; some follow from other things' settings.

    Args:
        view: what was observed.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._agents = agents_of(view.things)
        self._creator = self._dataset_creator()

    def names(self, thing: Thing) -> Iterator[tuple[str, Path]]:
        """What is checked, and where it is declared."""
        if thing.kind.policy:
            for each in grants.declared(thing):
                yield f"grant {each.name}", each.path
            yield "grants", (*thing.path, "grants")
        if "project_policy" in thing.kind.reads:
            yield from _project_role_names(thing)

    def checks(self, thing: Thing) -> Iterator[Check]:
        """All grants on a thing that exists."""
        if thing.kind.policy:
            yield from self._on_thing(thing)
        if "project_policy" in thing.kind.reads:
            yield from self._on_project(thing)

    def _on_thing(self, thing: Thing) -> Iterator[Check]:
        whole, declared = (*thing.path, "grants"), grants.declared(thing)
        policy = self._view.answer(thing, "policy")
        if isinstance(policy, Failure):
            for what, path in [*((f"grant {each.name}", each.path) for each in declared), ("grants", whole)]:
                yield self._view.blocked(thing, what, path, policy)
            return
        found = grants.granted(thing.kind.bindings(policy) if thing.kind.bindings else policy.get("bindings") or [])
        agents = self._agents.get((thing.kind.name, thing.name), [])
        compared = grants.compare(thing, declared, found, agents=agents, creator=self._creator)
        for each in compared.present:
            message = f"{each.grant} is there"
            yield self._view.check(thing, f"grant {each.name}", Result.PASS, message, path=each.path)
        for each, instead in compared.missing:
            yield self._missing(thing, each, instead)
        for agent in agents:
            yield self._agent(thing, agent, there=grants.agent_has(found, [agent]))
        yield from self._broader(thing, "grants", compared.broader, whole, causes.broader(thing, "its IAM policy"))

    def _missing(self, thing: Thing, each: grants.Declared, instead: grants.Grant | None) -> Check:
        what = f"grant {each.name}"
        if cause := self._view.missing_account(each.grant.member):
            message = f"{thing.title}: {what} skipped: {cause.title}"
            return self._view.check(thing, what, Result.SKIPPED, message, path=each.path, cause=cause)
        said = "has another condition" if instead else "is missing"
        title = f"{thing.title}: the grant of {each.grant.role} for {each.grant.member} {said}"
        return self._view.check(
            thing,
            what,
            Result.FAIL,
            title,
            path=each.path,
            cause=Cause(f"grant:{thing.id}#{each.name}", title, self._view.differs(thing).todo),
            expected=str(each.grant),
            actual=str(instead) if instead else None,
        )

    def _agent(self, thing: Thing, agent: grants.Agent, *, there: bool) -> Check:
        what = f"agent {agent.name}"
        if there:
            return self._view.check(thing, what, Result.PASS, f"{agent.product}'s own agent has {agent.role}")
        message = f"{thing.title}: {agent.product}'s own agent lacks {agent.role}, without which {agent.without}"
        return self._view.check(thing, what, Result.FAIL, message, cause=self._view.differs(thing))

    def _broader(
        self, thing: Thing, what: str, broader: tuple[grants.Grant, ...], path: Path, cause: Cause
    ) -> Iterator[Check]:
        if not broader:
            yield self._view.check(thing, what, Result.PASS, f"{what}: nothing broader than declared", path=path)
        for grant in broader:
            public = " (anybody at all)" if grant.member in ("allUsers", "allAuthenticatedUsers") else ""
            message = f"{thing.title}: {grant.role} for {grant.member}{public} is not declared"
            name = f"{what} {grant}"
            yield self._view.check(thing, name, Result.FAIL, message, path=path, cause=cause, actual=str(grant))

    def _on_project(self, thing: Thing) -> Iterator[Check]:
        policy = self._view.answer(thing, "project_policy")
        if isinstance(policy, Failure):
            for what, path in _project_role_names(thing):
                yield self._view.blocked(thing, what, path, policy)
            return
        held, broader = grants.project_roles(thing, grants.granted(policy.get("bindings") or []))
        for index, role in enumerate(thing.fields["project_roles"]):
            path, what = (*thing.path, "project_roles", index), f"project role {role}"
            if role in held:
                yield self._view.check(thing, what, Result.PASS, f"{role} is there", path=path)
                continue
            title = f"{thing.title}: {role} on the project is missing"
            cause = Cause(f"grant:{thing.id}#{role}", title, self._view.differs(thing).todo)
            yield self._view.check(thing, what, Result.FAIL, title, path=path, cause=cause)
        cause = causes.broader(thing, "the project's IAM policy")
        yield from self._broader(thing, "project roles", broader, (*thing.path, "project_roles"), cause)

    def _dataset_creator(self) -> str | None:
        """Who made the datasets: the one undeclared owner that every dataset has, as BigQuery adds the creator."""
        common: set[str] | None = None
        for thing in self._view.things:
            if thing.kind.bindings is None:
                continue
            policy = self._view.answer(thing, "policy")
            if isinstance(policy, Failure):
                continue
            owners = grants.undeclared_owners(thing, grants.granted(thing.kind.bindings(policy)))
            common = owners if common is None else common & owners
        return common.pop() if common and len(common) == 1 else None


def _project_role_names(thing: Thing) -> Iterator[tuple[str, Path]]:
    for index, role in enumerate(thing.fields["project_roles"]):
        yield f"project role {role}", (*thing.path, "project_roles", index)
    yield "project roles", (*thing.path, "project_roles")
