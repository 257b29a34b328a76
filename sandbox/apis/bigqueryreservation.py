"""BigQuery Reservation API v1: slots that are had, assigned and committed to. No query waits for one."""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.control.collection import Collection, now
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLACE = "v1/projects/{project}/locations/{location}"
_PACKAGE = "google.cloud.bigquery.reservation.v1"
_EDITIONS = ("EDITION_UNSPECIFIED", "STANDARD", "ENTERPRISE", "ENTERPRISE_PLUS")
_MODES = ("SCALING_MODE_UNSPECIFIED", "AUTOSCALE_ONLY", "IDLE_SLOTS_ONLY", "ALL_SLOTS")
_JOBS = (
    *("JOB_TYPE_UNSPECIFIED", "PIPELINE", "QUERY", "ML_EXTERNAL", "BACKGROUND", "CONTINUOUS"),
    *("BACKGROUND_CHANGE_DATA_CAPTURE", "BACKGROUND_COLUMN_METADATA_INDEX", "BACKGROUND_SEARCH_INDEX_REFRESH"),
)
# How long one commits oneself by each plan, in seconds.
_PLANS = {
    "FLEX": 60.0,
    "MONTHLY": 30 * 86_400.0,
    "ANNUAL": 365 * 86_400.0,
    "THREE_YEAR": 3 * 365 * 86_400.0,
    "TRIAL": 182 * 86_400.0,
    "NONE": 0.0,
}
_FLAT = "_FLAT_RATE"
_STEP = 50
_collection = partial(
    Collection,
    id_rule=r"[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?",
    id_message="It must be up to 64 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
)

groups = _collection(
    path=f"{_PLACE}/reservationGroups/{{group}}",
    noun="ReservationGroup",
    type=f"{_PACKAGE}.ReservationGroup",
    id_param="reservationGroupId",
    update=(),
)
reservations = _collection(
    path=f"{_PLACE}/reservations/{{reservation}}",
    noun="Reservation",
    type=f"{_PACKAGE}.Reservation",
    id_param="reservationId",
    defaults={"slotCapacity": "0", "edition": "ENTERPRISE"},
    enums={"edition": _EDITIONS, "scalingMode": _MODES},
    immutable=("edition",),
    output_only=("multiRegionAuxiliary", "replicationStatus", "primaryLocation", "originalPrimaryLocation"),
    on_create_set={"creationTime": now},
    on_update_set={"updateTime": now},
)
assignments = Collection(
    path=f"{_PLACE}/reservations/{{reservation}}/assignments/{{assignment}}",
    noun="Assignment",
    type=f"{_PACKAGE}.Assignment",
    id_rule=r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?",
    id_param="assignmentId",
    id_required=False,
    id_number=True,
    required=("assignee", "jobType"),
    enums={"jobType": _JOBS},
    output_only=("state",),
    update=(),
)
commitments = _collection(
    path=f"{_PLACE}/capacityCommitments/{{commitment}}",
    noun="CapacityCommitment",
    type=f"{_PACKAGE}.CapacityCommitment",
    id_rule=r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?",
    id_param="capacityCommitmentId",
    id_required=False,
    id_number=True,
    required=("plan", "slotCount"),
    immutable=("slotCount", "edition"),
    output_only=("state", "commitmentStartTime", "commitmentEndTime", "failureStatus", "multiRegionAuxiliary"),
    enums={"edition": _EDITIONS},
)
API = Api(
    "bigqueryreservation.googleapis.com",
    "bigqueryreservation",
    [groups, reservations, assignments, commitments],
    flat=False,
)


def _slots(document: Json, field: str) -> int:
    """A number of slots, which are had by fifties. Raises 400."""
    count = int(document.get(field) or 0)
    if count < 0 or count % _STEP:
        raise invalid_argument(f"{field} must be a multiple of {_STEP}, not {count}.", {field: "no multiple"})
    return count


