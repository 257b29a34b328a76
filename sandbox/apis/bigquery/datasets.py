"""BigQuery v2: datasets. The engine has the dataset itself; what it does not keep of its document is kept here."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.bigquery import access, child, documents
from sandbox.control import names
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

DATASETS, TABLES, ROUTINES = "bigquery.datasets", "bigquery.tables", "bigquery.routines"
FILES = "bigquery.files"  # of tables that are files, what was last read
HIDDEN = "_files_"  # before a dataset's name: where their rows are; one that begins so is in no list
CREATOR = "sandbox-user@example.com"

_COLLECTION = "v2/projects/{project}/datasets"
_NAME = f"{_COLLECTION}/{{dataset}}"
_SERVER = (
    "kind",
    "etag",
    "id",
    "selfLink",
    "creationTime",
    "lastModifiedTime",
    "type",
    "satisfiesPzs",
    "accessPolicyVersion",
)
_FIXED = ("datasetReference", "location")
# What the engine knows of a dataset too (its INFORMATION_SCHEMA shows it).
_ENGINE = ("friendlyName", "description", "labels", "location")
# What SQL can say of one that it makes besides.
_OF_SQL = ("defaultTableExpirationMs", "defaultPartitionExpirationMs", "isCaseInsensitive")


def name(project: str, dataset: str) -> str:
    """A dataset's relative name."""
    return f"projects/{project}/datasets/{dataset}"


def missing(project: str, dataset: str) -> ApiError:
    """404."""
    return not_found(f"Not found: Dataset {project}:{dataset}")


async def load(control: Control, project: str, dataset: str) -> Resource:
    """A dataset. One that SQL created gets its document here; one that SQL dropped is forgotten. Raises 404."""
    theirs = await child.find(control, child.dataset_path(project, dataset))
    if theirs is None:
        forget(control, project, dataset)
        raise missing(project, dataset)
    return adopt(control, project, dataset, theirs)


def adopt(control: Control, project: str, dataset: str, theirs: dict[str, Any]) -> Resource:
    """Our document of a dataset that the engine has."""
    ours = control.store.get(DATASETS, name(project, dataset))
    if ours is not None and ours.document["creationTime"] == theirs["creationTime"]:
        return ours
    if ours is not None:
        forget(control, project, dataset)
    document: dict[str, Any] = {"access": access.defaults(CREATOR), "lastModifiedTime": theirs["lastModifiedTime"]}
    document.update({key: theirs[key] for key in (*_ENGINE, *_OF_SQL) if theirs.get(key)})
    return _insert(control, project, dataset, document, theirs["creationTime"])


def _insert(control: Control, project: str, dataset: str, document: dict[str, Any], created: str) -> Resource:
    whole = {
        "kind": "bigquery#dataset",
        "id": f"{project}:{dataset}",
        "selfLink": f"https://bigquery.googleapis.com/bigquery/v2/{name(project, dataset)}",
        "type": "DEFAULT",
        "maxTimeTravelHours": "168",
        **document,
        "datasetReference": {"datasetId": dataset, "projectId": project},
        "creationTime": created,
    }
    whole["etag"] = documents.etag(whole)
    resource = Resource(DATASETS, name(project, dataset), whole, control.clock(), control.clock())
    control.store.delete(DATASETS, resource.name)
    control.store.insert(resource)
    return resource


def forget(control: Control, project: str, dataset: str) -> None:
    """Drop our documents and policies of a dataset, its tables and its routines."""
    with control.store.transaction():
        for kind in (TABLES, ROUTINES, FILES):
            for part in control.store.select(kind, name(project, dataset)):
                control.store.delete(kind, part.name)
                control.store.delete_policy(f"//bigquery.googleapis.com/{part.name}")
        control.store.delete(DATASETS, name(project, dataset))


