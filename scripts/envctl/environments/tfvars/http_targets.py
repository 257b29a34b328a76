"""The requests that schedules and queues send: where to, with which body, and with which token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from ..models import Environment, Subproject
from ..triggers import ATTEMPT_DEADLINE, GRANT, triggers
from .values import compact

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def add_triggers(
    environment: Environment, declared: Subproject, data: dict[str, Any], account_of: Callable[[str], str]
) -> None:
    """The schedules within jobs and workflows as schedules, and the grants by which they may start the thing."""
    for trigger in triggers(declared):
        thing = data[trigger.kind][trigger.thing]
        given, account = thing["schedule"], account_of(trigger.service_account)
        data["schedules"][trigger.id] = {
            "description": f"Starts {trigger.thing}.",
            "cron": given["cron"],
            "time_zone": given["time_zone"],
            "paused": given["paused"],
            "attempt_deadline": ATTEMPT_DEADLINE,
            "retry": given["retry"],
            "http": {
                **_start(environment, trigger.kind, trigger.thing, given),
                "service": None,
                "path": "/",
                "method": "POST",
                "headers": {},
                "service_account": account,
            },
            "pubsub": None,
        }
        if trigger.kind == "jobs":
            members = [f"serviceAccount:{account}"]
            thing["grants"][GRANT] = {"role": "roles/run.invoker", "members": members, "condition": None}
    for kind in ("jobs", "workflows"):
        for thing in data[kind].values():
            del thing["schedule"]


def _start(environment: Environment, kind: str, name: str, schedule: dict[str, Any]) -> dict[str, Any]:
    """What starts a thing: its workflow, or the address that runs a job."""
    place = f"projects/{environment.project_id}/locations/{environment.region}/{kind}/{name}"
    if kind == "workflows":
        return {"workflow": place, "uri": None, "body": schedule["argument"] or None}
    return {"workflow": None, "uri": f"https://run.googleapis.com/v2/{place}:run", "body": None}


def schedule(given: dict[str, Any]) -> dict[str, Any]:
    """A schedule with its request as Cloud Scheduler sends it."""
    target = given["http"]
    return {**given, "http": None if target is None else _http(target)}


def _http(target: dict[str, Any]) -> dict[str, Any]:
    """A request with its authentication: OAuth for Google's APIs, an ID token for anything else."""
    uri, body, account = target["uri"], target["body"], target["service_account"]
    if target["workflow"] is not None:
        uri = f"https://workflowexecutions.googleapis.com/v1/{target['workflow']}/executions"
        body = {} if body is None else {"argument": compact(body)}
    headers = dict(target["headers"])
    if body is not None and "content-type" not in {header.lower() for header in headers}:
        headers["Content-Type"] = "application/json"
    return {
        "uri": uri,
        "service": target["service"],
        "path": target["path"],
        "method": target["method"],
        "body": None if body is None else compact(body),
        "headers": headers,
        **_token(uri, account, None),
    }


def task_target(target: dict[str, Any]) -> dict[str, Any]:
    """A queue's target with its authentication."""
    account, audience = target.pop("service_account"), target.pop("audience")
    return {**target, **_token(target["uri"], account, audience)}


def _token(uri: str | None, account: str, audience: str | None) -> dict[str, Any]:
    """OAuth for Google's APIs, an ID token for anything else."""
    if uri is not None and _is_google(uri):
        return {"oauth": {"service_account": account, "scope": _SCOPE}, "oidc": None}
    return {"oauth": None, "oidc": {"service_account": account, "audience": audience}}


def _is_google(uri: str) -> bool:
    host = urlsplit(uri).hostname or ""
    return host == "googleapis.com" or host.endswith(".googleapis.com")
