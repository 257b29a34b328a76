"""Firestore's administration v1: databases, composite indexes and schedules of backups. It holds no documents."""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import operations
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.names import REGIONS
from sandbox.control.router import Api, Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_MULTI = ("nam5", "nam7", "eur3")
_TYPES = ("FIRESTORE_NATIVE", "DATASTORE_MODE")
_ID = re.compile(r"[a-z](?:[a-z0-9-]{2,61}[a-z0-9])|\(default\)")
_ADMIN = "google.firestore.admin.v1"
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

databases = Collection(
    path="v1/projects/{project}/databases/{database}",
    type=f"{_ADMIN}.Database",
    id_param="databaseId",
    id_rule=_ID.pattern,
    id_message="It must be (default), or 4 to 63 lowercase letters, digits or hyphens, a letter first.",
    labels=(),
    required=("locationId", "type"),
    immutable=("locationId", "databaseEdition", "cmekConfig"),
    output_only=("earliestVersionTime", "keyPrefix", "versionRetentionPeriod"),
    defaults={
        "concurrencyMode": "PESSIMISTIC",
        "appEngineIntegrationMode": "DISABLED",
        "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_DISABLED",
        "deleteProtectionState": "DELETE_PROTECTION_DISABLED",
        "databaseEdition": "STANDARD",
    },
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag},
    lro=True,
)
indexes = Collection(
    path="v1/projects/{project}/databases/{database}/collectionGroups/{group}/indexes/{index}",
    type=f"{_ADMIN}.Index",
    labels=(),
    create=None,
    update=(),
    parents=(databases,),
)
schedules = Collection(
    path="v1/projects/{project}/databases/{database}/backupSchedules/{schedule}",
    labels=(),
    create=None,
    required=("retention",),
    immutable=("dailyRecurrence", "weeklyRecurrence"),
    on_update_set={"updateTime": now},
    parents=(databases,),
)


@databases.on_create
async def check(database: Resource, call: Call) -> None:
    """In a place that there is; complete."""
    document = database.document
    place = document["locationId"]
    if place not in REGIONS and place not in _MULTI:
        raise invalid_argument(f"Invalid location '{place}'.", {"database.locationId": "unknown"})
    _check(document)
    document["keyPrefix"] = ""
    _retain(document, call)


@databases.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _check(new.document)
    _retain(new.document, call)


def _check(document: Json) -> None:
    if document["type"] not in _TYPES:
        raise invalid_argument(f"The type must be one of {', '.join(_TYPES)}.", {"database.type": "unknown"})


def _retain(document: Json, call: Call) -> None:
    """How far back one can read: an hour, or a week with recovery to a point in time."""
    week = document["pointInTimeRecoveryEnablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    document["versionRetentionPeriod"] = "604800s" if week else "3600s"
    document["earliestVersionTime"] = document.get("createTime") or call.control.now()


@databases.on_delete
async def keep_protected(database: Resource, call: Call) -> None:
    """One that is protected stays."""
    if database.document.get("deleteProtectionState") == "DELETE_PROTECTION_ENABLED":
        raise failed_precondition("The database is protected: set deleteProtectionState to DELETE_PROTECTION_DISABLED.")


async def create_index(call: Call) -> Response:
    """`indexes.create`; it is ready at once, for there is nothing to index."""
    name = indexes.parent(call.params)
    database = databases.must(call.control, name.partition("/collectionGroups/")[0])
    body = call.body()
    fields = [dict(one) for one in body.get("fields") or []]
    if not fields:
        raise invalid_argument("An index has fields.", {"index.fields": "required"})
    for one in fields:
        ways = [key for key in ("order", "arrayConfig", "vectorConfig", "searchConfig") if one.get(key)]
        if not one.get("fieldPath") or len(ways) != 1:
            raise invalid_argument("A field of an index has a fieldPath and one of order, arrayConfig, vectorConfig.")
    last = next((one.get("order") for one in reversed(fields) if one.get("order")), "ASCENDING")
    if fields[-1]["fieldPath"] != "__name__" and "vectorConfig" not in fields[-1]:
        fields.append({"fieldPath": "__name__", "order": last})
    document = {
        "queryScope": "COLLECTION",
        "apiScope": "ANY_API",
        "density": "SPARSE_ALL",
        **body,
        "fields": fields,
    }
    for other in call.store.select(indexes.key, name):
        if all(other.document.get(key) == document[key] for key in ("fields", "queryScope", "apiScope")):
            raise indexes.exists(other.name)
    moment = call.control.clock()
    full = f"{name}/indexes/{call.control.hex(16)}"
    index = Resource(indexes.key, full, {**document, "name": full, "state": "READY"}, moment, moment)
    call.store.insert(index)
    answer = operations.done(
        call.control,
        database.name,
        f"{_ADMIN}.Index",
        index.document,
        metadata_type=f"{_ADMIN}.IndexOperationMetadata",
        metadata={"index": full, "state": "SUCCESSFUL"},
    )
    return Response.of(answer)


async def create_schedule(call: Call) -> Response:
    """`backupSchedules.create`: one a day and one a week at most."""
    database = databases.must(call.control, schedules.parent(call.params))
    document = dict(call.body())
    kinds = [key for key in ("dailyRecurrence", "weeklyRecurrence") if document.get(key) is not None]
    if len(kinds) != 1:
        raise invalid_argument("A schedule is either dailyRecurrence or weeklyRecurrence.")
    if not re.fullmatch(r"\d+s", str(document.get("retention") or "")):
        raise invalid_argument("The retention is seconds with an s, such as 604800s.", {"retention": "invalid"})
    if kinds == ["weeklyRecurrence"] and document["weeklyRecurrence"].get("day") not in _DAYS:
        raise invalid_argument(f"The day must be one of {', '.join(_DAYS)}.", {"weeklyRecurrence.day": "unknown"})
    if int(document["retention"][:-1]) > 14 * 7 * 86_400:
        raise invalid_argument("Backups are kept 14 weeks at most.", {"retention": "too long"})
    if any(kinds[0] in other.document for other in call.store.select(schedules.key, database.name)):
        raise failed_precondition(f"The database has a schedule with {kinds[0]} already.")
    moment, name = call.control.clock(), f"{database.name}/backupSchedules/{call.control.uid()}"
    made = call.control.now()
    document = {**document, "name": name, "createTime": made, "updateTime": made}
    call.store.insert(Resource(schedules.key, name, document, moment, moment))
    return Response.of(document)


API = Api(
    "firestore.googleapis.com",
    "firestore",
    [databases, indexes, schedules],
    [
        Route("POST", indexes.path.rpartition("/")[0], create_index),
        Route("POST", schedules.path.rpartition("/")[0], create_schedule),
        *operations.routes("v1", "projects/{project}", "projects/{project}/databases/{database}"),
    ],
    flat=False,
)
