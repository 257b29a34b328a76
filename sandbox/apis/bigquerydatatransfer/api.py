"""BigQuery Data Transfer v1: transfer configurations and their runs. Scheduled queries run (`runs`);
configurations of other sources are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox.apis.bigquerydatatransfer import plan as transfer_plan
from sandbox.apis.bigquerydatatransfer import query as transfer_query
from sandbox.apis.bigquerydatatransfer import runs as transfer_runs
from sandbox.apis.bigquerydatatransfer.runs import SCHEDULED_QUERY, Runs
from sandbox.apis.oauth2 import EMAIL
from sandbox.control import locations, paging, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call, Control
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")
_STATES = {"2": "PENDING", "3": "RUNNING", "4": "SUCCEEDED", "5": "FAILED", "6": "CANCELLED"}
_SEVERITIES = {"1": "INFO", "2": "WARNING", "3": "ERROR"}
_MOST_RUNS = 1000
_PLANNED_BY = ("schedule", "scheduleOptions", "scheduleOptionsV2", "disabled")

configs = Collection(
    path="v1/projects/{project}/locations/{location}/transferConfigs/{config}",
    noun="TransferConfig",
    type="google.cloud.bigquery.datatransfer.v1.TransferConfig",
    id_required=False,
    mask="required",
    output_only=("nextRunTime", "userId", "datasetRegion", "ownerInfo", "error"),
    on_create_set={"state": lambda config, call: "PENDING"},
    on_update_set={"updateTime": now},
    immutable=("dataSourceId",),
    required=("dataSourceId", "displayName"),
    labels=(),
)

runs = Collection(
    path="v1/projects/{project}/locations/{location}/transferConfigs/{config}/runs/{run}",
    noun="TransferRun",
    create=None,
    update=(),
    listing=False,
    labels=(),
    parents=(configs,),
)

API = Api("bigquerydatatransfer.googleapis.com", "bigquerydatatransfer", [configs, runs], [*locations.routes("v1")])


async def _start(control: Control) -> None:
    control.provide(Runs(control))


async def _ready(control: Control) -> None:
    control.part(Runs).begin()


API.start, API.ready = _start, _ready


@API.route("POST", "v1/projects/{project}/locations/{location}/dataSources/{source}", verb="checkValidCreds")
async def check_credentials(call: Call) -> Response:
    """`dataSources.checkValidCreds`, which bq asks first: any credential will do here."""
    return Response.of({"hasValidCreds": True})


def _complete(config: Resource) -> None:
    document = config.document
    parameters: dict[str, Any] = document.setdefault("params", {})
    if document["dataSourceId"] == SCHEDULED_QUERY:
        if problem := transfer_query.check(parameters, document.get("destinationDatasetId")):
            raise invalid_argument(problem, {"transfer_config.params": problem})
    elif not document.get("destinationDatasetId"):
        raise invalid_argument("destinationDatasetId is required.", {"destination_dataset_id": "required"})
    document.setdefault("datasetRegion", config.name.split("/")[3])
    schedule = str(document.get("schedule") or "")
    if not schedule and document["dataSourceId"] != SCHEDULED_QUERY:
        document["schedule"] = "every 24 hours"
    transfer_plan.plan(config)
    topic = str(document.get("notificationPubsubTopic") or "")
    if topic and not _TOPIC.fullmatch(topic):
        message = "notificationPubsubTopic must be projects/P/topics/T."
        raise invalid_argument(message, {"transfer_config.notification_pubsub_topic": message})


@configs.on_create
async def check(config: Resource, call: Call) -> None:
    """With what its source needs."""
    config.document["ownerInfo"] = {"email": call.query("serviceAccountName") or EMAIL}
    _complete(config)


@configs.created
async def plan(config: Resource, call: Call) -> None:
    """Its first run is planned."""
    call.control.part(Runs).plan(config, made=True)


@configs.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; the account may be another."""
    account = call.query("serviceAccountName")
    if account:
        new.document["ownerInfo"] = {"email": account}
    _complete(new)


@configs.updated
async def plan_anew(old: Resource, new: Resource, call: Call) -> None:
    """A changed schedule holds from now on."""
    if any(old.document.get(field) != new.document.get(field) for field in _PLANNED_BY):
        call.control.part(Runs).plan(new)


@configs.deleted
async def end(config: Resource, call: Call) -> None:
    """It doesn't run any more."""
    call.control.part(Runs).end(config.name)


@configs.shown_by
def shown(config: Resource, call: Call) -> dict[str, Any]:
    """By the project's number; whose credentials it runs with is told where the one configuration is asked for."""
    document = {**config.document, "name": projects.by_number(config.name)}
    if call.request.method != "GET" or "config" not in call.params:
        document.pop("ownerInfo", None)
    return document


@configs.verb("startManualRuns")
async def start_manual_runs(config: Resource, call: Call) -> dict[str, Any]:
    """`transferConfigs.startManualRuns`: for one time, or for those of the schedule within a range."""
    body, clock = call.body(), call.control.clock()
    if requested := body.get("requestedRunTime"):
        at = transfer_plan.moment(requested, "requested_run_time")
        if at > clock:
            raise invalid_argument("requested_run_time is in the future.", {"requested_run_time": "in the future"})
        return _begun(config, call, [at])
    span = body.get("requestedTimeRange")
    if not isinstance(span, dict):
        text = "One of requested_run_time and requested_time_range is required."
        raise invalid_argument(text, {"requested_run_time": text})
    return _within(config, call, span, "requested_time_range.")


