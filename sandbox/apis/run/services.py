"""Cloud Run v2: services and their revisions."""

from __future__ import annotations

import asyncio
import copy
import random
import string
from typing import Any

from sandbox.apis.run import operations, rules
from sandbox.apis.run import template as run_template
from sandbox.apis.run.rollout import Rollouts
from sandbox.control import crud
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

SERVICE = "google.cloud.run.v2.Service"
STAGES = ("LAUNCH_STAGE_UNSPECIFIED", "EARLY_ACCESS", "ALPHA", "BETA", "GA", "DEPRECATED", "UNIMPLEMENTED", "PRELAUNCH")
ENVIRONMENTS = ("EXECUTION_ENVIRONMENT_UNSPECIFIED", "EXECUTION_ENVIRONMENT_GEN1", "EXECUTION_ENVIRONMENT_GEN2")
EGRESS = ("VPC_EGRESS_UNSPECIFIED", "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY")
CALLER = "sandbox-user@example.com"
"""Who creates and changes things, until callers are told apart."""

_INGRESS = (
    "INGRESS_TRAFFIC_UNSPECIFIED",
    "INGRESS_TRAFFIC_ALL",
    "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "INGRESS_TRAFFIC_NONE",
)
_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_BY_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_TRAFFIC = ("TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED", _LATEST, _BY_REVISION)

# Written by the server; a request's values for them are dropped.
_STATUS = (
    "generation",
    "deleteTime",
    "expireTime",
    "creator",
    "observedGeneration",
    "terminalCondition",
    "conditions",
    "latestReadyRevision",
    "latestCreatedRevision",
    "trafficStatuses",
    "uri",
    "urls",
    "reconciling",
    "satisfiesPzs",
)

WAIT_SECONDS = 5.0
"""How long a change waits for its revision before it answers with an operation that is not done."""


def caller(resource: Resource, call: Call) -> str:
    """Who changes a resource."""
    return CALLER


services = Collection(
    path="v2/projects/{project}/locations/{location}/services/{service}",
    type=SERVICE,
    operation_metadata=SERVICE,
    id_param="serviceId",
    id_rule=r"[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?",
    id_message="Only lowercase letters, digits and hyphens; it begins with a letter, does not end with a hyphen and is "
    "less than 50 characters.",
    defaults={
        "ingress": "INGRESS_TRAFFIC_ALL",
        "launchStage": "GA",
        "traffic": [{"type": _LATEST, "percent": 100}],
    },
    output_only=_STATUS,
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag, "lastModifier": caller},
    required=("template",),
    enums={
        "ingress": _INGRESS,
        "launchStage": STAGES,
        "traffic.type": _TRAFFIC,
        "template.executionEnvironment": ENVIRONMENTS,
        "template.vpcAccess.egress": EGRESS,
    },
    labels=("labels",),
    location="region",
    unserved=("global",),  # services of several regions
    iam=True,
    lro=True,
)

revisions = Collection(
    path="v2/projects/{project}/locations/{location}/services/{service}/revisions/{revision}",
    type="google.cloud.run.v2.Revision",
    create=None,
    update=(),
    delete=False,
    parents=(services,),
)


@services.on_create
async def check_new(service: Resource, call: Call) -> None:
    """Refuse what Cloud Run refuses, fill in the defaults, name the first revision."""
    await _complete(service, call)
    service.document.update(generation="1", creator=CALLER, reconciling=True)
    service.document["latestCreatedRevision"] = _revision_name(service)


