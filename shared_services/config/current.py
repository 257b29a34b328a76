"""One configuration in use: the version in force, those before it, and what to do when its sources change."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from . import layers
from .errors import InvalidConfiguration
from .history import ConfigChange, ConfigStatus, ConfigVersion, ReloadResult, differences
from .model import ConfigModel
from .registry import Document
from .sources import Sources

_log = logging.getLogger("shared_services.config")


class Current:
    """A configuration as it is in force. Who changes it holds the manager's lock; anyone may read `version`.

    Args:
        document: which.
        sources: what it is read from.
        tell: called with each change.
        history: versions that are kept.

    Raises:
        InvalidConfiguration: it is wrong, and none was good before.
    """

    def __init__(
        self, document: Document, sources: Sources, tell: Callable[[ConfigChange], None], history: int
    ) -> None:
        self.document = document
        self._sources = sources
        self._tell = tell
        self._remote, self._remote_error = sources.fetch(document, None)
        # Taken before reading: a file that changes meanwhile differs at the next look.
        self._fingerprints = sources.fingerprints(document)
        loaded = sources.load(document, self._remote)
        # What the sources said when they were last read, and what they said when they last changed what is in force.
        self._source_digest = self._digest = loaded.digest
        self._rejected: InvalidConfiguration | None = None
        self.version = ConfigVersion(1, datetime.now(UTC), loaded.config, loaded.origins, (), "first")
        self.history = deque([self.version], maxlen=history)
        self.next_look = 0.0

    @property
    def has_changed_files(self) -> bool:
        """Whether its files are others than those that were read."""
        return self._sources.fingerprints(self.document) != self._fingerprints

    @property
    def status(self) -> ConfigStatus:
        """What a person asks about it."""
        return ConfigStatus(
            self.document.name,
            self.version.number,
            self.version.loaded_at,
            self.version.origins,
            self.version.reason.startswith("rollback"),
            self._rejected,
            self._remote_error,
        )

    def refresh(self, reason: str, *, remote: bool = False, end_rollback: bool = False) -> ReloadResult:
        """Read it again, and put what is new in force. A wrong state is refused; the last good one stays.

        Args:
            reason: why it is read; "file" also waits for a file that is still being written.
            remote: read the bucket, too.
            end_rollback: put in force what the sources say, also where that is what was rolled back.
        """
        name = self.document.name
        self._fingerprints = self._sources.fingerprints(self.document)
        if remote:
            self._remote, self._remote_error = self._sources.fetch(self.document, self._remote)
        try:
            loaded = self._sources.load(self.document, self._remote, complete=reason == "file")
        except layers.StillBeingWritten:
            self._fingerprints = ()  # the next look reads it again
            return ReloadResult(name, "unchanged", self.version.number)
        except InvalidConfiguration as error:
            self._rejected = error
            _log.error(
                "a new state of the configuration %s is wrong; version %d stays in force: %s",
                name,
                self.version.number,
                "; ".join(map(str, error.problems)),
            )
            return ReloadResult(name, "rejected", self.version.number, error)
        self._rejected = None
        seen = self._digest if end_rollback else self._source_digest
        self._source_digest = loaded.digest
        if loaded.digest == seen:
            return ReloadResult(name, "unchanged", self.version.number)
        self._digest = loaded.digest
        version = self._put(loaded.config, loaded.origins, reason)
        return ReloadResult(name, "changed", version.number)

    def back(self, to: int | None) -> ConfigVersion:
        """Put an earlier version in force; by default the one before.

        Raises:
            LookupError: that version isn't kept.
        """
        now = self.version.number
        wanted = [version for version in self.history if (version.number < now if to is None else version.number == to)]
        if not wanted:
            kept = ", ".join(str(version.number) for version in self.history)
            raise LookupError(f"there is no version {to or 'before'} of {self.document.name} here; kept: {kept}")
        goal = wanted[-1]
        self._digest = ""  # whatever the sources say, reload puts it in force
        return self._put(goal.config, goal.origins, f"rollback to {goal.number}")

    def _put(self, config: ConfigModel, origins: tuple[str, ...], reason: str) -> ConfigVersion:
        old, name = self.version, self.document.name
        changed = differences(old.config, config)
        version = ConfigVersion(old.number + 1, datetime.now(UTC), config, origins, changed, reason)
        self.history.append(version)
        self.version = version  # one assignment: readers see the old or the new, nothing between
        _log.info("configuration %s is at version %d (%s): %s", name, version.number, reason, ", ".join(changed))
        self._tell(ConfigChange(name, old.config, config, version.number, changed, reason))
        return version
