"""Writing several files as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from shared_services.files import write_aside

from ..errors import UserError


def write_all(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder. Each is written aside first; when one can't be put in place, what was is put back.

    Raises:
        UserError: something can't be written; nothing is changed.
    """
    aside: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    made: list[Path] = []
    try:
        for name, text in files.items():
            path = root / name
            made += _folders(path.parent)
            aside[path] = write_aside(path, text.encode())
        for path, new in aside.items():
            before[path] = path.read_bytes() if path.exists() else None
            new.replace(path)
    except OSError as error:
        _undo(before, made, aside)
        what = error.filename or root
        raise UserError(
            f"{what} can't be written", why=error.strerror or str(error), todo="nothing was changed"
        ) from None
    except BaseException:
        _undo(before, made, aside)
        raise


def _folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; the ones that were not there."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _undo(before: Mapping[Path, bytes | None], made: list[Path], aside: Mapping[Path, Path]) -> None:
    for path, data in before.items():
        with suppress(OSError):
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)
    for new in aside.values():
        with suppress(OSError):
            new.unlink(missing_ok=True)
    for folder in sorted(made, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()
