"""What must exist before terraform can run: the bucket of its state."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from .clouds.credentials import CredentialsError
from .clouds.failures import Failure, Reason
from .clouds.session import Session
from .errors import UserError
from .target import Target


def ensure_state_bucket(target: Target) -> tuple[str, bool]:
    """Make the state bucket unless it exists; return its name and whether it was made.

    Versions are kept, so that a state can be taken back; access is uniform and never public.

    Raises:
        UserError: it can't be read or made, or belongs to another project.
    """
    return asyncio.run(_ensure(target))


async def _ensure(target: Target) -> tuple[str, bool]:
    name = target.loaded.state_bucket
    async with Session(target.endpoints, target.credentials) as session:
        found = await session.read("storage", f"v1/b/{name}", permission="storage.buckets.get")
    if not isinstance(found, Failure):
        return name, False
    if found.reason is not Reason.ABSENT:
        raise UserError(
            f"the state bucket {name} can't be read",
            why=found.message,
            todo="ask for storage.buckets.get on it, or name another bucket: state.bucket in the YAML",
        )
    await _create(target, name)
    return name, True


async def _create(target: Target, name: str) -> None:
    declared = target.loaded.declared
    document: dict[str, Any] = {
        "name": name,
        "location": declared.region,
        "versioning": {"enabled": True},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"},
        "labels": {"managed-by": "bootstrap", "environment": target.name},
    }
    url = target.endpoints.url("storage", "v1/b")
    try:
        token = await target.credentials.token()
        async with httpx.AsyncClient(timeout=30, trust_env=target.sandbox is None) as http:
            headers = {"authorization": f"Bearer {token}"}
            answer = await http.post(url, params={"project": declared.project_id}, json=document, headers=headers)
    except (httpx.HTTPError, CredentialsError) as error:
        raise UserError(f"the state bucket {name} can't be made", why=str(error)) from error
    if answer.status_code != 200:
        raise UserError(
            f"the state bucket {name} can't be made",
            why=f"Storage answered {answer.status_code}: {answer.text[:300]}",
            todo=f"ask for storage.buckets.create in {declared.project_id}, or name another: state.bucket in the YAML",
        )
