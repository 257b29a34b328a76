"""The layers of a configuration, the later over the earlier: file, the environment's file, object, variables."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared_services.yaml.nodes import Mapping, Node, Scalar
from shared_services.yaml.problems import Problem
from shared_services.yaml.reader import describe, read_bytes

# How long a file that ends within a line is taken for one that is being written.
_WRITING_SECONDS = 2.0


class StillBeingWritten(Exception):
    """A file's writer is not done: it ends within a line, or changed while it was read."""


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """An object of the bucket."""

    name: str
    generation: int
    data: bytes


class RemoteSource(Protocol):
    """Where configuration objects are read from; `shared_services.cloud.ConfigBucket` is one."""

    def read(self, name: str) -> RemoteObject | None:
        """The object, or None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one state of a file from another without reading it."""

    modified_ns: int
    size: int
    inode: int


def fingerprint(path: Path) -> Fingerprint | None:
    """A file's, or None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Fingerprint(status.st_mtime_ns, status.st_size, status.st_ino)


def files(folder: Path, file: str, environment: str) -> tuple[Path, Path]:
    """The file of all environments, and the one of this."""
    return folder / file, folder / "environments" / environment / file


def read_layer(path: Path, shown: str, *, complete: bool = False) -> tuple[Mapping | None, list[Problem]]:
    """A file as a layer; None where there is no file, or none that can be used.

    Raises:
        StillBeingWritten: `complete` was asked for, and the file isn't yet.
    """
    try:
        data = path.read_bytes()
        if complete and _is_being_written(path, data):
            raise StillBeingWritten(path)
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [Problem(shown, 1, 1, "", f"can't be read: {error.strerror or error}")]
    return parse_layer(data, shown)


def _is_being_written(path: Path, data: bytes) -> bool:
    """Whether a file ends within a line that is a moment old, or changed while it was read.

    A file is read by several calls of the system: one that is rewritten between them gives the beginning of one
    writing and the end of the next. Its times can't tell, since a clock's step is longer than that; a second reading
    can.
    """
    if not data.endswith(b"\n") and time.time() - path.stat().st_mtime < _WRITING_SECONDS:
        return True
    return path.read_bytes() != data


def parse_layer(data: bytes, shown: str) -> tuple[Mapping | None, list[Problem]]:
    """Bytes as a layer."""
    node, problems = read_bytes(data, shown)
    if node is None:
        return None, problems
    if not isinstance(node, Mapping):
        if isinstance(node, Scalar) and node.value is None:
            return None, problems
        what = describe(node.value) if isinstance(node, Scalar) else "a list"
        return None, [*problems, Problem.at(node.at, "", f"expected a mapping, got {what}", "write key: value")]
    return node, problems


def merge(below: Mapping, over: Mapping) -> Mapping:
    """One layer over another: mappings key by key, anything else replaces, and null takes back to the default."""
    merged = Mapping(dict(below.items), dict(below.keys), below.at)
    for key, node in over.items.items():
        old: Node | None = merged.items.get(key)
        if isinstance(node, Scalar) and node.value is None:
            merged.items.pop(key, None)
            merged.keys.pop(key, None)
            continue
        merged.items[key] = merge(old, node) if isinstance(old, Mapping) and isinstance(node, Mapping) else node
        merged.keys[key] = over.keys[key]
    return merged


def find_folder(given: str | Path | None, environ: MappingOf[str, str] = os.environ) -> Path:
    """The configuration's folder: the one given, `CONFIG_DIR`, `config/` here or above, or the one beside the library.

    A folder counts as one where it holds `global_config.yaml`.
    """
    if given is not None:
        return Path(given)
    if environ.get("CONFIG_DIR"):
        return Path(environ["CONFIG_DIR"])
    here = Path.cwd()
    beside = Path(__file__).resolve().parents[2]
    for parent in (here, *here.parents, beside):
        if (parent / "config" / "global_config.yaml").is_file():
            return parent / "config"
    return here / "config"
