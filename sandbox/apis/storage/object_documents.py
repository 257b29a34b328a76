"""Objects as answers: their documents, and who may read and change them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.apis.storage import access, documents, encryption, holds
from sandbox.apis.storage.rows import Object
from sandbox.control.context import Call
from sandbox.control.store import Resource


def acl(bucket: Resource, target: Object) -> access.Entries:
    """Who may read and change an object."""
    found: access.Entries | None = target.document.get("acl")
    return access.of_new(bucket) if found is None else found


def shown_entry(target: Object, entry: dict[str, str]) -> dict[str, Any]:
    """An entry of an object's list as an answer."""
    path, generation = f"{target.bucket}/o/{quote(target.name, safe='')}", str(target.generation)
    return {
        **access.shown(entry, "object", target.metageneration),
        "id": f"{target.bucket}/{target.name}/{generation}/{entry['entity']}",
        "selfLink": f"{documents.WEB}/b/{path}/acl/{entry['entity']}",
        "bucket": target.bucket,
        "object": target.name,
        "generation": generation,
    }


def shown(
    call: Call, bucket: Resource, target: Object, *, full: bool = False, key: str | None = None
) -> dict[str, Any]:
    """An object as an answer; with its list where it has one and `projection` asks for it, or it is `full`.

    `key` is the SHA-256 of the key that its hashes are shown for, where that isn't the request's.
    """
    key = encryption.key_of(call.request.headers) if key is None else key
    document = document_of(call.request.origin(call.control.url), bucket, target, key)
    if call.query("projection", "full" if full else "") == "full" and not access.uniform(bucket):
        document["owner"] = {"entity": access.owner(bucket)}
        document["acl"] = [shown_entry(target, entry) for entry in acl(bucket, target)]
    return document


def document_of(host: str, bucket: Resource, target: Object, key: str = "") -> dict[str, Any]:
    """An object's document, for those who reach the sandbox at `host`; its hashes for who has its key."""
    path, generation = f"{target.bucket}/o/{quote(target.name, safe='')}", str(target.generation)
    document = {
        "kind": "storage#object",
        "id": f"{target.bucket}/{target.name}/{generation}",
        "selfLink": f"{documents.WEB}/b/{path}",
        "mediaLink": f"{host}/download/storage/v1/b/{path}?generation={generation}&alt=media",
        "name": target.name,
        "bucket": target.bucket,
        "generation": generation,
        "metageneration": str(target.metageneration),
        "size": str(target.size),
        "etag": documents.etag(target.generation, target.metageneration),
        **target.document,
    }
    document.pop("acl", None)
    if encryption.of_object(target) not in ("", key):
        del document["crc32c"]
        document.pop("md5Hash", None)
    until = holds.protected_until(bucket, target)
    if until is not None and not target.document.get("eventBasedHold"):
        document["retentionExpirationTime"] = until
    return document
