"""Cloud Logging: scopes that may say in their name where they are, and settings, which are there anyway."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import general_create
from sandbox.provider.suppress.links import last_part

_SCOPE = "google_logging_log_scope"
_SETTINGS = ("google_logging_folder_settings", "google_logging_organization_settings")
_PATTERNS = {
    "parent": "((projects|folders|organizations|billingAccounts)/[a-z0-9A-Z-]*)/locations/.*",
    "location": "[a-zA-Z]*/[a-z0-9A-Z-]*/locations/([a-z0-9-]*)/logScopes/.*",
}


@hook("create", _SCOPE)
async def create_scope(ctx: Context) -> None:
    """Parent and location are said by themselves or by a full name, or by both alike."""
    name = str(ctx.planned["name"])
    for argument, pattern in _PATTERNS.items():
        ctx.planned[argument] = _extracted(argument, ctx.config.get(argument), name, pattern)
    ctx.planned["name"] = last_part(name)
    await general_create(ctx)


def _extracted(argument: str, given: Any, name: str, pattern: str) -> str:
    own = "" if given in (None, UNKNOWN) else str(given)
    match = re.search(pattern, name)
    if match is None and not own:
        problem = f'parent of "{argument}" has no matching values from pattern "{pattern}" in value "{name}"'
        raise ProviderError(f"error extracting {argument} field: {problem}")
    if match and own and match[1] != own:
        problem = f'"{argument}" has conflicting values of "{match[1]}" (from parent) and "{own}" (from self)'
        raise ProviderError(f"error extracting {argument} field: {problem}")
    return own or (match[1] if match else "")


@hook("delete", *_SETTINGS)
async def stay(ctx: Context) -> None:
    """Settings stay as they are."""
