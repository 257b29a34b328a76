"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_READABLE = 0o644


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file aside and rename it, both on the disk when this returns; its permissions stay.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "limits.yaml"
    >>> write_whole(place, b"a: 1")
    >>> place.read_bytes()
    b'a: 1'

    Args:
        path: the file; its folder must be there.
        data: all of it.
        private: only its owner may read it, whoever could before.

    Raises:
        OSError: it can't be written; what was there is there still.
    """
    aside = write_aside(path, data, private=private)
    try:
        aside.replace(path)
    except BaseException:
        _drop(aside)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_aside(path: Path, data: bytes, *, private: bool = False) -> Path:
    """Write what a file shall hold beside it, on the disk when this returns: who renames it has changed it in one step.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "limits.yaml"
    >>> aside = write_aside(place, b"a: 1")
    >>> place.exists(), aside.parent == place.parent
    (False, True)

    Args:
        path: the file that is meant; its folder must be there.
        data: all of it.
        private: only its owner may read it. Else it is as readable as the file it replaces.

    Returns:
        The file beside it.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            aside.chmod(path.stat().st_mode & 0o777 if path.exists() else _READABLE)
    except BaseException:
        _drop(aside)
        raise
    return aside


def _drop(aside: Path) -> None:
    with suppress(OSError):
        aside.unlink()
