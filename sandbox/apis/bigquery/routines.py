"""BigQuery v2: routines. The engine runs them; the rest of a routine's document is kept here."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.apis.bigquery import child, datasets, documents, outside, policies
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

ROUTINES = datasets.ROUTINES

_COLLECTION = "v2/projects/{project}/datasets/{dataset}/routines"
_NAME = f"{_COLLECTION}/{{routine}}"
_SERVER = ("etag", "creationTime", "lastModifiedTime", "routineReference")
_TYPES = ("SCALAR_FUNCTION", "TABLE_VALUED_FUNCTION", "PROCEDURE")
_LANGUAGES = ("SQL", "JAVASCRIPT")
_REFUSED = ("pythonOptions", "externalRuntimeOptions")
_ENGINE = (
    "routineType",
    "language",
    "definitionBody",
    "arguments",
    "returnType",
    "importedLibraries",
    "description",
    "determinismLevel",
)


def path(project: str, dataset: str, routine: str) -> str:
    """Below `projects/`, for the engine."""
    return f"{child.dataset_path(project, dataset)}/routines/{quote(routine, safe='')}"


def name(project: str, dataset: str, routine: str) -> str:
    """A routine's relative name."""
    return f"{datasets.name(project, dataset)}/routines/{routine}"


async def load(control: Control, project: str, dataset: str, routine: str) -> dict[str, Any]:
    """A routine's document: ours where the engine's is as we made it, the engine's where SQL did. Raises 404."""
    theirs = await child.find(control, path(project, dataset, routine))
    if theirs is None:
        forget(control, name(project, dataset, routine))
        await datasets.load(control, project, dataset)
        raise not_found(f"Not found: Routine {project}:{dataset}.{routine}")
    return _known(control, project, dataset, routine, theirs)


async def of_dataset(control: Control, project: str, dataset: str) -> list[dict[str, Any]]:
    """The documents of a dataset's routines, by their names."""
    answer = await child.ask(control, "GET", f"{child.BASE}/{child.dataset_path(project, dataset)}/routines")
    found = sorted(answer.get("routines", []), key=lambda item: str(item["routineReference"]["routineId"]))
    return [_known(control, project, dataset, each["routineReference"]["routineId"], each) for each in found]


def forget(control: Control, key: str) -> None:
    """Drop our document and policy of a routine."""
    control.store.delete(ROUTINES, key)
    control.store.delete_policy(f"//bigquery.googleapis.com/{key}")


def _known(control: Control, project: str, dataset: str, routine: str, theirs: dict[str, Any]) -> dict[str, Any]:
    ours = control.store.get(ROUTINES, name(project, dataset, routine))
    if ours is not None and ours.document["lastModifiedTime"] == theirs["lastModifiedTime"]:
        return ours.document
    return {key: value for key, value in theirs.items() if value not in (None, [])}


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    """A request's fields; 400 for what BigQuery refuses, 501 for what the engine can't do."""
    document: dict[str, Any] = documents.normal({key: value for key, value in body.items() if key not in _SERVER})
    kind = document.get("routineType")
    if kind not in _TYPES:
        if kind == "AGGREGATE_FUNCTION":
            raise unimplemented("The sandbox does not implement aggregate functions of BigQuery.")
        raise invalid_argument("Invalid value for routineType: it is one of " + ", ".join(_TYPES))
    for field in _REFUSED:
        if document.get(field):
            raise unimplemented(f"The sandbox does not implement BigQuery routines with {field}.")
    _check_arguments(document)
    if outside.is_outside(document):
        return document
    language = document.setdefault("language", "SQL")
    if language in outside.SPARK and kind == "PROCEDURE":
        raise invalid_argument(f"A procedure in {language} has sparkOptions.")
    if language not in _LANGUAGES:
        raise unimplemented(f"The sandbox does not implement BigQuery routines in {language}.")
    if not str(document.get("definitionBody", "")).strip():
        raise invalid_argument("Routine definition body must be specified.")
    if language == "JAVASCRIPT":
        if kind != "SCALAR_FUNCTION":
            raise invalid_argument("A routine in JAVASCRIPT is a SCALAR_FUNCTION.")
        if not document.get("returnType"):
            raise invalid_argument("Return type must be specified for JAVASCRIPT routines.")
        if document.get("importedLibraries"):
            raise unimplemented("The sandbox does not implement BigQuery routines with importedLibraries.")
    elif document.get("importedLibraries"):
        raise invalid_argument("Imported libraries are only allowed for JAVASCRIPT routines.")
    if kind != "PROCEDURE" and document.get("securityMode"):
        raise invalid_argument("Security mode is only allowed for procedures.")
    return document


