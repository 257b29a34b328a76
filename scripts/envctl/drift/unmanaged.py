"""What is in the project and in no YAML: listed, and each confirmed by asking for it once more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from envctl.clouds.failures import Failure, Reason

if TYPE_CHECKING:
    from envctl.clouds.session import Session
    from envctl.validation.model import Thing

_PAGES = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind of thing is listed, and asked for one by one.

    `list` and `get` may have `{p}` (project), `{r}` (region), `{n}` (the last part of the name).
    """

    kind: str
    service: str
    list: str
    items: str
    permission: str
    get: str
    name: str = "name"
    query: Mapping[str, str] | None = None


_AT = "projects/{p}/locations/{r}"
LISTINGS = (
    Listing("buckets", "storage", "v1/b", "items", "storage.buckets.list", "v1/b/{n}", query={"project": "{p}"}),
    Listing(
        "datasets",
        "bigquery",
        "v2/projects/{p}/datasets",
        "datasets",
        "bigquery.datasets.list",
        "v2/projects/{p}/datasets/{n}",
        "datasetReference.datasetId",
    ),
    Listing("topics", "pubsub", "v1/projects/{p}/topics", "topics", "pubsub.topics.list", "v1/projects/{p}/topics/{n}"),
    Listing(
        "subscriptions",
        "pubsub",
        "v1/projects/{p}/subscriptions",
        "subscriptions",
        "pubsub.subscriptions.list",
        "v1/projects/{p}/subscriptions/{n}",
    ),
    Listing(
        "schemas", "pubsub", "v1/projects/{p}/schemas", "schemas", "pubsub.schemas.list", "v1/projects/{p}/schemas/{n}"
    ),
    Listing(
        "secrets",
        "secretmanager",
        "v1/projects/{p}/secrets",
        "secrets",
        "secretmanager.secrets.list",
        "v1/projects/{p}/secrets/{n}",
    ),
    Listing(
        "service_accounts",
        "iam",
        "v1/projects/{p}/serviceAccounts",
        "accounts",
        "iam.serviceAccounts.list",
        "v1/projects/{p}/serviceAccounts/{n}",
    ),
    Listing(
        "repositories",
        "artifactregistry",
        f"v1/{_AT}/repositories",
        "repositories",
        "artifactregistry.repositories.list",
        f"v1/{_AT}/repositories/{{n}}",
    ),
    Listing("services", "run", f"v2/{_AT}/services", "services", "run.services.list", f"v2/{_AT}/services/{{n}}"),
    Listing("jobs", "run", f"v2/{_AT}/jobs", "jobs", "run.jobs.list", f"v2/{_AT}/jobs/{{n}}"),
    Listing(
        "worker_pools",
        "run",
        f"v2/{_AT}/workerPools",
        "workerPools",
        "run.workerPools.list",
        f"v2/{_AT}/workerPools/{{n}}",
    ),
    Listing(
        "triggers", "eventarc", f"v1/{_AT}/triggers", "triggers", "eventarc.triggers.list", f"v1/{_AT}/triggers/{{n}}"
    ),
    Listing("queues", "cloudtasks", f"v2/{_AT}/queues", "queues", "cloudtasks.queues.list", f"v2/{_AT}/queues/{{n}}"),
    Listing(
        "sql_instances",
        "sqladmin",
        "v1/projects/{p}/instances",
        "items",
        "cloudsql.instances.list",
        "v1/projects/{p}/instances/{n}",
    ),
    Listing(
        "redis_instances",
        "redis",
        f"v1/{_AT}/instances",
        "instances",
        "redis.instances.list",
        f"v1/{_AT}/instances/{{n}}",
    ),
    Listing(
        "workflows",
        "workflows",
        f"v1/{_AT}/workflows",
        "workflows",
        "workflows.workflows.list",
        f"v1/{_AT}/workflows/{{n}}",
    ),
    Listing(
        "schedules", "cloudscheduler", f"v1/{_AT}/jobs", "jobs", "cloudscheduler.jobs.list", f"v1/{_AT}/jobs/{{n}}"
    ),
)

