"""Objects: metadata, lists, deletion, copies, composition."""

from __future__ import annotations

import base64
import binascii
import copy
import heapq
import itertools
import json
from collections.abc import Iterator
from typing import Any

from sandbox.apis.storage import access, buckets, documents, encryption, folders, object_documents, objects
from sandbox.apis.storage.globs import compile_glob
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import Object, folders_below
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Resource

# Sorts after every name that begins with what it is appended to.
_END = "\U0010ffff"


def generation_of(call: Call, name: str = "generation") -> int | None:
    """The generation a request names, or None for the live one."""
    text = call.query(name)
    if text and not text.isdigit():
        raise invalid_argument(f"Invalid value for {name}: '{text}'")
    return int(text) if text else None


def find(call: Call, *, reading: bool = False) -> tuple[Resource, Object]:
    """The bucket and object of a path, preconditions checked."""
    bucket = buckets.of_path(call)
    conditions, store = Preconditions.of(call.request.query), call.control.part(Objects)
    generation = generation_of(call)
    if reading and call.flag("softDeleted"):
        if generation is None:
            raise invalid_argument("Required parameter: generation", reason="required")
        target = store.soft.find(bucket, call.params["object"], generation)
        if target and call.query("restoreToken") not in ("", target.document.get("restoreToken")):
            target = None
    else:
        target = store.find(bucket.name, call.params["object"], generation)
    if target is None:
        if conditions.generation:
            conditions.check(None, None)
        raise objects.missing(bucket.name, call.params["object"])
    conditions.check(target.generation, target.metageneration, reading=reading)
    return bucket, target


async def get(call: Call) -> Response:
    """`objects.get`; with `alt=media` the bytes."""
    if call.query("alt") == "media":
        if call.flag("softDeleted"):
            raise invalid_argument("A soft-deleted object can't be read: restore it first.")
        from sandbox.apis.storage.download import media

        return await media(call)
    bucket, target = find(call, reading=True)
    encryption.check_metadata(target, call.request.headers)
    return Response.of(object_documents.shown(call, bucket, target))


async def list_objects(call: Call) -> Response:
    """`objects.list`: prefix, delimiter, versions, offsets, managed folders, pages."""
    bucket = buckets.of_path(call)
    if call.query("filter"):
        raise unimplemented("The sandbox does not implement filter of objects.list.")
    if call.flag("softDeleted") and call.flag("versions"):
        raise invalid_argument("softDeleted and versions can't be asked for together.")
    size = call.integer("maxResults", 1000, 1000) or 1000
    at, generation = _cursor(call.query("pageToken"))
    if call.query("startOffset") > at:
        at, generation = call.query("startOffset"), -1
    entries = list(itertools.islice(_entries(call, bucket, at, generation), size + 1))
    shown = entries[:size]
    document: dict[str, Any] = {"kind": "storage#objects"}
    if len(entries) > size:
        name, last = shown[-1]
        document["nextPageToken"] = page_token(name, None if last is None else last.generation)
    if prefixes := [name for name, item in shown if item is None]:
        document["prefixes"] = prefixes
    if items := [object_documents.shown(call, bucket, item) for _, item in shown if item is not None]:
        document["items"] = items
    return Response.of(document)


def page_token(name: str, generation: int | None) -> str:
    """Where a list goes on: after a generation of an object; without one, after all whose names begin so."""
    place = [name + _END, -1] if generation is None else [name, generation]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _entries(call: Call, bucket: Resource, at: str, generation: int) -> Iterator[tuple[str, Object | None]]:
    """What a list shows after a place, by name: objects, and groups of them, which have no object."""
    groups: list[str] = []
    if call.flag("includeFoldersAsPrefixes"):
        found = [*folders.in_bucket(call, bucket.name), *folders_below(call.store, bucket.name)]
        names = (folder.document["name"] for folder in found)
        groups = sorted({group for name in names if (group := _group(call, name)) and group > at})
    before = ""
    managed: Iterator[tuple[str, Object | None]] = ((group, None) for group in groups)
    for name, item in heapq.merge(_stored(call, bucket, at, generation), managed, key=lambda entry: entry[0]):
        if item is None:
            if name == before:
                continue
            before = name
        yield name, item


