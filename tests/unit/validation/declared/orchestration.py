"""Workflows, schedules, queues and triggers."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import Deployed, bindings, service_uri


def orchestration(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    location = f"projects/{values['project_id']}/locations/{values['region']}"
    for id, workflow in sub["workflows"].items():
        document: dict[str, Any] = {
            "description": workflow["description"],
            "sourceContents": workflow["source"],
            "serviceAccount": f"projects/{values['project_id']}/serviceAccounts/{workflow['service_account']}",
            "callLogLevel": workflow["call_log_level"],
            "labels": {**common, **workflow["labels"]},
        }
        if workflow["env"]:
            document["userEnvVars"] = workflow["env"]
        yield Deployed(f"workflows/v1/{location}/workflows", id, document, {"state": "ACTIVE"})
    for id, schedule in sub["schedules"].items():
        yield Deployed(
            f"cloudscheduler/v1/{location}/jobs",
            id,
            {"name": f"{location}/jobs/{id}", **_schedule(schedule)},
            {"state": "PAUSED" if schedule["paused"] else "ENABLED"},
        )


def queues(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    location = f"projects/{values['project_id']}/locations/{values['region']}"
    parent = f"cloudtasks/v2/{location}/queues"
    for id, queue in sub["queues"].items():
        retry = {
            "maxAttempts": queue["max_attempts"],
            "minBackoff": queue["min_backoff"],
            "maxBackoff": queue["max_backoff"],
            "maxDoublings": queue["max_doublings"],
        }
        if queue["max_retry_duration"] != "0s":
            retry["maxRetryDuration"] = queue["max_retry_duration"]
        document: dict[str, Any] = {
            "name": f"{location}/queues/{id}",
            "rateLimits": {
                "maxDispatchesPerSecond": queue["max_dispatches_per_second"],
                "maxConcurrentDispatches": queue["max_concurrent_dispatches"],
            },
            "retryConfig": retry,
        }
        if queue["log_sampling_ratio"]:
            document["stackdriverLoggingConfig"] = {"samplingRatio": queue["log_sampling_ratio"]}
        if target := queue["target"]:
            document["httpTarget"] = _task_target(target)
        state = {"state": "PAUSED" if queue["paused"] else "RUNNING"}
        yield Deployed(parent, id, document, state, f"{parent}/{id}:getIamPolicy", bindings(queue))


def triggers(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    for id, trigger in sub["triggers"].items():
        filters = [{"attribute": key, "value": value} for key, value in trigger["criteria"].items()]
        filters += [
            {"attribute": key, "value": value, "operator": "match-path-pattern"}
            for key, value in trigger["path_patterns"].items()
        ]
        destination: dict[str, Any] = {"workflow": trigger["workflow"]}
        if trigger["service"]:
            destination = {"cloudRun": {"service": trigger["service"], "region": values["region"]}}
            if trigger["path"]:
                destination["cloudRun"]["path"] = trigger["path"]
        document: dict[str, Any] = {
            "eventFilters": filters,
            "destination": destination,
            "serviceAccount": trigger["service_account"],
            "labels": {**common, **trigger["labels"]},
        }
        if trigger["topic"]:
            document["transport"] = {"pubsub": {"topic": trigger["topic"]}}
        if trigger["content_type"]:
            document["eventDataContentType"] = trigger["content_type"]
        if not trigger["retry"]:
            document["retryPolicy"] = {"maxAttempts": 1}
        parent = f"eventarc/v1/projects/{values['project_id']}/locations/{trigger['location']}/triggers"
        yield Deployed(parent, id, document, {"uid": "1"})


def _task_target(target: Mapping[str, Any]) -> dict[str, Any]:
    uri = service_uri(target["service"].partition("/")[2]) if target["service"] else target["uri"]
    override: dict[str, Any] = {
        "scheme": uri.partition(":")[0].upper(),
        "host": uri.partition("://")[2],
        "uriOverrideEnforceMode": "IF_NOT_EXISTS" if target["only_if_missing"] else "ALWAYS",
    }
    if target["path"]:
        override["pathOverride"] = {"path": target["path"]}
    if target["query"]:
        override["queryOverride"] = {"queryParams": target["query"]}
    found: dict[str, Any] = {"uriOverride": override}
    if target["method"]:
        found["httpMethod"] = target["method"]
    if target["headers"]:
        found["headerOverrides"] = [{"header": {"key": k, "value": v}} for k, v in target["headers"].items()]
    if oauth := target["oauth"]:
        found["oauthToken"] = {"serviceAccountEmail": oauth["service_account"], "scope": oauth["scope"]}
    if oidc := target["oidc"]:
        found["oidcToken"] = {"serviceAccountEmail": oidc["service_account"], "audience": oidc["audience"] or uri}
    return found


def _schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "description": schedule["description"],
        "schedule": schedule["cron"],
        "timeZone": schedule["time_zone"],
    }
    if retry := schedule["retry"]:
        document["retryConfig"] = {
            "retryCount": retry["count"],
            "maxRetryDuration": retry["max_duration"],
            "minBackoffDuration": retry["min_backoff"],
            "maxBackoffDuration": retry["max_backoff"],
            "maxDoublings": retry["max_doublings"],
        }
    if http := schedule["http"]:
        document["attemptDeadline"] = schedule["attempt_deadline"]
        uri = service_uri(http["service"].partition("/")[2]) if http["service"] else None
        target: dict[str, Any] = {
            "uri": f"{uri}{http['path']}" if uri else http["uri"],
            "httpMethod": http["method"],
            "headers": {"User-Agent": "Google-Cloud-Scheduler", **http["headers"]},
        }
        if http["body"]:
            target["body"] = base64.b64encode(http["body"].encode()).decode()
        if oauth := http["oauth"]:
            target["oauthToken"] = {"serviceAccountEmail": oauth["service_account"], "scope": oauth["scope"]}
        if oidc := http["oidc"]:
            target["oidcToken"] = {
                "serviceAccountEmail": oidc["service_account"],
                "audience": oidc["audience"] or uri or http["uri"],
            }
        document["httpTarget"] = target
    if pubsub := schedule["pubsub"]:
        document["pubsubTarget"] = {"topicName": pubsub["topic"]}
        if pubsub["data"]:
            document["pubsubTarget"]["data"] = base64.b64encode(pubsub["data"].encode()).decode()
        if pubsub["attributes"]:
            document["pubsubTarget"]["attributes"] = pubsub["attributes"]
    return document
