"""What a function is made of: its source in Cloud Storage, a service of Cloud Run, a trigger of Eventarc."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sandbox.control.asking import ask
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, not_found
from sandbox.control.http import Request
from sandbox.control.store import Resource

Json = dict[str, Any]
_INGRESS = {
    "ALLOW_ALL": "INGRESS_TRAFFIC_ALL",
    "ALLOW_INTERNAL_ONLY": "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "ALLOW_INTERNAL_AND_GCLB": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
}


async def source_of(control: Control, source: Json) -> str:
    """The generation of a source's archive; 404 where it isn't there."""
    path = f"/storage/v1/b/{quote(str(source.get('bucket')))}/o/{quote(str(source.get('object')), safe='')}"
    response = await control.dispatch(Request.of("GET", path))
    if response.status != 200 or not source.get("object"):
        raise not_found(f"The source archive gs://{source.get('bucket')}/{source.get('object')} was not found.")
    return str(response.json()["generation"])


async def deploy(control: Control, function: Resource) -> None:
    """Make the service, then the trigger; all of it or nothing."""
    place, _, _ = function.name.partition("/functions/")
    await ask(control, "POST", f"/run/v2/{place}/services?serviceId={function.id}", _service(function))
    try:
        await _connect(control, function)
        await _tell(control, function)
    except ApiError:
        await remove(control, function)
        raise


async def change(control: Control, old: Resource, new: Resource) -> None:
    """The service follows a change; another trigger takes the place of what was."""
    service = new.document["serviceConfig"]["service"]
    await ask(control, "PATCH", f"/run/v2/{service}", _service(new))
    if old.document.get("eventTrigger") != new.document.get("eventTrigger"):
        await _disconnect(control, old)
        if "eventTrigger" in new.document:
            new.document["eventTrigger"].pop("trigger", None)
        await _connect(control, new)
    await _tell(control, new)


async def remove(control: Control, function: Resource) -> None:
    """Trigger and service, where they are there."""
    await _disconnect(control, function)
    await control.dispatch(Request.of("DELETE", f"/run/v2/{function.document['serviceConfig']['service']}"))


async def _tell(control: Control, function: Resource) -> None:
    """Where it answers."""
    config = function.document["serviceConfig"]
    service = await ask(control, "GET", f"/run/v2/{config['service']}")
    config["uri"] = config["gcfUri"] = service.get("uri", "")
    config["revision"] = str(service.get("latestCreatedRevision", "")).rpartition("/")[2]


def _service(function: Resource) -> Json:
    config, build = function.document["serviceConfig"], function.document["buildConfig"]
    project, location = function.name.split("/")[1], function.name.split("/")[3]
    repository = build["dockerRepository"].rpartition("/")[2]
    container: Json = {
        "image": f"{location}-docker.pkg.dev/{project}/{repository}/{function.id}",
        "env": [*_variables(config)],
        "resources": {
            "limits": {"cpu": config["availableCpu"], "memory": _memory(config["availableMemory"])},
            "cpuIdle": True,
        },
    }
    template: Json = {
        "containers": [container],
        "serviceAccount": config["serviceAccountEmail"],
        "timeout": f"{config['timeoutSeconds']}s",
        "maxInstanceRequestConcurrency": config["maxInstanceRequestConcurrency"],
        "scaling": {
            "minInstanceCount": config.get("minInstanceCount") or 0,
            "maxInstanceCount": config["maxInstanceCount"],
        },
    }
    volumes, mounts = _volumes(config)
    if volumes:
        template["volumes"], container["volumeMounts"] = volumes, mounts
    if access := _access(config):
        template["vpcAccess"] = access
    return {
        "labels": {**(function.document.get("labels") or {}), "goog-managed-by": "cloudfunctions"},
        "ingress": _INGRESS[config["ingressSettings"]],
        "template": template,
    }


def _memory(text: str) -> str:
    """As Cloud Run writes it.

    >>> _memory("256M"), _memory("1Gi")
    ('256Mi', '1Gi')
    """
    return re.sub(r"(?<=[MG])$", "i", text)


def _variables(config: Json) -> list[Json]:
    plain = [{"name": name, "value": value} for name, value in (config.get("environmentVariables") or {}).items()]
    secret = [
        {
            "name": one["key"],
            "valueSource": {
                "secretKeyRef": {
                    "secret": f"projects/{one['projectId']}/secrets/{one['secret']}",
                    "version": one["version"],
                }
            },
        }
        for one in config.get("secretEnvironmentVariables") or []
    ]
    return plain + secret


def _volumes(config: Json) -> tuple[list[Json], list[Json]]:
    volumes, mounts = [], []
    for at, one in enumerate(config.get("secretVolumes") or []):
        items = [{"path": item["path"].lstrip("/"), "version": item["version"]} for item in one.get("versions") or []]
        secret: Json = {"secret": f"projects/{one['projectId']}/secrets/{one['secret']}"}
        volumes.append({"name": f"secret-{at}", "secret": {**secret, **({"items": items} if items else {})}})
        mounts.append({"name": f"secret-{at}", "mountPath": one["mountPath"]})
    return volumes, mounts


def _access(config: Json) -> Json:
    settings = str(config.get("vpcConnectorEgressSettings") or config.get("directVpcEgress") or "")
    egress = "ALL_TRAFFIC" if settings.endswith("ALL_TRAFFIC") else "PRIVATE_RANGES_ONLY"
    if config.get("vpcConnector"):
        return {"connector": config["vpcConnector"], "egress": egress}
    if interfaces := config.get("directVpcNetworkInterface"):
        return {"networkInterfaces": interfaces, "egress": egress}
    return {}


async def _connect(control: Control, function: Resource) -> None:
    trigger = function.document.get("eventTrigger")
    if not trigger:
        return
    project = function.name.split("/")[1]
    name = f"{function.id}-{int(control.hex(5), 16) % 1_000_000:06d}"
    place = f"projects/{project}/locations/{trigger['triggerRegion']}"
    run = {"service": function.id, "region": function.name.split("/")[3]}
    body: Json = {
        "eventFilters": [
            {"attribute": "type", "value": trigger["eventType"]},
            *(_filter(one) for one in trigger.get("eventFilters") or []),
        ],
        "destination": {"cloudRun": run},
        "serviceAccount": trigger["serviceAccountEmail"],
        "labels": {"goog-managed-by": trigger.get("managedBy", "cloudfunctions")},
    }
    if trigger.get("pubsubTopic"):
        body["transport"] = {"pubsub": {"topic": trigger["pubsubTopic"]}}
    await ask(control, "POST", f"/eventarc/v1/{place}/triggers?triggerId={name}", body)
    trigger["trigger"] = f"{place}/triggers/{name}"
    made = await ask(control, "GET", f"/eventarc/v1/{trigger['trigger']}")
    if "pubsub" in trigger["eventType"]:
        trigger["pubsubTopic"] = made["transport"]["pubsub"]["topic"]


def _filter(one: Json) -> Json:
    found = {"attribute": one["attribute"], "value": one["value"]}
    return {**found, "operator": one["operator"]} if one.get("operator") else found


async def _disconnect(control: Control, function: Resource) -> None:
    if name := (function.document.get("eventTrigger") or {}).get("trigger"):
        await control.dispatch(Request.of("DELETE", f"/eventarc/v1/{name}"))
