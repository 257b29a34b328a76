"""Grants: what is declared must be there, and nothing that is broader, but for what Google itself puts there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import PathPart, Thing

Condition = tuple[str, str, str]  # title, expression, description


@dataclass(frozen=True, slots=True)
class Grant:
    """One role for one member."""

    role: str
    member: str
    condition: Condition | None = None

    def __str__(self) -> str:
        when = f" (when {self.condition[1]})" if self.condition else ""
        return f"{self.role} for {self.member}{when}"


@dataclass(frozen=True, slots=True)
class Declared:
    """A grant with its place: `name` tells it from others of the thing."""

    grant: Grant
    name: str
    path: tuple[PathPart, ...]


@dataclass(frozen=True, slots=True)
class Exempt:
    """What Google itself puts on things.

    Attributes:
        kinds: where it may stand.
        role, member: patterns, both matched in full; `{project}` is the project's id.
        reason: why it is no finding.
    """

    kinds: frozenset[str]
    role: str
    member: str
    reason: str


EXEMPT = (
    Exempt(
        frozenset({"buckets"}),
        r"roles/storage\.legacy(Bucket|Object)Owner",
        r"project(Owner|Editor):{project}",
        "Cloud Storage gives every new bucket to its project's owners and editors",
    ),
    Exempt(
        frozenset({"buckets"}),
        r"roles/storage\.legacy(Bucket|Object)Reader",
        r"projectViewer:{project}",
        "Cloud Storage lets its project's viewers read every new bucket",
    ),
    Exempt(
        frozenset({"datasets"}),
        r"roles/bigquery\.dataOwner|roles/bigquery\.dataEditor|roles/bigquery\.dataViewer",
        r"project(Owner|Editor|Viewer):{project}",
        "BigQuery gives every new dataset to its project's owners, editors and viewers",
    ),
    Exempt(
        frozenset({"datasets"}),
        r"roles/bigquery\.dataOwner",
        r"(user|serviceAccount):{creator}",
        "BigQuery makes the creator of a dataset its owner",
    ),
    Exempt(
        frozenset({"topics"}),
        r"roles/pubsub\.publisher",
        r"serviceAccount:service-[0-9]+@gcp-sa-monitoring-notification\.iam\.gserviceaccount\.com",
        "Monitoring's own agent publishes to the topics that are notification channels",
    ),
    Exempt(
        frozenset({"topics", "datasets", "buckets"}),
        r"roles/(pubsub\.publisher|bigquery\.dataEditor|storage\.objectCreator)",
        r"serviceAccount:service-[0-9]+@gcp-sa-logging\.iam\.gserviceaccount\.com",
        "Logging's own agent writes for the log sinks of the project",
    ),
    Exempt(
        frozenset(
            {
                "topics",
                "schemas",
                "subscriptions",
                "datasets",
                "tables",
                "views",
                "materialized_views",
                "routines",
                "buckets",
                "secrets",
                "repositories",
            }
        )
        | frozenset({"services", "jobs", "worker_pools", "service_accounts", "kms_keys", "managed_folders"})
        | frozenset({"queues", "github_accounts", "policy_tags", "data_policies", "iap_backends", "iap_services"}),
        r".*",
        r"deleted:(user|group|serviceAccount):.*",
        "a deleted principal can do nothing; Google removes it after 60 days",
    ),
    Exempt(
        frozenset({"repositories"}),
        r"roles/artifactregistry\.(reader|serviceAgent)",
        r"serviceAccount:service-[0-9]+@serverless-robot-prod\.iam\.gserviceaccount\.com",
        "Cloud Run's own agent pulls images",
    ),
    Exempt(
        frozenset({"service_accounts"}),
        r"roles/iam\.serviceAccountTokenCreator",
        r"serviceAccount:service-[0-9]+@gcp-sa-(pubsub|cloudscheduler)\.iam\.gserviceaccount\.com",
        "Pub/Sub's and Scheduler's own agents sign the tokens of their deliveries",
    ),
)


@dataclass(frozen=True, slots=True)
class Agent:
    """A grant that a setting brings along, for a product's own agent, whose address holds the project's number.

    Attributes:
        role: what it holds.
        address: a pattern of what stands before `.iam.gserviceaccount.com`.
        product: whose agent it is, such as "Pub/Sub".
        without: what goes wrong where it is missing.
        name: how its check is called.
    """

    role: str
    address: str
    product: str
    without: str
    name: str

    def holds(self, grant: Grant) -> bool:
        """Whether a grant is this one."""
        member = rf"serviceAccount:{self.address}\.iam\.gserviceaccount\.com"
        return grant.role == self.role and grant.condition is None and bool(re.fullmatch(member, grant.member))


def exempt(thing: Thing, grant: Grant, creator: str | None = None) -> Exempt | None:
    """Why an undeclared grant is no finding; None where it is one."""
    values = {"{project}": re.escape(thing.place.project), "{creator}": re.escape(creator) if creator else r"(?!)"}
    for rule in EXEMPT:
        member = rule.member
        for name, value in values.items():
            member = member.replace(name, value)
        if thing.kind.name in rule.kinds and re.fullmatch(rule.role, grant.role) and re.fullmatch(member, grant.member):
            return rule
    return None


def declared(thing: Thing) -> list[Declared]:
    """The grants below a thing, one for each member."""
    found = []
    if thing.kind.readers:
        for index, member in enumerate(thing.fields["readers"]):
            grant = Grant(thing.kind.readers, normal_member(member))
            found.append(Declared(grant, f"readers/{member}", (*thing.path, "readers", index)))
    for name, grant in (thing.fields.get("grants") or {}).items():
        condition = _condition(grant.get("condition"))
        for index, member in enumerate(grant["members"]):
            path = (*thing.path, "grants", name, "members", index)
            found.append(Declared(Grant(grant["role"], normal_member(member), condition), f"{name}/{member}", path))
    return found


def granted(bindings: Iterable[Mapping[str, Any]]) -> list[Grant]:
    """The grants in an IAM policy's bindings, one for each member, in their order, each once."""
    found = {
        Grant(str(binding.get("role")), normal_member(str(member)), _condition(binding.get("condition")))
        for binding in bindings
        for member in binding.get("members") or []
    }
    return sorted(found, key=str)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison brought.

    Attributes:
        missing: declared, not there; with what stands in its place, if another condition does.
        present: declared and there.
        broader: there, not declared, and not Google's own.
    """

    missing: tuple[tuple[Declared, Grant | None], ...]
    present: tuple[Declared, ...]
    broader: tuple[Grant, ...]


def compare(
    thing: Thing,
    expected: list[Declared],
    found: list[Grant],
    *,
    agents: Sequence[Agent] = (),
    creator: str | None = None,
) -> Comparison:
    """Hold declared grants against those found.

    Args:
        thing: on which they are.
        expected: declared.
        found: live.
        agents: what products' own agents hold by declaration (dead letters, keys).
        creator: who made the thing, where its API makes that person an owner.
    """
    left = dict.fromkeys(found)
    present, absent = [], []
    for each in expected:
        if each.grant in left:
            present.append(each)
        else:
            absent.append(each)
    for each in expected:
        left.pop(each.grant, None)
    missing = [(each, _take_other_condition(each.grant, left)) for each in absent]
    broader = [grant for grant in left if not exempt(thing, grant, creator) and not agent_has([grant], agents)]
    return Comparison(tuple(missing), tuple(present), tuple(broader))


def agent_has(found: Iterable[Grant], agents: Sequence[Agent]) -> bool:
    """Whether one of the grants is that of an agent."""
    return any(agent.holds(grant) for grant in found for agent in agents)


def normal_member(member: str) -> str:
    """A member as IAM stores it: addresses in lower case.

    >>> normal_member("user:Ada@Example.com")
    'user:ada@example.com'
    """
    kind, colon, rest = member.partition(":")
    return f"{kind}:{rest.lower()}" if colon and kind in ("user", "group", "serviceAccount", "domain") else member


def _take_other_condition(grant: Grant, left: dict[Grant, None]) -> Grant | None:
    """The same role for the same member under another condition: one finding, not two."""
    for other in left:
        if (other.role, other.member) == (grant.role, grant.member):
            del left[other]
            return other
    return None


def _condition(condition: Mapping[str, Any] | None) -> Condition | None:
    if not condition:
        return None
    return (
        str(condition.get("title") or ""),
        str(condition.get("expression") or "").strip(),
        str(condition.get("description") or ""),
    )


def undeclared_owners(thing: Thing, found: Iterable[Grant]) -> set[str]:
    """The addresses of people and accounts that own a dataset without being declared to."""
    own = {each.grant for each in declared(thing)}
    return {
        grant.member.partition(":")[2]
        for grant in found
        if grant not in own and grant.role == "roles/bigquery.dataOwner" and grant.condition is None
        if grant.member.startswith(("user:", "serviceAccount:"))
    }


def project_roles(account: Thing, found: Iterable[Grant]) -> tuple[set[str], tuple[Grant, ...]]:
    """The declared roles that a service account holds on the whole project, and the grants beyond them.

    A declared role that is there under a condition only is neither: it is narrower than declared, so it is missing.
    """
    roles = set(account.fields["project_roles"])
    member = normal_member(f"serviceAccount:{account.name.rpartition('/')[2]}")
    own = [grant for grant in found if grant.member == member]
    held = {grant.role for grant in own if grant.role in roles and grant.condition is None}
    return held, tuple(grant for grant in own if grant.role not in roles)