async def _checked(
    control: Control, document: dict[str, Any], standing: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A request's fields, in their normal form; 400 for what BigQuery refuses. `standing` is the access so far."""
    document = documents.normal({key: value for key, value in document.items() if key not in _SERVER})
    names.check_labels(document.get("labels"))
    if "access" in document:
        document["access"] = access.canonical(control, document["access"])
        await access.check_authorized(control, [one for one in document["access"] if one not in (standing or [])])
    hours = str(document.get("maxTimeTravelHours", "168"))
    if not hours.isdigit() or not 48 <= int(hours) <= 168 or int(hours) % 24:
        raise invalid_argument(f"Invalid value for maxTimeTravelHours: {hours}. It is a multiple of 24 from 48 to 168.")
    expiration = document.get("defaultTableExpirationMs")
    if expiration is not None and (not str(expiration).isdigit() or int(expiration) < 3_600_000):
        raise invalid_argument("Default table expiration must be at least one hour (3600000 ms).")
    return document


async def _list(call: Call) -> Response:
    answer = await child.ask(call.control, "GET", f"{child.BASE}/{call.project}/datasets?maxResults=1000000")
    found = []
    for theirs in sorted(answer.get("datasets", []), key=lambda item: str(item["datasetReference"]["datasetId"])):
        dataset = theirs["datasetReference"]["datasetId"]
        if dataset.startswith("_") and not call.flag("all"):
            continue
        document = adopt(call.control, call.project, dataset, theirs).document
        shown = ("kind", "id", "datasetReference", "labels", "friendlyName", "location", "type")
        found.append({key: document[key] for key in shown if key in document})
    items, token = documents.page(call, found, 1000)
    page: dict[str, Any] = {"kind": "bigquery#datasetList"}
    if items:
        page["datasets"] = items
    if token:
        page["nextPageToken"] = token
    return Response.of(page)


async def _insert_dataset(call: Call) -> Response:
    control, body = call.control, documents.body(call)
    dataset = str((body.get("datasetReference") or {}).get("datasetId", ""))
    if not re.fullmatch(r"[A-Za-z0-9_]{1,1024}", dataset):
        text = (
            f'Invalid dataset ID "{dataset}". Dataset IDs must be alphanumeric (plus underscores) and must be at most '
        )
        raise invalid_argument(text + "1024 characters long.")
    document = await _checked(control, body)
    location = str(document.get("location", "US"))
    document["location"] = location.upper() if location.lower() in ("us", "eu") else location
    if document["location"] not in ("US", "EU"):
        try:
            names.check_location(document["location"])
        except ApiError as error:
            raise invalid_argument(f"Invalid value for location: {location} is not a valid value") from error
    document.setdefault("access", access.defaults(CREATOR))
    theirs = {key: document[key] for key in _ENGINE if key in document}
    theirs["datasetReference"] = {"projectId": call.project, "datasetId": dataset}
    try:
        created = await child.ask(control, "POST", f"{child.BASE}/{call.project}/datasets", theirs)
    except ApiError as error:
        if error.code == 409:
            text = f"Already Exists: Dataset {call.project}:{dataset}"
            raise ApiError("ALREADY_EXISTS", text, reason="duplicate") from error
        raise
    forget(control, call.project, dataset)
    document["lastModifiedTime"] = created["creationTime"]
    return Response.of(_insert(control, call.project, dataset, document, created["creationTime"]).document)


async def _get(call: Call) -> Response:
    return Response.of((await load(call.control, call.project, call.params["dataset"])).document)


async def _change(call: Call) -> Response:
    """PATCH merges, PUT replaces."""
    control, body = call.control, documents.body(call)
    dataset = await load(control, call.project, call.params["dataset"])
    old = dataset.document
    documents.check_match(call, old)
    for field in _FIXED:
        if field == "location" and body.get(field) and str(body[field]).lower() != old["location"].lower():
            raise invalid_argument("Dataset location can't be changed.")
    asked = {key: value for key, value in body.items() if key not in (*_SERVER, *_FIXED)}
    if call.request.method == "PATCH":
        asked = documents.patched({k: v for k, v in old.items() if k not in (*_SERVER, *_FIXED)}, asked)
    document = await _checked(control, asked, old["access"])
    document.setdefault("access", old["access"])
    kept = {key: old[key] for key in (*_SERVER, *_FIXED) if key in old}
    document = {"maxTimeTravelHours": "168", **document, **kept, "lastModifiedTime": documents.milliseconds(call)}
    theirs = {key: document.get(key) for key in _ENGINE}
    theirs["labels"] = theirs["labels"] or {}
    await child.ask(control, "PATCH", f"{child.BASE}/{child.dataset_path(call.project, dataset.id)}", theirs)
    document["etag"] = documents.etag(document)
    dataset.document, dataset.updated = document, control.clock()
    control.store.put(dataset)
    return Response.of(document)


async def _delete(call: Call) -> Response:
    control, dataset = call.control, call.params["dataset"]
    document = (await load(control, call.project, dataset)).document
    documents.check_match(call, document)
    path = f"{child.BASE}/{child.dataset_path(call.project, dataset)}"
    if not call.flag("deleteContents"):
        tables = await child.ask(control, "GET", f"{path}/tables?maxResults=1")
        routines = await child.ask(control, "GET", f"{path}/routines")
        if tables.get("tables") or routines.get("routines"):
            text = f"Dataset {call.project}:{dataset} is still in use"
            raise invalid_argument(text, reason="resourceInUse")
    await child.ask(control, "DELETE", f"{path}?deleteContents=true")
    if control.store.select(FILES, name(call.project, dataset)):
        hidden = child.dataset_path(call.project, HIDDEN + dataset)
        await child.send(control, "DELETE", f"{child.BASE}/{hidden}?deleteContents=true")
    forget(control, call.project, dataset)
    return Response(204)


ROUTES = [
    Route("GET", _COLLECTION, _list),
    Route("POST", _COLLECTION, _insert_dataset),
    Route("GET", _NAME, _get),
    Route("PATCH", _NAME, _change),
    Route("PUT", _NAME, _change),
    Route("DELETE", _NAME, _delete),
]
