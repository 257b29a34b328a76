"""Cloud Scheduler v1: jobs with HTTP and Pub/Sub targets. They are fired by `runs`."""

from __future__ import annotations

import base64
import re
from typing import Any

from sandbox.apis import cron
from sandbox.apis.scheduler.runs import Runs
from sandbox.control import binary, durations, locations, operations
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call, Control
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.router import Api
from sandbox.control.store import Resource

_METHODS = ("HTTP_METHOD_UNSPECIFIED", "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
_TARGETS = ("httpTarget", "pubsubTarget", "appEngineHttpTarget")
_TOPIC = re.compile(r"projects/[^/]+/topics/[^/]+")

jobs = Collection(
    path="v1/projects/{project}/locations/{location}/jobs/{job}",
    id_rule=r"[A-Za-z0-9_-]{1,500}",
    id_message="It must be 1 to 500 letters, numbers, hyphens or underscores.",
    mask="replace",
    defaults={"timeZone": "Etc/UTC"},
    output_only=("state", "status", "scheduleTime", "lastAttemptTime"),
    on_create_set={"state": lambda job, call: "ENABLED"},
    on_update_set={"userUpdateTime": now},
    required=("schedule",),
    enums={"httpTarget.httpMethod": _METHODS, "appEngineHttpTarget.httpMethod": _METHODS},
    location="region",
    id_required=False,
)

API = Api(
    "cloudscheduler.googleapis.com", "cloudscheduler", [jobs], [*operations.routes("v1"), *locations.routes("v1")]
)


async def _start(control: Control) -> None:
    control.provide(Runs(control))


async def _ready(control: Control) -> None:
    control.part(Runs).begin()


async def _stop(control: Control) -> None:
    await control.part(Runs).close()


API.start, API.ready, API.stop = _start, _ready, _stop


def _complete(job: Resource) -> None:
    document = job.document
    cron.check(document.get("schedule"))
    cron.check_zone(document.get("timeZone"))
    targets = [target for target in _TARGETS if target in document]
    if len(targets) != 1:
        raise invalid_argument("A job needs exactly one target.", {"target": "httpTarget or pubsubTarget"})
    if targets == ["appEngineHttpTarget"]:
        raise unimplemented("The sandbox does not implement App Engine targets of Cloud Scheduler.")
    if targets == ["httpTarget"]:
        _http(document["httpTarget"])
        deadline = document.setdefault("attemptDeadline", "180s")
        if not durations.FORM.fullmatch(str(deadline)) or not 15 <= float(deadline[:-1]) <= 1800:
            raise invalid_argument("attemptDeadline must be 15s to 1800s.", {"attempt_deadline": "15s to 1800s"})
    else:
        _pubsub(document["pubsubTarget"])
    if "retryConfig" in document:
        _retry(document)


def _retry(document: dict[str, Any]) -> None:
    """A retry configuration that is given is completed; without one none is shown."""
    defaults = {"maxRetryDuration": "0s", "minBackoffDuration": "5s", "maxBackoffDuration": "3600s", "maxDoublings": 5}
    document["retryConfig"] = {**defaults, **document["retryConfig"]}
    if not 0 <= int(document["retryConfig"].get("retryCount", 0)) <= 5:
        raise invalid_argument("retryConfig.retryCount must be 0 to 5.", {"retry_config.retry_count": "0 to 5"})
    for field in ("maxRetryDuration", "minBackoffDuration", "maxBackoffDuration"):
        if not durations.FORM.fullmatch(str(document["retryConfig"][field])):
            raise invalid_argument(
                f"retryConfig.{field} is not a duration.", {f"retry_config.{field}": "not a duration"}
            )
    if int(document["retryConfig"]["maxDoublings"]) < 0:
        raise invalid_argument("retryConfig.maxDoublings must not be negative.", {"retry_config.max_doublings": "< 0"})


def _http(target: dict[str, Any]) -> None:
    uri = str(target.get("uri", ""))
    if not re.match(r"https?://[^/\s]+", uri):
        raise invalid_argument("httpTarget.uri must begin with http:// or https://.", {"http_target.uri": "not a URL"})
    if "body" in target and target.get("httpMethod", "POST") not in ("POST", "PUT", "PATCH"):
        raise invalid_argument("A body is only allowed with POST, PUT or PATCH.", {"http_target.body": "not allowed"})
    if "oidcToken" in target and "oauthToken" in target:
        raise invalid_argument("Only one of oidcToken and oauthToken may be set.", {"http_target": "two tokens"})
    for token in ("oidcToken", "oauthToken"):
        if token in target and not target[token].get("serviceAccountEmail"):
            raise invalid_argument(f"{token}.serviceAccountEmail is required.", {f"http_target.{token}": "no account"})
    if "oidcToken" in target:
        target["oidcToken"].setdefault("audience", uri)
    if "oauthToken" in target:
        target["oauthToken"].setdefault("scope", "https://www.googleapis.com/auth/cloud-platform")
    headers = {"User-Agent": "Google-Cloud-Scheduler"}
    if "body" in target:
        target["body"] = _standard(target["body"], "http_target.body")
        headers = {"Content-Type": "application/octet-stream", **headers}
    target["headers"] = {**headers, **target.get("headers", {})}


def _pubsub(target: dict[str, Any]) -> None:
    if not _TOPIC.fullmatch(str(target.get("topicName", ""))):
        raise invalid_argument(
            "pubsubTarget.topicName must be projects/P/topics/T.", {"pubsub_target.topic_name": "invalid"}
        )
    if not target.get("data") and not target.get("attributes"):
        raise invalid_argument("pubsubTarget needs data or attributes.", {"pubsub_target.data": "required"})
    if "data" in target:
        target["data"] = _standard(target["data"], "pubsub_target.data")


def _standard(text: object, field: str) -> str:
    """Bytes as they are kept and shown: in the standard alphabet."""
    try:
        return base64.b64encode(binary.decode(text)).decode()
    except ValueError as error:
        raise invalid_argument(f"{field} is not base64.", {field: "not base64"}) from error


@jobs.on_create
async def complete(job: Resource, call: Call) -> None:
    """Checked, with what the server fills in."""
    _complete(job)


@jobs.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Checked again; a changed target replaces the other kind."""
    given = [target for target in _TARGETS if target in new.document and target not in old.document]
    if given:
        for target in _TARGETS:
            if target not in given:
                new.document.pop(target, None)
    _complete(new)


@jobs.created
async def plan(job: Resource, call: Call) -> None:
    """Its first run is the next time of its schedule."""
    call.control.part(Runs).plan(job)


@jobs.updated
async def plan_anew(old: Resource, new: Resource, call: Call) -> None:
    """A changed schedule holds from now on."""
    if any(old.document.get(field) != new.document.get(field) for field in ("schedule", "timeZone")):
        call.control.part(Runs).plan(new)


@jobs.deleted
async def end(job: Resource, call: Call) -> None:
    """It is not fired any more."""
    call.control.part(Runs).end(job.name)


def _switch(job: Resource, call: Call, before: str, after: str) -> dict[str, Any]:
    if job.document["state"] not in (before, after):
        raise failed_precondition(f"Job must be in {before} state.")
    changes = job.document["state"] != after
    job.document.update(state=after, userUpdateTime=call.control.now())
    job.updated = call.control.clock()
    call.store.put(job)
    if changes:
        call.control.part(Runs).plan(job)
    return job.document


@jobs.verb("pause")
async def pause(job: Resource, call: Call) -> dict[str, Any]:
    """`jobs.pause`: no run by schedule and no retry; an attempt under way goes on."""
    return _switch(job, call, "ENABLED", "PAUSED")


@jobs.verb("resume")
async def resume(job: Resource, call: Call) -> dict[str, Any]:
    """`jobs.resume`: what it missed in between is left out."""
    return _switch(job, call, "PAUSED", "ENABLED")


@jobs.verb("run")
async def run(job: Resource, call: Call) -> dict[str, Any]:
    """`jobs.run`: now, whatever its state, even while it runs."""
    call.control.part(Runs).run(job)
    return job.document
