"""Resources that are added to a service perimeter one by one, to what is in force or to its dry run."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

# Type → the part of the perimeter that it is in.
_PARTS = {
    "google_access_context_manager_service_perimeter_resource": "status",
    "google_access_context_manager_service_perimeter_dry_run_resource": "spec",
}
_ID = re.compile(r"(accessPolicies/[^/]+)/servicePerimeters/[^/]+(?=/)")


def _perimeter(ctx: Context) -> str:
    return str(ctx.planned["perimeter_name"])


async def _standing(ctx: Context) -> tuple[Json, list[str]]:
    """The perimeter, and the resources of the part."""
    found = dict(await ctx.api.get(ctx.kind.base + _perimeter(ctx)) or {})
    return found, list((found.get(_PARTS[ctx.kind.name]) or {}).get("resources") or [])


async def _write(ctx: Context, perimeter: Json, resources: list[str], step: str) -> None:
    part = _PARTS[ctx.kind.name]
    document = {part: {"resources": resources}, "etag": perimeter.get("etag")}
    url = f"{ctx.kind.base}{_perimeter(ctx)}?updateMask={part}.resources%2Cetag"
    try:
        answer = await ctx.api.call("PATCH", url, document)
        await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, step))
    except TimeoutError as error:
        raise ProviderError(f"Error waiting to {step} {ctx.kind.noun}: {error}") from error


@hook("create", *_PARTS)
async def add(ctx: Context) -> None:
    """One more resource. Raises ProviderError where it is in already."""
    name, resource = _perimeter(ctx), str(ctx.planned["resource"])
    ctx.planned["access_policy_id"] = "/".join(name.split("/")[:2])
    async with ctx.api.lock(name):
        perimeter, standing = await _standing(ctx)
        if not perimeter:
            raise ProviderError(f"Error creating {ctx.kind.noun}: the perimeter '{name}' was not found")
        if resource in standing:
            raise ProviderError(
                f"Unable to create {ctx.kind.noun}, existing object already found: map[resource:{resource}]"
            )
        await _write(ctx, perimeter, [*standing, resource], "create")


@hook("read", *_PARTS)
async def read(ctx: Context) -> Json | None:
    """None where the perimeter hasn't it any more."""
    perimeter, standing = await _standing(ctx)
    resource = ctx.planned["resource"]
    return {"resource": resource, "etag": perimeter.get("etag")} if resource in standing else None


@hook("delete", *_PARTS)
async def remove(ctx: Context) -> None:
    """The others stay."""
    async with ctx.api.lock(_perimeter(ctx)):
        perimeter, standing = await _standing(ctx)
        resource = ctx.planned["resource"]
        if resource not in standing:
            return
        await _write(ctx, perimeter, [one for one in standing if one != resource], "delete")


@hook("identify", *_PARTS)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The perimeter's name, and the resource behind it."""
    found = _ID.match(given)
    if found is None:
        raise refusal(given, ["accessPolicies/{accessPolicy}/servicePerimeters/{perimeter}/{resource}"])
    return {
        "id": given,
        "perimeter_name": found[0],
        "resource": given[found.end() + 1 :],
        "access_policy_id": found[1],
    }
