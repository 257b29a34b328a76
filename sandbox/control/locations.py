"""The locations of an API: the same regions for all."""

from __future__ import annotations

from typing import Any

from sandbox.control import names, paging
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route


def _shown(project: str, location: str) -> dict[str, Any]:
    name = f"projects/{project}/locations/{location}"
    return {"name": name, "locationId": location, "displayName": location}


async def _list(call: Call) -> Response:
    size = call.integer("pageSize", 100, 1000) or 100
    after = paging.after(call.query("pageToken"))
    found = [location for location in sorted(names.REGIONS) if location > after][: size + 1]
    return Response.of(
        paging.page("locations", found, size, lambda location: location, lambda each: _shown(call.project, each))
    )


async def _get(call: Call) -> Response:
    location = call.params["location"]
    names.check_location(location)
    return Response.of(_shown(call.project, location))


def routes(version: str) -> list[Route]:
    """`locations.list` and `locations.get` of a version."""
    place = f"{version}/projects/{{project}}/locations"
    return [Route("GET", place, _list), Route("GET", place + "/{location}", _get)]
