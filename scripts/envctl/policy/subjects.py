"""Reading subjects: from a plan's resources, and from what the cloud answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..plans.grants import given_to_the_public, granted, is_grant, may_give_to_the_public
from ..plans.read import FOREIGN, foreign
from .model import Subject
from .shapes import API, GRANTS_ON, KIND_OF_TYPE, TERRAFORM

if TYPE_CHECKING:
    from envctl.plans.model import Change
    from envctl.validation.model import Thing
    from envctl.validation.observe import Observed

_ENVIRONMENT_LEVEL = {"addresses": "network", "firewall": "network"}


def planned(resources: Iterable[Change]) -> Iterator[Subject]:
    """What would be there after the plan is applied."""
    for change in resources:
        if not change.remains:
            continue
        kind = KIND_OF_TYPE.get(change.type)
        if kind is not None:
            yield _resource(change, kind)
        given = _grants if kind is None and is_grant(change.type) else None
        if given is None and not may_give_to_the_public(change.type):
            continue
        try:
            grants = list(given(change) if given else _public(change, kind))
        except FOREIGN as error:
            raise foreign(change.address, error) from error
        yield from grants


def live(things: Iterable[Thing], observed: Observed) -> Iterator[Subject]:
    """What is there. What can't be read is not among it: see `unread`."""
    from envctl.clouds import Failure

    project_read = False
    for thing in things:
        document = observed.answers.get((thing.id, "document"))
        if document is None or isinstance(document, Failure):
            continue
        if thing.kind.select is not None:
            document = thing.kind.select(thing, document)
            if document is None:
                continue
        if thing.kind.name in API:
            yield Subject(thing.kind.name, thing.id, API[thing.kind.name], document, path=thing.path)
        policy = observed.answers.get((thing.id, "policy"))
        if policy is not None and not isinstance(policy, Failure):
            bindings = thing.kind.bindings(policy) if thing.kind.bindings else policy.get("bindings") or []
            yield from _bindings(bindings, thing.kind.name, thing.id, (*thing.path, "grants"))
        whole = observed.answers.get((thing.id, "project_policy"))
        if whole is not None and not project_read and not isinstance(whole, Failure):
            project_read = True
            yield from _bindings(whole.get("bindings") or [], "project", "project", ("project_id",))


def yaml_path(id: str) -> tuple[str | int, ...]:
    """Where a subject stands in the YAML, from its id.

    >>> yaml_path("strategy-engine/tables/strategy_data.signals")
    ('subprojects', 'strategy-engine', 'datasets', 'strategy_data', 'tables', 'signals')
    """
    parts = id.split("/", 2)
    if len(parts) < 3:
        return ()
    subproject, kind, key = parts
    if subproject == "environment":
        above = _ENVIRONMENT_LEVEL.get(kind)
        return (above, kind, key) if above else (kind, key)
    if kind == "tables":
        dataset, _, table = key.partition(".")
        return ("subprojects", subproject, "datasets", dataset, "tables", table)
    return ("subprojects", subproject, kind, key)


def _resource(change: Change, kind: str) -> Subject:
    id = change.path(kind) or change.address
    return Subject(kind, id, TERRAFORM[kind], change.after, change.address, yaml_path(id), change.unknown)


def _grants(change: Change) -> Iterator[Subject]:
    after = change.after or {}
    on = GRANTS_ON.get(change.type.rpartition("_")[0], "")
    for role, member, condition in granted(change.type, after):
        unknown = member is None
        thing = "project" if on == "project" else _thing(change, on, str(member))
        known = {"role": role, "member": member, "on": on or change.type, "condition": condition}
        id = f"{thing}#{role}:{'unknown' if unknown else member}"
        path = _of_project(change) if on == "project" else (*yaml_path(thing), "grants")
        # A member that isn't known yet is a service account's: people and the public are written out.
        if not unknown:
            yield Subject("grants", id, {}, after, change.address, path, change.unknown, known)


def _public(change: Change, kind: str | None) -> Iterator[Subject]:
    after = change.after or {}
    for role, member in given_to_the_public(change.type, after):
        thing = (change.path(kind) if kind else "") or change.address
        known = {"role": role, "member": member, "on": kind or change.type, "condition": None}
        path = yaml_path(thing) if kind else ()
        yield Subject("grants", f"{thing}#{role}:{member}", {}, after, change.address, path, change.unknown, known)


def _of_project(change: Change) -> tuple[str | int, ...]:
    """Where a role on the project is declared: with its account, or by `github`."""
    if change.address.startswith("module.github_oidc"):
        return ("github",)
    return ("service_accounts", change.key.partition("/")[0]) if change.key else ()


def _thing(change: Change, on: str, member: str) -> str:
    key = change.key
    if not key or not on:
        return change.address
    key = key.removesuffix(f"/{member}").rpartition("/")[0] or key
    return f"{change.subproject or 'environment'}/{on}/{key.replace('/', '.') if on == 'tables' else key}"


def _bindings(
    bindings: Iterable[Mapping[str, Any]], on: str, thing: str, path: tuple[str | int, ...]
) -> Iterator[Subject]:
    for binding in bindings:
        for member in binding.get("members") or ():
            known = {"role": binding.get("role"), "member": member, "on": on, "condition": binding.get("condition")}
            yield Subject("grants", f"{thing}#{binding.get('role')}:{member}", {}, binding, path=path, known=known)
