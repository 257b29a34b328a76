"""Uploads in parts that are under way: their rows, and a folder for each with a file a part."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.control.context import Control
from sandbox.control.store import Store

_SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_part_uploads (
  id TEXT PRIMARY KEY, bucket TEXT NOT NULL, name TEXT NOT NULL, begun REAL NOT NULL, metadata TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS storage_part_uploads_by_name ON storage_part_uploads (bucket, name, id);
CREATE TABLE IF NOT EXISTS storage_parts (
  upload TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT NOT NULL,
  at REAL NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
"""
_UPLOAD = "id, bucket, name, begun, metadata"
_PART = "number, file, size, md5, at"


@dataclass(frozen=True, slots=True)
class PartUpload:
    """An upload in parts. `begun` is in seconds; `metadata` is the object's to be, as the JSON API has it."""

    id: str
    bucket: str
    name: str
    begun: float
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has come. `md5` is hexadecimal."""

    number: int
    file: str
    size: int
    md5: str
    at: float


class PartUploads:
    """All uploads in parts. What is acknowledged stays until the upload is completed or aborted."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._store: Store = control.store
        self._store.schema(_SCHEMA)
        self._root = control.state_dir / "parts"
        self._sweep()

    def _sweep(self) -> None:
        """At the start: remove what a killed process left over."""
        if not self._root.is_dir():
            return
        known = {row[0] for row in self._store.rows("SELECT id FROM storage_part_uploads")}
        for folder in list(self._root.iterdir()):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            kept = {part.file for part in self.parts(folder.name)}
            for file in list(folder.iterdir()):
                if file.name not in kept:
                    file.unlink(missing_ok=True)

    def begin(self, bucket: str, name: str, metadata: dict[str, Any]) -> PartUpload:
        """Begin an upload."""
        made = PartUpload(self._control.hex(64), bucket, name, self._control.clock(), metadata)
        self._folder(made.id).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._store.execute(
            "INSERT INTO storage_part_uploads VALUES (?, ?, ?, ?, ?)",
            (made.id, bucket, name, made.begun, json.dumps(metadata)),
        )
        return made

    def _folder(self, upload: str) -> Path:
        return self._root / upload

    def find(self, bucket: str, name: str, upload: str) -> PartUpload | None:
        """An upload of an object."""
        rows = self._store.rows(f"SELECT {_UPLOAD} FROM storage_part_uploads WHERE id = ?", (upload,))  # noqa: S608
        found = _upload(rows[0]) if rows else None
        return found if found is not None and (found.bucket, found.name) == (bucket, name) else None

    def of_bucket(self, bucket: str) -> list[PartUpload]:
        """The uploads to a bucket, by name and id."""
        sql = f"SELECT {_UPLOAD} FROM storage_part_uploads WHERE bucket = ? ORDER BY name, id"  # noqa: S608
        return [_upload(row) for row in self._store.rows(sql, (bucket,))]

    def parts(self, upload: str) -> list[Part]:
        """The parts that have come, by number."""
        sql = f"SELECT {_PART} FROM storage_parts WHERE upload = ? ORDER BY number"  # noqa: S608
        return [Part(*row) for row in self._store.rows(sql, (upload,))]

    async def put(self, upload: PartUpload, number: int, data: bytes, md5: str) -> None:
        """Keep a part durably, in place of an earlier one of its number; its MD5 is in hexadecimal.

        Raises KeyError where the upload ended meanwhile.
        """
        file = f"{number}.{self._control.hex(16)}"
        path = self._folder(upload.id) / file
        try:
            await asyncio.to_thread(_write, path, data)
        except FileNotFoundError as error:
            raise KeyError(upload.id) from error
        with self._store.transaction():
            ended = not self._store.rows("SELECT 1 FROM storage_part_uploads WHERE id = ?", (upload.id,))
            before = [each.file for each in self.parts(upload.id) if each.number == number]
            if not ended:
                row = (upload.id, number, file, len(data), md5, self._control.clock())
                self._store.execute("INSERT OR REPLACE INTO storage_parts VALUES (?, ?, ?, ?, ?, ?)", row)
        for old in [file] if ended else before:
            (self._folder(upload.id) / old).unlink(missing_ok=True)
        if ended:
            raise KeyError(upload.id)

    async def join(self, upload: PartUpload, parts: Sequence[Part]) -> Path:
        """A file of parts one after the other. It goes with the upload."""
        folder = self._folder(upload.id)
        whole = folder / f"whole.{self._control.hex(16)}"
        await asyncio.to_thread(_join, whole, [folder / part.file for part in parts])
        return whole

    def end(self, upload: PartUpload) -> None:
        """Forget an upload, with what came of it."""
        with self._store.transaction():
            self._store.execute("DELETE FROM storage_part_uploads WHERE id = ?", (upload.id,))
            self._store.execute("DELETE FROM storage_parts WHERE upload = ?", (upload.id,))
        shutil.rmtree(self._folder(upload.id), ignore_errors=True)


def _upload(row: tuple[Any, ...]) -> PartUpload:
    return PartUpload(row[0], row[1], row[2], row[3], json.loads(row[4]))


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _join(whole: Path, files: Sequence[Path]) -> None:
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        for file in files:
            with file.open("rb") as part:
                shutil.copyfileobj(part, out, 1 << 20)
