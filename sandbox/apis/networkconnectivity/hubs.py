"""Hubs of Network Connectivity Center with their groups and route tables, and who says which spokes are theirs."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.control import paging
from sandbox.control.collection import now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.located import located
from sandbox.control.referring import relative
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.cloud.networkconnectivity.v1"
SPOKES = "networkconnectivity.spokes"
_GROUPS = {
    "MESH": ("default",),
    "STAR": ("center", "edge"),
    "HYBRID_INSPECTION": ("non-prod", "prod", "services", "untrusted"),
}
"""What each topology has of groups: they come with the hub, and go with it."""
_MADE = {"createTime": now, "uniqueId": uid}
_PROJECT_CHANGES = "autoAccept.autoAcceptProjects"
_collection = partial(located, PACKAGE)

hubs = _collection(
    "hubs/{hub}",
    "Hub",
    "hubId",
    defaults={"policyMode": "PRESET", "exportPsc": False},
    immutable=("policyMode", "presetTopology"),
    output_only=("state", "routingVpcs", "routeTables", "spokeSummary"),
    on_create_set=_MADE,
    mask="required",
    iam=True,
    id_rule=r"[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?",
    id_message="It must be up to 63 letters, digits or hyphens, a letter first and no hyphen last.",
)
groups = _collection(
    "hubs/{hub}/groups/{group}",
    "Group",
    "groupId",
    create=None,
    delete=False,
    output_only=("state", "uid", "routeTable", "createTime"),
    on_create_set={},
    mask="required",
    iam=True,
    parents=(hubs,),
)


@hubs.on_create
async def check_hub(hub: Resource, call: Call) -> None:
    """Of one of the topologies that are ready-made."""
    document = hub.document
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")
    if document["policyMode"] != "PRESET":
        raise unimplemented("The sandbox does not implement hubs whose policyMode is not PRESET.")
    topology = document.setdefault("presetTopology", "MESH")
    if topology not in _GROUPS:
        raise invalid_argument(f"presetTopology must be one of {', '.join(_GROUPS)}.", {"presetTopology": topology})
    document["state"] = "ACTIVE"


@hubs.created
async def with_groups(hub: Resource, call: Call) -> None:
    """The groups that its topology has."""
    moment, told = call.control.clock(), call.control.now()
    for id_ in _GROUPS[hub.document["presetTopology"]]:
        name = f"{hub.name}/groups/{id_}"
        document = {
            "name": name,
            "createTime": told,
            "updateTime": told,
            "uid": call.control.uid(),
            "state": "ACTIVE",
            "routeTable": f"{hub.name}/routeTables/{id_}",
        }
        call.store.insert(Resource(groups.key, name, document, moment, moment))


def spokes_of(hub: str, call: Call) -> list[Resource]:
    """The spokes of a hub, in whatever project and place."""
    return [spoke for spoke in call.store.select(SPOKES) if spoke.document["hub"] == hub]


@hubs.shown_by
def with_spokes(hub: Resource, call: Call) -> Json:
    """With the networks that its hybrid spokes route through, its route tables and how many spokes it has."""
    own = spokes_of(hub.name, call)
    routing: dict[str, Json] = {}
    for spoke in own:
        for linked in spoke.document.values():
            if isinstance(linked, dict) and linked.get("vpcNetwork"):
                network = routing.setdefault(linked["vpcNetwork"], {"uri": linked["vpcNetwork"]})
                if linked.get("siteToSiteDataTransfer"):
                    network["requiredForNewSiteToSiteDataTransferSpokes"] = True
    shown = {**hub.document, "routeTables": [f"{hub.name}/routeTables/{id_}" for id_ in _ids(hub)]}
    if routing:
        shown["routingVpcs"] = [routing[name] for name in sorted(routing)]
    if own:
        shown["spokeSummary"] = {
            "spokeTypeCounts": _counted(own, "spokeType"),
            "spokeStateCounts": _counted(own, "state"),
        }
    return shown


def _counted(spokes: list[Resource], field: str) -> list[Json]:
    values = [str(spoke.document[field]) for spoke in spokes]
    return [{field: value, "count": str(values.count(value))} for value in sorted(set(values))]


def _ids(hub: Resource) -> tuple[str, ...]:
    return _GROUPS[hub.document["presetTopology"]]


@hubs.on_delete
async def keep_used(hub: Resource, call: Call) -> None:
    """One that has spokes can't go."""
    spoke = next(iter(spokes_of(hub.name, call)), None)
    if spoke is not None:
        raise failed_precondition(f"The hub '{hub.name}' is used by the spoke '{spoke.name}'.")