# What Google or bootstrap makes, by kind: a pattern of the name, and why it is no drift.
OWN: tuple[tuple[str, str, str], ...] = (
    ("service_accounts", r"\d+-compute@developer\.gserviceaccount\.com", "Compute Engine's own account"),
    ("service_accounts", r"[a-z0-9-]+@appspot\.gserviceaccount\.com", "App Engine's own account"),
    ("buckets", r"{state}", "bootstrap made it for Terraform's state"),
    ("buckets", r"(gcf-|run-sources-|artifacts\.).*|.*_cloudbuild", "Google's builds keep their sources there"),
    ("topics", r"eventarc-.*-\d+", "a trigger's own way"),
    ("subscriptions", r"eventarc-.*-sub-\d+", "a trigger's own way"),
    ("services", r".*--preview", "made and removed by a preview"),
)


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """Something that nobody declared.

    `failure` is set where it can't be said whether there is anything: then `name` is empty.
    """

    kind: str
    name: str
    labels: Mapping[str, str]
    failure: Failure | None = None
    permission: str = ""


async def unmanaged(
    session: Session, things: Iterable[Thing], project: str, region: str, state_bucket: str, apis: Iterable[str]
) -> list[Unmanaged]:
    """List each kind, leave out what is declared or Google's own, and ask for the rest one by one.

    What a list says and the thing's own address denies isn't there: lists are late. A list that is refused is unknown,
    unless nothing of the kind is declared and its API is off: then there can't be anything.
    """
    known: dict[str, set[str]] = {}
    for thing in things:
        known.setdefault(thing.kind.name, set()).add(short(thing.name))
    enabled = set(apis)

    async def of_kind(one: Listing) -> list[Unmanaged]:
        return await _of_kind(session, one, known.get(one.kind, set()), project, region, state_bucket, enabled)

    found = await asyncio.gather(*map(of_kind, LISTINGS))
    return [each for some in found for each in some]


def short(name: str) -> str:
    """The last part of a name.

    >>> short("projects/p/topics/ticks"), short("p.trading_data")
    ('ticks', 'trading_data')
    """
    last = name.rpartition("/")[2]
    return last if "@" in last or "/" in name else last.rpartition(".")[2] if last.count(".") == 1 else last


async def _of_kind(
    session: Session, one: Listing, known: set[str], project: str, region: str, state_bucket: str, apis: set[str]
) -> list[Unmanaged]:
    listed = await _listed(session, one, {"p": project, "r": region})
    if isinstance(listed, Failure):
        off = listed.reason is Reason.API_DISABLED and not known and f"{one.service}.googleapis.com" not in apis
        empty = listed.reason is Reason.ABSENT
        return [] if off or empty else [Unmanaged(one.kind, "", {}, listed, one.permission)]
    names = {_last(one, document): document for document in listed}
    strange = [
        name
        for name in sorted(names)
        if name not in known and not any(_own(one.kind, name, state_bucket, rule) for rule in OWN)
    ]
    answers = await asyncio.gather(
        *(session.read(one.service, one.get.format(p=project, r=region, n=name)) for name in strange)
    )
    found = []
    for name, answer in zip(strange, answers, strict=True):
        if not isinstance(answer, Failure):
            found.append(Unmanaged(one.kind, name, answer.get("labels") or {}))
        elif answer.reason is not Reason.ABSENT:
            found.append(Unmanaged(one.kind, name, {}, answer, one.permission.replace(".list", ".get")))
    return found


async def _listed(session: Session, one: Listing, values: Mapping[str, str]) -> list[dict[str, Any]] | Failure:
    query = {key: value.format(**values) for key, value in (one.query or {}).items()}
    gathered: list[dict[str, Any]] = []
    for _ in range(_PAGES):
        answer = await session.read(one.service, one.list.format(**values), query=query, permission=one.permission)
        if isinstance(answer, Failure):
            return answer
        gathered += answer.get(one.items) or []
        token = answer.get("nextPageToken")
        if not token:
            return gathered
        query["pageToken"] = str(token)
    return Failure(Reason.UNEXPECTED, f"{one.service} has more than {_PAGES} pages of {one.items}")


def _last(one: Listing, document: Mapping[str, Any]) -> str:
    value: Any = document
    for part in one.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return str(value or "").rpartition("/")[2]


def _own(kind: str, name: str, state_bucket: str, rule: tuple[str, str, str]) -> bool:
    return rule[0] == kind and bool(re.fullmatch(rule[1].replace("{state}", re.escape(state_bucket)), name))
