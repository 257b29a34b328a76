"""Projects: any valid id exists from its first use, with a number that was declared for it or is derived from it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from sandbox.control.errors import invalid_argument
from sandbox.control.store import Store

_ID = re.compile(r"(?:[a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")


# A process is one sandbox, so what it was told of projects holds in all of it.
_declared: dict[str, str] = {}


class OtherNumber(Exception):
    """A number was declared for a project that has another already, or a number that another project has."""


def compute_account(project_id: str) -> str:
    """Compute Engine's default account of a project, as which runs what names none.

    >>> compute_account("my-project").partition("-")[2]
    'compute@developer.gserviceaccount.com'
    """
    return f"{number(project_id)}-compute@developer.gserviceaccount.com"


def number(project_id: str) -> str:
    """The project's number: the declared one, else 12 digits that are always the same for an id.

    >>> len(number("my-project")), number("my-project") == number("my-project")
    (12, True)
    """
    return _declared.get(project_id) or _derived(project_id)


def by_number(name: str) -> str:
    """A resource's name as many APIs show it: with the project's number in place of its id.

    >>> by_number("projects/my-project/secrets/s") == f"projects/{number('my-project')}/secrets/s"
    True
    """
    collection, project, *rest = name.split("/")
    return "/".join((collection, number(project), *rest))


@lru_cache(maxsize=4096)
def _derived(project_id: str) -> str:
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
        _declared.update({id: number for number, id in self._ids.items() if number != _derived(id)})

    def declare(self, project_id: str, declared: str, now: float) -> None:
        """Give a project the number that it has in Google Cloud, for good.

        Raises:
            OtherNumber: it was used with another number, which names of its resources hold; or the number is taken.
        """
        if project_id in self._known and number(project_id) != declared:
            raise OtherNumber(
                f"The project {project_id} has the number {number(project_id)} here, not {declared}: "
                "names of what it holds are made of it. Declare that number, or delete this state."
            )
        if (owner := self._ids.get(declared, project_id)) != project_id:
            raise OtherNumber(f"The number {declared} is the project {owner}'s here.")
        _declared[project_id] = declared
        self.resolve(project_id, now)

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
