"""Data sources that tell all of a place: one attribute, a list, and what was given."""

from __future__ import annotations

from typing import Any

from sandbox.provider import resource
from sandbox.provider.api import Json
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context


def project(ctx: Context) -> str:
    """The project that is given, else the provider's."""
    return str(ctx.planned["project"] or resource.required(ctx.settings.project, "project"))


def told(ctx: Context, field: str, documents: list[Json]) -> Any:
    """The value of that attribute, by the API's documents: all that an element has, zeros where nothing is told."""
    path = ctx.kind.fields[field].api or (field,)
    return flatten(ctx.kind, {path[0]: documents}, ctx.planned)[field]


async def every(ctx: Context, url: str, field: str) -> Any:
    """The same of a list of the API, page after page."""
    path = ctx.kind.fields[field].api or (field,)
    return told(ctx, field, [one async for one in ctx.api.pages(ctx.kind.base + url, path[0])])
