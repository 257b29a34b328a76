"""What outlives a destroy: what bootstrap made, and what Terraform or Google doesn't delete."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .clouds.failures import Failure, Reason
from .clouds.session import Session
from .output.model import Result
from .target import Target
from .validation import validate_now

_WHY = {
    "apis": "they stay enabled, since something else in the project may use them (`gcloud services disable`)",
    "log_buckets": "deleted, it can be restored for seven days, and its id stays taken until then",
    "github": "deleted, its id stays taken for 30 days: undelete and import it, or name another as github.pool",
    "github_provider": "deleted, its id stays taken for 30 days: undelete and import it, or name another pool",
}
# What only looks at the state's bucket, which is told of by itself; and the project, which Terraform doesn't make.
_NOT_OWN = {"github_state", "project"}
# Every project has them, and nobody can delete them.
_GOOGLES = {("log_buckets", "_Default"), ("log_buckets", "_Required")}


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that is still there, and why."""

    kind: str
    name: str
    why: str


def leftovers(target: Target) -> list[Leftover]:
    """Ask the cloud which of the environment's things exist, and whether its state bucket does."""
    report = validate_now(target.loaded, target.endpoints, target.credentials, services=False)
    found = [
        Leftover(
            check.kind,
            check.resource.rpartition("/")[2],
            _WHY.get(check.kind, "it is still there: destroy again, or see why it stays"),
        )
        for check in report.checks
        if check.what == "exists"
        and check.kind not in _NOT_OWN
        and (check.kind, check.resource.rpartition("/")[2]) not in _GOOGLES
        and check.result is not Result.FAIL
        and not _follows_from_absence(check.cause)
    ]
    return [*found, *asyncio.run(_state_bucket(target))]


def _follows_from_absence(cause: object) -> bool:
    return cause is not None and str(getattr(cause, "id", "")).startswith("missing:")


async def _state_bucket(target: Target) -> list[Leftover]:
    name = target.loaded.state_bucket
    async with Session(target.endpoints, target.credentials) as session:
        found = await session.read("storage", f"v1/b/{name}", permission="storage.buckets.get")
    if isinstance(found, Failure) and found.reason is Reason.ABSENT:
        return []
    why = (
        found.message
        if isinstance(found, Failure)
        else "bootstrap made it; it holds the Terraform state, versions and all"
    )
    return [Leftover("state bucket", name, why)]
