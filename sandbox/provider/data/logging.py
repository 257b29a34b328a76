"""Data sources of Cloud Logging: settings by what they are of, and a sink by its whole name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.provider import resource
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_SETTINGS = """
disable_default_sink bool computed
kms_key_name string computed
kms_service_account_id string computed
logging_service_account_id string computed
name string computed
storage_location string computed
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_logging_folder_settings": (
        "logging/v2",
        "folders/{folder}/settings",
        f"\nfolder string required local{_SETTINGS}",
    ),
    "google_logging_organization_settings": (
        "logging/v2",
        "organizations/{organization}/settings",
        f"\norganization string required local{_SETTINGS}",
    ),
    "google_logging_project_settings": (
        "logging/v2",
        "projects/{project}/settings",
        f"\nproject string required{_SETTINGS}",
    ),
    "google_logging_project_cmek_settings": (
        "logging/v2",
        "projects/{project}/cmekSettings",
        """
project string required
kms_key_name string
kms_key_version_name string computed
name string computed
service_account_id string computed
""",
    ),
    "google_logging_sink": (
        "logging/v2",
        "{id}",
        """
id string required
bigquery_options list computed
  use_partitioned_tables bool computed
deletion_policy string computed local
description string computed
destination string computed
disabled bool computed
exclusions list computed
  description string computed
  disabled bool computed
  filter string computed
  name string computed
filter string computed
name string computed
writer_identity string computed
""",
    ),
}


async def _settings(ctx: Context) -> State:
    """Of a project, a folder or an organization."""
    name = resource.identity(ctx.kind.id, ctx.planned)
    return flatten(ctx.kind, await ctx.api.call("GET", ctx.kind.base + name), ctx.planned) | {"id": name}


async def _keys(ctx: Context) -> State:
    """Which key encrypts; what isn't told stays without a value."""
    name = resource.identity(ctx.kind.id, ctx.planned)
    document = await ctx.api.call("GET", ctx.kind.base + name)
    told = {key: document.get((f.api or ("",))[0], "") for key, f in ctx.kind.fields.items()}
    return told | {"id": name, "project": ctx.planned["project"]}


async def _sink(ctx: Context) -> State:
    """Of whatever its name says it is of."""
    name = str(ctx.planned["id"])
    document = await ctx.api.get(ctx.kind.base + name)
    if document is None:
        raise ProviderError(f"{name} not found")
    return flatten(ctx.kind, document, ctx.planned) | {"id": name}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_logging_folder_settings": _settings,
    "google_logging_organization_settings": _settings,
    "google_logging_project_cmek_settings": _keys,
    "google_logging_project_settings": _settings,
    "google_logging_sink": _sink,
}
