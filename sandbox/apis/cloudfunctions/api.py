"""Cloud Functions v2. A function is a service of Cloud Run with a trigger of Eventarc, and so it is here.

Nothing is built from its source: the package of `services` that is called like the function runs, or the starter.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.cloudfunctions import deployment, first
from sandbox.apis.cloudfunctions.parts import INGRESS, RUNTIMES, cpu_of
from sandbox.control import locations, operations, projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_SERVICE = {
    "timeoutSeconds": 60,
    "maxInstanceCount": 100,
    "maxInstanceRequestConcurrency": 1,
    "ingressSettings": "ALLOW_ALL",
    "allTrafficOnLatestRevision": True,
    "availableMemory": "256M",
}
_SERVER = ("service", "uri", "gcfUri", "revision")

functions = Collection(
    path="v2/projects/{project}/locations/{location}/functions/{function}",
    type="google.cloud.functions.v2.Function",
    operation_metadata="google.cloud.functions.v2.OperationMetadata",
    id_param="functionId",
    id_rule=r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    id_message="It must be up to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    defaults={"environment": "GEN_2"},
    output_only=("state", "url", "stateMessages", "satisfiesPzs"),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    immutable=("environment",),
    required=("buildConfig",),
    location="region",
    iam=True,
    lro=True,
)

API = Api(
    "cloudfunctions.googleapis.com",
    "cloudfunctions",
    [functions, first.functions],
    [*operations.routes("v2"), *locations.routes("v2"), *operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)


@functions.on_create
async def create(function: Resource, call: Call) -> None:
    """Checked and completed; its service and its trigger are made."""
    await _complete(function, call)
    if not call.flag("validateOnly"):
        await deployment.deploy(call.control, function)


@functions.on_update
async def update(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; service and trigger follow."""
    await _complete(new, call)
    if not call.flag("validateOnly"):
        await deployment.change(call.control, old, new)


@functions.deleted
async def delete(function: Resource, call: Call) -> None:
    """Service and trigger go with it."""
    await deployment.remove(call.control, function)


async def _complete(function: Resource, call: Call) -> None:
    document, place = function.document, call.params["location"]
    if document["environment"] != "GEN_2":
        raise unimplemented("The sandbox has functions of the environment GEN_2 only.")
    account = projects.compute_account(call.project)
    await _build(function, call, account)
    service = document.setdefault("serviceConfig", {})
    for key, value in _SERVICE.items():
        service.setdefault(key, value)
    service.setdefault("availableCpu", cpu_of(str(service["availableMemory"])))
    service.setdefault("serviceAccountEmail", account)
    if service["ingressSettings"] not in INGRESS:
        raise invalid_argument(f"ingressSettings must be one of {', '.join(INGRESS)}.")
    service["service"] = f"projects/{call.project}/locations/{place}/services/{function.id}"
    if document.get("eventTrigger"):
        _trigger(document["eventTrigger"], place, account)
    else:
        document.pop("eventTrigger", None)
    document["state"] = "ACTIVE"
    document["url"] = f"https://{place}-{call.project}.cloudfunctions.net/{function.id}"


async def _build(function: Resource, call: Call, account: str) -> None:
    """How it is built: the source must be there, the rest is only told."""
    build: Json = function.document["buildConfig"]
    if not RUNTIMES.fullmatch(str(build.get("runtime") or "")):
        raise invalid_argument(f"The runtime '{build.get('runtime')}' is not supported.", {"buildConfig.runtime": ""})
    if not build.get("entryPoint"):
        raise invalid_argument("A function needs an entry point.", {"buildConfig.entryPoint": "required"})
    source = build.get("source") or {}
    stored = source.get("storageSource") or {}
    if not stored and not source.get("repoSource"):
        raise invalid_argument("A function needs a source.", {"buildConfig.source": "required"})
    if stored:
        found = await deployment.source_of(call.control, stored)
        stored.setdefault("generation", found)
        build["sourceProvenance"] = {"resolvedStorageSource": dict(stored)}
    place = f"projects/{call.project}/locations/{call.params['location']}"
    build.setdefault("dockerRepository", f"{place}/repositories/gcf-artifacts")
    build.setdefault("dockerRegistry", "ARTIFACT_REGISTRY")
    build.setdefault("serviceAccount", f"projects/{call.project}/serviceAccounts/{account}")
    if build.get("onDeployUpdatePolicy") is not None:
        build["onDeployUpdatePolicy"].setdefault("runtimeVersion", f"{build['runtime']}_20260101_RC00")
        build.pop("automaticUpdatePolicy", None)
    else:
        build.setdefault("automaticUpdatePolicy", {})
    number = projects.number(call.project)
    build["build"] = f"projects/{number}/locations/{call.params['location']}/builds/{call.control.uid()}"


def _trigger(trigger: Json, place: str, account: str) -> None:
    if not trigger.get("eventType"):
        raise invalid_argument("An event trigger needs a type.", {"eventTrigger.eventType": "required"})
    trigger.setdefault("triggerRegion", place)
    trigger.setdefault("serviceAccountEmail", account)
    trigger.setdefault("retryPolicy", "RETRY_POLICY_DO_NOT_RETRY")
