"""Data sources of Artifact Registry and Cloud Run: the repositories of a place, and the places that there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from sandbox.provider.data import listing
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_PLACES = """
project string optional computed
locations list(string) computed
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_artifact_registry_locations": ("artifactregistry/v1", "projects/{project}", _PLACES),
    "google_artifact_registry_repositories": (
        "artifactregistry/v1",
        "projects/{project}/locations/{location}/repositories",
        """
location string required
name_filter string
project string
repositories list computed
  create_time string computed
  description string computed
  format string computed
  id string computed api=name
  repository_id string computed
  update_time string computed
""",
    ),
    "google_cloud_run_locations": ("run/v1", "projects/{project}", _PLACES),
}


async def _locations(ctx: Context) -> State:
    """Their names, of the first page alone, as the real provider asks for no other."""
    name = f"projects/{listing.project(ctx)}"
    found = (await ctx.api.call("GET", f"{ctx.kind.base}{name}/locations")).get("locations") or []
    names = sorted(one["locationId"] for one in found)
    return {"id": name, "project": name.partition("/")[2], "locations": names}


async def _repositories(ctx: Context) -> State:
    """Those of a location, by name if a filter is given, which becomes part of the id."""
    project = listing.project(ctx)
    name = f"projects/{project}/locations/{ctx.planned['location']}/repositories"
    wanted = f'name="{name}/{ctx.planned["name_filter"]}"' if ctx.planned["name_filter"] else ""
    url = ctx.kind.base + name + (f"?filter={quote(wanted, safe='')}" if wanted else "")
    found = [
        {**one, "repositoryId": one["name"].rpartition("/")[2]} async for one in ctx.api.pages(url, "repositories")
    ]
    repositories = listing.told(ctx, "repositories", found)
    id_ = f"{name}/{wanted}" if wanted else name
    return ctx.planned | {"id": id_, "project": project, "repositories": repositories}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_artifact_registry_locations": _locations,
    "google_artifact_registry_repositories": _repositories,
    "google_cloud_run_locations": _locations,
}
