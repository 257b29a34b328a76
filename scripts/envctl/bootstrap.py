"""What must exist before a first deployment: the state's bucket, what images are pushed to, who plans and applies.

The bucket is made through the API, because Terraform can't keep its state in what it has yet to make. All else is
Terraform's from its first day, in the same state, by an apply that is aimed at it; a later apply finds it (ADR 9).
What exists is never changed; what it lacks is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from .clouds.credentials import CredentialsError
from .clouds.failures import Failure, Reason
from .clouds.session import Session
from .console import step
from .errors import UserError
from .operations import confirm, ready
from .target import Target

# What images and GitHub's workflows need before there is anything to run; terraform adds what these depend on: APIs and
# service accounts. Without `github` in the YAML the last of them is empty.
FOUNDATION = ("module.project_services", "module.artifact_registry", "module.github_oidc")
_SOFT_DELETE_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a first deployment needs.

    Args:
        kind: such as "state bucket".
        name: its name, or its address in Terraform.
        made: whether this run made it.
        differences: in what it is not as bootstrap would have made it.
    """

    kind: str
    name: str
    made: bool
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BootstrapResult:
    """Everything that a first deployment needs, and how it was found."""

    environment: str
    things: list[Thing] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return any(thing.differences for thing in self.things)


def bootstrap_environment(
    target: Target, *, state_only: bool = False, yes: bool = False, lock_timeout: str = "0s"
) -> BootstrapResult:
    """Make what is missing of the state bucket, the APIs, the registry of images and GitHub's identities.

    Args:
        target: the environment.
        state_only: the bucket alone.
        yes: don't ask before something is made in Google Cloud.
        lock_timeout: how long to wait for the state's lock.

    Raises:
        UserError: something can't be read or made.
    """
    with step("state bucket") as stage:
        bucket = ensure_state_bucket(target)
        stage.result = f"{bucket.name} {'created' if bucket.made else 'exists'}"
    if state_only:
        return BootstrapResult(target.name, [bucket])
    return BootstrapResult(target.name, [bucket, *_foundation(target, yes, lock_timeout)])


def _foundation(target: Target, yes: bool, lock_timeout: str) -> list[Thing]:
    workspace = ready(target)
    with workspace.passing("bootstrap.tfplan") as plan:
        with step("foundation") as stage:
            there = [address for address, _ in workspace.resources()]
            outcome = workspace.plan(out=plan, targets=FOUNDATION, lock_timeout=lock_timeout)
            planned = [change for change in outcome.changes if change.action not in ("noop", "read")]
            changes = {change.address: change.action for change in planned}
            missing = [address for address, action in changes.items() if action == "create"]
            stage.result = f"{len(missing)} to make"
        if missing:
            project = target.loaded.declared.project_id
            confirm(target, yes, f"Make {len(missing)} resources of {target.name} ({project})?")
            with step("make what is missing") as stage:
                if len(missing) < len(changes):
                    workspace.plan(out=plan, targets=missing, lock_timeout=lock_timeout)
                workspace.apply(plan, lock_timeout=lock_timeout)
                stage.result = f"{len(missing)} made"
    differing = {address: action for address, action in changes.items() if action != "create"}
    found = [address for address in there if address.startswith(FOUNDATION) and address not in differing]
    return [
        *(Thing("resource", address, False) for address in found),
        *(
            Thing("resource", address, False, (f"apply would {action} it",))
            for address, action in sorted(differing.items())
        ),
        *(Thing("resource", address, True) for address in missing),
    ]


def ensure_state_bucket(target: Target) -> Thing:
    """Make the state bucket unless it exists.

    Versions are kept, and what is deleted for a week, so that a state can be taken back; access is uniform and never
    public.

    Raises:
        UserError: it can't be read or made, or belongs to another project.
    """
    return asyncio.run(_ensure(target))


async def _ensure(target: Target) -> Thing:
    name = target.loaded.state_bucket
    async with Session(target.endpoints, target.credentials) as session:
        found = await session.read("storage", f"v1/b/{name}", permission="storage.buckets.get")
    if not isinstance(found, Failure):
        return Thing("state bucket", name, False, tuple(bucket_differences(found, target.loaded.declared.region)))
    if found.reason is not Reason.ABSENT:
        raise UserError(
            f"the state bucket {name} can't be read",
            why=found.message,
            todo=found.advice or "ask for storage.buckets.get on it, or name another bucket: state.bucket in the YAML",
        )
    await _create(target, name)
    return Thing("state bucket", name, True)


def bucket_differences(document: Mapping[str, Any], region: str) -> list[str]:
    """In what a bucket isn't fit for state.

    >>> bucket_differences({"location": "EU", "versioning": {"enabled": True}}, "asia-south1")[0]
    'it is in EU, not in ASIA-SOUTH1'
    """
    access = document.get("iamConfiguration") or {}
    kept = int((document.get("softDeletePolicy") or {}).get("retentionDurationSeconds") or 0)
    found = []
    if str(document.get("location", "")).upper() != region.upper():
        found.append(f"it is in {document.get('location')}, not in {region.upper()}")
    if not (document.get("versioning") or {}).get("enabled"):
        found.append("it keeps no versions")
    if kept < _SOFT_DELETE_SECONDS:
        found.append(f"it keeps what is deleted for {kept} s, not for {_SOFT_DELETE_SECONDS} s")
    if not (access.get("uniformBucketLevelAccess") or {}).get("enabled"):
        found.append("its access is not uniform")
    if access.get("publicAccessPrevention") != "enforced":
        found.append("public access is not prevented")
    return found


async def _create(target: Target, name: str) -> None:
    declared = target.loaded.declared
    document: dict[str, Any] = {
        "name": name,
        "location": declared.region,
        "versioning": {"enabled": True},
        "softDeletePolicy": {"retentionDurationSeconds": str(_SOFT_DELETE_SECONDS)},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"},
        "labels": {"managed-by": "bootstrap", "environment": target.name},
    }
    url = target.endpoints.url("storage", "v1/b")
    try:
        token = await target.credentials.token()
        async with httpx.AsyncClient(timeout=30, trust_env=target.sandbox is None) as http:
            headers = {"authorization": f"Bearer {token}"}
            answer = await http.post(url, params={"project": declared.project_id}, json=document, headers=headers)
    except CredentialsError as error:
        raise UserError(f"the state bucket {name} can't be made", why=str(error), todo=error.todo) from error
    except httpx.HTTPError as error:
        raise UserError(f"the state bucket {name} can't be made", why=str(error)) from error
    if answer.status_code != 200:
        raise UserError(
            f"the state bucket {name} can't be made",
            why=f"Storage answered {answer.status_code}: {answer.text[:300]}",
            todo=f"ask for storage.buckets.create in {declared.project_id}, or name another: state.bucket in the YAML",
        )
