"""Cloud Run: services, jobs and worker pools named by their short name."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook

_TYPES = ("google_cloud_run_v2_service", "google_cloud_run_v2_job", "google_cloud_run_v2_worker_pool")


@hook("flatten", *_TYPES)
def switches(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What only Terraform knows has its default after an import; an empty scaling of a service is none."""
    if state.get("deletion_protection") is None:
        state["deletion_protection"] = True
    if "scaling" in state and not any((document.get("scaling") or {}).values()):
        state["scaling"] = []
    return state
