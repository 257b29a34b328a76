"""Schedules of backups: kept and checked; no backup is made."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis import cron
from sandbox.apis.spanner import instances
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.store import Resource

Json = dict[str, Any]
_HOUR, _DAY = 3600, 86_400
_KINDS = {"fullBackupSpec": 12 * _HOUR, "incrementalBackupSpec": 4 * _HOUR}
_ENCRYPTIONS = ("USE_DATABASE_ENCRYPTION", "GOOGLE_DEFAULT_ENCRYPTION", "CUSTOMER_MANAGED_ENCRYPTION")
_DEFAULT = "default_schedule"
ENCRYPTION = {"encryptionType": str, "kmsKeyName": str, "kmsKeyNames": [str]}

schedules = Collection(
    path="v1/projects/{project}/instances/{instance}/databases/{database}/backupSchedules/{schedule}",
    noun="BackupSchedule",
    type="google.spanner.admin.database.v1.BackupSchedule",
    id_rule=r"(?=.{2,60}$)[a-z][a-z0-9_-]*[a-z0-9]",
    id_message="It must be 2 to 60 lowercase letters, digits, underscores or hyphens, a letter first.",
    id_param="backupScheduleId",
    labels=(),
    mask="required",
    shape={
        "spec": {"cronSpec": {"text": str}},
        "retentionDuration": str,
        "fullBackupSpec": {},
        "incrementalBackupSpec": {},
        "encryptionConfig": ENCRYPTION,
    },
    immutable=tuple(_KINDS),
    on_update_set={"updateTime": now},
    iam=True,
)


def belong_to(databases: Collection) -> None:
    """Their databases, which are a module that needs this one."""
    schedules.parents = (databases,)
    databases.children.append(schedules)


@schedules.on_create
async def check(schedule: Resource, call: Call) -> None:
    """When, how long backups are kept, and what of."""
    document = schedule.document
    if sum(kind in document for kind in _KINDS) != 1:
        raise invalid_argument("A schedule has either fullBackupSpec or incrementalBackupSpec.")
    if "incrementalBackupSpec" in document:
        instance = instances.instances.must(call.control, schedule.parent.partition("/databases/")[0])
        instances.require(instance, "ENTERPRISE", "An incremental backup")
    _check(document, call)


@schedules.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _check(new.document, call)


def _check(document: Json, call: Call) -> None:
    spec = (document.get("spec") or {}).get("cronSpec") or {}
    text = str(spec.get("text") or "")
    if not cron.is_cron(text):
        raise invalid_argument(f"'{text}' is not five fields of cron.", {"spec.cronSpec.text": "invalid"})
    apart = next(least for kind, least in _KINDS.items() if kind in document)
    if _shortest(text) < apart:
        raise invalid_argument(f"Backups are at least {apart // _HOUR} hours apart.", {"spec.cronSpec.text": text})
    document["spec"] = {"cronSpec": {"text": text, "timeZone": "UTC", "creationWindow": "14400s"}}
    kept = re.fullmatch(r"(\d+)(?:\.\d+)?s", str(document.get("retentionDuration") or ""))
    if kept is None or not 6 * _HOUR <= int(kept[1]) <= 366 * _DAY:
        raise invalid_argument(
            "retentionDuration is seconds with an s, 6 hours to 366 days.", {"retentionDuration": "6 hours to 366 days"}
        )
    _encrypt(document, call)


def _encrypt(document: Json, call: Call) -> None:
    config = document["encryptionConfig"] = document.get("encryptionConfig") or {"encryptionType": _ENCRYPTIONS[0]}
    if config.get("encryptionType") not in _ENCRYPTIONS:
        raise invalid_argument(f"encryptionType is one of {', '.join(_ENCRYPTIONS)}.", {"encryptionConfig": "unknown"})
    keys = [config["kmsKeyName"]] if config.get("kmsKeyName") else config.get("kmsKeyNames") or []
    if bool(keys) != (config["encryptionType"] == _ENCRYPTIONS[2]):
        raise invalid_argument(f"Keys are named with {_ENCRYPTIONS[2]}, and only with it.", {"encryptionConfig": ""})
    for key in keys:
        if call.store.get("cloudkms.cryptoKeys", key) is None:
            raise not_found(f"The key '{key}' was not found.")


def _shortest(text: str) -> float:
    """The shortest time between two of a month's times."""
    times, found = cron.parsed(text, "UTC"), float("inf")
    before = times.after(0)
    while before is not None and before < 31 * _DAY:
        following = times.after(before)
        if following is None:
            break
        found, before = min(found, following - before), following
        if found < 4 * _HOUR:
            break
    return found


def make_default(instance: Resource, database: str, call: Call) -> None:
    """The schedule that a new database has where its instance says so: daily, kept for a week."""
    if instance.document.get("defaultBackupScheduleType") != "AUTOMATIC":
        return
    name, moment = f"{database}/backupSchedules/{_DEFAULT}", call.control.clock()
    document: Json = {
        "name": name,
        "spec": {"cronSpec": {"text": "0 0 * * *", "timeZone": "UTC", "creationWindow": "14400s"}},
        "retentionDuration": f"{7 * _DAY}s",
        "fullBackupSpec": {},
        "encryptionConfig": {"encryptionType": _ENCRYPTIONS[0]},
        "updateTime": call.control.now(),
    }
    call.store.insert(Resource(schedules.key, name, document, moment, moment))