@services.on_update
async def check_changed(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change; another template is another revision."""
    await _complete(new, call)
    if _spec(old.document) == _spec(new.document):
        return
    new.document["generation"] = str(int(old.document["generation"]) + 1)
    new.document["reconciling"] = True
    if new.document["template"] != old.document["template"]:
        new.document["latestCreatedRevision"] = _revision_name(new)
        if call.store.get(revisions.key, new.document["latestCreatedRevision"]) is not None:
            text = (
                f"Revision named '{new.document['template']['revision']}' with different configuration already exists."
            )
            raise invalid_argument(text, {"template.revision": text})


def _spec(document: dict[str, Any]) -> dict[str, Any]:
    dropped = {*_STATUS, *services.on_create_set, *services.on_update_set}
    return {key: value for key, value in document.items() if key not in dropped}


async def _complete(service: Resource, call: Call) -> None:
    document, project = service.document, service.name.split("/")[1]
    template = document["template"]
    rules.check_containers(template, "template", service=True)
    rules.check_annotations(document.get("annotations"), "annotations")
    rules.check_annotations(template.get("annotations"), "template.annotations")
    run_template.fill_service(template, project)
    rules.check_service(template, "template")
    named = template.get("revision")
    if named and not (named.startswith(f"{service.id}-") and len(named) <= 63):
        raise invalid_argument(f"Revision '{named}' must begin with '{service.id}-'.", {"template.revision": named})
    _check_traffic(document, service, call)
    await rules.check_references(call.control, project, template, "template")


def _check_traffic(document: dict[str, Any], service: Resource, call: Call) -> None:
    targets = document["traffic"]
    tags = [target["tag"] for target in targets if target.get("tag")]
    if len(tags) != len(set(tags)):
        raise invalid_argument("A traffic tag is given once.", {"traffic.tag": "given twice"})
    if sum(int(target.get("percent") or 0) for target in targets) != 100:
        raise invalid_argument("The traffic's percents must add up to 100.", {"traffic": "not 100 percent"})
    for target in targets:
        named = target.get("revision")
        if target.get("type") == _BY_REVISION or (named and "type" not in target):
            if named is None:
                raise invalid_argument(
                    "A traffic target by revision needs the revision.", {"traffic.revision": "required"}
                )
            created = document["template"].get("revision") == named
            if not created and call.store.get(revisions.key, f"{service.name}/revisions/{named}") is None:
                raise invalid_argument(f"Revision {named} does not exist.", {"traffic.revision": "unknown revision"})


def _revision_name(service: Resource) -> str:
    named = service.document["template"].get("revision")
    suffix = "".join(random.choices(string.ascii_lowercase, k=3))  # noqa: S311 - a name, no secret
    numbered = f"{service.id}-{int(service.document['generation']):05}-{suffix}"
    return f"{service.name}/revisions/{named or numbered}"


# Routes: the general case, then the rollout that an operation stands for.


async def _create(call: Call) -> Response:
    return await _deploy(call, await crud.create(services, call))


async def _update(call: Call) -> Response:
    call = operations.replacing(call)
    return await _deploy(call, await crud.update(services, call))


async def _deploy(call: Call, response: Response) -> Response:
    """Roll out what was stored; the operation ends with the service, or with why its revision is not ready."""
    control, operation = call.control, response.json()
    if call.flag("validateOnly"):
        return response
    name = operation["response"]["name"]
    parent = name.partition("/services/")[0]
    stored = services.must(control, name)
    operations.begin(control, parent, SERVICE, stored.document, operation["name"])
    rollout = control.spawn(control.part(Rollouts).roll_out(name, operation["name"]), f"roll out {name}")
    await asyncio.wait({rollout}, timeout=WAIT_SECONDS)
    return Response.of(control.store.operation(operation["name"]))


async def _delete(call: Call) -> Response:
    name = services.name(call.params)
    document = copy.deepcopy(services.must(call.control, name).document)
    response = await crud.delete(services, call)
    if call.flag("validateOnly"):
        return response
    call.control.spawn(call.control.part(Rollouts).remove(name), f"remove {name}")
    document["deleteTime"] = call.control.now()
    operation = response.json()["name"]
    return Response.of(operations.end(call.control, operation, SERVICE, document))


ROUTES = [
    Route("POST", "v2/projects/{project}/locations/{location}/services", _create),
    Route("PATCH", services.path, _update),
    Route("DELETE", services.path, _delete),
]


def all_services(control: Control) -> list[Resource]:
    """Every service of the sandbox."""
    return control.store.select(services.key)
