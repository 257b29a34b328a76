"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside and rename it, both on the disk when this returns; its permissions stay.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "limits.yaml"
    >>> write_whole(place, b"a: 1")
    >>> place.read_bytes()
    b'a: 1'

    Args:
        path: the file; its folder must be there.
        data: all of it.
    """
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, aside)
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
