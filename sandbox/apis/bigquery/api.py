"""BigQuery v2. Its engine is a child process; datasets and tables have more to them than the engine keeps."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sandbox.apis.bigquery import (
    anonymous,
    buckets,
    child,
    constraints,
    datasets,
    ddl,
    documents,
    files,
    files_ddl,
    information,
    jobs,
    locations,
    meta,
    partitions,
    remote_ddl,
    routines,
    running,
    uploads,
)
from sandbox.apis.bigquery import rows as bigquery_rows
from sandbox.apis.bigquery import table_documents as tables
from sandbox.apis.bigquery import tables as bigquery_tables
from sandbox.apis.bigquery.forward import forward, passed
from sandbox.apis.bigquery.results import ROWS, as_asked, written
from sandbox.control import names, paging, projects
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.runtime.bigquery import stops
from sandbox.runtime.bigquery.datasets_made import normal_location, placed
from sandbox.runtime.bigquery.process import BigQuery, is_result
from sandbox.runtime.processes import ProcessTable

# What a job's configuration has of the request that a query is.
_CONFIGURED = ("query", "useLegacySql", "defaultDataset", "queryParameters", "parameterMode", "connectionProperties")


async def _start(control: Control) -> None:
    """Start the engine in the background: the other APIs don't wait for it."""
    folder = control.state_dir / "run"
    folder.mkdir(exist_ok=True, mode=0o700)
    table = ProcessTable(folder / "bigquery.json")
    table.sweep()
    engine = BigQuery(control.state_dir, table, control.url)
    control.provide(engine)
    control.provide(uploads.Uploads())
    control.provide(running.Running())
    control.provide(buckets.Exports())
    control.provide(files.Reading())
    control.spawn(engine.run(), "BigQuery's engine")


async def _stop(control: Control) -> None:
    await control.part(BigQuery).stop()


API = Api(
    "bigquery.googleapis.com",
    "bigquery",
    routes=[*datasets.ROUTES, *bigquery_tables.ROUTES, *routines.ROUTES, *jobs.ROUTES, *uploads.ROUTES],
    # Its clients always send the prefix, and `v2/projects/…` is Cloud Run's.
    flat=False,
    error_style="legacy",
    start=_start,
    stop=_stop,
)


@API.route("GET", "v2/projects")
async def _list_projects(call: Call) -> Response:
    """`projects.list`: every project used so far."""
    size = call.integer("maxResults", 1000, 1000) or 1000
    found = [project for project in call.control.projects.ids() if project > paging.after(call.query("pageToken"))]
    page = paging.page("projects", found[: size + 1], size, lambda project: project, _shown_project)
    return Response.of({"kind": "bigquery#projectList", **page, "totalItems": len(page.get("projects", []))})


def _shown_project(project: str) -> dict[str, Any]:
    return {
        "kind": "bigquery#project",
        "id": project,
        "numericId": projects.number(project),
        "projectReference": {"projectId": project},
        "friendlyName": project,
    }


@asynccontextmanager
async def _ready(
    call: Call, query: dict[str, Any], location: str
) -> AsyncIterator[tuple[dict[str, Any], constraints.Keys | None]]:
    """The query that the engine is to run; what it knows nothing of is done, or at hand, or to be done after it."""
    async with files.temporary(call.control, call.project, query) as there:
        await files.refresh(call.control, there)
        text = await files_ddl.carry_out(call.control, call.project, there)
        text = placed(text, location)
        text = await remote_ddl.carry_out(call.control, call.project, {**there, "query": text})
        text, keys = await constraints.taken_out(call.control, call.project, {**there, "query": text})
        text = await meta.written_out(call.control, call.project, {**there, "query": text})
        text = await information.written_out(call.control, call.project, {**there, "query": text})
        yield (there if text == there.get("query") else {**there, "query": text}), keys


@API.route("POST", "v2/projects/{project}/queries", data=True)
async def _run_query(call: Call) -> Response:
    """Run a query, and wait for it as long as its client does."""
    body = documents.body(call)
    if body.get("dryRun"):
        return await _query(call, body)
    digits = call.control.hex(12)
    reference = {"projectId": call.project, "jobId": stops.PREFIX + digits, "location": body.get("location")}
    configuration = {"query": {name: body[name] for name in _CONFIGURED if name in body}}
    shown = running.document(call, reference, configuration)
    reference = shown["jobReference"]
    job = running.begin(call, shown, _query(call, body, digits, shown))
    if await running.ends(call, job, running.wait_seconds(body.get("timeoutMs"))):
        return job.result()
    return Response.of({"kind": "bigquery#queryResponse", "jobReference": reference, "jobComplete": False})


