"""Cloud Functions v1, the first generation: a function runs as one of the second does, as a service of Cloud Run.

Its service shows among Cloud Run's, and events reach it in the form of the second generation (CloudEvents).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.apis.cloudfunctions import deployment
from sandbox.apis.cloudfunctions.parts import INGRESS, RUNTIMES, cpu_of
from sandbox.apis.eventarc.transport import FIRST_GENERATION
from sandbox.control import projects
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_RUNS = "runs"
"""What the function is as one of the second generation; nobody is shown it."""
# Event type → the end of that of the second generation.
_STORAGE = {
    "google.storage.object.finalize": "finalized",
    "google.storage.object.delete": "deleted",
    "google.storage.object.archive": "archived",
    "google.storage.object.metadataUpdate": "metadataUpdated",
}
_PUBLISHED = ("google.pubsub.topic.publish", "providers/cloud.pubsub/eventTypes/topic.publish")
_NO_RETRY = "RETRY_POLICY_DO_NOT_RETRY"
_MOST = 3000
"""The instances that a function has at most, where no other limit is set."""
_LEVELS = ("SECURE_ALWAYS", "SECURE_OPTIONAL")

functions = Collection(
    path="v1/projects/{project}/locations/{location}/functions/{function}",
    key="cloudfunctions.first",
    type="google.cloud.functions.v1.CloudFunction",
    operation_metadata="google.cloud.functions.v1.OperationMetadataV1",
    id_rule=r"[a-zA-Z](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?",
    id_message="It must be up to 63 letters, digits, hyphens or underscores, a letter first, a letter or digit last.",
    defaults={
        "availableMemoryMb": 256,
        "timeout": "60s",
        "ingressSettings": "ALLOW_ALL",
        "maxInstances": _MOST,
        "dockerRegistry": "ARTIFACT_REGISTRY",
    },
    output_only=("status", "versionId", "buildId", "buildName", "sourceToken"),
    on_update_set={"updateTime": now},
    on_create_set={"updateTime": now},
    location="region",
    iam=True,
    lro=True,
)


@functions.on_create
async def create(function: Resource, call: Call) -> None:
    """Checked and completed; its service and its trigger are made."""
    function.document["versionId"] = "1"
    await _complete(function, call)
    made = _as_second(function)
    await deployment.deploy(call.control, made)
    _told(function)


@functions.on_update
async def update(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; service and trigger follow. What starts it stays what it is."""
    if ("httpsTrigger" in old.document) != ("httpsTrigger" in new.document):
        raise invalid_argument("A function that is called can't become one of events, nor the other way.")
    new.document["versionId"] = str(int(old.document["versionId"]) + 1)
    await _complete(new, call)
    runs, before = new.document[_RUNS], old.document[_RUNS]
    if "eventTrigger" in runs and "trigger" in before.get("eventTrigger", {}):
        runs["eventTrigger"]["trigger"] = before["eventTrigger"]["trigger"]
    await deployment.change(call.control, _as_second(old), _as_second(new))
    _told(new)


@functions.deleted
async def delete(function: Resource, call: Call) -> None:
    """Service and trigger go with it."""
    await deployment.remove(call.control, _as_second(function))


@functions.shown_by
def shown(function: Resource, call: Call) -> Json:
    """As v1 has it."""
    return {key: value for key, value in function.document.items() if key != _RUNS}


def _as_second(function: Resource) -> Resource:
    """The function as one of the second generation, whose service has a name that Cloud Run takes."""
    place = function.name.rpartition("/")[0]
    name = f"{place}/{function.id.lower().replace('_', '-')}"
    return Resource(function.collection, name, function.document[_RUNS], function.created, function.updated)


def _told(function: Resource) -> None:
    if "httpsTrigger" in function.document:
        function.document["httpsTrigger"]["url"] = function.document[_RUNS]["serviceConfig"]["uri"]


async def _complete(function: Resource, call: Call) -> None:
    document = function.document
    document["name"] = function.name
    if not RUNTIMES.fullmatch(str(document.get("runtime") or "")):
        raise invalid_argument(f"The runtime '{document.get('runtime')}' is not supported.", {"runtime": "unknown"})
    if document["ingressSettings"] not in INGRESS:
        raise invalid_argument(f"ingressSettings must be one of {', '.join(INGRESS)}.", {"ingress_settings": "unknown"})
    await _source(document, call)
    account = f"{call.project}@appspot.gserviceaccount.com"
    document.setdefault("serviceAccountEmail", account)
    document["maxInstances"] = document["maxInstances"] or _MOST  # 0 is what wasn't said, as in every API of Google's
    builder = projects.compute_account(call.project)
    document.setdefault("buildServiceAccount", f"projects/{call.project}/serviceAccounts/{builder}")
    if document.get("onDeployUpdatePolicy") is not None:
        document["onDeployUpdatePolicy"].setdefault("runtimeVersion", f"{document['runtime']}_20260101_RC00")
        document.pop("automaticUpdatePolicy", None)
    else:
        document.setdefault("automaticUpdatePolicy", {})
    for one in (*(document.get("secretEnvironmentVariables") or []), *(document.get("secretVolumes") or [])):
        one["projectId"] = one.get("projectId") or call.project
    document["buildId"] = call.control.uid()
    document["status"] = "ACTIVE"
    document[_RUNS] = _runs(function, call)


