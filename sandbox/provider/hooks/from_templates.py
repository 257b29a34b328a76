"""Machines from templates: what is said replaces what the template says, its disks kind by kind."""

from __future__ import annotations

import re

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks import images
from sandbox.provider.hooks.compute import LINK, waited
from sandbox.provider.hooks.instances import FROM_TEMPLATE, ZONE, disks
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_UNIQUE = re.compile(r"(.*/)[^/?]+\?uniqueId=(\d+)")


def _source(ctx: Context) -> str:
    """The template's relative name: a link, a name, or a link with a number."""
    given = str(ctx.planned["source_instance_template"]).removeprefix(LINK)
    if unique := _UNIQUE.fullmatch(given):
        given = unique[1] + unique[2]
    if "/" not in given:
        return fill("projects/{project}/global/instanceTemplates/", ctx.planned) + given
    return given if given.startswith("projects/") else fill("projects/{project}/", ctx.planned) + given


def _of_template(template: Json, place: str) -> tuple[list[Json], list[Json], list[Json]]:
    """The disks of a template: its boot disk, scratch disks and others, their short names completed."""
    found: tuple[list[Json], list[Json], list[Json]] = ([], [], [])
    for one in template["properties"].get("disks") or []:
        made = one.get("initializeParams") or {}
        if kind := made.get("diskType"):
            made["diskType"] = f"{place}diskTypes/{kind.rpartition('/')[2]}"
        if (source := one.get("source")) and "/" not in source:
            one["source"] = f"{place}disks/{source}"
        found[0 if one.get("boot") else 1 if one.get("type") == "SCRATCH" else 2].append(one)
    return found


@hook("create", FROM_TEMPLATE)
async def create(ctx: Context) -> None:
    """The template is read for its disks and its scheduling; the rest the server takes from it."""
    source, place = _source(ctx), fill(ZONE, ctx.planned)
    template = await ctx.api.call("GET", ctx.kind.base + source)
    document = document_of(ctx)
    said = disks(document, place, deleted=False)
    chosen = [ours or theirs for ours, theirs in zip(said, _of_template(template, place), strict=True)]
    document["disks"] = [disk for kind in chosen for disk in kind]
    await images.resolve_of_disks(ctx, document["disks"])
    if ctx.planned.get("scheduling") in (None, UNKNOWN, []):
        document["scheduling"] = template["properties"].get("scheduling") or {}
    url = f"{fill(ctx.kind.calls['create'].url, ctx.planned)}?sourceInstanceTemplate={source}"
    await waited(ctx, "POST", url, document, "create")
