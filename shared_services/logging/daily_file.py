"""A log file a day: `shared_services_20260102.log`, and `shared_services.log` that leads to today's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


class DailyFile:
    """Appends to the file of the day, and deletes those that are older than they need be.

    >>> DailyFile("logs/shared_services.log").path_of("20260102").as_posix()
    'logs/shared_services_20260102.log'

    Args:
        path: where the newest is found: a link there leads to the day's file beside it.
        keep_days: days that are kept.
        time_zone: whose midnight begins a day.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        keep_days: int = 14,
        time_zone: str = "Asia/Kolkata",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = Path(path)
        self._keep = keep_days
        from zoneinfo import ZoneInfo  # slow to import, and a service on Cloud Run has no file

        self._zone = ZoneInfo(time_zone)
        self._clock = clock
        self._day = ""
        self._until = 0.0
        self._file: TextIO | None = None

    def path_of(self, day: str) -> Path:
        """The file of a day, which is written YYYYMMDD."""
        return self._path.with_name(f"{self._path.stem}_{day}{self._path.suffix or '.log'}")

    def write(self, text: str) -> None:
        """Append lines to the day's file."""
        now = self._clock()
        if now >= self._until or self._file is None:
            self._turn(now)
        assert self._file is not None
        self._file.write(text)
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        file, self._file, self._until = self._file, None, 0.0
        if file is not None:
            file.close()

    def _turn(self, now: float) -> None:
        moment = datetime.fromtimestamp(now, UTC).astimezone(self._zone)
        day = f"{moment:%Y%m%d}"
        self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        path = self.path_of(day)
        self._file = path.open("a", encoding="utf-8", errors="backslashreplace")
        # Looked at again each minute: midnight, and a file that was deleted or moved away meanwhile.
        self._until = now + 60 - moment.second
        if day != self._day:
            self._day = day
            self._link(path)
            self._clean()

    def _link(self, path: Path) -> None:
        """Lead the plain name to the day's file; where links aren't possible, or it is a file, it stays as it is."""
        try:
            if self._path.is_symlink() or not self._path.exists():
                new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
                new.unlink(missing_ok=True)
                new.symlink_to(path.name)
                new.replace(self._path)
        except OSError:
            pass

    def _clean(self) -> None:
        pattern = f"{self._path.stem}_[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]{self._path.suffix or '.log'}"
        for old in sorted(self._path.parent.glob(pattern))[: -self._keep]:
            old.unlink(missing_ok=True)
