"""Eventarc Advanced v1: buses, enrollments, pipelines, sources, channels. They are kept and checked: no event passes.

What a bus would pass on is said by expressions in CEL, which are not evaluated here; publishing answers 501.
"""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from typing import Any

from sandbox.control.collection import etag, now, uid
from sandbox.control.context import Call
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.located import located
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLACE = "v1/projects/{project}/locations/{location}"
_PACKAGE = "google.cloud.eventarc.v1"
_SEVERITIES = (
    *("LOG_SEVERITY_UNSPECIFIED", "NONE", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT"),
    "EMERGENCY",
)
_KINDS = ("httpEndpoint", "workflow", "messageBus", "topic")
_FORMATS = ("protobuf", "avro", "json")
_collection = partial(
    located,
    _PACKAGE,
    id_message="It must be 1 to 63 lowercase letters, numbers or hyphens, a letter first and no hyphen last.",
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag},
    location="region",
    lro_deleted=True,
)
_LOGGED: Json = {"loggingConfig": {"logSeverity": "NONE"}}
_LOGGING = {"loggingConfig.logSeverity": _SEVERITIES}

buses = _collection(
    "messageBuses/{bus}",
    "MessageBus",
    "messageBusId",
    noun="MessageBus",
    defaults=_LOGGED,
    enums=_LOGGING,
)
pipelines = _collection(
    "pipelines/{pipeline}",
    "Pipeline",
    "pipelineId",
    noun="Pipeline",
    required=("destinations",),
    defaults=_LOGGED,
    enums=_LOGGING,
    output_only=("satisfiesPzs",),
)
enrollments = _collection(
    "enrollments/{enrollment}",
    "Enrollment",
    "enrollmentId",
    noun="Enrollment",
    required=("celMatch", "messageBus", "destination"),
    immutable=("messageBus",),
)
sources = _collection(
    "googleApiSources/{source}",
    "GoogleApiSource",
    "googleApiSourceId",
    noun="GoogleApiSource",
    required=("destination",),
    defaults=_LOGGED,
    enums=_LOGGING,
)
channels = _collection(
    "channels/{channel}",
    "Channel",
    "channelId",
    noun="Channel",
    immutable=("provider",),
    output_only=("pubsubTopic", "state", "activationToken", "satisfiesPzs"),
    on_update_set={"updateTime": now},
)
COLLECTIONS = [buses, pipelines, enrollments, sources, channels]


@pipelines.on_create
async def check_pipeline(pipeline: Resource, call: Call) -> None:
    """One destination, and how often it is tried."""
    _check_pipeline(pipeline.document, call)


