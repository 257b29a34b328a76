"""Objects: rows of generations over content, and the one way in which an object is written or removed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.apis.storage import access, buckets, encryption, holds, object_documents
from sandbox.apis.storage.blobs import Blobs, Content
from sandbox.apis.storage.preconditions import Preconditions
from sandbox.apis.storage.rows import COLUMNS, Object, after_all, from_row, make_folder, to_row, walk
from sandbox.apis.storage.soft_deleted import SoftDeleted
from sandbox.control.context import Control, timestamp
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.store import Resource, Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_objects (
  bucket TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, live INTEGER NOT NULL,
  metageneration INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (bucket, name, generation)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS storage_objects_live ON storage_objects (bucket, name) WHERE live = 1;
CREATE INDEX IF NOT EXISTS storage_objects_by_digest ON storage_objects (digest);
CREATE TABLE IF NOT EXISTS storage_uploads (
  id TEXT PRIMARY KEY, bucket TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID;
"""
# What a writer may set; all else is the server's.
WRITABLE = (
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "customTime",
    "eventBasedHold",
    "kmsKeyName",
    "metadata",
    "retention",
    "storageClass",
    "temporaryHold",
    "contexts",
)


Told = Callable[[Control, str, dict[str, Any], dict[str, str]], None]


class Objects:
    """The objects of all buckets. `tell` hears of each change: an event, the object as an answer, more of it."""

    def __init__(self, control: Control, tell: Told = lambda *_: None) -> None:
        self._tell = tell
        self._control = control
        self._store: Store = control.store
        self._store.schema(SCHEMA)
        self.blobs = Blobs(control.state_dir / "objects")
        self.soft = SoftDeleted(control)
        self.soft.purge()
        used = (row[0] for row in self._store.rows("SELECT DISTINCT digest FROM storage_objects"))
        self.blobs.sweep([*used, *self.soft.digests()])
        last = self._store.rows("SELECT coalesce(max(generation), 0) FROM storage_objects")[0][0]
        self._last = max(last, self.soft.last_generation())

    def next_generation(self) -> int:
        """Microseconds since the epoch, always rising."""
        self._last = max(self._last + 1, int(self._control.clock() * 1e6))
        return int(self._last)

    def find(self, bucket: str, name: str, generation: int | None = None) -> Object | None:
        """The live version, or the one of a generation."""
        where, values = (
            ("live = 1", [bucket, name]) if generation is None else ("generation = ?", [bucket, name, generation])
        )
        sql = f"SELECT {COLUMNS} FROM storage_objects WHERE bucket = ? AND name = ? AND {where}"  # noqa: S608
        rows = self._store.rows(sql, values)
        return from_row(rows[0]) if rows else None

    def scan(self, bucket: str, start: str, generation: int, prefix: str, versions: bool) -> Iterator[Object]:
        """Objects after (start, generation), by name and generation."""
        where = f"storage_objects WHERE bucket = ? {'' if versions else 'AND live = 1'}"
        return walk(self._store, where, (bucket,), start, generation, prefix)

    def write(
        self,
        bucket: Resource,
        name: str,
        content: Content,
        given: dict[str, Any],
        conditions: Preconditions,
        *,
        key: str,
    ) -> Object:
        """Make a new live version, atomically; the bytes are there already. Raises 412, 403 and 400.

        `key` is the SHA-256 of the customer-supplied key, or empty.
        """
        check_name(name)
        now = timestamp(self._control.clock(), 3)
        document = {key: given[key] for key in WRITABLE if given.get(key) is not None}
        document.setdefault("storageClass", bucket.document["storageClass"])
        if bucket.document.get("defaultEventBasedHold"):
            document.setdefault("eventBasedHold", True)
        encryption.settle(bucket, document, key)
        document |= dict.fromkeys(("timeCreated", "updated", "timeStorageClassUpdated", "timeFinalized"), now)
        document["acl"] = access.of_new(bucket) if given.get("acl") is None else given["acl"]
        document["crc32c"] = content.crc32c
        if "componentCount" in given:
            document["componentCount"] = given["componentCount"]
        elif content.md5:
            document["md5Hash"] = content.md5
        with self._store.transaction():
            new, dropped = self._put(bucket, name, content.digest, content.size, document, conditions)
        if dropped is not None:
            self.drop_content(dropped)
        return new

    def grow(self, target: Object, content: Content, *, finalized: bool) -> None:
        """Give an object that is still appended to the bytes it has by now; it stays the generation it is.

        Raises ApiError 404 where it was deleted meanwhile.
        """
        before, now = target.digest, timestamp(self._control.clock(), 3)
        target.digest, target.size = content.digest, content.size
        document = {key: value for key, value in target.document.items() if key not in ("md5Hash", "timeFinalized")}
        target.document = {**document, "crc32c": content.crc32c, "updated": now}
        if finalized:
            target.document["timeFinalized"] = now
        with self._store.transaction():
            changed = self._store.execute(
                "UPDATE storage_objects SET digest = ?, size = ? WHERE bucket = ? AND name = ? AND generation = ?",
                (target.digest, target.size, target.bucket, target.name, target.generation),
            )
            self.save(target)
        self.drop_content(before)
        if not changed.rowcount:
            raise missing(target.bucket, target.name)

    def rename(self, bucket: Resource, source: Object, name: str, conditions: Preconditions) -> Object:
        """Give an object another name, atomically: a new version there, and none here. Raises 412, 403 and 400."""
        check_name(name)
        now = timestamp(self._control.clock(), 3)
        document = {**source.document, "timeCreated": now, "updated": now, "timeFinalized": now}
        with self._store.transaction():
            holds.check_unprotected(bucket, source, self._control.clock())
            new, dropped = self._put(bucket, name, source.digest, source.size, document, conditions)
            self._retire(bucket, source, now)  # its bytes are the new one's
            self._announce(bucket, _gone(bucket), source)
        if dropped is not None:
            self.drop_content(dropped)
        return new

    def rename_below(self, bucket: str, old: str, new: str) -> None:
        """Give all objects below a folder the names they have below another; in a transaction of the caller's."""
        self._store.execute(
            "UPDATE storage_objects SET name = ? || substr(name, ?) WHERE bucket = ? AND name >= ? AND name < ?",
            (new, len(old) + 1, bucket, old, after_all(old)),
        )

    def restore(self, bucket: Resource, kept: Object, conditions: Preconditions, *, same_acl: bool) -> Object:
        """A new live version of a soft-deleted one, which stays until it expires. Raises 412 and 403."""
        now = timestamp(self._control.clock(), 3)
        gone = ("softDeleteTime", "hardDeleteTime", "timeDeleted", "restoreToken")
        document = {key: value for key, value in kept.document.items() if key not in gone}
        document |= {"timeCreated": now, "updated": now, "timeFinalized": now}
        if not same_acl:
            document["acl"] = access.of_new(bucket)
        with self._store.transaction():
            new, dropped = self._put(bucket, kept.name, kept.digest, kept.size, document, conditions)
        if dropped is not None:
            self.drop_content(dropped)
        return new

    def _put(
        self,
        bucket: Resource,
        name: str,
        digest: str,
        size: int,
        document: dict[str, Any],
        conditions: Preconditions,
    ) -> tuple[Object, str | None]:
        """A new live version, in a transaction of the caller's; with the digest that may be dropped after it."""
        # The bucket may have gone while the bytes were written.
        buckets.must(self._control, bucket.name)
        old = self.find(bucket.name, name)
        conditions.check(old.generation if old else None, old.metageneration if old else None)
        if old is not None:
            holds.check_unprotected(bucket, old, self._control.clock())
        new = Object(bucket.name, name, self.next_generation(), True, 1, digest, size, document)
        now = timestamp(self._control.clock(), 3)
        dropped = self._retire(bucket, old, now) if old is not None else None
        self._insert(new)
        if bucket.document.get("hierarchicalNamespace") and (folder := name.rpartition("/")[0]):
            make_folder(self._store, bucket.name, f"{folder}/", self._control.clock())
        if old is not None:
            self._announce(bucket, _gone(bucket), old, overwrittenByGeneration=str(new.generation))
            self._announce(bucket, "OBJECT_FINALIZE", new, overwroteGeneration=str(old.generation))
        else:
            self._announce(bucket, "OBJECT_FINALIZE", new)
        return new, dropped

    def _announce(self, bucket: Resource, event: str, target: Object, **more: str) -> None:
        self._tell(self._control, event, object_documents.document_of(self._control.url, bucket, target), more)

    def change(self, bucket: Resource, changed: Object) -> None:
        """Store a change of metadata that a client asked for."""
        with self._store.transaction():
            self.save(changed)
            self._announce(bucket, "OBJECT_METADATA_UPDATE", changed)

    def save(self, changed: Object) -> None:
        """Store a change of metadata."""
        self._store.execute(
            "UPDATE storage_objects SET metageneration = ?, document = ?, live = ? "
            "WHERE bucket = ? AND name = ? AND generation = ?",
            (
                changed.metageneration,
                json.dumps(changed.document),
                int(changed.live),
                changed.bucket,
                changed.name,
                changed.generation,
            ),
        )

    def delete(self, bucket: Resource, target: Object, *, for_good: bool) -> None:
        """Delete a version for good, or retire the live one where the bucket keeps versions."""
        holds.check_unprotected(bucket, target, self._control.clock())
        with self._store.transaction():
            if for_good:
                dropped = self._remove(bucket, target)
            else:
                dropped = self._retire(bucket, target, timestamp(self._control.clock(), 3))
            self._announce(bucket, "OBJECT_DELETE" if for_good else _gone(bucket), target)
        if dropped is not None:
            self.drop_content(dropped)

    def drop_content(self, digest: str) -> None:
        """Remove bytes that nothing refers to."""
        live = self._store.rows("SELECT 1 FROM storage_objects WHERE digest = ? LIMIT 1", (digest,))
        if not live and not self.soft.refers(digest):
            self.blobs.drop(digest)

    def purge(self) -> None:
        """Drop what was soft-deleted and has expired, with its bytes."""
        for digest in self.soft.purge():
            self.drop_content(digest)

    def _retire(self, bucket: Resource, old: Object, now: str) -> str | None:
        """Make the live version noncurrent, or remove it; the digest that may be dropped then."""
        if bucket.document.get("versioning", {}).get("enabled"):
            old.live = False
            old.document["timeDeleted"] = now
            self.save(old)
            return None
        return self._remove(bucket, old)

    def _insert(self, new: Object) -> None:
        self._store.execute("INSERT INTO storage_objects VALUES (?, ?, ?, ?, ?, ?, ?, ?)", to_row(new))

    def _remove(self, bucket: Resource, old: Object) -> str | None:
        """Remove a version, for now or for good; the digest that may be dropped then."""
        self._store.execute(
            "DELETE FROM storage_objects WHERE bucket = ? AND name = ? AND generation = ?",
            (old.bucket, old.name, old.generation),
        )
        return None if self.soft.keep(bucket, old) else old.digest


def _gone(bucket: Resource) -> str:
    """What happens to a version that is no longer live."""
    return "OBJECT_ARCHIVE" if bucket.document.get("versioning", {}).get("enabled") else "OBJECT_DELETE"


def check_name(name: str) -> None:
    """400 for a name that Storage refuses."""
    if not name:
        raise invalid_argument("Required", reason="required")
    if len(name.encode()) > 1024 or name in (".", "..") or "\r" in name or "\n" in name:
        raise invalid_argument(f"Invalid object name: '{name[:64]}'")
    if name.startswith(".well-known/acme-challenge/"):
        raise invalid_argument("Object names must not begin with .well-known/acme-challenge/.")


def missing(bucket: str, name: str) -> ApiError:
    """404 of an object."""
    return not_found(f"No such object: {bucket}/{name}")
