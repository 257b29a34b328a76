"""Instances of Spanner, and partitions of them elsewhere. No server runs behind them."""

from __future__ import annotations

from typing import Any

from sandbox.apis.spanner import capacity, configs, wrapped
from sandbox.control.collection import Collection, etag, now
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_EDITIONS = ("EDITION_UNSPECIFIED", "STANDARD", "ENTERPRISE", "ENTERPRISE_PLUS")
_TRIAL = 90 * 86_400

instances = Collection(
    path="v1/projects/{project}/instances/{instance}",
    type=f"{configs.PACKAGE}.Instance",
    id_rule=r"(?=.{2,64}$)[a-z][-a-z0-9]*[a-z0-9]",
    id_message="It must be 2 to 64 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    create=None,
    update=(),
    mask="required",
    shape=capacity.SHAPE,
    required=("config", "displayName"),
    immutable=("config",),
    output_only=("state", "endpointUris", "freeInstanceMetadata", "replicaComputeCapacity"),
    enums={
        "edition": _EDITIONS,
        "instanceType": ("INSTANCE_TYPE_UNSPECIFIED", "PROVISIONED", "FREE_INSTANCE"),
        "defaultBackupScheduleType": ("DEFAULT_BACKUP_SCHEDULE_TYPE_UNSPECIFIED", "NONE", "AUTOMATIC"),
    },
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    iam=True,
)
partitions = Collection(
    path="v1/projects/{project}/instances/{instance}/instancePartitions/{instancePartition}",
    noun="InstancePartition",
    type=f"{configs.PACKAGE}.InstancePartition",
    id_rule=r"[a-z][a-z0-9-]{0,61}[a-z0-9]",
    id_message="It must be 2 to 64 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
    create=None,
    update=(),
    labels=(),
    mask="required",
    shape=capacity.SHAPE,
    required=("config", "displayName"),
    immutable=("config",),
    output_only=("state", "referencingDatabases", "referencingBackups"),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now, "etag": etag},
    parents=(instances,),
)


def needed(document: Json, call: Call) -> str:
    """The least edition that has what an instance asks for."""
    config = configs.find(call, str(document["config"]))
    if config["quorumType"] != "REGION":
        return "ENTERPRISE_PLUS"
    return "ENTERPRISE" if document.get("autoscalingConfig") or config["configType"] == "USER_MANAGED" else "STANDARD"


def require(instance: Resource, edition: str, what: str) -> None:
    """400 where an instance's edition hasn't something."""
    have = instance.document.get("edition") or "STANDARD"
    if _EDITIONS.index(have) < _EDITIONS.index(edition):
        raise failed_precondition(f"{what} needs the edition {edition} of the instance, which has {have}.")


@instances.on_create
async def complete(instance: Resource, call: Call) -> None:
    """Placed, with the size and the edition that it is to have."""
    document = instance.document
    document["config"] = configs.find(call, str(document["config"]))["name"]
    free = document.get("instanceType") == "FREE_INSTANCE"
    document.setdefault("instanceType", "PROVISIONED")
    _check_names(document)
    if free:
        _free(instance, call)
    else:
        capacity.settle(document)
        _edition(instance, call)
        if document.get("defaultBackupScheduleType") in (None, "DEFAULT_BACKUP_SCHEDULE_TYPE_UNSPECIFIED"):
            document["defaultBackupScheduleType"] = "AUTOMATIC"
    document["state"] = "READY"


def _edition(instance: Resource, call: Call) -> None:
    """As asked for; the least that will do where it isn't said, as Google's own choice isn't known."""
    least = needed(instance.document, call)
    if instance.document.get("edition") in (None, "EDITION_UNSPECIFIED"):
        instance.document["edition"] = least
    require(instance, least, "Autoscaling, a custom configuration or one of several regions")


def _free(instance: Resource, call: Call) -> None:
    document = instance.document
    if any(document.get(field) for field in ("nodeCount", "processingUnits", "autoscalingConfig", "edition")):
        raise invalid_argument("A free instance has no size and no edition of its own.", {"instanceType": "free"})
    if document.get("defaultBackupScheduleType") == "AUTOMATIC":
        raise invalid_argument("A free instance has no backups.", {"defaultBackupScheduleType": "not of a free one"})
    if configs.find(call, document["config"])["freeInstanceAvailability"] != "AVAILABLE":
        raise failed_precondition("There are no free instances with this configuration.")
    for other in call.store.select(instances.key, instance.parent):
        if other.document["instanceType"] == "FREE_INSTANCE":
            raise failed_precondition(f"The project has a free instance, {other.name}, and one is all it may have.")
    document["defaultBackupScheduleType"] = "NONE"
    document["freeInstanceMetadata"] = {
        "expireTime": timestamp(call.control.clock() + _TRIAL),
        "expireBehavior": "FREE_TO_PROVISIONED",
    }


def _check_names(document: Json) -> None:
    if not 4 <= len(str(document["displayName"])) <= 30:
        raise invalid_argument("displayName is 4 to 30 characters.", {"displayName": "4 to 30 characters"})


@instances.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Of what it becomes; one that was free may come to be paid for, not the other way."""
    document = new.document
    _check_names(document)
    free = document["instanceType"] == "FREE_INSTANCE"
    if free and old.document["instanceType"] != "FREE_INSTANCE":
        raise failed_precondition("An instance that is paid for can't become a free one.")
    if free:
        return
    document.pop("freeInstanceMetadata", None)
    if old.document["instanceType"] == "FREE_INSTANCE" and not document.get("processingUnits"):
        document.setdefault("nodeCount", 1)
    capacity.settle(document, old.document)
    _edition(new, call)


@partitions.on_create
async def place(partition: Resource, call: Call) -> None:
    """Elsewhere than its instance, with a size of its own."""
    instance = instances.must(call.control, partition.parent)
    require(instance, "ENTERPRISE_PLUS", "A partition")
    document = partition.document
    document["config"] = configs.find(call, str(document["config"]))["name"]
    _check_names(document)
    capacity.settle(document, least=1000)
    if document["config"] == instance.document["config"]:
        raise invalid_argument("A partition has another configuration than its instance.", {"config": "the same"})
    document["state"] = "READY"


@partitions.on_update
async def resize(old: Resource, new: Resource, call: Call) -> None:
    """Another size, or another name for people."""
    _check_names(new.document)
    capacity.settle(new.document, old.document, least=1000)


@instances.on_delete
async def keep_protected(instance: Resource, call: Call) -> None:
    """Not with a database that may not be dropped."""
    for database in call.store.select("spanner.databases", instance.name):
        if database.document.get("enableDropProtection"):
            raise failed_precondition(
                f"Cannot delete the instance {instance.name}: the database {database.name} has drop protection."
            )


async def _create(call: Call) -> Response:
    return await wrapped.create(instances, call, "instance")


async def _update(call: Call) -> Response:
    return await wrapped.update(instances, call, "instance")


async def _create_partition(call: Call) -> Response:
    return await wrapped.create(partitions, call, "instancePartition")


async def _update_partition(call: Call) -> Response:
    return await wrapped.update(partitions, call, "instancePartition")


async def _backups(call: Call) -> Response:
    """There are none: nothing is there to be backed up."""
    instances.must(call.control, instances.name(call.params))
    return Response.of({})


ROUTES = [
    Route("POST", instances.path.rpartition("/")[0], _create),
    Route("PATCH", instances.path, _update),
    Route("POST", partitions.path.rpartition("/")[0], _create_partition),
    Route("PATCH", partitions.path, _update_partition),
    Route("GET", f"{instances.path}/backups", _backups),
]
