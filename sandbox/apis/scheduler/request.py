"""What an attempt of a Cloud Scheduler job sends: its HTTP request, or its message."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.id_token import authorization
from sandbox.control.sending import CODES, UNKNOWN, Answer, Outgoing, Sender
from sandbox.control.store import Resource

_RESERVED = ("host", "content-length", "user-agent", "authorization")
_RESERVED_STEMS = ("x-google-", "x-appengine-", "x-cloudscheduler")


async def attempt(control: Control, sender: Sender, job: Resource, scheduled: float | None) -> Answer:
    """Make one attempt of a job; never raises. `scheduled` None: it was run by hand."""
    if "pubsubTarget" in job.document:
        return await _publish(control, job.document["pubsubTarget"])
    deadline = float(job.document["attemptDeadline"][:-1])
    return await sender.send(outgoing(control, job, scheduled), deadline, redirects=True)


def outgoing(control: Control, job: Resource, scheduled: float | None) -> Outgoing:
    """The HTTP request of an attempt. The header with the schedule's time is the same for all retries of it."""
    target = job.document["httpTarget"]
    headers = {
        key.lower(): str(value)
        for key, value in target.get("headers", {}).items()
        if key.lower() not in _RESERVED and not key.lower().startswith(_RESERVED_STEMS)
    }
    headers |= {
        "user-agent": "Google-Cloud-Scheduler",
        "x-cloudscheduler": "true",
        "x-cloudscheduler-jobname": job.id,
    }
    if scheduled is not None:
        headers["x-cloudscheduler-scheduletime"] = _in_zone(scheduled, job.document["timeZone"])
    headers |= authorization(control, target, target["uri"])
    method = target.get("httpMethod") or "POST"
    method = "POST" if method == "HTTP_METHOD_UNSPECIFIED" else method
    return Outgoing(method, target["uri"], headers, base64.b64decode(target.get("body", "")))


def _in_zone(moment: float, zone: str) -> str:
    """RFC 3339 with the zone's offset.

    >>> _in_zone(0, "Asia/Kolkata"), _in_zone(0, "Etc/UTC")
    ('1970-01-01T05:30:00+05:30', '1970-01-01T00:00:00Z')
    """
    text = datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


async def _publish(control: Control, target: dict[str, Any]) -> Answer:
    message = {key: target[key] for key in ("data", "attributes") if target.get(key)}
    path = f"/pubsub/v1/{target['topicName']}:publish"
    response = await control.dispatch(Request.of("POST", path, {"messages": [message]}))
    if response.status == 200:
        return Answer(200)
    return Answer(response.status, response.problem(), CODES.get(response.status, UNKNOWN))