def _check_arguments(document: dict[str, Any]) -> None:
    kind = document["routineType"]
    for argument in document.get("arguments") or []:
        fixed = argument.get("argumentKind", "FIXED_TYPE") == "FIXED_TYPE"
        if fixed and not argument.get("dataType"):
            raise invalid_argument(f"Argument {argument.get('name', '')} needs a data type.")
        if argument.get("mode") and kind != "PROCEDURE":
            raise invalid_argument(f"Argument {argument.get('name', '')}: only arguments of procedures have a mode.")


async def _tell(
    control: Control, method: str, where: str, document: dict[str, Any], reference: dict[str, str]
) -> dict[str, Any]:
    """Tell the engine all it knows of a routine, so that a change takes away what is left out."""
    if outside.is_outside(document):
        dataset = await datasets.load(control, reference["projectId"], reference["datasetId"])
        document = outside.told(control, dataset.document["location"], document)
    told = {key: document.get(key) for key in _ENGINE}
    told |= {"arguments": told["arguments"] or [], "importedLibraries": told["importedLibraries"] or []}
    return await child.ask(control, method, where, {**told, "routineReference": reference})


def _store(control: Control, project: str, dataset: str, routine: str, document: dict[str, Any]) -> dict[str, Any]:
    document = {**document, "etag": documents.etag(document)}
    moment, key = control.clock(), name(project, dataset, routine)
    with control.store.transaction():
        control.store.delete(ROUTINES, key)
        control.store.insert(Resource(ROUTINES, key, document, moment, moment))
    return document


async def _insert(call: Call) -> Response:
    control, body, project, dataset = call.control, documents.body(call), call.project, call.params["dataset"]
    routine = str((body.get("routineReference") or {}).get("routineId", ""))
    if not re.fullmatch(r"\w{1,256}", routine, re.ASCII):
        raise invalid_argument(f'Invalid routine ID "{routine}".')
    await datasets.load(control, project, dataset)
    document = _checked(body)
    reference = {"projectId": project, "datasetId": dataset, "routineId": routine}
    collection = f"{child.BASE}/{child.dataset_path(project, dataset)}/routines"
    try:
        made = await _tell(control, "POST", collection, document, reference)
    except ApiError as error:
        if error.code == 409:
            text = f"Already Exists: Routine {project}:{dataset}.{routine}"
            raise ApiError("ALREADY_EXISTS", text, reason="duplicate") from error
        raise
    times = {key: made[key] for key in ("creationTime", "lastModifiedTime")}
    document = {"routineReference": reference, **document, **times}
    return Response.of(_store(control, project, dataset, routine, document))


async def _update(call: Call) -> Response:
    """PUT: the whole routine; its type is for good."""
    control, project, dataset, routine = call.control, call.project, call.params["dataset"], call.params["routine"]
    old = await load(control, project, dataset, routine)
    documents.check_match(call, old)
    document = _checked(documents.body(call))
    if document["routineType"] != old["routineType"]:
        raise invalid_argument("The type of a routine can't be changed.")
    where = f"{child.BASE}/{path(project, dataset, routine)}"
    made = await _tell(control, "PUT", where, document, old["routineReference"])
    kept = {"routineReference": old["routineReference"], "creationTime": old["creationTime"]}
    document = {**document, **kept, "lastModifiedTime": made["lastModifiedTime"]}
    return Response.of(_store(control, project, dataset, routine, document))


async def _get(call: Call) -> Response:
    return Response.of(await load(call.control, call.project, call.params["dataset"], call.params["routine"]))


async def _list(call: Call) -> Response:
    control, project, dataset = call.control, call.project, call.params["dataset"]
    await datasets.load(control, project, dataset)
    shown = ("etag", "routineReference", "routineType", "language", "creationTime", "lastModifiedTime")
    routines = await of_dataset(control, project, dataset)
    found = [{key: document[key] for key in shown if key in document} for document in routines]
    items, token = documents.page(call, found, 1000)
    page: dict[str, Any] = {"routines": items} if items else {}
    if token:
        page["nextPageToken"] = token
    return Response.of(page)


async def _delete(call: Call) -> Response:
    control, project, dataset, routine = call.control, call.project, call.params["dataset"], call.params["routine"]
    await load(control, project, dataset, routine)
    await child.ask(control, "DELETE", f"{child.BASE}/{path(project, dataset, routine)}")
    forget(control, name(project, dataset, routine))
    return Response(204)


async def _found(call: Call) -> str:
    project, dataset, routine = call.project, call.params["dataset"], call.params["routine"]
    await load(call.control, project, dataset, routine)
    return name(project, dataset, routine)


ROUTES = [
    Route("GET", _COLLECTION, _list),
    Route("POST", _COLLECTION, _insert),
    Route("GET", _NAME, _get),
    Route("PUT", _NAME, _update),
    Route("DELETE", _NAME, _delete),
    *policies.routes(_NAME, _found),
]
