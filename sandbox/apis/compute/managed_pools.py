"""The target pools of a managed group, which its machines enter and leave with it."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import target_pools
from sandbox.apis.compute.errors import invalid
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]


def of(manager: Resource) -> list[str]:
    """Their names."""
    return [str(pool) for pool in manager.document.get("targetPools") or []]


def check(document: Json, call: Call) -> None:
    """Target pools of the group's region."""
    region = call.params.get("region") or call.params["zone"].rpartition("-")[0]
    for pool in document.get("targetPools") or []:
        if not str(pool).startswith(f"projects/{call.project}/regions/{region}/targetPools/"):
            raise invalid("targetPools[]", pool, f"It must be a target pool of the region '{region}'.")


def change(manager: Resource, before: list[str], machines: list[str], call: Call) -> None:
    """Its machines leave the pools that it no longer has, and enter the new ones."""
    after = of(manager)
    target_pools.leave(machines, [pool for pool in before if pool not in after], call)
    target_pools.enter(machines, [pool for pool in after if pool not in before], call)