def _check(reservation: Resource, call: Call) -> None:
    document = reservation.document
    for field in ("slotCapacity", "concurrency"):
        if field in document:
            document[field] = str(document[field])
    baseline, edition = _slots(document, "slotCapacity"), document["edition"]
    if edition == "EDITION_UNSPECIFIED":
        document["edition"] = edition = "ENTERPRISE"
    if edition == "STANDARD" and baseline:
        raise invalid_argument(
            "A reservation of the edition STANDARD has no slot_capacity.", {"slot_capacity": edition}
        )
    if autoscale := document.get("autoscale"):
        autoscale["maxSlots"] = str(_slots(autoscale, "maxSlots"))
        autoscale["currentSlots"] = "0"
    mode = document.get("scalingMode", _MODES[0])
    if (mode != _MODES[0]) != bool(int(document.get("maxSlots") or 0)):
        raise invalid_argument("max_slots and scaling_mode go together.", {"scaling_mode": "max_slots"})
    if mode != _MODES[0] and document.get("autoscale"):
        raise invalid_argument("A reservation has either autoscale or max_slots.", {"autoscale": "max_slots"})
    if "maxSlots" in document:
        document["maxSlots"] = str(_slots(document, "maxSlots"))
    if document.get("secondaryLocation"):
        if edition != "ENTERPRISE_PLUS":
            message = "A secondary_location needs the edition ENTERPRISE_PLUS."
            raise invalid_argument(message, {"secondary_location": edition})
        document["primaryLocation"] = document["originalPrimaryLocation"] = call.params["location"]
    if group := document.get("reservationGroup"):
        group = group if "/" in group else f"{reservation.parent}/reservationGroups/{group}"
        groups.must(call.control, group)
        document["reservationGroup"] = group


@reservations.on_create
async def check_new(reservation: Resource, call: Call) -> None:
    """Slots by fifties, and what editions have."""
    if reservation.id == "none":
        raise invalid_argument("The reservation 'none' is no one's.", {"reservationId": "none"})
    _check(reservation, call)


