"""BigQuery Data Transfer v1: transfer configurations, above all scheduled queries. They are kept; runs are not made."""

from __future__ import annotations

from typing import Any

from sandbox.apis.oauth2 import EMAIL
from sandbox.control import locations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_SCHEDULED_QUERY = "scheduled_query"

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

API = Api("bigquerydatatransfer.googleapis.com", "bigquerydatatransfer", [configs], [*locations.routes("v1")])


@API.route("POST", "v1/projects/{project}/locations/{location}/dataSources/{source}", verb="checkValidCreds")
async def check_credentials(call: Call) -> Response:
    """`dataSources.checkValidCreds`, which bq asks first: any credential will do here."""
    return Response.of({"hasValidCreds": True})


def _complete(config: Resource) -> None:
    document = config.document
    parameters: dict[str, Any] = document.setdefault("params", {})
    if document["dataSourceId"] == _SCHEDULED_QUERY:
        if not parameters.get("query"):
            raise invalid_argument("Missing parameter: query", {"params.query": "required"})
    elif not document.get("destinationDatasetId"):
        raise invalid_argument("destinationDatasetId is required.", {"destination_dataset_id": "required"})
    document.setdefault("datasetRegion", config.name.split("/")[3])
    schedule = str(document.get("schedule") or "")
    if not schedule and document["dataSourceId"] != _SCHEDULED_QUERY:
        document["schedule"] = "every 24 hours"


@configs.on_create
async def check(config: Resource, call: Call) -> None:
    """With what its source needs."""
    config.document["ownerInfo"] = {"email": call.query("serviceAccountName") or EMAIL}
    _complete(config)


@configs.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; the account may be another."""
    account = call.query("serviceAccountName")
    if account:
        new.document["ownerInfo"] = {"email": account}
    _complete(new)


@configs.shown_by
def shown(config: Resource, call: Call) -> dict[str, Any]:
    """By the project's number; whose credentials it runs with is told where the one configuration is asked for."""
    document = {**config.document, "name": projects.by_number(config.name)}
    if call.request.method != "GET" or "config" not in call.params:
        document.pop("ownerInfo", None)
    return document
