"""Looking for drift: asking the cloud, the state and the YAML, with progress."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .console import step
from .drift.compare import compare
from .drift.model import DriftResult, StateView
from .drift.unmanaged import Unmanaged, unmanaged
from .errors import UserError
from .operations import ready
from .validating import validate_target

if TYPE_CHECKING:
    from .target import Target
    from .terraform.events import Change
    from .terraform.workspace import Workspace


def find_drift(
    target: Target,
    *,
    with_state: bool = True,
    since: Path | None = None,
    services: bool = False,
    today: date | None = None,
    lock_timeout: str = "0s",
) -> DriftResult:
    """Hold YAML, state and cloud against each other.

    Args:
        target: the environment.
        with_state: ask Terraform too; without it, which of the two was changed isn't said.
        since: an earlier report as JSON, which says since when what has drifted.
        services: ask each service for its health.
        today: the day.
        lock_timeout: how long to wait for the state's lock.

    Raises:
        UserError: the state can't be read, or the earlier report is none.
    """
    began = time.perf_counter()
    earlier = _first_seen(since) if since else {}
    report = validate_target(target, services=services)
    with step("what nobody declared") as stage:
        strangers = asyncio.run(_strangers(target))
        stage.result = f"{sum(each.failure is None for each in strangers)} found"
    state = _state(ready(target), lock_timeout) if with_state else None
    return compare(
        target.loaded,
        report.checks,
        state,
        strangers,
        today=today or date.today(),
        first_seen=earlier,
        seconds=time.perf_counter() - began,
    )


def _state(workspace: Workspace, lock_timeout: str) -> StateView:
    with step("state") as stage, workspace.passing("drift.tfplan") as file:
        held = frozenset(workspace.addresses())
        # Without looking at the cloud: the YAML against the state alone. Then with it: what changed there.
        waiting = workspace.plan(out=file, refresh=False, lock_timeout=lock_timeout)
        looked = workspace.plan(out=file, lock_timeout=lock_timeout)
        not_applied = {change.address: change.action for change in _real(waiting.changes)}
        # Google counts and stamps by itself: what the plan wouldn't set back is no drift.
        planned = {change.address for change in _real(looked.changes)}
        changed = {change.address: change.action for change in looked.drift if change.address in planned}
        stage.result = f"{len(held)} held, {len(not_applied)} not applied, {len(changed)} changed in the cloud"
    return StateView(held, not_applied, changed)


def _real(changes: list[Change]) -> list[Change]:
    return [change for change in changes if change.action not in ("noop", "read")]


async def _strangers(target: Target) -> list[Unmanaged]:
    from .clouds.session import Session
    from .validation.kinds import all_things

    values = target.loaded.tfvars
    async with Session(target.endpoints, target.credentials, concurrency=8) as session:
        return await unmanaged(
            session,
            all_things(target.loaded),
            values["project_id"],
            values["region"],
            target.loaded.state_bucket,
            values["apis"],
        )


def _first_seen(file: Path) -> Mapping[str, str]:
    try:
        found = json.loads(file.read_text())["first_seen"]
        return {str(key): date.fromisoformat(value).isoformat() for key, value in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{file} is no report of drift", why=str(error), todo="give what `envctl drift ENV --format json` printed"
        ) from None
