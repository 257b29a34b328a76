"""Volumes of an instance as folders, and the paths of its configuration as they are here.

A process has no file system of its own here, so a volume isn't at its mount path: a variable or an argument that is
the mount path, or a path below it, is given to the process as the folder's. `SANDBOX_MOUNTS` has the folders by path.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from sandbox.runtime.instances import StartFailed
from sandbox.runtime.parts import Container, Volume

ReadSecret = Callable[[str], Awaitable[str]]
"""The payload of a secret's version by its full name. Raises LookupError."""

EMPTY = {"gcs": "a bucket", "nfs": "an NFS folder", "cloudSqlInstance": "the sockets of Cloud SQL"}
"""Kinds of volumes that are there, and have nothing in them."""


async def fill(folder: Path, volumes: Sequence[Volume], read_secret: ReadSecret) -> dict[str, Path]:
    """Make the folders of the volumes, with the files of secrets. Raises StartFailed."""
    folders: dict[str, Path] = {}
    for volume in volumes:
        place = folders[volume.name] = folder / volume.name
        place.mkdir(parents=True, mode=0o700)
        for file in volume.files:
            try:
                payload = await read_secret(file.secret.name)
            except LookupError as error:
                raise StartFailed(f"Secret {file.secret.name} was not found.") from error
            except UnicodeDecodeError:
                raise StartFailed(f"Secret {file.secret.name} is not UTF-8 text.") from None
            path = place / file.path
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(payload)
            path.chmod(file.mode)
    return folders


def mounted(container: Container, folders: Mapping[str, Path]) -> dict[str, Path]:
    """The folders that a container mounts, by the path it mounts them at."""
    found = {}
    for path, (volume, below) in container.mounts.items():
        place = folders[volume] / below
        if not place.exists():
            place.mkdir(parents=True, mode=0o700)
        found[path] = place
    return found


def relocated(text: str, mounts: Mapping[str, Path]) -> str:
    """A text that is a mount path or a path below one, as it is here; any other as it is.

    >>> relocated("/keys/kite", {"/keys": Path("/tmp/a")}), relocated("/keysmith", {"/keys": Path("/tmp/a")})
    ('/tmp/a/kite', '/keysmith')
    """
    for path, folder in sorted(mounts.items(), reverse=True):
        if text == path or text.startswith(path + "/"):
            return str(folder) + text.removeprefix(path)
    return text


def described(mounts: Mapping[str, Path]) -> dict[str, str]:
    """The variable that tells a container where its mounts are; none where it has none."""
    if not mounts:
        return {}
    return {"SANDBOX_MOUNTS": json.dumps({path: str(folder) for path, folder in mounts.items()})}