@configs.verb("scheduleRuns")
async def schedule_runs(config: Resource, call: Call) -> dict[str, Any]:
    """`transferConfigs.scheduleRuns`, the older call for a range."""
    return _within(config, call, call.body(), "")


def _within(config: Resource, call: Call, span: dict[str, Any], prefix: str) -> dict[str, Any]:
    start, end = (
        transfer_plan.moment(span.get(field), f"{prefix}{name}")
        for field, name in (("startTime", "start_time"), ("endTime", "end_time"))
    )
    if start >= end:
        raise invalid_argument("The start time must be before the end time.", {f"{prefix}start_time": ">= end_time"})
    planned = transfer_plan.plan(config)
    if planned is None:
        raise failed_precondition("The configuration has no schedule by which a range could have times.")
    times: list[float] = []
    at = planned.times.after(start - 1e-3)
    while at is not None and at < end:
        times.append(at)
        if len(times) > _MOST_RUNS:
            text = f"The range has more than {_MOST_RUNS} times of the schedule: ask for a shorter one."
            raise invalid_argument(text, {f"{prefix}end_time": text})
        at = planned.times.after(at)
    return _begun(config, call, times)


def _begun(config: Resource, call: Call, times: Sequence[float]) -> dict[str, Any]:
    source = config.document["dataSourceId"]
    if source != SCHEDULED_QUERY:
        raise unimplemented(f"The sandbox does not implement runs of the data source {source}.")
    if config.document.get("disabled"):
        raise failed_precondition("The transfer configuration is disabled.")
    with call.store.transaction():
        made = [call.control.part(Runs).add(config, at) for at in times]
    return {"runs": [transfer_runs.shown(run) for run in made]}


@runs.deleted
async def forget(run: Resource, call: Call) -> None:
    """It isn't begun any more."""
    call.control.part(Runs).forget(run.name)


@runs.shown_by
def shown_run(run: Resource, call: Call) -> dict[str, Any]:
    """Without what is told in its log."""
    return transfer_runs.shown(run)


@API.route("GET", "v1/projects/{project}/locations/{location}/transferConfigs/{config}/runs")
async def list_runs(call: Call) -> Response:
    """`runs.list`: the latest first, by their states, all of them or the last of each day."""
    config = configs.must(call.control, configs.name(call.params))
    wanted = {_STATES.get(state, state) for state in call.request.query.get("states", ())}
    found = call.store.select(runs.key, config.name)
    found.sort(key=lambda run: (str(run.document["runTime"]), run.created, run.name), reverse=True)
    if call.query("runAttempt") in ("LATEST", "1"):
        days: dict[str, Resource] = {}
        for run in found:
            days.setdefault(str(run.document["runTime"])[:10], run)
        found = list(days.values())
    found = [run for run in found if not wanted or run.document["state"] in wanted]
    size = call.integer("pageSize", 100, 1000) or 100
    rest = paging.rest(found, paging.after(call.query("pageToken")), lambda run: run.name)
    return Response.of(paging.page("transferRuns", rest, size, lambda run: run.name, transfer_runs.shown))


@API.route("GET", "v1/projects/{project}/locations/{location}/transferConfigs/{config}/runs/{run}/transferLogs")
async def list_logs(call: Call) -> Response:
    """`transferLogs.list`: what a run has said."""
    run = runs.must(call.control, runs.name(call.params))
    wanted = {_SEVERITIES.get(kind, kind) for kind in call.request.query.get("messageTypes", ())}
    said = [each for each in run.document["messages"] if not wanted or each["severity"] in wanted]
    numbered = [(str(number), each) for number, each in enumerate(said)]
    size = call.integer("pageSize", 100, 1000) or 100
    rest = paging.rest(numbered, paging.after(call.query("pageToken")), lambda each: each[0])
    return Response.of(paging.page("transferMessages", rest, size, lambda each: each[0], lambda each: each[1]))


@API.route("GET", "v1/projects/{project}/transferConfigs")
@API.route("POST", "v1/projects/{project}/transferConfigs")
@API.route("POST", "v1/projects/{project}/dataSources/{rest*}")
async def without_location(call: Call) -> Response:
    """Calls without a location: of the US, or where the configuration's dataset is."""
    location = "us"
    if call.request.method == "GET":
        location = "-"
    elif dataset := str(call.body().get("destinationDatasetId") or ""):
        path = f"/bigquery/v2/projects/{call.project}/datasets/{dataset}"
        found = await call.control.dispatch(replace(call.request, method="GET", path=path, query={}, body=b""))
        if found.status == 200:
            location = str(found.json().get("location", location)).lower()
    return await _at(call, location)


@API.route("GET", "v1/projects/{project}/transferConfigs/{rest*}")
@API.route("POST", "v1/projects/{project}/transferConfigs/{rest*}")
@API.route("PATCH", "v1/projects/{project}/transferConfigs/{rest*}")
@API.route("DELETE", "v1/projects/{project}/transferConfigs/{rest*}")
async def wherever(call: Call) -> Response:
    """The same for one configuration, wherever it is."""
    config = re.split("[/:]", call.params["rest"])[0]
    for found in call.store.select(configs.key, f"projects/{call.project}/locations/-"):
        if found.name.rpartition("/")[2] == config:
            return await _at(call, found.name.split("/")[3])
    raise not_found(f"Requested entity was not found: projects/{call.project}/transferConfigs/{config}")


async def _at(call: Call, location: str) -> Response:
    before, _, rest = call.request.path.partition("/projects/")
    project, _, rest = rest.partition("/")
    path = f"{before}/projects/{project}/locations/{location}/{rest}"
    return await call.control.dispatch(replace(call.request, path=path))
