"""`zones`: three of each region, but where Google has others."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import missing
from sandbox.apis.compute.filters import accepts
from sandbox.apis.compute.links import HOST
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route

_LETTERS = {"us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd"}
NAMES = frozenset(f"{region}-{letter}" for region in names.REGIONS for letter in _LETTERS.get(region, "abc"))


def _zone(project: str, region: str, letter: str) -> dict[str, Any]:
    place, name = f"projects/{project}", f"{region}-{letter}"
    link = {"region": f"{HOST}{place}/regions/{region}", "selfLink": f"{HOST}{place}/zones/{name}"}
    return {"kind": "compute#zone", "name": name, "description": name, "status": "UP", **link}


def _every(project: str) -> list[dict[str, Any]]:
    regions = sorted(names.REGIONS)
    return [_zone(project, region, letter) for region in regions for letter in _LETTERS.get(region, "abc")]


async def _list(call: Call) -> Response:
    """`zones.list`, all in one page."""
    passes = accepts(call.query("filter"))
    items = [zone for zone in _every(call.project) if passes(zone)]
    return Response.of({"kind": "compute#zoneList", "items": items})


async def _get(call: Call) -> Response:
    """`zones.get`."""
    for zone in _every(call.project):
        if zone["name"] == call.params["zone"]:
            return Response.of(zone)
    raise missing(f"projects/{call.project}/zones/{call.params['zone']}")


ROUTES = [
    Route("GET", "v1/projects/{project}/zones", _list),
    Route("GET", "v1/projects/{project}/zones/{zone}", _get),
]
