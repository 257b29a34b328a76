"""Messages of google.storage.v2 from and to the documents of Cloud Storage's JSON API, which name much otherwise."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from google.protobuf import json_format  # type: ignore[import-untyped]
from google.protobuf.field_mask_pb2 import FieldMask  # type: ignore[import-untyped]

from sandbox.rpc.methods import IMPORTING

Json = dict[str, Any]

_BUCKETS = "projects/_/buckets/"
# The message's name of a field, by that of the document, where they differ.
_OBJECT = {
    "timeDeleted": "deleteTime",
    "timeCreated": "createTime",
    "timeFinalized": "finalizeTime",
    "updated": "updateTime",
    "timeStorageClassUpdated": "updateStorageClassTime",
    "retentionExpirationTime": "retentionExpireTime",
    "kmsKeyName": "kmsKey",
}
_BUCKET = {
    "timeCreated": "createTime",
    "updated": "updateTime",
    "iamConfiguration": "iamConfig",
}
_DATES = ("createdBefore", "customTimeBefore", "noncurrentTimeBefore")


@cache
def types() -> ModuleType:
    """The messages, of google-cloud-storage. It imports: call it in a thread. Raises ImportError."""
    with IMPORTING:
        from google.cloud._storage_v2.types import storage

    return storage


def bucket_id(name: str) -> str:
    """`b` of `projects/_/buckets/b`."""
    return name.removeprefix(_BUCKETS)


def bucket_name(bucket: str) -> str:
    """`projects/_/buckets/b` of `b`."""
    return _BUCKETS + bucket


def checksum(crc32c: str) -> int:
    """A CRC32C as messages have it, of the document's base64.

    >>> checksum("AAAAAQ==")
    1
    """
    return int.from_bytes(base64.b64decode(crc32c), "big")


def checksums(message: Any) -> Json:
    """What a message says of an object's bytes, as a document's fields."""
    found: Json = {}
    if message.HasField("crc32c"):
        found["crc32c"] = base64.b64encode(message.crc32c.to_bytes(4, "big")).decode()
    if message.md5_hash:
        found["md5Hash"] = base64.b64encode(message.md5_hash).decode()
    return found


def _renamed(document: Mapping[str, Any], names: Mapping[str, str]) -> Json:
    return {names.get(key, key): value for key, value in document.items()}


def object_message(document: Json, mask: FieldMask | None = None) -> Any:
    """An object's message, of its document; of a mask what it names."""
    made = _renamed(document, _OBJECT)
    made["bucket"] = bucket_name(document["bucket"])
    made["checksums"] = {"md5Hash": document.get("md5Hash", "")}
    if "crc32c" in document:
        made["checksums"]["crc32c"] = checksum(document["crc32c"])
    if key := document.get("customerEncryption"):
        made["customerEncryption"] = _renamed(key, {"keySha256": "keySha256Bytes"})
    if retention := document.get("retention"):
        made["retention"] = {**retention, "mode": str(retention["mode"]).upper()}
    return _parsed(made, types().Object.pb(), mask)


def _parsed(document: Json, kind: type[Any], mask: FieldMask | None) -> Any:
    message = json_format.ParseDict(document, kind(), ignore_unknown_fields=True)
    if mask is None or not mask.paths or "*" in mask.paths:
        return message
    masked = kind()
    mask.MergeMessage(message, masked)
    return masked


def object_document(message: Any) -> Json:
    """An object's document, of its message: what a writer may set, with its names."""
    made = json_format.MessageToDict(message)
    names = {new: old for old, new in _OBJECT.items()}
    document = {key: value for key, value in _renamed(made, names).items() if key not in ("checksums", "generation")}
    document.update(checksums(message.checksums))
    if "bucket" in document:
        document["bucket"] = bucket_id(document["bucket"])
    if retention := document.get("retention"):
        document["retention"] = {**retention, "mode": str(retention["mode"]).capitalize()}
    return document