@reservations.on_update
async def check_changed(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check(new, call)


@reservations.on_delete
async def keep_assigned(reservation: Resource, call: Call) -> None:
    """One with assignments can't go."""
    if call.store.select(assignments.key, reservation.name):
        raise failed_precondition(f"The reservation '{reservation.name}' has assignments, which go first.")


@groups.on_delete
async def keep_used(group: Resource, call: Call) -> None:
    """One with reservations can't go."""
    for one in call.store.select(reservations.key, group.parent):
        if one.document.get("reservationGroup") == group.name:
            raise failed_precondition(f"The reservation group '{group.name}' has the reservation '{one.id}'.")


@assignments.on_create
async def assign(made: Resource, call: Call) -> None:
    """One for an assignee and a kind of jobs; by the reservation `none` one pays by bytes."""
    document, location = made.document, call.params["location"]
    if call.params["reservation"] != "none":
        reservations.must(call.control, made.parent)
    if document["assignee"].partition("/")[0] not in ("projects", "folders", "organizations"):
        message = "An assignee is of the form projects/ID, folders/ID or organizations/ID."
        raise invalid_argument(message, {"assignment.assignee": document["assignee"]})
    said = ("assignee", "jobType", "principal")
    for other in call.store.select(assignments.key, f"projects/-/locations/{location}/reservations/-"):
        if [other.document.get(key) for key in said] == [document.get(key) for key in said]:
            raise already_exists(
                f"'{document['assignee']}' has the assignment '{other.name}' for {document['jobType']}."
            )
    document["state"] = "ACTIVE"


@API.route("POST", f"{_PLACE}", verb="searchAllAssignments")
@API.route("GET", f"{_PLACE}", verb="searchAllAssignments")
async def search(call: Call) -> Response:
    """`searchAllAssignments`: those of the assignee that the query names."""
    assignee = call.query("query").removeprefix("assignee=")
    if not assignee:
        raise invalid_argument("The query is assignee=projects/ID.", {"query": "required"})
    place = f"projects/-/locations/{call.params['location']}/reservations/-"
    found = [one.document for one in call.store.select(assignments.key, place)]
    return Response.of({"assignments": [one for one in found if one["assignee"] == assignee]})


@commitments.on_create
async def commit(made: Resource, call: Call) -> None:
    """From now on, for as long as the plan says."""
    document = made.document
    document["slotCount"] = str(_slots(document, "slotCount"))
    if document["slotCount"] == "0":
        raise invalid_argument(f"slot_count must be {_STEP} at least.", {"slot_count": "too small"})
    _check_plans(document)
    document.setdefault("edition", "ENTERPRISE")
    moment = call.control.clock()
    document["state"] = "ACTIVE"
    document["commitmentStartTime"] = timestamp(moment)
    if length := _length(document):
        document["commitmentEndTime"] = timestamp(moment + length)


def _length(document: Json) -> float:
    return _PLANS[str(document["plan"]).removesuffix(_FLAT)]


def _check_plans(document: Json) -> None:
    for field in ("plan", "renewalPlan"):
        plan = document.get(field)
        if plan is not None and str(plan).removesuffix(_FLAT) not in _PLANS:
            raise invalid_argument(f"Unknown {field} {plan}.", {f"capacity_commitment.{field}": "unknown"})


@commitments.on_update
async def recommit(old: Resource, new: Resource, call: Call) -> None:
    """To a longer plan; the time begins anew."""
    _check_plans(new.document)
    if old.document["plan"] == new.document["plan"]:
        return
    if _length(new.document) < _length(old.document):
        raise failed_precondition(
            f"The plan {old.document['plan']} can't become {new.document['plan']}, which is shorter."
        )
    moment = call.control.clock()
    new.document["commitmentStartTime"] = timestamp(moment)
    new.document["commitmentEndTime"] = timestamp(moment + _length(new.document))


@commitments.on_delete
async def hold(commitment: Resource, call: Call) -> None:
    """One commits oneself until the end."""
    ends = commitment.document.get("commitmentEndTime", "")
    if ends > call.control.now():
        raise failed_precondition(f"The capacity commitment '{commitment.name}' can't be deleted before {ends}.")


_BI = f"{_PLACE}/biReservation"
_BI_KEY = "bigqueryreservation.biReservations"


def _bi(call: Call) -> Resource:
    """BI Engine's reservation, which is there everywhere, with nothing in it."""
    place = f"projects/{call.project}/locations/{call.params['location']}"
    name = f"{place}/biReservation"
    kept = call.store.get(_BI_KEY, f"{place}/biReservation/it")
    moment = call.control.clock()
    return kept or Resource(_BI_KEY, f"{place}/biReservation/it", {"name": name, "size": "0"}, moment, moment)


@API.route("GET", _BI)
async def get_bi(call: Call) -> Response:
    """`getBiReservation`."""
    return Response.of(_bi(call).document)


@API.route("PATCH", _BI)
async def update_bi(call: Call) -> Response:
    """`updateBiReservation`: kept, and nothing is faster for it."""
    kept, body = _bi(call), call.body()
    given = call.query("updateMask")
    mask = [path for path in given.split(",") if path] or [key for key in ("size", "preferredTables") if key in body]
    for field in mask:
        if field not in ("size", "preferredTables", "preferred_tables"):
            raise invalid_argument(f"{field} can't be changed.", {"updateMask": field})
        key = "preferredTables" if field != "size" else "size"
        kept.document[key] = str(body.get(key) or 0) if key == "size" else body.get(key) or []
    if int(kept.document["size"]) < 0:
        raise invalid_argument("size can't be negative.", {"bi_reservation.size": "negative"})
    for table in kept.document.get("preferredTables") or []:
        name = f"{table.get('projectId') or call.project}.{table.get('datasetId')}.{table.get('tableId')}"
        if not (table.get("datasetId") and table.get("tableId")):
            raise not_found(f"The table '{name}' was not found.")
    kept.document["updateTime"] = call.control.now()
    kept.updated = call.control.clock()
    call.store.keep(kept)
    return Response.of(kept.document)
