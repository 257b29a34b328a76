"""Standard input and Cloud Logging as sources."""

from __future__ import annotations

import hashlib
import os
import selectors
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared_services.cloud.errors import CloudForbidden, CloudUnavailable
from shared_services.cloud.rest import refusal
from shared_services.cloud.tokens import AccessTokens
from shared_services.errors import InputError

from .lines import LONGEST_BYTES, read_entry
from .source import Garbage, Line

_CHUNK = 1 << 20
_EVERY_SECONDS = 10  # Google allows 60 questions a minute, to all who ask


class StreamSource:
    """Lines of a pipe, such as standard input.

    A line's id is made of its text and of how often the same text came before: the same stream given again gives the
    same ids, and its lines are not taken twice. What was read from a pipe and not yet kept is lost with the process.

    Args:
        descriptor: what is read.
        service: what lines are of that don't say so.
    """

    name = "stdin"

    def __init__(self, descriptor: int = 0, *, service: str = "stdin") -> None:
        self._descriptor, self._service = descriptor, service
        self._rest = b""
        self._same: Counter[bytes] = Counter()
        self.ended = False
        self.notes: list[str] = []
        self._selector = selectors.DefaultSelector()
        try:
            self._selector.register(descriptor, selectors.EVENT_READ)
        except (OSError, ValueError):  # a file: it never waits
            self._selector.close()
            self._selector = None  # type: ignore[assignment]

    def position(self) -> Any:
        """Nothing: a pipe can't be read again."""
        return None

    def restore(self, position: Any) -> None:
        """Nothing."""

    def read(self, most: int) -> Iterator[Line]:
        """What has come, up to about so many lines."""
        while most > 0 and not self.ended and self._ready():
            data = os.read(self._descriptor, _CHUNK)
            if not data:
                self.ended = True
            *whole, self._rest = (self._rest + data).split(b"\n")
            if self.ended and self._rest:
                whole.append(self._rest)
                self._rest = b""
            for line in whole:
                if line.strip():
                    most -= 1
                    yield (line, self._id(line), self._service, "stdin")
            if len(self._rest) > LONGEST_BYTES:
                self._rest = b""
                yield (Garbage("a line of more than a million bytes"), "", self._service, "stdin")

    def _ready(self) -> bool:
        return self._selector is None or bool(self._selector.select(0.2))

    def _id(self, line: bytes) -> str:
        digest = hashlib.blake2b(line, digest_size=12).digest()
        count = self._same[digest]
        self._same[digest] = count + 1
        if len(self._same) > 500_000:
            self._same.clear()
        return f"{digest.hex()}-{count}"

    def close(self) -> None:
        """Let go of it."""
        if self._selector is not None:
            self._selector.close()


class CloudLoggingSource:
    """Entries of Cloud Logging, oldest first. Each has Google's own id.

    An entry may arrive late: what is a minute old is asked for again, and known by its id.

    Args:
        project: whose entries.
        filter: in Cloud Logging's language, such as `severity>=WARNING`.
        since: how far back the first time, in hours.
        base: where the API answers, by default Google's, or `GOOGLE_LOGGING_CUSTOM_ENDPOINT`.
        environ: the variables.
        client: of httpx.
        now: the moment.
    """

    name = "cloud-logging"

    def __init__(
        self,
        project: str,
        *,
        filter: str = "",
        since: float = 24,
        environ: Mapping[str, str] | None = None,
        client: httpx.Client | None = None,
        now: datetime | None = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._tokens, self._project, self._filter = AccessTokens(environ), project, filter
        base = environ.get("GOOGLE_LOGGING_CUSTOM_ENDPOINT") or "https://logging.googleapis.com/v2/"
        self._url = f"{base.rstrip('/')}/entries:list"
        self._client = client or httpx.Client(timeout=60, trust_env=not base.startswith("http://"))
        self._from = (now or datetime.now(UTC)) - timedelta(hours=since)
        self._latest = self._from
        self._page, self._next = "", 0.0
        self.notes: list[str] = []

    def position(self) -> Any:
        """The latest entry's time; pages are asked for anew."""
        return self._from.isoformat()

    def restore(self, position: Any) -> None:
        """Go on there."""
        self._from = self._latest = datetime.fromisoformat(position)

    def read(self, most: int) -> Iterator[Line]:
        """A page of entries, or several.

        Raises:
            CloudForbidden, CloudUnavailable, InputError: they can't be asked for.
        """
        while most > 0 and time.monotonic() >= self._next:
            entries = self._asked(min(most, 1000))
            for entry in entries:
                most -= 1
                row = read_entry(entry, "unknown")
                origin = str(entry.get("logName", "cloud-logging"))
                if row is None:
                    yield (Garbage("an entry without a message"), "", "unknown", origin)
                    continue
                self._latest = max(self._latest, row["timestamp"])
                yield (row, str(entry.get("insertId", "")), "unknown", origin)
            if not self._page:
                self._next = time.monotonic() + _EVERY_SECONDS
                self._from = max(self._from, self._latest - timedelta(minutes=1))
                return

    def _asked(self, most: int) -> list[Mapping[str, Any]]:
        moment = self._from.astimezone(UTC).isoformat().replace("+00:00", "Z")
        wanted = f'timestamp>="{moment}"' + (f" AND ({self._filter})" if self._filter else "")
        body: dict[str, Any] = {
            "resourceNames": [f"projects/{self._project}"],
            "filter": wanted,
            "orderBy": "timestamp asc",
            "pageSize": most,
        }
        if self._page:
            body["pageToken"] = self._page
        try:
            answer = self._client.post(
                self._url, json=body, headers={"authorization": f"Bearer {self._tokens(self._url)}"}
            )
        except httpx.HTTPError as error:
            raise CloudUnavailable("Cloud Logging doesn't answer", where=self._url, why=str(error)) from error
        if answer.status_code in (401, 403):
            todo = "grant logging.logEntries.list to the account that runs this"
            raise CloudForbidden("the entries can't be read", where=self._project, why=refusal(answer), todo=todo)
        if answer.status_code == 501:
            raise InputError(
                "this sandbox keeps no log entries", why=refusal(answer), todo="read the files of its logs: --file"
            )
        if answer.status_code >= 500 or answer.status_code == 429:
            raise CloudUnavailable("the entries can't be read just now", where=self._project, why=refusal(answer))
        if answer.status_code >= 400:
            raise InputError("Cloud Logging refuses the filter", where=self._filter or wanted, why=refusal(answer))
        said = answer.json()
        self._page = str(said.get("nextPageToken", ""))
        return list(said.get("entries", ()))

    def close(self) -> None:
        """Close its connections."""
        self._client.close()
