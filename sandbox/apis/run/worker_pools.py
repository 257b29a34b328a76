"""Cloud Run v2: worker pools, which run all the time and take no requests, and their revisions."""

from __future__ import annotations

import copy
import random
import string
from typing import Any

from sandbox.apis.run import operations, rules
from sandbox.apis.run import template as run_template
from sandbox.apis.run.services import CALLER, EGRESS, STAGES, caller
from sandbox.control.collection import Collection, etag, now, uid
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource
from sandbox.runtime.revisions import Revision
from sandbox.runtime.worker_pools import WorkerPools, shares

POOL = "google.cloud.run.v2.WorkerPool"
_LATEST = "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST"
_BY_REVISION = "INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION"
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
    "instanceSplitStatuses",
    "reconciling",
    "satisfiesPzs",
)
_CARRIED = ("annotations", "labels", "vpcAccess", "serviceAccount", "containers", "volumes", "encryptionKey")


pools = Collection(
    path="v2/projects/{project}/locations/{location}/workerPools/{worker_pool}",
    type=POOL,
    operation_metadata=POOL,
    id_param="workerPoolId",
    id_rule=r"[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?",
    id_message="Only lowercase letters, digits and hyphens; it begins with a letter, does not end with a hyphen and is "
    "less than 50 characters.",
    defaults={"launchStage": "GA", "instanceSplits": [{"type": _LATEST, "percent": 100}]},
    output_only=_STATUS,
    on_create_set={"uid": uid, "createTime": now},
    on_update_set={"updateTime": now, "etag": etag, "lastModifier": caller},
    required=("template",),
    enums={
        "launchStage": STAGES,
        "instanceSplits.type": ("INSTANCE_SPLIT_ALLOCATION_TYPE_UNSPECIFIED", _LATEST, _BY_REVISION),
        "scaling.scalingMode": ("SCALING_MODE_UNSPECIFIED", "AUTOMATIC", "MANUAL"),
        "template.vpcAccess.egress": EGRESS,
    },
    labels=("labels",),
    location="region",
    iam=True,
    lro=True,
)

revisions = Collection(
    path="v2/projects/{project}/locations/{location}/workerPools/{worker_pool}/revisions/{revision}",
    type="google.cloud.run.v2.Revision",
    create=None,
    update=(),
    delete=False,
    parents=(pools,),
)


@pools.on_create
async def check_new(pool: Resource, call: Call) -> None:
    """Refuse what Cloud Run refuses, fill in the defaults, name the first revision."""
    await _complete(pool, call)
    pool.document.update(generation="1", creator=CALLER)
    _revise(pool, call)