def bucket_message(document: Json, mask: FieldMask | None = None) -> Any:
    """A bucket's message, of its document; of a mask what it names."""
    made = _renamed(document, _BUCKET)
    made.update(
        name=bucket_name(document["name"]), bucketId=document["name"], project=f"projects/{document['projectNumber']}"
    )
    access = made.get("iamConfig") or {}
    uniform = dict(access.get("uniformBucketLevelAccess") or {})
    if "lockedTime" in uniform:
        uniform["lockTime"] = uniform.pop("lockedTime")
    made["iamConfig"] = {**access, "uniformBucketLevelAccess": uniform}
    for field, period in (("retentionPolicy", "retentionPeriod"), ("softDeletePolicy", "retentionDurationSeconds")):
        if policy := made.get(field):
            made[field] = {**policy, "retentionDuration": f"{policy[period]}s"}
    if lifecycle := made.get("lifecycle"):
        made["lifecycle"] = {"rule": [_rule_message(rule) for rule in lifecycle["rule"]]}
    if encryption := made.get("encryption"):
        made["encryption"] = _renamed(encryption, {"defaultKmsKeyName": "defaultKmsKey"})
    if logging := made.get("logging"):
        made["logging"] = {**logging, "logBucket": bucket_name(logging.get("logBucket", ""))}
    if retention := made.pop("objectRetention", None):
        made["objectRetention"] = {"enabled": retention["mode"] == "Enabled"}
    return _parsed(made, types().Bucket.pb(), mask)


def _rule_message(rule: Json) -> Json:
    condition = _renamed(rule.get("condition") or {}, {"age": "ageDays"})
    for field in _DATES:
        if field in condition:
            year, month, day = str(condition[field])[:10].split("-")
            condition[field] = {"year": int(year), "month": int(month), "day": int(day)}
    return {"action": rule["action"], "condition": condition}


def _rule_document(rule: Json) -> Json:
    condition = _renamed(rule.get("condition") or {}, {"ageDays": "age"})
    for field in _DATES:
        if field in condition:
            date = condition[field]
            condition[field] = f"{date['year']:04}-{date['month']:02}-{date['day']:02}"
    return {"action": rule.get("action") or {}, "condition": condition}


def bucket_document(message: Any) -> Json:
    """A bucket's document, of its message: what a client may set, with its names."""
    made = json_format.MessageToDict(message)
    dropped = ("name", "bucketId", "project", "etag", "metageneration", "createTime", "updateTime", "owner")
    document = _renamed({key: made[key] for key in made if key not in dropped}, {"iamConfig": "iamConfiguration"})
    for field, period in (("retentionPolicy", "retentionPeriod"), ("softDeletePolicy", "retentionDurationSeconds")):
        if policy := document.get(field):
            seconds = str(policy.get("retentionDuration", "0s")).removesuffix("s").partition(".")[0]
            document[field] = {period: seconds}
    if lifecycle := document.get("lifecycle"):
        document["lifecycle"] = {"rule": [_rule_document(rule) for rule in lifecycle.get("rule", [])]}
    if encryption := document.get("encryption"):
        document["encryption"] = _renamed(encryption, {"defaultKmsKey": "defaultKmsKeyName"})
    if logging := document.get("logging"):
        document["logging"] = {**logging, "logBucket": bucket_id(logging.get("logBucket", ""))}
    document.pop("objectRetention", None)
    return document


def document_field(path: str, *, bucket: bool) -> list[str]:
    """Where the field of a mask's path is in a document.

    >>> document_field("iam_config.public_access_prevention", bucket=True)
    ['iamConfiguration', 'publicAccessPrevention']
    """
    names = {new: old for old, new in (_BUCKET if bucket else _OBJECT).items()}
    head, *rest = path.split(".", 1)
    first = _camel(head)
    if head not in ("labels", "metadata"):  # whose keys are the user's own
        rest = [_camel(part) for part in ".".join(rest).split(".") if part]
    return [names.get(first, first), *rest]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
