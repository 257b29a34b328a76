"""Files that envctl writes: whole at any time, whatever interrupts it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from shared_services.files import write_whole

from .errors import UserError


def put(path: Path, text: str | bytes, *, private: bool = False) -> bool:
    """Replace a file in one step, unless it already holds the text; its folders are made. Say whether it was written.

    Args:
        path: the file; a pipe or a device is written to as it is.
        text: all of it.
        private: only its owner may read it.

    Raises:
        UserError: it can't be written.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if path.read_bytes() == data:
                return False
        write_whole(path, data, private=private)
    except OSError as error:
        raise UserError(f"{path} can't be written", why=error.strerror or str(error)) from error
    return True