def _stored(call: Call, bucket: Resource, at: str, generation: int) -> Iterator[tuple[str, Object | None]]:
    end, store, prefix = call.query("endOffset"), call.control.part(Objects), call.query("prefix")
    fits = compile_glob(call.query("matchGlob") or "**").fullmatch
    while True:
        jump = None
        if call.flag("softDeleted"):
            found = store.soft.scan(bucket, at, generation, prefix)
        else:
            found = store.scan(bucket.name, at, generation, prefix, call.flag("versions"))
        for item in found:
            if end and item.name >= end:
                return
            if not fits(item.name):
                continue
            group = _group(call, item.name)
            if not group:
                yield item.name, item
                continue
            if group == item.name and call.flag("includeTrailingDelimiter"):
                yield item.name, item
            yield group, None
            jump = group + _END
            break
        if jump is None:
            return
        at, generation = jump, -1


def _group(call: Call, name: str) -> str:
    """The prefix that stands for a name in a list with a delimiter; empty where it stands for itself."""
    prefix, delimiter = call.query("prefix"), call.query("delimiter")
    cut = name.find(delimiter, len(prefix)) if delimiter and name.startswith(prefix) else -1
    return name[: cut + len(delimiter)] if cut >= 0 else ""


def _cursor(token: str) -> tuple[str, int]:
    if not token:
        return "", -1
    try:
        name, generation = json.loads(base64.urlsafe_b64decode(token))
        return str(name), int(generation)
    except (binascii.Error, ValueError, TypeError) as error:
        raise invalid_argument("Invalid page token.") from error


def _save(call: Call, bucket: Resource, target: Object, values: dict[str, Any]) -> Response:
    wanted = access.requested(call, bucket, documents.body(call).get("acl"), "predefinedAcl")
    server = {key: value for key, value in target.document.items() if key not in objects.WRITABLE}
    kept = {key: values[key] for key in objects.WRITABLE if values.get(key) not in (None, {}, "")}
    if kept.get("storageClass", target.document["storageClass"]) != target.document["storageClass"]:
        raise invalid_argument("The storage class of an object is changed by rewriting it.")
    kept["storageClass"] = target.document["storageClass"]
    target.document = {**server, **kept, "updated": documents.now(call)}
    if wanted is not None:
        target.document["acl"] = wanted
    target.metageneration += 1
    call.control.part(Objects).change(bucket, target)
    return Response.of(object_documents.shown(call, bucket, target, full=wanted is not None))


async def patch(call: Call) -> Response:
    """`objects.patch`: a merge patch of the metadata."""
    bucket, target = find(call)
    return _save(call, bucket, target, documents.merge(copy.deepcopy(target.document), documents.body(call)))


async def update(call: Call) -> Response:
    """`objects.update`: all the metadata."""
    bucket, target = find(call)
    return _save(call, bucket, target, documents.body(call))


async def delete(call: Call) -> Response:
    """`objects.delete`: a generation for good, else the live version."""
    bucket, target = find(call)
    call.control.part(Objects).delete(bucket, target, for_good=generation_of(call) is not None)
    return Response(204)


