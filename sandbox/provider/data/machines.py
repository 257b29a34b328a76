"""Reading the data sources of machines and images."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider import resource
from sandbox.provider.api import Json
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_IMAGES = "projects/{project}/global/images"


# What the data sources of machines and of their templates have a place for and don't tell.
_UNTOLD_OF_TEMPLATE = (
    "advanced_machine_features",
    "guest_accelerator",
    "reservation_affinity",
    "workload_identity_config",
)
_UNTOLD_OF_MACHINE = (
    "advanced_machine_features",
    "confidential_instance_config",
    "description",
    "instance_encryption_key",
    "network_performance_config",
    "reservation_affinity",
    "resource_policies",
)


async def image(ctx: Context) -> State:
    """By its name, its family, or a filter that one passes."""
    resource.settle(ctx)
    project = ctx.planned["project"]
    place = ctx.kind.base + resource.fill(_IMAGES, ctx.planned)
    found: Json | None
    if name := ctx.planned["name"]:
        found = await ctx.api.get(f"{place}/{name}")
    elif family := ctx.planned["family"]:
        found = await ctx.api.get(f"{place}/family/{family}")
    elif wanted := ctx.planned["filter"]:
        items = await _passing(ctx, place, str(wanted))
        if len(items) != 1:
            raise ProviderError(
                "your filter has returned more than one image or no image. "
                "Please refine your filter to return exactly one image"
            )
        found = items[0]
    else:
        raise ProviderError("one of name, family or filters must be set")
    if found is None:
        missing = ctx.planned["name"] or f"family/{ctx.planned['family']}"
        path = f"projects/{project}/global/images/{missing}"
        raise ProviderError(f"error retrieving image information: The resource '{path}' was not found")
    state = flatten(ctx.kind, found, ctx.planned)
    given = {name: ctx.planned[name] for name in ("filter", "project")}
    return (
        state
        | given
        | {"most_recent": bool(ctx.planned["most_recent"]), "id": f"projects/{project}/global/images/{found['name']}"}
    )


async def template(ctx: Context) -> State:
    """By its name, its link with a number, or a filter that one passes."""
    given = [name for name in ("name", "filter", "self_link_unique") if ctx.planned[name]]
    if len(given) != 1:
        raise ProviderError("one of `name`, `filter` or `self_link_unique` must be specified")
    resource.settle(ctx)
    arguments = {name: ctx.planned[name] for name in ("filter", "most_recent", "project")}
    if ctx.planned["filter"]:
        ctx.planned["name"] = await _only(
            ctx, "projects/{project}/global/instanceTemplates", "instance template(s)", "exactly one"
        )
    elif link := ctx.planned["self_link_unique"]:
        ctx.planned["name"] = str(link).rpartition("?uniqueId=")[2]
    found = await resource.read(ctx)
    if found is None:
        raise ProviderError(Problem(f"{resource.identity(ctx.kind.id, ctx.planned)} not found"))
    found["labels"] = found["terraform_labels"] = found["effective_labels"]
    found |= arguments | dict.fromkeys(_UNTOLD_OF_TEMPLATE)
    return found | {"id": resource.identity(ctx.kind.id, found)}


async def region_template(ctx: Context) -> State:
    """By its name, or a filter that one passes."""
    resource.settle(ctx)
    arguments = {name: ctx.planned[name] for name in ("filter", "most_recent", "project", "region")}
    if not ctx.planned["name"]:
        if not ctx.planned["filter"]:
            raise ProviderError("one of name or filters must be set")
        noun = "region instance template(s)"
        place = "projects/{project}/regions/{region}/instanceTemplates"
        ctx.planned["name"] = await _only(ctx, place, noun, "exactly one region instance template")
    found = await resource.read(ctx)
    if found is None:
        raise ProviderError(Problem(f"{resource.identity(ctx.kind.id, ctx.planned)} not found"))
    found["labels"] = found["terraform_labels"] = found["effective_labels"]
    untold = dict.fromkeys((*_UNTOLD_OF_TEMPLATE, "service_account", "shielded_instance_config"))
    found |= arguments | untold | {"deletion_policy": ctx.settings.deletion_policy}
    return found | {"id": resource.identity(ctx.kind.id, found)}


async def snapshot(ctx: Context) -> State:
    """By its name, or a filter that one passes."""
    resource.settle(ctx)
    arguments = {name: ctx.planned[name] for name in ("filter", "most_recent", "project")}
    if not ctx.planned["name"]:
        if not ctx.planned["filter"]:
            raise ProviderError("one of name or filter must be set")
        ctx.planned["name"] = await _only(
            ctx, "projects/{project}/global/snapshots", "snapshot(s)", "exactly one snapshot"
        )
    found = await resource.read(ctx)
    name = resource.identity(ctx.kind.id, ctx.planned)
    if found is None:
        raise ProviderError(Problem(f"{name} not found"))
    found["labels"] = found["terraform_labels"] = found["effective_labels"]
    found["deletion_policy"] = ctx.settings.deletion_policy
    return found | arguments | {"id": name}


async def _only(ctx: Context, place: str, noun: str, one: str) -> str:
    """The name of the one that passes the filter."""
    place = ctx.kind.base + resource.fill(place, ctx.planned)
    items = await _passing(ctx, place, str(ctx.planned["filter"]))
    if len(items) != 1:
        said = f"your filter has returned {len(items)} {noun}."
        raise ProviderError(f"{said} Please refine your filter or set most_recent to return {one}")
    return str(items[0]["name"])


async def _passing(ctx: Context, place: str, wanted: str) -> list[Json]:
    """What passes a filter; the newest alone where that is asked for."""
    items: list[Json] = (await ctx.api.call("GET", f"{place}?filter={quote(wanted)}")).get("items") or []
    if items and ctx.planned["most_recent"]:
        return [max(items, key=lambda one: str(one["creationTimestamp"]))]
    return items


async def instance(ctx: Context) -> State:
    """By its name and place, or by its link."""
    if link := ctx.planned["self_link"]:
        parts = f"/{link}".partition("/projects/")[2].split("/")
        ctx.planned |= {"project": parts[0], "zone": parts[2], "name": parts[4]}
    elif not ctx.planned["name"]:
        raise ProviderError(Problem("must provide either `self_link` or `name`"))
    resource.settle(ctx)
    found = await resource.read(ctx)
    name = resource.identity(ctx.kind.id, ctx.planned)
    if found is None:
        raise ProviderError(Problem(f"instance {name} not found"))
    found |= {"project": ctx.planned["project"], "zone": ctx.planned["zone"]}
    found["labels"] = found["terraform_labels"] = found["effective_labels"]
    return found | dict.fromkeys(_UNTOLD_OF_MACHINE) | {"id": name, "effective_labels": None}