def _unnamed(call: Call, place: str) -> dict[str, Any]:
    """A dry run as a job."""
    location = normal_location(place) or locations.DEFAULT
    return {"jobReference": {"projectId": call.project, "jobId": "", "location": location}}


async def _query(call: Call, body: dict[str, Any], digits: str = "", shown: dict[str, Any] | None = None) -> Response:
    """The answer to a query, or to one that is `shown` as a job. The engine answers 200 to one that fails; BigQuery
    answers its error.
    """
    place = str(body.get("location") or "")
    job = shown or _unnamed(call, place)
    await locations.check(call.control, job, place, {"query": body})
    async with _ready(call, body, job["jobReference"]["location"]) as (query, keys):
        *first_steps, last = ddl.steps(str(query.get("query", "")))
        for step in first_steps:
            await child.run(call.control, call.project, step)
        query = {**query, "query": last}
        async with buckets.at_hand(call, "", {}):
            sent = None if query == body else json.dumps(query).encode()
            path = f"{child.BASE}/{call.project}/queries"
            answer = await forward(call, path, sent, {stops.NAME: digits} if digits else {})
            answer = await information.as_written(call.control, call.project, body, query, answer)
    document = answer.json() if answer.status_code == 200 else {}
    if document.get("errors") and not (document.get("schema") or {}).get("fields"):
        first = document["errors"][0]
        raise child.failure(str(first.get("reason", "invalidQuery")), str(first.get("message", "")))
    if keys is not None and answer.status_code == 200 and not body.get("dryRun"):
        await keys.write(call.control)
    if document.get("statementType") == "ALTER_TABLE":
        await ddl.follow(call.control, call.project, body)
    if shown is not None and answer.status_code == 200:
        called = names.url(shown["jobReference"]["jobId"])
        known = await child.find(call.control, f"{call.project}/jobs/{called}") if not body.get("location") else None
        answer = jobs.of_results(call.control, answer, known or shown)
    return await as_asked(call, answer)


@API.route("POST", "v2/projects/{project}/jobs", data=True)
async def _insert_job(call: Call) -> Response:
    """Begin a job. Its answer is the job as it ended, where it did within a moment."""
    body = documents.body(call)
    configuration = dict(body.get("configuration") or {})
    reference = {"projectId": call.project, **(body.get("jobReference") or {})}
    reference["jobId"] = str(reference.get("jobId") or f"job_{call.control.hex(24)}")
    shown = running.document(call, reference, configuration)
    if configuration.get("dryRun"):
        await uploads.refuse_taken(call, call.request.body)
        return await _job(call, body, shown, configuration)
    if running.find(call.control, call.project, reference["jobId"]) is not None:
        await uploads.refuse_taken(call, call.request.body)
    job = running.begin(call, shown, _new_job(call, body, shown, configuration))
    return job.result() if await running.ends(call, job) else Response.of(shown)


async def _new_job(call: Call, body: dict[str, Any], shown: dict[str, Any], configuration: dict[str, Any]) -> Response:
    """A job of a name that no other has: who begins it doesn't wait for an engine that is busy to say so."""
    await uploads.refuse_taken(call, call.request.body, itself=True)
    return await _job(call, body, shown, configuration)


def _failed(call: Call, shown: dict[str, Any], error: ApiError) -> Response:
    """A job that failed before the engine had it."""
    ended = running.failed(shown, error, documents.milliseconds(call))
    running.keep_failed(call.control, call.project, ended)
    return Response.of(ended)


async def _job(call: Call, body: dict[str, Any], shown: dict[str, Any], configuration: dict[str, Any]) -> Response:
    """A job that is `shown` so while it runs, as it ends."""
    reference = shown["jobReference"]
    keys: constraints.Keys | None = None
    asked_for = str((body.get("jobReference") or {}).get("location") or "")
    async with AsyncExitStack() as stack:
        try:
            await locations.check(call.control, shown, asked_for, configuration)
        except ApiError as error:
            if configuration.get("dryRun"):
                raise
            return _failed(call, shown, error)
        if "query" in configuration:
            asked = {**configuration["query"], "dryRun": bool(configuration.get("dryRun"))}
            try:
                query, keys = await stack.enter_async_context(_ready(call, asked, shown["jobReference"]["location"]))
                configuration["query"] = {name: value for name, value in query.items() if name != "dryRun"}
            except ApiError as error:
                if error.code >= 500:
                    raise
                return _failed(call, shown, error)
        await stack.enter_async_context(buckets.at_hand(call, reference["jobId"], body))
        whole = {**body, "configuration": configuration, "jobReference": reference}
        answer = await forward(call, f"{child.BASE}/{call.project}/jobs", json.dumps(whole).encode())
        if "query" in configuration:
            written = body["configuration"]["query"]
            answer = await information.as_written(call.control, call.project, written, configuration["query"], answer)
    done = answer.json() if answer.status_code == 200 else {}
    if keys is not None and done and not done.get("status", {}).get("errorResult") and not configuration.get("dryRun"):
        await keys.write(call.control)
    statistics = done.get("statistics", {}).get("query", {})
    if statistics.get("statementType") == "ALTER_TABLE":
        await ddl.follow(call.control, call.project, body["configuration"]["query"])
    return passed(call, jobs.in_place(call.control, answer))


