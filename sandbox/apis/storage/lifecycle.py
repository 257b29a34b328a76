"""What a bucket's lifecycle rules do to its objects: at Google within a day of their time, here within an hour.

The rules are those of https://cloud.google.com/storage/docs/lifecycle.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sandbox.apis.storage import buckets
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.part_uploads import PartUpload, PartUploads
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Control, timestamp
from sandbox.control.errors import ApiError
from sandbox.control.store import Resource

log = logging.getLogger("sandbox.storage")

_DAY = 86_400
_ABORT = "AbortIncompleteMultipartUpload"
# The cheaper to keep, the higher: a rule moves an object upwards only. The older names are of STANDARD's price.
_CHEAPER = {"NEARLINE": 1, "COLDLINE": 2, "ARCHIVE": 3}
Rule = Mapping[str, Any]


def action(rules: Sequence[Rule], item: Object, newer: int, now: float) -> Rule | None:
    """What is to be done with a version of an object: deleting comes first, then the cheapest storage class.

    Args:
        rules: of the bucket.
        item: the version.
        newer: how many versions of the object are newer.
        now: seconds since the epoch.
    """
    due = [
        rule["action"]
        for rule in rules
        if rule["action"]["type"] != _ABORT and _met(rule.get("condition") or {}, item, newer, now)
    ]
    for each in due:
        if each["type"] == "Delete":
            return each  # type: ignore[no-any-return]
    place = _CHEAPER.get(item.document["storageClass"], 0)
    moves = [each for each in due if _CHEAPER.get(each.get("storageClass", ""), 0) > place]
    return max(moves, key=lambda each: _CHEAPER[each["storageClass"]], default=None)


def _met(condition: Rule, item: Object, newer: int, now: float) -> bool:
    """Whether all of a rule's conditions are met; a rule without any never is."""
    document = item.document
    created, gone = _seconds(document["timeCreated"]), _seconds(document.get("timeDeleted"))
    custom = _seconds(document.get("customTime"))
    checks: dict[str, Callable[[Any], bool]] = {
        "age": lambda days: now - created >= int(days) * _DAY,
        "createdBefore": lambda day: created < _midnight(day),
        "customTimeBefore": lambda day: bool(custom) and custom < _midnight(day),
        "daysSinceCustomTime": lambda days: bool(custom) and now - custom >= int(days) * _DAY,
        "noncurrentTimeBefore": lambda day: not item.live and gone < _midnight(day),
        "daysSinceNoncurrentTime": lambda days: not item.live and now - gone >= int(days) * _DAY,
        "isLive": lambda live: item.live == live,
        "matchesStorageClass": lambda classes: document["storageClass"] in classes,
        "matchesPrefix": lambda prefixes: item.name.startswith(tuple(prefixes)),
        "matchesSuffix": lambda suffixes: item.name.endswith(tuple(suffixes)),
        "numNewerVersions": lambda count: newer >= int(count),
    }
    return bool(condition) and all(name in checks and checks[name](wanted) for name, wanted in condition.items())


def _seconds(text: str | None) -> float:
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _midnight(day: str) -> float:
    return datetime.combine(date.fromisoformat(day), time(), UTC).timestamp()


async def carry_out(control: Control, objects: Objects) -> None:
    """Do what the rules of all buckets want done now."""
    for bucket in control.store.select(buckets.COLLECTION):
        rules = (bucket.document.get("lifecycle") or {}).get("rule") or []
        if not rules:
            continue
        _abort(control, bucket, rules)
        for _, versions in itertools.groupby(objects.scan(bucket.name, "", -1, "", True), key=lambda item: item.name):
            ordered = list(versions)
            for newer, item in enumerate(reversed(ordered)):
                _do(control, objects, bucket, item, action(rules, item, newer, control.clock()))
            await asyncio.sleep(0)  # a request may come in between


def _abort(control: Control, bucket: Resource, rules: Sequence[Rule]) -> None:
    """End the uploads in parts that are too old for a rule."""
    uploads, now = control.part(PartUploads), control.clock()
    for upload in uploads.of_bucket(bucket.name):
        if any(
            rule["action"]["type"] == _ABORT and _too_old(rule.get("condition") or {}, upload, now) for rule in rules
        ):
            uploads.end(upload)


def _too_old(condition: Rule, upload: PartUpload, now: float) -> bool:
    """Whether a rule's conditions are met; an upload knows these three only."""
    checks: dict[str, Callable[[Any], bool]] = {
        "age": lambda days: now - upload.begun >= int(days) * _DAY,
        "matchesPrefix": lambda prefixes: upload.name.startswith(tuple(prefixes)),
        "matchesSuffix": lambda suffixes: upload.name.endswith(tuple(suffixes)),
    }
    return bool(condition) and all(name in checks and checks[name](wanted) for name, wanted in condition.items())


def _do(control: Control, objects: Objects, bucket: Resource, item: Object, wanted: Rule | None) -> None:
    if wanted is None:
        return
    if wanted["type"] == "SetStorageClass":
        moved = {"storageClass": wanted["storageClass"], "timeStorageClassUpdated": timestamp(control.clock(), 3)}
        item.document |= moved
        objects.save(item)
        return
    versioned = bool((bucket.document.get("versioning") or {}).get("enabled"))
    try:
        objects.delete(bucket, item, for_good=not (item.live and versioned))
    except ApiError as error:  # held, or to be kept until later
        log.debug("lifecycle of %s: %s", bucket.name, error.message)
