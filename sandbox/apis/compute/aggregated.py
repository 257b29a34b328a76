"""Aggregated lists: what a project has of a kind, in all places at once.

Clients list machines, disks or addresses by it where no place is named. The answer tells every place where there could
be any; of one that has none, that it has none.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import zones
from sandbox.apis.compute.filters import accepts
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.links import HOST
from sandbox.apis.compute.references import KINDS
from sandbox.control import names, paging
from sandbox.control.context import Call
from sandbox.control.errors import not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route

Json = dict[str, Any]
_PLACES = {
    "global": ("global",),
    "regions": tuple(f"regions/{name}" for name in sorted(names.REGIONS)),
    "zones": tuple(f"zones/{name}" for name in sorted(zones.NAMES)),
}


async def _list(call: Call) -> Response:
    """`aggregatedList` of whatever is in regions or zones, in pages."""
    collection = call.params["collection"]
    kinds = [kind for kind in KINDS if isinstance(kind, Kind) and kind.collection == collection]
    if all(kind.scope == "global" for kind in kinds):  # Google lists those without an aggregate
        raise not_found(f"The requested URL {call.request.path} was not found on this server.")
    if call.query("orderBy"):
        raise unimplemented(f"The sandbox does not implement orderBy for {collection}.")
    size, passes = call.integer("maxResults", 500, 500) or 500, accepts(call.query("filter"))
    after = paging.after(call.query("pageToken"))
    found = sorted(
        (resource.name, kind.shown(resource, call))
        for kind in kinds
        for resource in kind.all(call.control, call.project)
        if resource.name > after
    )
    kept = [one for one in found if passes(one[1])][: size + 1]
    page = paging.page("items", kept, size, lambda one: one[0])
    name = f"projects/{call.project}/aggregated/{collection}"
    items: dict[str, Json] = {place: _nothing(place) for kind in kinds for place in _PLACES[kind.scope]}
    for full, document in page.pop("items", []):
        place = full.removeprefix(f"projects/{call.project}/").partition(f"/{collection}/")[0]
        if collection not in items[place]:
            items[place] = {collection: []}
        items[place][collection].append(document)
    head = {"kind": f"{kinds[0].kind}AggregatedList", "id": name, "selfLink": HOST + name}
    return Response.of({**head, "items": items, **page})


def _nothing(place: str) -> Json:
    said = f"There are no results for scope '{place}' on this page."
    return {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": said, "data": [{"key": "scope", "value": place}]}}


ROUTES = [Route("GET", "v1/projects/{project}/aggregated/{collection}", _list)]
