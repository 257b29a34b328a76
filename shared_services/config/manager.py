"""`ConfigManager`: typed, checked configuration that follows its sources without a restart."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import layers
from .errors import InvalidConfiguration
from .history import ConfigChange, ConfigStatus, ConfigVersion, ReloadResult, differences
from .layers import RemoteObject, RemoteSource
from .load import Loaded, load, with_secrets
from .model import ConfigModel
from .registry import Document, document
from .secret import Secret, SecretSource

if TYPE_CHECKING:
    from .documents.database import DatabaseConfig
    from .notifications import Notification
    from .watch import Watcher

Listener = Callable[[ConfigChange], object]

_log = logging.getLogger("shared_services.config")


@dataclass
class _Entry:
    document: Document
    current: ConfigVersion
    source_digest: str
    digest: str
    fingerprints: tuple[layers.Fingerprint | None, ...]
    history: deque[ConfigVersion]
    next_check: float
    remote: RemoteObject | None = None
    remote_error: str | None = None
    rejected: InvalidConfiguration | None = None


@dataclass
class _Remote:
    """The bucket, made when it is first needed: its client is slow to import."""

    source: RemoteSource | None
    environ: Mapping[str, str]
    made: bool = field(default=False)

    def get(self) -> RemoteSource | None:
        bucket = self.environ.get("CONFIG_BUCKET")
        if self.source is None and not self.made and bucket:
            from shared_services.cloud.storage import ConfigBucket

            self.source = ConfigBucket(bucket, prefix=self.environ.get("CONFIG_PREFIX", ""), environ=self.environ)
        self.made = True
        return self.source


class ConfigManager:
    """Typed, checked configuration, from layers: the later over the earlier.

    1. the defaults of the model;
    2. `config/NAME.yaml`, or `config/services/NAME.yaml` for a service;
    3. `config/environments/ENVIRONMENT/…`, what differs there;
    4. the object of the same name in the bucket `CONFIG_BUCKET`, where that is set;
    5. variables: `RISK__LOSS__DAILY_HALT=0.01`, and `SERVICE_PORT=8001` for a service.

    Secrets are references (`{secret: database-password}`), whose values `get_secret_config` fetches. A change is
    noticed within `poll_seconds`; a new state that is wrong is refused and logged, and the last good one stays.

    >>> from shared_services import ConfigManager
    >>> manager = ConfigManager()
    >>> manager.get_config("trading").mode
    'paper'
    >>> manager.get_config("trading")["entry.opens"]
    '09:20'

    Args:
        config_dir: the folder; by default `CONFIG_DIR`, or `config/` here or in a folder above.
        environment: `local`, `dev`, `staging`, `prod`, …; by default `PLATFORM_ENVIRONMENT`, or `local`.
        remote: where objects are read from; by default the bucket `CONFIG_BUCKET`, where that is set.
        secrets: where secrets are fetched from; by default Secret Manager.
        environ: the variables.
        poll_seconds: how long a change of a file may go unnoticed.
        history: versions of each configuration that are kept.
    """

    def __init__(
        self,
        config_dir: str | Path | None = None,
        *,
        environment: str | None = None,
        remote: RemoteSource | None = None,
        secrets: SecretSource | None = None,
        environ: Mapping[str, str] | None = None,
        poll_seconds: float = 1.0,
        history: int = 20,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self.folder = layers.find_folder(config_dir, self._environ)
        self.environment = environment or self._environ.get("PLATFORM_ENVIRONMENT") or "local"
        self.poll_seconds = poll_seconds
        self._remote = _Remote(remote, self._environ)
        self._secrets = secrets
        self._history = history
        self._entries: dict[str, _Entry] = {}
        self._listeners: dict[str | None, list[Listener]] = {}
        self._lock = threading.RLock()
        self._watcher: Watcher | None = None

    def get_config(self, name: str) -> Any:
        """A configuration by name; the same object until something changes.

        Returns:
            The model of that configuration, such as `TradingConfig`; for a service its class of `BaseServiceConfig`.

        Raises:
            UnknownConfiguration: there is none of that name.
            InvalidConfiguration: it is wrong, and none was good before.

        >>> ConfigManager().get_config("risk").loss.daily_halt
        Decimal('0.02')
        """
        entry = self._entries.get(name)
        if entry is None:
            return self._first(name).current.config
        if time.monotonic() >= entry.next_check:
            self._look(entry)
        return entry.current.config

    def load_config(self, name: str) -> Any:
        """Read a configuration now, from every layer, the bucket too; `get_config` gives the result from then on.

        Raises:
            UnknownConfiguration: there is none of that name.
            InvalidConfiguration: it is wrong; `get_config` still gives the last good one.

        >>> ConfigManager().load_config("application").api.prefix
        '/api/v1'
        """
        if name not in self._entries:
            return self._first(name).current.config
        result = self.reload(name)[0]
        if result.error is not None:
            raise result.error
        return self._entries[name].current.config

    def get_secret_config(self, name: str) -> Any:
        """A configuration with the values of its secrets. Each is shown as stars; `get_secret_value()` gives it.

        Raises:
            SecretNotFound: Secret Manager has no such secret, or no enabled version of it.
            SecretForbidden: this account may not read it.

        >>> import os
        >>> manager = ConfigManager(environ={"DATABASE_URL": "sqlite:///trading.db"})
        >>> manager.get_secret_config("database").url.get_secret_value()  # doctest: +SKIP
        'sqlite:///trading.db'
        """
        return with_secrets(self.get_config(name), self._fetched)

    def get_database_config(self) -> DatabaseConfig:
        """How to reach the database, with its password: `connection_url()` is what SQLAlchemy takes.

        `DATABASE_URL`, where it is set, wins; then no secret is fetched.

        >>> from shared_services import ConfigManager
        >>> settings = ConfigManager(environ={"DATABASE_URL": "postgresql://app:pw@db/market"}).get_database_config()
        >>> settings.connection_url()
        'postgresql+psycopg://app:pw@db/market'
        """
        config = cast("DatabaseConfig", self.get_config("database"))
        if config.url is not None:
            return config.model_copy(update={"url": self._fetched(config.url)})
        return cast("DatabaseConfig", with_secrets(config, self._fetched))

    def reload(self, name: str | None = None, *, reason: str = "reload") -> tuple[ReloadResult, ...]:
        """Read one configuration again, or all that are in use; ends a rollback. Never raises for a wrong state.

        >>> manager = ConfigManager()
        >>> mode = manager.get_config("trading").mode
        >>> [result.outcome for result in manager.reload()]
        ['unchanged']
        """
        with self._lock:
            if name is not None and name not in self._entries:
                return (ReloadResult(name, "changed", self._first(name).current.number),)
            entries = list(self._entries.values()) if name is None else [self._entries[name]]
            results = {
                entry.document.name: self._refresh(entry, reason, remote=True, end_rollback=True) for entry in entries
            }
        return tuple(results.values())

    def notified(self, notification: Notification) -> tuple[ReloadResult, ...]:
        """Follow a message that says what changed: those of its configurations that are in use are read again.

        >>> from shared_services.config.notifications import Notification
        >>> ConfigManager().notified(Notification(names=("trading",)))
        ()
        """
        with self._lock:
            wanted = [
                entry
                for entry in {id(entry): entry for entry in self._entries.values()}.values()
                if not notification.names or entry.document.name in notification.names
            ]
            return tuple(self._refresh(entry, "notification", remote=True) for entry in wanted)

    def on_change(self, listener: Listener, name: str | None = None) -> Callable[[], None]:
        """Call a function after each change of a configuration, or of any.

        It is called in the thread that noticed; what it raises is logged and stops nothing. Start `start_watching`
        where changes matter at once, also while nobody asks.

        Returns:
            A function that ends it.

        >>> stop = ConfigManager().on_change(lambda change: print(change.changed), "risk")
        >>> stop()
        """
        with self._lock:
            self._listeners.setdefault(name and document(name).name, []).append(listener)

        def stop() -> None:
            with self._lock:
                for found in self._listeners.values():
                    if listener in found:
                        found.remove(listener)

        return stop

    def history(self, name: str) -> tuple[ConfigVersion, ...]:
        """The versions that this process has seen, oldest first; the last is in force.

        >>> [version.reason for version in ConfigManager().history("risk")]
        ['first']
        """
        return tuple(self._entry(name).history)

    def rollback(self, name: str, to: int | None = None) -> ConfigVersion:
        """Put an earlier version in force again, until the sources change or `reload` is called.

        Args:
            name: the configuration.
            to: the version's number; by default the one before.

        Raises:
            LookupError: that version isn't kept.
        """
        with self._lock:
            entry = self._entry(name)
            wanted = [v for v in entry.history if (v.number < entry.current.number if to is None else v.number == to)]
            if not wanted:
                kept = ", ".join(str(version.number) for version in entry.history)
                raise LookupError(f"there is no version {to or 'before'} of {name} here; kept: {kept}")
            goal = wanted[-1]
            entry.digest = ""  # whatever the sources say, reload puts it in force
            return self._put(entry, goal.config, goal.origins, f"rollback to {goal.number}")

    def status(self, name: str | None = None) -> tuple[ConfigStatus, ...]:
        """The state of one configuration, or of all in use.

        >>> ConfigManager().status("risk")[0].version
        1
        """
        entries = {id(e): e for e in (self._entries.values() if name is None else [self._entry(name)])}
        return tuple(
            ConfigStatus(
                entry.document.name,
                entry.current.number,
                entry.current.loaded_at,
                entry.current.origins,
                entry.current.reason.startswith("rollback"),
                entry.rejected,
                entry.remote_error,
            )
            for entry in list(entries.values())
        )

    def start_watching(self, subscription: str | None = None, *, bucket_seconds: float = 60) -> Watcher:
        """Follow the files in a thread of its own, and the bucket.

        The bucket is read again on each message of a subscription to `config-changed`, and every `bucket_seconds`: a
        message of a subscription that instances share reaches one of them.

        Args:
            subscription: its id or full name, `projects/PROJECT/subscriptions/NAME`.
            bucket_seconds: how long a change of the bucket may go unnoticed without a message.
        """
        from .watch import Watcher

        with self._lock:
            if self._watcher is None:
                self._watcher = Watcher(self, subscription, bucket_seconds, self._environ)
                self._watcher.start()
            return self._watcher

    def stop_watching(self) -> None:
        """End what `start_watching` began."""
        with self._lock:
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.stop()

    def poll(self) -> None:
        """Look at the files of every configuration in use, and read again what changed."""
        for entry in list(self._entries.values()):
            self._look(entry)

    def poll_bucket(self) -> tuple[ReloadResult, ...]:
        """Read the object of every configuration in use again; nothing happens where there is no bucket.

        >>> ConfigManager(environ={}).poll_bucket()
        ()
        """
        if self._remote.get() is None:
            return ()
        with self._lock:
            entries = {id(entry): entry for entry in self._entries.values()}
            return tuple(self._refresh(entry, "bucket", remote=True) for entry in entries.values())

    def _entry(self, name: str) -> _Entry:
        return self._entries.get(name) or self._first(name)

    def _first(self, name: str) -> _Entry:
        wanted = document(name)
        with self._lock:
            entry = self._entries.get(wanted.name)
            if entry is None:
                remote, remote_error = self._fetch(wanted, None)
                fingerprints = self._fingerprints(wanted)
                loaded = self._load(wanted, remote)
                version = ConfigVersion(1, datetime.now(UTC), loaded.config, loaded.origins, (), "first")
                entry = _Entry(
                    wanted,
                    version,
                    loaded.digest,
                    loaded.digest,
                    fingerprints,
                    deque([version], maxlen=self._history),
                    time.monotonic() + self.poll_seconds,
                    remote,
                    remote_error,
                )
                self._entries[wanted.name] = entry
            self._entries[name] = entry  # by its other name too
            return entry

    def _load(self, wanted: Document, remote: RemoteObject | None, *, complete: bool = False) -> Loaded:
        return load(
            wanted,
            folder=self.folder,
            environment=self.environment,
            environ=self._environ,
            remote=remote,
            complete=complete,
        )

    def _fetch(self, wanted: Document, known: RemoteObject | None) -> tuple[RemoteObject | None, str | None]:
        """The object of the bucket; what is known of it where the bucket can't be read: files are enough to start."""
        source = self._remote.get()
        if source is None:
            return None, None
        try:
            return source.read(wanted.file), None
        except Exception as error:
            _log.warning("the configuration bucket can't be read: %s: %s", wanted.file, error)
            return known, str(error)

    def _fingerprints(self, wanted: Document) -> tuple[layers.Fingerprint | None, ...]:
        return tuple(layers.fingerprint(path) for path in layers.files(self.folder, wanted.file, self.environment))

    def _look(self, entry: _Entry) -> None:
        entry.next_check = time.monotonic() + self.poll_seconds
        if self._fingerprints(entry.document) != entry.fingerprints:
            with self._lock:
                self._refresh(entry, "file")

    def _refresh(self, entry: _Entry, reason: str, *, remote: bool = False, end_rollback: bool = False) -> ReloadResult:
        name = entry.document.name
        # Taken before reading: a file that changes meanwhile differs at the next look.
        entry.fingerprints = self._fingerprints(entry.document)
        if remote:
            entry.remote, entry.remote_error = self._fetch(entry.document, entry.remote)
        try:
            loaded = self._load(entry.document, entry.remote, complete=reason == "file")
        except layers.StillBeingWritten:
            entry.fingerprints = ()  # the next look reads it again
            return ReloadResult(name, "unchanged", entry.current.number)
        except InvalidConfiguration as error:
            entry.rejected = error
            _log.error(
                "a new state of the configuration %s is wrong; version %d stays in force: %s",
                name,
                entry.current.number,
                "; ".join(map(str, error.problems)),
            )
            return ReloadResult(name, "rejected", entry.current.number, error)
        entry.rejected = None
        seen = entry.digest if end_rollback else entry.source_digest
        entry.source_digest = loaded.digest
        if loaded.digest == seen:
            return ReloadResult(name, "unchanged", entry.current.number)
        entry.digest = loaded.digest
        version = self._put(entry, loaded.config, loaded.origins, reason)
        return ReloadResult(name, "changed", version.number)

    def _put(self, entry: _Entry, config: ConfigModel, origins: tuple[str, ...], reason: str) -> ConfigVersion:
        old, name = entry.current, entry.document.name
        changed = differences(old.config, config)
        version = ConfigVersion(old.number + 1, datetime.now(UTC), config, origins, changed, reason)
        entry.history.append(version)
        entry.current = version  # one assignment: readers see the old or the new, nothing between
        _log.info("configuration %s is at version %d (%s): %s", name, version.number, reason, ", ".join(changed))
        change = ConfigChange(name, old.config, config, version.number, changed, reason)
        self._tell(change, [*self._listeners.get(name, ()), *self._listeners.get(None, ())])
        return version

    def _tell(self, change: ConfigChange, listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            try:
                listener(change)
            except Exception:
                _log.exception("a listener of the configuration %s failed", change.name)

    def _fetched(self, secret: Secret) -> Secret:
        if secret.is_loaded:
            return secret
        if self._secrets is None:
            from shared_services.cloud.secrets import SecretManager

            self._secrets = SecretManager(environ=self._environ)
        return secret.loaded(self._secrets.get_secret(secret.secret, secret.version))


_default: ConfigManager | None = None
_default_lock = threading.Lock()


def default_manager() -> ConfigManager:
    """The manager that `get_config` uses: one a process, over the default folder.

    >>> default_manager() is default_manager()
    True
    """
    global _default
    with _default_lock:
        if _default is None:
            _default = ConfigManager()
        return _default


def get_config(name: str) -> Any:
    """A configuration by name from the process's own manager: `get_config("market-data-ingestion").SERVICE_PORT`.

    Raises:
        UnknownConfiguration: there is none of that name.
        InvalidConfiguration: it is wrong.

    >>> get_config("market-data-ingestion").SERVICE_PORT
    8001
    """
    manager = _default or default_manager()
    return manager.get_config(name)
