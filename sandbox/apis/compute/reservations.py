"""Reservations: room for machines of one shape in a zone, which those that match or name it take up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.apis.compute import instance_templates, machine_types
from sandbox.apis.compute.errors import invalid, missing, required, whole
from sandbox.apis.compute.instance_parts import RESERVATION
from sandbox.apis.compute.instances import CHECKED, instances
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_MOST = 1000
_TYPES = ("LOCAL", "SPECIFIC_PROJECTS")
_SERVICES = ("ALLOW_ALL", "DISALLOW_ALL")
_CENTURY = 100 * 365 * 86_400


def _check(document: Json, call: Call, old: Resource | None) -> None:
    shares = document.setdefault("shareSettings", {})
    kind = shares.setdefault("shareType", "LOCAL")
    if kind not in _TYPES:
        raise invalid("shareSettings.shareType", kind, f"Must be one of {', '.join(_TYPES)}.")
    if kind == "LOCAL" and shares.get("projectMap"):
        raise invalid("shareSettings.projectMap", sorted(shares["projectMap"]), "A LOCAL reservation has no projects.")
    if kind != "LOCAL" and not shares.get("projectMap"):
        raise required("shareSettings.projectMap")
    services = document.setdefault("reservationSharingPolicy", {}).setdefault("serviceShareType", "DISALLOW_ALL")
    if services not in _SERVICES:
        raise invalid("reservationSharingPolicy.serviceShareType", services, f"Must be one of {', '.join(_SERVICES)}.")
    if duration := document.pop("deleteAfterDuration", None):
        start = old.created if old is not None else call.control.clock()
        end = datetime.fromtimestamp(start, UTC) + timedelta(seconds=_lasting(duration))
        document["deleteAtTime"] = end.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if old is not None:
        return
    specific = document["specificReservation"]
    _count(specific.get("count"), "specificReservation.count")
    template, shape = specific.get("sourceInstanceTemplate"), specific.get("instanceProperties")
    if bool(template) == bool(shape):
        raise invalid_argument("A reservation has either instanceProperties or a sourceInstanceTemplate.")
    if template:
        known = instance_templates.find(str(template), call)
        specific["sourceInstanceTemplate"] = known.name
        kind = known.document["properties"]["machineType"]
        shape = specific["instanceProperties"] = {"machineType": kind}
    if not shape.get("machineType"):
        raise required("specificReservation.instanceProperties.machineType")
    shape["machineType"] = str(shape["machineType"]).rpartition("/")[2]
    machine_types.machine(shape["machineType"])
    for at, one in enumerate(shape.get("localSsds") or []):
        one.setdefault("interface", "SCSI")
        if int(one.get("diskSizeGb") or 0) % 375:
            field = f"specificReservation.instanceProperties.localSsds[{at}].diskSizeGb"
            raise invalid(field, one.get("diskSizeGb"), "Must be a multiple of 375.")
    specific["count"] = str(specific["count"])
    document["status"] = "READY"


def _lasting(duration: Json) -> int:
    """A duration's whole seconds, a century at most."""
    seconds = whole("deleteAfterDuration.seconds", duration.get("seconds") or 0)
    if not 0 <= seconds <= _CENTURY:
        raise invalid("deleteAfterDuration.seconds", seconds, f"Must be between 0 and {_CENTURY}.")
    return seconds


def _count(value: Any, field: str) -> int:
    try:
        count = int(value or 0)
    except ValueError:
        count = 0
    if not 1 <= count <= _MOST:
        raise invalid(field, value, f"Must be between 1 and {_MOST}.")
    return count


def _affinity(machine: Json) -> tuple[str, list[str]]:
    affinity = machine.get("reservationAffinity") or {}
    return str(affinity.get("consumeReservationType") or "ANY_RESERVATION"), list(affinity.get("values") or [])


def _fits(machine: Resource, reservation: Resource) -> bool:
    """Whether a machine has the shape of a reservation, in its zone."""
    shape = reservation.document["specificReservation"]["instanceProperties"]
    document = machine.document
    same = str(document["machineType"]).rpartition("/")[2] == shape["machineType"]
    return machine.parent == reservation.parent and same and document["status"] == "RUNNING"


