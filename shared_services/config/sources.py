"""Where a process reads its configurations: the folder, the bucket, the variables."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from . import layers
from .layers import Fingerprint, RemoteObject, RemoteSource
from .load import Loaded, load
from .registry import Document

_log = logging.getLogger("shared_services.config")


class Sources:
    """The sources of one environment.

    Args:
        folder: `config/`.
        environment: such as `prod`.
        environ: the variables.
        remote: where objects are read from; by default the bucket `CONFIG_BUCKET`, where that is set.
    """

    def __init__(
        self, folder: Path, environment: str, environ: Mapping[str, str], remote: RemoteSource | None = None
    ) -> None:
        self.folder = folder
        self.environment = environment
        self._environ = environ
        self._remote = remote
        self._looked = False

    def load(self, wanted: Document, remote: RemoteObject | None, *, complete: bool = False) -> Loaded:
        """Read a configuration from the files and variables, and the object of the bucket as it was fetched.

        Raises:
            InvalidConfiguration: something in it is wrong.
            StillBeingWritten: `complete` was asked for, and a file isn't yet.
        """
        return load(
            wanted,
            folder=self.folder,
            environment=self.environment,
            environ=self._environ,
            remote=remote,
            complete=complete,
        )

    def fetch(self, wanted: Document, known: RemoteObject | None) -> tuple[RemoteObject | None, str | None]:
        """The object of the bucket; what is known of it where the bucket can't be read: files are enough to start."""
        source = self.bucket()
        if source is None:
            return None, None
        try:
            return source.read(wanted.file), None
        except Exception as error:
            _log.warning("the configuration bucket can't be read: %s: %s", wanted.file, error)
            return known, str(error)

    def fingerprints(self, wanted: Document) -> tuple[Fingerprint | None, ...]:
        """What tells one state of a configuration's files from another."""
        return tuple(layers.fingerprint(path) for path in layers.files(self.folder, wanted.file, self.environment))

    def bucket(self) -> RemoteSource | None:
        """The bucket, made when it is first needed: its client is slow to import."""
        name = self._environ.get("CONFIG_BUCKET")
        if self._remote is None and not self._looked and name:
            from shared_services.cloud.storage import ConfigBucket

            self._remote = ConfigBucket(name, prefix=self._environ.get("CONFIG_PREFIX", ""), environ=self._environ)
        self._looked = True
        return self._remote
