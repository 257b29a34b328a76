"""What a rehearsal does beside terraform: an environment of Google Cloud, from its very YAML, in a sandbox.

In production people put the first version into each secret, and nothing may be destroyed. A sandbox has no such people:
here placeholders take the place of values, and protection is lifted where destroy is asked for. Nothing of this is ever
done in Google Cloud: every function here refuses a target that is none of a rehearsal.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from .clouds.failures import Failure, Reason
from .console import step
from .errors import UserError
from .target import Target
from .terraform.workspace import Workspace

PLACEHOLDER = "unset"
# What stands between a thing and its removal, and the value that doesn't.
_LIFTED = {"deletion_protection": False, "force_destroy": True, "delete_contents_on_destroy": True}


def fill_secrets(target: Target, workspace: Workspace, *, lock_timeout: str = "0s") -> int:
    """Make the secrets, and give each that has none a first version, before services are made that read them.

    As in production, where people do it between the same two steps (ADR 8).

    Returns:
        How many things were added.
    """
    _must_be_rehearsal(target)
    empty = asyncio.run(_without_version(target))
    if not empty:
        return 0
    with step("secrets, before the services that read them") as stage, workspace.passing("secrets.tfplan") as plan:
        workspace.plan(out=plan, targets=["module.secrets"], lock_timeout=lock_timeout)
        outcome = workspace.apply(plan, lock_timeout=lock_timeout)
        added = outcome.summary.add if outcome.summary else 0
        stage.result = f"{added} added"
    with step("placeholders of secrets") as stage:
        asyncio.run(_fill(target, empty))
        stage.result = f'{", ".join(empty)}: "{PLACEHOLDER}", in this sandbox only'
    return added


def lifted(value: Any) -> Any:
    """Resolved values with nothing protected.

    >>> lifted({"jobs": {"backtest": {"deletion_protection": True, "args": []}}})
    {'jobs': {'backtest': {'deletion_protection': False, 'args': []}}}
    """
    if isinstance(value, dict):
        return {key: _LIFTED[key] if key in _LIFTED else lifted(item) for key, item in value.items()}
    return [lifted(item) for item in value] if isinstance(value, list) else value


def lift_protection(target: Target, workspace: Workspace, *, lock_timeout: str = "0s") -> int:
    """Let go of what is protected in the sandbox, and of nothing that isn't there; how many things that were.

    The workspace's variables have to be `lifted`.
    """
    _must_be_rehearsal(target)
    held = [address for address, values in workspace.resources() if _is_held(values)]
    if not held:
        return 0
    with step("protection, lifted in this sandbox only") as stage, workspace.passing("lifted.tfplan") as plan:
        workspace.plan(out=plan, targets=held, lock_timeout=lock_timeout)
        workspace.apply(plan, lock_timeout=lock_timeout)
        stage.result = f"{len(held)} resources"
    return len(held)


def _is_held(values: dict[str, Any]) -> bool:
    # Queues and keys are protected by a policy that the modules make of `deletion_protection`.
    policy = values.get("deletion_policy") == "PREVENT"
    return policy or any(key in values and values[key] not in (free, None) for key, free in _LIFTED.items())


def _must_be_rehearsal(target: Target) -> None:
    if not target.rehearsal or target.sandbox is None:
        raise AssertionError(f"{target.name} is no rehearsal")


async def _without_version(target: Target) -> list[str]:
    """Secrets that the environment leaves empty, and that hold nothing yet."""
    from .clouds.session import Session

    values = target.loaded.tfvars
    ids = [
        id
        for subproject in values["subprojects"].values()
        for id, secret in subproject["secrets"].items()
        if not secret["placeholder"]
    ]
    async with Session(target.endpoints, target.credentials) as session:
        found = await asyncio.gather(
            *(
                session.read("secretmanager", f"v1/projects/{values['project_id']}/secrets/{id}/versions/latest")
                for id in ids
            )
        )
    return [
        id
        for id, answer in zip(ids, found, strict=True)
        if isinstance(answer, Failure) and answer.reason is Reason.ABSENT
    ]


async def _fill(target: Target, ids: list[str]) -> None:
    from .clouds.session import Session

    body = {"payload": {"data": base64.b64encode(PLACEHOLDER.encode()).decode()}}
    async with Session(target.endpoints, target.credentials) as session:
        for id in ids:
            path = f"v1/projects/{target.loaded.declared.project_id}/secrets/{id}:addVersion"
            answer = await session.read("secretmanager", path, method="POST", body=body)
            if isinstance(answer, Failure):
                raise UserError(f"the secret {id} got no placeholder", why=answer.message, todo=answer.todo)