async def compose(call: Call) -> Response:
    """`objects.compose`: up to 32 objects into one."""
    bucket = buckets.of_path(call)
    store, body = call.control.part(Objects), documents.body(call)
    given = body.get("sourceObjects") or []
    if not 1 <= len(given) <= 32:
        raise invalid_argument("The number of source components must be between 1 and 32.")
    key = encryption.key_of(call.request.headers)
    sources: list[Object] = []
    for item in given:
        generation = item.get("generation")
        source = store.find(bucket.name, item.get("name", ""), int(generation) if generation else None)
        if source is None:
            raise objects.missing(bucket.name, item.get("name", ""))
        wanted = (item.get("objectPreconditions") or {}).get("ifGenerationMatch")
        Preconditions(generation=None if wanted is None else int(wanted)).check(
            source.generation, source.metageneration
        )
        encryption.check(encryption.of_object(source), key)
        sources.append(source)
    data = b"".join([await store.blobs.read(source.digest, 0, source.size) for source in sources])
    fields = dict(body.get("destination") or {})
    fields["componentCount"] = sum(int(source.document.get("componentCount", 1)) for source in sources)
    fields.setdefault("contentType", sources[0].document.get("contentType"))
    fields["acl"] = access.requested(call, bucket, fields.get("acl"), "destinationPredefinedAcl")
    if call.query("kmsKeyName"):
        fields["kmsKeyName"] = call.query("kmsKeyName")
    content = await store.blobs.put(data)
    with store.blobs.holding(content.digest):
        conditions = Preconditions.of(call.request.query)
        target = store.write(bucket, call.params["object"], content, fields, conditions, key=key)
    return Response.of(object_documents.shown(call, bucket, target))


async def copied(call: Call) -> tuple[Resource, Object]:
    store = call.control.part(Objects)
    source_bucket = buckets.of_path(call)
    source = store.find(source_bucket.name, call.params["object"], generation_of(call, "sourceGeneration"))
    if source is None:
        raise objects.missing(source_bucket.name, call.params["object"])
    Preconditions.of(call.request.query, "ifSource").check(source.generation, source.metageneration)
    encryption.check_content(source, call.request.headers, encryption.SOURCE)
    target_bucket, body = buckets.must(call.control, call.params["target_bucket"]), documents.body(call)
    given = {key: value for key, value in body.items() if key in objects.WRITABLE}
    # Metadata in the request replaces all of the source's; without any it is taken over.
    fields = given if given else {k: v for k, v in source.document.items() if k != "storageClass"}
    fields.setdefault("contentType", source.document.get("contentType"))
    # The list is the writer's or the bucket's, never the source's.
    fields["acl"] = access.requested(call, target_bucket, body.get("acl"), "destinationPredefinedAcl")
    # Nor is it encrypted as the source is, unless it is asked for.
    for own in ("temporaryHold", "eventBasedHold", "retention", "kmsKeyName"):
        if own not in given:
            fields.pop(own, None)
    if call.query("destinationKmsKeyName"):
        fields["kmsKeyName"] = call.query("destinationKmsKeyName")
    if "componentCount" in source.document:
        fields["componentCount"] = source.document["componentCount"]
    data = await store.blobs.read(source.digest, 0, source.size)
    content = await store.blobs.put(data)
    with store.blobs.holding(content.digest):
        key, conditions = encryption.key_of(call.request.headers), Preconditions.of(call.request.query)
        target = store.write(target_bucket, call.params["target"], content, fields, conditions, key=key)
    return target_bucket, target


async def copy_to(call: Call) -> Response:
    """`objects.copy`."""
    bucket, target = await copied(call)
    return Response.of(object_documents.shown(call, bucket, target))


async def rewrite(call: Call) -> Response:
    """`objects.rewrite`: done in one call."""
    bucket, target = await copied(call)
    return Response.of(
        {
            "kind": "storage#rewriteResponse",
            "totalBytesRewritten": str(target.size),
            "objectSize": str(target.size),
            "done": True,
            "resource": object_documents.shown(call, bucket, target),
        }
    )


async def move(call: Call) -> Response:
    """`objects.move`: another name in the same bucket."""
    bucket, store = buckets.of_path(call), call.control.part(Objects)
    source = store.find(bucket.name, call.params["object"])
    if source is None:
        raise objects.missing(bucket.name, call.params["object"])
    Preconditions.of(call.request.query, "ifSource").check(source.generation, source.metageneration)
    if call.params["target"] == source.name:
        raise invalid_argument("The source and the destination of a move are the same object.")
    target = store.rename(bucket, source, call.params["target"], Preconditions.of(call.request.query))
    return Response.of(object_documents.shown(call, bucket, target))
