"""Files that an environment names: schemas, definitions, workflow sources. They lie below `envs/`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from shared_services.yaml.reader import MAXIMUM_BYTES

from .problems import Location, did_you_mean


class UnusableFile(Exception):
    """A file that can't be used. With a location when something inside it is wrong."""

    def __init__(self, message: str, hint: str = "", location: Location | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.location = location


@dataclass(slots=True)
class Files:
    """Reads files below a folder, each once.

    Args:
        folder: the folder, `envs/`.
        shown: what problems call it.
    """

    folder: FilePath
    shown: str = "envs"
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A file's text.

        Raises:
            UnusableFile: it isn't there, isn't UTF-8, is too large, or lies outside the folder.
        """
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def json(self, name: str) -> Any:
        """A JSON file's content. Duplicate keys are refused.

        Raises:
            UnusableFile: as `text`, or it isn't JSON.
        """
        try:
            return json.loads(self.text(name), object_pairs_hook=_once, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise UnusableFile(
                f"is not JSON: {error.msg}", "", Location(self.shows(name), error.lineno, error.colno)
            ) from None
        except (_NotJson, RecursionError) as error:
            why = str(error) if isinstance(error, _NotJson) else "it is nested too deeply"
            raise UnusableFile(f"is not JSON as it has to be: {why}", "", Location(self.shows(name))) from None

    def shows(self, name: str) -> str:
        """What problems call a file."""
        return f"{self.shown}/{name}"

    def _read(self, name: str) -> str:
        relative = FilePath(name)
        if not name or "\0" in name or relative.is_absolute() or ".." in relative.parts:
            raise UnusableFile(f'"{name}" is not a file below {self.shown}/', f"name it relative to {self.shown}/")
        path = self.folder / relative
        if not path.is_file():
            raise UnusableFile(f"there is no file {self.shows(name)}", self._near(relative))
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise UnusableFile(f"{self.shows(name)} leads outside {self.shown}/", "put the file itself there")
        try:
            with path.open("rb") as file:
                data = file.read(MAXIMUM_BYTES + 1)
        except OSError as error:
            raise UnusableFile(f"{self.shows(name)} can't be read: {error.strerror or error}") from None
        if len(data) > MAXIMUM_BYTES:
            raise UnusableFile(f"{self.shows(name)} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise UnusableFile("is not UTF-8", "save it as UTF-8", Location(self.shows(name), line)) from None

    def _near(self, relative: FilePath) -> str:
        folder = (self.folder / relative).parent
        if not folder.is_dir():
            folder = self.folder
        inside = [file.relative_to(self.folder).as_posix() for file in folder.iterdir() if file.is_file()]
        return did_you_mean(relative.as_posix(), inside)


class _NotJson(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NotJson(f'the key "{key}" stands twice in one object')
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise _NotJson(f"{name} is not a number")
