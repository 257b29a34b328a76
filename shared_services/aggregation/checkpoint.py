"""What is kept between runs: where the sources are, which ids were seen, and the batch that is on its way."""

from __future__ import annotations

import fcntl
import hashlib
import uuid
from array import array
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

import orjson

from shared_services.errors import InputError
from shared_services.files import write_whole

_VERSION = 1


@dataclass(slots=True)
class State:
    """What is written down.

    Attributes:
        instance: of this folder; stands in the names of loads, which BigQuery runs once each.
        batch: the number of the last batch.
        pending: whether that batch may not have arrived yet.
        sink: what the sink has to know to take it once only.
        goal: which sink.
        positions: of the sources, behind that batch.
        seen: the file of the ids that were seen, and how many of them count.
        lines: lines that were written by then.
    """

    instance: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    batch: int = 0
    pending: bool = False
    sink: Any = None
    goal: str = ""
    positions: dict[str, Any] = field(default_factory=dict)
    seen: tuple[str, int] = ("", 0)
    lines: int = 0


class Folder:
    """The folder of the state; one process at a time has it.

    Args:
        path: the folder; made where it isn't there.

    Raises:
        InputError: another process has it, or it can't be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock: TextIO = (path / "lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                "another aggregator works with this state", where=str(path), todo="give each a --state of its own"
            ) from None
        except OSError as error:
            raise InputError("the state can't be kept there", where=str(path), why=error.strerror or "") from None

    def read(self) -> State:
        """What was written down last; a new state where nothing was."""
        try:
            said = orjson.loads((self.path / "checkpoint.json").read_bytes())
            if said.pop("version") != _VERSION:
                raise InputError("the state is of another version", where=str(self.path), todo="use another --state")
            said["seen"] = tuple(said["seen"])
            return State(**said)
        except FileNotFoundError:
            return State()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                "the state can't be read", where=str(self.path / "checkpoint.json"), why=str(error),
                todo="take it from a backup; without it, what is still there is read again",
            ) from None  # fmt: skip

    def write(self, state: State) -> None:
        """Write it down: aside, and then renamed, so that there is always a whole one."""
        write_whole(self.path / "checkpoint.json", orjson.dumps({"version": _VERSION, **asdict(state)}))

    def rows(self, batch: int) -> Path:
        """The file of a batch's rows."""
        return self.path / f"batch-{batch}.jsonl"

    def keep(self, batch: int, rows: list[bytes]) -> None:
        """Write a batch's rows down."""
        write_whole(self.rows(batch), b"".join(rows))

    def forget(self, batch: int) -> None:
        """The batch has arrived."""
        self.rows(batch).unlink(missing_ok=True)

    def close(self) -> None:
        """Let others have it."""
        self._lock.close()


class Seen:
    """The ids of the latest lines that bring one of their own.

    Args:
        folder: where they are kept.
        mark: what `flush` gave last.
        most: ids that are remembered.
    """

    def __init__(self, folder: Folder, mark: tuple[str, int], *, most: int = 500_000) -> None:
        self._folder, self._most = folder, most
        self._name, self._count = mark
        self._new = array("Q")
        kept = array("Q")
        if self._name and (folder.path / self._name).exists():
            with (folder.path / self._name).open("r+b") as file:
                file.truncate(self._count * 8)  # what came after the last checkpoint never counted
                kept.frombytes(file.read())
        self._ids: dict[int, None] = dict.fromkeys(kept)  # in the order they came

    def add(self, id: str) -> bool:
        """Whether an id is new."""
        number = int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest(), "little")
        if number in self._ids:
            return False
        self._ids[number] = None
        self._new.append(number)
        if len(self._ids) > self._most:
            del self._ids[next(iter(self._ids))]
        return True

    def flush(self) -> tuple[str, int]:
        """Write down what is new; the mark for the checkpoint."""
        if not self._new:
            return self._name, self._count
        if not self._name or self._count > 2 * self._most:
            self._name = f"seen-{uuid.uuid4().hex[:8]}.bin"
            data, self._count = array("Q", self._ids).tobytes(), len(self._ids)
            (self._folder.path / self._name).write_bytes(data)
        else:
            with (self._folder.path / self._name).open("ab") as file:
                file.write(self._new.tobytes())
            self._count += len(self._new)
        self._new = array("Q")
        return self._name, self._count

    def tidy(self) -> None:
        """Remove files that no checkpoint names."""
        for path in self._folder.path.glob("seen-*.bin"):
            if path.name != self._name:
                path.unlink(missing_ok=True)