@pipelines.on_update
async def recheck_pipeline(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check_pipeline(new.document, call)


def _check_pipeline(document: Json, call: Call) -> None:
    if len(document["destinations"]) != 1:
        raise invalid_argument("A pipeline has exactly one destination.", {"pipeline.destinations": "one"})
    (destination,) = document["destinations"]
    given = [kind for kind in _KINDS if destination.get(kind)]
    if len(given) != 1:
        raise invalid_argument(f"A destination is one of {', '.join(_KINDS)}.", {"pipeline.destinations": "one of"})
    if given == ["messageBus"]:
        _bus(str(destination["messageBus"]), call)
    if given == ["topic"] and call.store.get("pubsub.topics", str(destination["topic"])) is None:
        raise not_found(f"The topic '{destination['topic']}' was not found.")
    if given == ["workflow"] and call.store.get("workflows.workflows", str(destination["workflow"])) is None:
        raise not_found(f"The workflow '{destination['workflow']}' was not found.")
    if given == ["httpEndpoint"] and not re.match(r"https?://", str(destination["httpEndpoint"].get("uri"))):
        raise invalid_argument("The uri must be of http or https.", {"destinations.http_endpoint.uri": "no URL"})
    for form in (document.get("inputPayloadFormat"), destination.get("outputPayloadFormat")):
        if form is not None and len([kind for kind in _FORMATS if form.get(kind) is not None]) != 1:
            raise invalid_argument(f"A format is one of {', '.join(_FORMATS)}.", {"payload_format": "one of"})
    retries = document.setdefault("retryPolicy", {})
    retries.setdefault("maxAttempts", 5)
    retries.setdefault("minRetryDelay", "5s")
    retries.setdefault("maxRetryDelay", "60s")
    if not 1 <= int(retries["maxAttempts"]) <= 100:
        raise invalid_argument("maxAttempts must be 1 to 100.", {"retry_policy.max_attempts": "1 to 100"})
    delays = [seconds(retries[field], f"retry_policy.{field}") for field in ("minRetryDelay", "maxRetryDelay")]
    if not 1 <= delays[0] <= delays[1] <= 600:
        raise invalid_argument("Delays are 1s to 600s, the least one first.", {"retry_policy": "1s to 600s"})


def _bus(name: str, call: Call) -> Resource:
    return buses.must(call.control, name)


@enrollments.on_create
async def check_enrollment(enrollment: Resource, call: Call) -> None:
    """From a bus that is there to a pipeline that is, in one location."""
    _bus(str(enrollment.document["messageBus"]), call)
    _check_enrollment(enrollment, call)


@enrollments.on_update
async def recheck_enrollment(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check_enrollment(new, call)


def _check_enrollment(enrollment: Resource, call: Call) -> None:
    pipeline = pipelines.must(call.control, str(enrollment.document["destination"]))
    if pipeline.parent.split("/")[3] != call.params["location"]:
        raise invalid_argument("An enrollment and its pipeline are in one location.", {"destination": pipeline.name})


@sources.on_create
async def check_source(source: Resource, call: Call) -> None:
    """To a bus that is there."""
    _bus(str(source.document["destination"]), call)


@sources.on_update
async def recheck_source(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _bus(str(new.document["destination"]), call)


@buses.on_delete
async def keep_used_bus(bus: Resource, call: Call) -> None:
    """One that something leads from or to can't go."""
    for collection, field in ((enrollments, "messageBus"), (sources, "destination")):
        for one in call.store.select(collection.key):
            if one.document[field] == bus.name:
                raise failed_precondition(f"The message bus '{bus.name}' is used by '{one.name}'.")


@pipelines.on_delete
async def keep_used_pipeline(pipeline: Resource, call: Call) -> None:
    """One that an enrollment leads to can't go."""
    for one in call.store.select(enrollments.key):
        if one.document["destination"] == pipeline.name:
            raise failed_precondition(f"The pipeline '{pipeline.name}' is used by '{one.name}'.")


@buses.verb("publish")
async def publish(bus: Resource, call: Call) -> Json:
    """`messageBuses.publish`: not here."""
    raise unimplemented("The sandbox passes no events through message buses: it evaluates no CEL.")


@channels.on_create
async def open_channel(channel: Resource, call: Call) -> None:
    """Ready, or waiting for a provider of events that connects to it."""
    document = channel.document
    place = f"projects/{call.project}/topics/eventarc-channel-{call.params['location']}"
    number = int(sha256(f"{call.params['location']} {channel.id}".encode()).hexdigest()[:4], 16) % 1000
    document["pubsubTopic"] = f"{place}-{channel.id}-{number:03d}"
    document["state"] = "PENDING" if document.get("provider") else "ACTIVE"
    if document.get("provider"):
        document["activationToken"] = call.control.uid()


_CONFIG = f"{_PLACE}/googleChannelConfig"
_CONFIGS = "eventarc.googleChannelConfigs"


def _config(call: Call) -> Resource:
    """The configuration of a location's channel of Google's, which is there everywhere."""
    name = f"projects/{call.project}/locations/{call.params['location']}/googleChannelConfig"
    moment = call.control.clock()
    return call.store.get(_CONFIGS, f"{name}/it") or Resource(_CONFIGS, f"{name}/it", {"name": name}, moment, moment)


def routes(api: Api) -> None:
    """The configuration of Google's channels is one a location."""
    api.route("GET", _CONFIG)(get_config)
    api.route("PATCH", _CONFIG)(update_config)


async def get_config(call: Call) -> Response:
    """`getGoogleChannelConfig`."""
    return Response.of(_config(call).document)


async def update_config(call: Call) -> Response:
    """`updateGoogleChannelConfig`: the key that events would be encrypted with."""
    kept, key = _config(call), str(call.body().get("cryptoKeyName") or "")
    if key and call.store.get("cloudkms.cryptoKeys", key) is None:
        raise not_found(f"The key '{key}' was not found.")
    kept.document |= {"cryptoKeyName": key, "updateTime": call.control.now()}
    kept.updated = call.control.clock()
    call.store.keep(kept)
    return Response.of({field: value for field, value in kept.document.items() if value})