async def _source(document: Json, call: Call) -> None:
    archive, repository = document.get("sourceArchiveUrl"), (document.get("sourceRepository") or {}).get("url")
    if document.get("sourceUploadUrl"):
        raise unimplemented("The sandbox takes no uploads of sources; give sourceArchiveUrl.")
    if bool(archive) == bool(repository):
        raise invalid_argument("A function has a sourceArchiveUrl or a sourceRepository.", {"source_code": "required"})
    if repository:
        document["sourceRepository"].setdefault("deployedUrl", repository)
        return
    parts = urlsplit(str(archive))
    if parts.scheme != "gs" or not parts.netloc or not parts.path.strip("/"):
        raise invalid_argument(f"'{archive}' is no gs://BUCKET/OBJECT.", {"source_archive_url": "gs://"})
    await deployment.source_of(call.control, {"bucket": parts.netloc, "object": parts.path.lstrip("/")})


def _runs(function: Resource, call: Call) -> Json:
    document, place = function.document, f"projects/{call.project}/locations/{call.params['location']}"
    memory = f"{int(document['availableMemoryMb'])}M"
    kept = ("environmentVariables", "secretEnvironmentVariables", "secretVolumes", "vpcConnector")
    config: Json = {key: document[key] for key in (*kept, "vpcConnectorEgressSettings") if document.get(key)}
    service = function.id.lower().replace("_", "-")
    config |= {
        "availableMemory": memory,
        "availableCpu": cpu_of(memory),
        "timeoutSeconds": _seconds(str(document["timeout"])),
        "maxInstanceRequestConcurrency": 1,
        "maxInstanceCount": min(int(document["maxInstances"]), 100),
        "minInstanceCount": int(document.get("minInstances") or 0),
        "serviceAccountEmail": document["serviceAccountEmail"],
        "ingressSettings": document["ingressSettings"],
        "service": f"{place}/services/{service}",
    }
    runs: Json = {"serviceConfig": config, "buildConfig": {"dockerRepository": f"{place}/repositories/gcf-artifacts"}}
    if labels := document.get("labels"):
        runs["labels"] = labels
    event = document.get("eventTrigger")
    if bool(event) == ("httpsTrigger" in document):
        raise invalid_argument("A function has an eventTrigger or an httpsTrigger.", {"trigger": "required"})
    if event:
        runs["eventTrigger"] = _trigger(event, call, document["serviceAccountEmail"])
    elif document["httpsTrigger"].setdefault("securityLevel", "SECURE_OPTIONAL") not in _LEVELS:
        raise invalid_argument(f"securityLevel must be one of {', '.join(_LEVELS)}.", {"https_trigger": "unknown"})
    return runs


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)s", text)
    if found is None or not 1 <= int(found[1]) <= 540:
        raise invalid_argument(f"timeout '{text}' must be 1s to 540s.", {"timeout": "1s to 540s"})
    return int(found[1])


def _trigger(event: Json, call: Call, account: str) -> Json:
    """The trigger of the second generation for an event of the first."""
    kind, resource = str(event.get("eventType") or ""), str(event.get("resource") or "")
    made: Json = {"triggerRegion": call.params["location"], "serviceAccountEmail": account}
    made["managedBy"] = FIRST_GENERATION
    made["retryPolicy"] = "RETRY_POLICY_RETRY" if "retry" in event.setdefault("failurePolicy", {}) else _NO_RETRY
    stored = _STORAGE.get(kind)
    if stored is None and kind not in _PUBLISHED:
        raise unimplemented(f"The sandbox has no events of the type '{kind}' for functions of the first generation.")
    if stored is None:
        event["service"] = "pubsub.googleapis.com"
        if not re.fullmatch(r"projects/[^/]+/topics/[^/]+", resource):
            raise invalid_argument(f"'{resource}' is no topic.", {"event_trigger.resource": "projects/*/topics/*"})
        return {**made, "eventType": "google.cloud.pubsub.topic.v1.messagePublished", "pubsubTopic": resource}
    event["service"] = "storage.googleapis.com"
    bucket = re.fullmatch(r"projects/[^/]+/buckets/([^/]+)", resource)
    if bucket is None:
        raise invalid_argument(f"'{resource}' is no bucket.", {"event_trigger.resource": "projects/*/buckets/*"})
    filters = [{"attribute": "bucket", "value": bucket[1]}]
    kept = call.store.get("storage.buckets", bucket[1])
    if kept is not None:  # a trigger is where its bucket is
        made["triggerRegion"] = str(kept.document.get("location", call.params["location"])).lower()
    return {**made, "eventType": f"google.cloud.storage.object.v1.{stored}", "eventFilters": filters}