@pools.on_update
async def check_changed(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change; another template is another revision."""
    await _complete(new, call)
    if _spec(old.document) == _spec(new.document):
        return
    new.document["generation"] = str(int(old.document["generation"]) + 1)
    if new.document["template"] != old.document["template"]:
        _revise(new, call)
    else:
        _conclude(new, call)


def _spec(document: dict[str, Any]) -> dict[str, Any]:
    dropped = {*_STATUS, *pools.on_create_set, *pools.on_update_set}
    return {key: value for key, value in document.items() if key not in dropped}


async def _complete(pool: Resource, call: Call) -> None:
    document, project = pool.document, pool.name.split("/")[1]
    template = document["template"]
    rules.check_containers(template, "template", service=True)
    rules.check_annotations(document.get("annotations"), "annotations")
    run_template.fill_pool(template, project)
    rules.check_pool(template, "template")
    scaling = document.setdefault("scaling", {"scalingMode": "MANUAL", "manualInstanceCount": 1})
    count = int(scaling.get("manualInstanceCount") or 0)
    if not 0 <= count <= 1000:
        raise invalid_argument("manualInstanceCount must be 0 to 1000.", {"scaling.manual_instance_count": "0 to 1000"})
    least, most = int(scaling.get("minInstanceCount") or 0), int(scaling.get("maxInstanceCount") or 0)
    if scaling.get("scalingMode") == "AUTOMATIC":
        if count:
            raise invalid_argument(
                "manualInstanceCount is for the mode MANUAL.", {"scaling.manual_instance_count": "mode"}
            )
        if least < 0 or most > 1000 or (most and least > most):
            text = "minInstanceCount must be 0 to maxInstanceCount, which is at most 1000."
            raise invalid_argument(text, {"scaling.max_instance_count": "min_instance_count to 1000"})
    elif least or most:
        raise invalid_argument("minInstanceCount and maxInstanceCount are for the mode AUTOMATIC.", {"scaling": "mode"})
    named = template.get("revision")
    if named and not (named.startswith(f"{pool.id}-") and len(named) <= 63):
        raise invalid_argument(f"Revision '{named}' must begin with '{pool.id}-'.", {"template.revision": named})
    _check_splits(document, pool, call)
    await rules.check_references(call.control, project, template, "template")


def _check_splits(document: dict[str, Any], pool: Resource, call: Call) -> None:
    splits = document["instanceSplits"]
    if sum(int(split.get("percent") or 0) for split in splits) != 100:
        raise invalid_argument("The instance splits must add up to 100.", {"instance_splits": "not 100 percent"})
    for split in splits:
        named = split.get("revision")
        if split.get("type") == _BY_REVISION and named is None:
            raise invalid_argument("A split by revision needs the revision.", {"instance_splits.revision": "required"})
        created = document["template"].get("revision") == named
        if named and not created and call.store.get(revisions.key, f"{pool.name}/revisions/{named}") is None:
            raise invalid_argument(f"Revision {named} does not exist.", {"instance_splits.revision": "unknown"})


def _revise(pool: Resource, call: Call) -> None:
    """Make the revision of the template."""
    control, document = call.control, pool.document
    template = document["template"]
    suffix = "".join(random.choices(string.ascii_lowercase, k=3))  # noqa: S311 - a name, no secret
    short = template.get("revision") or f"{pool.id}-{int(document['generation']):05}-{suffix}"
    name = f"{pool.name}/revisions/{short}"
    if control.store.get(revisions.key, name) is not None:
        text = f"Revision named '{short}' with different configuration already exists."
        raise invalid_argument(text, {"template.revision": text})
    if not call.flag("validateOnly"):
        moment = control.now()
        revision: dict[str, Any] = {
            "name": name,
            "uid": control.uid(),
            "generation": "1",
            "createTime": moment,
            "updateTime": moment,
            "launchStage": document["launchStage"],
            **{key: template[key] for key in _CARRIED if key in template},
            "conditions": [{"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": moment}],
            "creator": CALLER,
            "etag": control.etag(),
        }
        control.store.insert(Resource(revisions.key, name, revision, control.clock(), control.clock()))
    document["latestCreatedRevision"] = document["latestReadyRevision"] = name
    _conclude(pool, call)


def _conclude(pool: Resource, call: Call) -> None:
    document, moment = pool.document, call.control.now()
    document.update(
        observedGeneration=document["generation"],
        reconciling=False,
        terminalCondition={"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": moment},
        conditions=[],
        instanceSplitStatuses=copy.deepcopy(document["instanceSplits"]),
    )


async def run(control: Control, name: str) -> None:
    """Bring what runs in line with a pool's document."""
    stored, runtime = pools.find(control, name), control.part(WorkerPools)
    if stored is None:
        await runtime.remove(name)
        return
    splits: list[tuple[Revision, int]] = []
    for split in stored.document["instanceSplits"]:
        newest = stored.document["latestReadyRevision"]
        revision = f"{name}/revisions/{split['revision']}" if split.get("revision") else newest
        found = control.store.get(revisions.key, revision)
        if found is not None:
            splits.append((Revision.of(revision, found.document), int(split.get("percent") or 0)))
    scaling = stored.document["scaling"]
    # Nothing here loads an instance: of what is scaled by load the least run, and one where that is none.
    automatic = max(int(scaling.get("minInstanceCount") or 0), 1)
    total = automatic if scaling.get("scalingMode") == "AUTOMATIC" else int(scaling.get("manualInstanceCount") or 0)
    await runtime.keep(name, shares(total, splits))


async def restore(control: Control) -> None:
    """After a start of the sandbox: every pool runs again."""
    for pool in control.store.select(pools.key):
        await run(control, pool.name)


def _run_again(call: Call, name: str) -> None:
    call.control.spawn(run(call.control, name), f"run {name}")


ROUTES = operations.routes(pools, POOL, _run_again)
