"""Images by what people write for them: a link, a family, a project's short name and either."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context
from sandbox.provider.resource import fill

_LINK = re.compile(r"https://[^/]+/compute/[a-z0-9]+/(projects/[^/]+/global/images/.+)")
# Which project has the images whose names hold a word.
_GOOGLE_S = {
    "debian": "debian-cloud",
    "rhel": "rhel-cloud",
    "rocky-linux": "rocky-linux-cloud",
    "ubuntu": "ubuntu-os-cloud",
    "windows": "windows-cloud",
}


async def resolve(ctx: Context, name: str) -> str:
    """The relative name of an image or a family. Raises ProviderError where there is none."""
    if link := _LINK.fullmatch(name):
        return link[1]
    if name.startswith("projects/"):
        return name
    own = fill("{project}", ctx.planned)
    if name.startswith("global/images/"):
        return f"projects/{own}/{name}"
    first, slash, last = name.rpartition("/")
    places = [own, *(project for word, project in _GOOGLE_S.items() if word in name)]
    if slash and first != "family":
        places = [first]
    for kind in ("family/",) if first == "family" else ("", "family/"):
        for project in places:
            found = f"projects/{project}/global/images/{kind}{last}"
            if await ctx.api.get(f"/compute/v1/{found}") is not None:
                return found
    raise ProviderError(f"Error resolving image name '{name}': Could not find image or family {name}")


async def resolve_of_disks(ctx: Context, disks: Sequence[Json]) -> None:
    """The images that the disks of a machine are made from, by their relative names. Raises ProviderError."""
    for disk in disks:
        made = disk.get("initializeParams") or {}
        if image := made.get("sourceImage"):
            made["sourceImage"] = await resolve(ctx, str(image))