@groups.on_update
async def check_group(old: Resource, new: Resource, call: Call) -> None:
    """Projects by id or number."""
    accepted = new.document.get("autoAccept")
    if accepted is not None and not accepted.get("autoAcceptProjects"):
        new.document.pop("autoAccept")


def accepts(group: Resource, project: str, call: Call) -> bool:
    """Whether a group takes a project's spokes without being asked: its hub's own, and those that it lists."""
    if group.name.split("/")[1] == project:
        return True
    listed = (group.document.get("autoAccept") or {}).get("autoAcceptProjects") or []
    return project in [call.control.projects.resolve(str(one), call.control.clock()) for one in listed]


# Verbs of hubs, and what they show


@hubs.verb("listSpokes", "GET")
async def list_spokes(hub: Resource, call: Call) -> Json:
    """`listSpokes`: those of all projects."""
    places = [each for each in call.query("spokeLocations").split(",") if each]
    found = [one for one in spokes_of(hub.name, call) if not places or one.name.split("/")[3] in places]
    after = paging.after(call.query("pageToken"))
    size = call.integer("pageSize", 100, 500) or 100
    rest = [one for one in found if one.name > after]
    return paging.page("spokes", rest[: size + 1], size, lambda one: one.name, lambda one: one.document)


@hubs.verb("acceptSpoke")
async def accept_spoke(hub: Resource, call: Call) -> Json:
    """`acceptSpoke`: the spoke of another project becomes active."""
    return _decide(hub, call, {"state": "ACTIVE"}, "AcceptHubSpokeResponse")


@hubs.verb("rejectSpoke")
async def reject_spoke(hub: Resource, call: Call) -> Json:
    """`rejectSpoke`, with the words for whoever proposed it."""
    reason = {
        "code": "REJECTED",
        "message": "The hub administrator rejected the spoke.",
        **({"userDetails": str(call.body()["details"])} if call.body().get("details") else {}),
    }
    return _decide(hub, call, {"state": "INACTIVE", "reasons": [reason]}, "RejectHubSpokeResponse")


def _decide(hub: Resource, call: Call, change: Json, answer: str) -> Json:
    uri = relative(call.body().get("spokeUri"), call)
    spoke = call.store.get(SPOKES, uri)
    if spoke is None or spoke.document["hub"] != hub.name:
        raise not_found(f"The hub '{hub.name}' has no spoke '{uri}'.")
    spoke.document.pop("reasons", None)
    spoke.document |= {**change, "updateTime": call.control.now()}
    call.store.put(spoke)
    return hubs.operation(hub, call, "update", (f"{PACKAGE}.{answer}", {"spoke": spoke.document}))


def _tables(call: Call) -> list[Json]:
    hub = hubs.must(call.control, hubs.name(call.params))
    times = {key: hub.document[key] for key in ("createTime", "updateTime")}
    return [{"name": f"{hub.name}/routeTables/{id_}", "state": "ACTIVE", **times} for id_ in _ids(hub)]


async def _list_tables(call: Call) -> Response:
    return Response.of({"routeTables": _tables(call)})


async def _table(call: Call) -> Response:
    for table in _tables(call):
        if table["name"].endswith(f"/{call.params['table']}"):
            return Response.of(table)
    raise not_found(f"Resource 'routeTables/{call.params['table']}' was not found")


async def _stay(call: Call) -> Response:
    """A group comes and goes with its hub: Google has no method that deletes one."""
    raise not_found("Method not found.")


_PLACE = "v1/projects/{project}/locations/{location}/hubs/{hub}"
ROUTES = [
    Route("GET", f"{_PLACE}/routeTables", _list_tables),
    Route("GET", f"{_PLACE}/routeTables/{{table}}", _table),
    Route("DELETE", f"{_PLACE}/groups/{{group}}", _stay),
]