@API.route("POST", "v2/projects/{project}/datasets/{dataset}/tables/{table}/insertAll", data=True)
async def _insert_rows(call: Call) -> Response:
    """Append rows. Those that don't fit are told apart here: the engine fails as a whole on them."""
    params, path = call.params, child.table_path(call.project, call.params["dataset"], call.params["table"])
    path = f"{child.BASE}/{path}/insertAll"
    body = documents.body(call)
    rows = body.get("rows") or []
    if body.get("templateSuffix"):
        raise unimplemented("The sandbox does not implement templateSuffix.")
    if not isinstance(rows, list) or not rows:
        raise invalid_argument("No rows present in the request.")
    table = await tables.load(call.control, call.project, params["dataset"], params["table"])
    if table["type"] != "TABLE":
        raise invalid_argument(f"Cannot add rows to a table of type {table['type']}.")
    fields = (table.get("schema") or {}).get("fields") or []
    errors = bigquery_rows.check(rows, fields, ignore_unknown=bool(body.get("ignoreUnknownValues")))
    skip = bool(body.get("skipInvalidRows"))
    fitting = [row for index, row in enumerate(rows) if index not in errors]
    if fitting and (skip or not errors):
        sent: dict[str, Any] = {"rows": fitting, "ignoreUnknownValues": True}
        await child.ask(call.control, "POST", path, sent)
    result: dict[str, Any] = {"kind": "bigquery#tableDataInsertAllResponse"}
    if errors:
        result["insertErrors"] = bigquery_rows.answer(errors, len(rows), skip_invalid=skip)
    return Response.of(result)


@API.route("GET", "v2/projects/{project}/queries/{job}", data=True)
async def _query_results(call: Call) -> Response:
    """`jobs.getQueryResults`, by which clients wait for a job: of one that failed it is the job's error."""
    job = call.params.pop("job")
    waiting = running.find(call.control, call.project, job)
    if waiting is not None and not await running.ends(call, waiting, running.wait_seconds(call.query("timeoutMs"))):
        reference = waiting.document["jobReference"]
        kind = "bigquery#getQueryResultsResponse"
        return Response.of({"kind": kind, "jobReference": reference, "jobComplete": False})
    call.params["rest"] = f"queries/{job}"
    answer = await forward(call, f"{child.BASE}/{call.project}/queries/{names.url(job)}")
    if answer.status_code == 404 and (error := await jobs.failure(call, job)) is not None:
        raise error
    if answer.status_code == 200 and not call.query("pageToken"):
        known = await child.find(call.control, f"{call.project}/jobs/{names.url(job)}")
        answer = jobs.of_results(call.control, answer, known) if known else answer
    return await as_asked(call, answer)


@API.route("GET", "v2/projects/{project}/{rest*}", data=True)
@API.route("POST", "v2/projects/{project}/{rest*}", data=True)
@API.route("PUT", "v2/projects/{project}/{rest*}", data=True)
@API.route("PATCH", "v2/projects/{project}/{rest*}", data=True)
@API.route("DELETE", "v2/projects/{project}/{rest*}", data=True)
async def _rest(call: Call) -> Response:
    """Jobs, results, rows, row access policies: the engine's own."""
    if found := ROWS.fullmatch(call.params["rest"]):
        if is_result(found[1], found[2]):
            return written(call, *await anonymous.rows(call, found[2]))
        if found[2].endswith(partitions.SUFFIX):
            return await partitions.rows(call, found[1], found[2].removesuffix(partitions.SUFFIX))
        if "$" in found[2]:
            return await partitions.rows_of(call, found[1], found[2])
        if tables.external(call.control, tables.name(call.project, found[1], found[2])):
            raise invalid_argument("Cannot list a table of type EXTERNAL.")
    return await as_asked(call, await forward(call, f"{child.BASE}/{call.project}/{names.url(call.params['rest'])}"))