def _used(reservation: Resource, control: Control) -> int:
    """How many machines take it up: those that name it, or those of its shape for which no earlier one has room."""
    name = reservation.id
    machines = [one for one in control.store.select(instances.key, reservation.parent) if _fits(one, reservation)]
    named = sum(name in _affinity(one.document)[1] for one in machines)
    if reservation.document.get("specificReservationRequired"):
        return named
    free = sum(_affinity(one.document)[0] == "ANY_RESERVATION" for one in machines)
    for other in control.store.select(reservations.key, reservation.parent):
        if other.name >= reservation.name:
            break
        shape = other.document["specificReservation"]
        same = shape["instanceProperties"] == reservation.document["specificReservation"]["instanceProperties"]
        if same and not other.document.get("specificReservationRequired"):
            free -= int(shape["count"])
    return min(named + max(free, 0), int(reservation.document["specificReservation"]["count"]))


def _shown(reservation: Resource, call: Call) -> Json:
    specific = dict(reservation.document["specificReservation"])
    if specific.get("sourceInstanceTemplate"):
        specific.pop("instanceProperties")
    counts = {"inUseCount": str(_used(reservation, call.control)), "assuredCount": specific["count"]}
    return {"specificReservation": {**specific, **counts}}


def _resize(reservation: Resource, body: Json, call: Call) -> None:
    """`resize`: not below what machines take up."""
    count, used = _count(body.get("specificSkuCount"), "specificSkuCount"), _used(reservation, call.control)
    if count < used:
        raise invalid("specificSkuCount", count, f"{used} machines take up the reservation.")
    reservation.document["specificReservation"]["count"] = str(count)


def _taken(machine: Json, call: Call) -> None:
    """A machine that names reservations gets one that is there, has its shape, and room."""
    kind, named = _affinity(machine)
    if kind != "SPECIFIC_RESERVATION" or machine["reservationAffinity"].get("key") != RESERVATION:
        return
    place = f"projects/{call.project}/zones/{call.params['zone']}"
    mine = Resource(instances.key, f"{place}/instances/{machine['name']}", machine)
    for name in named:
        short = str(name).rpartition("/")[2]
        found = call.store.get(reservations.key, f"{place}/reservations/{short}")
        if found is None:
            raise missing(f"{place}/reservations/{short}")
        room = int(found.document["specificReservation"]["count"]) - _used(found, call.control)
        if room > 0 and _fits(mine, found):
            return
    raise ApiError(
        "FAILED_PRECONDITION",
        f"The machine '{machine['name']}' fits into none of the reservations {', '.join(map(str, named))}.",
        reason="resourceNotReady",
    )


CHECKED.append(_taken)


class _Reservations(Kind):
    """A change names the projects that it is about by paths: one that isn't in the document is taken away."""

    def _clean(self, body: Json, call: Call, *, keep_nulls: bool = False) -> Json:
        document = Kind._clean(self, body, call, keep_nulls=keep_nulls)
        projects = dict((document.get("shareSettings") or {}).get("projectMap") or {})
        for path in call.request.query.get("paths") or ():
            place, _, project = path.rpartition(".")
            if place == "shareSettings.projectMap":
                projects.setdefault(project, None)
        if projects:
            document["shareSettings"] = {**(document.get("shareSettings") or {}), "projectMap": projects}
        return document


reservations = _Reservations(
    "reservations",
    "reservation",
    "compute#reservation",
    scope="zones",
    defaults={"specificReservationRequired": False},
    required=("specificReservation",),
    immutable=("specificReservation", "specificReservationRequired", "description"),
    output_only=("status", "commitment", "linkedCommitments", "resourceStatus", "satisfiesPzs"),
    check=_check,
    view=_shown,
    iam=True,
    verbs={"resize": _resize},
)


async def _blocks(call: Call) -> Response:
    """`reservationBlocks.list`: only reservations of whole clusters have blocks."""
    reservations.must(call.control, reservations.name(call))
    return Response.of({"kind": "compute#reservationBlocksListResponse"})


ROUTES = [Route("GET", f"{reservations.place}/{{name}}/reservationBlocks", _blocks)]
