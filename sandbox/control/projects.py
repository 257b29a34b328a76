"""Projects: any valid id exists from its first use, with a number derived from the id."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from sandbox.control.errors import invalid_argument
from sandbox.control.store import Store

_ID = re.compile(r"(?:[a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")


@lru_cache(maxsize=4096)
def number(project_id: str) -> str:
    """The project's number: 12 digits, always the same for an id.

    >>> len(number("my-project")), number("my-project") == number("my-project")
    (12, True)
    """
    digest = int.from_bytes(hashlib.sha256(f"project:{project_id}".encode()).digest()[:8], "big")
    return str(100_000_000_000 + digest % 900_000_000_000)


class Projects:
    """The projects that were used in this sandbox; numbers resolve to ids."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.schema(
            "CREATE TABLE IF NOT EXISTS projects (number TEXT PRIMARY KEY, id TEXT NOT NULL, created REAL NOT NULL)"
        )
        self._ids: dict[str, str] = dict(store.rows("SELECT number, id FROM projects"))
        self._known = set(self._ids.values())

    def resolve(self, text: str, now: float) -> str:
        """The id for an id or a number; a new valid id is taken up. Raises 400 for what can't be one."""
        if text in self._known or text == "-":
            return text
        if text.isdigit():
            return self._ids.get(text, text)
        if not _ID.fullmatch(text):
            raise invalid_argument(
                f"Project id '{text}' is invalid: 6 to 30 lowercase letters, digits or hyphens, a letter first.",
                {"project": "invalid project id"},
            )
        self._store.execute("INSERT OR IGNORE INTO projects VALUES (?, ?, ?)", (number(text), text, now))
        self._ids[number(text)] = text
        self._known.add(text)
        return text

    def known(self, project_id: str) -> bool:
        """Whether the project was ever used here."""
        return project_id in self._known

    def ids(self) -> list[str]:
        """All projects used so far."""
        return sorted(self._known)

    def created(self, project_id: str) -> float:
        """When the project was first used, in seconds."""
        rows = self._store.rows("SELECT created FROM projects WHERE id = ?", (project_id,))
        return float(rows[0][0]) if rows else 0.0
