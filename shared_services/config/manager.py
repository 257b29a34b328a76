"""`ConfigManager`: typed, checked configuration that follows its sources without a restart."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import layers
from .current import Current
from .history import ConfigChange, ConfigStatus, ConfigVersion, ReloadResult
from .layers import RemoteSource
from .load import with_secrets
from .registry import document
from .secret import Secret, SecretSource
from .sources import Sources

if TYPE_CHECKING:
    from .documents.database import DatabaseConfig
    from .notifications import Notification
    from .watch import Watcher

Listener = Callable[[ConfigChange], object]

_log = logging.getLogger("shared_services.config")


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
        self._sources = Sources(self.folder, self.environment, self._environ, remote)
        self._secrets = secrets
        self._history = history
        self._used: dict[str, Current] = {}
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
        entry = self._used.get(name)
        if entry is None:
            return self._first(name).version.config
        if time.monotonic() >= entry.next_look:
            self._look(entry)
        return entry.version.config

    def load_config(self, name: str) -> Any:
        """Read a configuration now, from every layer, the bucket too; `get_config` gives the result from then on.

        Raises:
            UnknownConfiguration: there is none of that name.
            InvalidConfiguration: it is wrong; `get_config` still gives the last good one.

        >>> ConfigManager().load_config("application").api.prefix
        '/api/v1'
        """
        if name not in self._used:
            return self._first(name).version.config
        result = self.reload(name)[0]
        if result.error is not None:
            raise result.error
        return self._used[name].version.config

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
            if name is not None and name not in self._used:
                return (ReloadResult(name, "changed", self._first(name).version.number),)
            entries = self._all() if name is None else [self._used[name]]
            return tuple(entry.refresh(reason, remote=True, end_rollback=True) for entry in entries)

    def notified(self, notification: Notification) -> tuple[ReloadResult, ...]:
        """Follow a message that says what changed: those of its configurations that are in use are read again.

        >>> from shared_services.config.notifications import Notification
        >>> ConfigManager().notified(Notification(names=("trading",)))
        ()
        """
        with self._lock:
            wanted = [e for e in self._all() if not notification.names or e.document.name in notification.names]
            return tuple(entry.refresh("notification", remote=True) for entry in wanted)

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
            return self._entry(name).back(to)

    def status(self, name: str | None = None) -> tuple[ConfigStatus, ...]:
        """The state of one configuration, or of all in use.

        >>> ConfigManager().status("risk")[0].version
        1
        """
        return tuple(entry.status for entry in (self._all() if name is None else [self._entry(name)]))

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
        for entry in self._all():
            self._look(entry)

    def poll_bucket(self) -> tuple[ReloadResult, ...]:
        """Read the object of every configuration in use again; nothing happens where there is no bucket.

        >>> ConfigManager(environ={}).poll_bucket()
        ()
        """
        if self._sources.bucket() is None:
            return ()
        with self._lock:
            return tuple(entry.refresh("bucket", remote=True) for entry in self._all())

    def _all(self) -> list[Current]:
        """Each configuration in use once: it stands under each of its names."""
        return list({id(entry): entry for entry in list(self._used.values())}.values())

    def _entry(self, name: str) -> Current:
        return self._used.get(name) or self._first(name)

    def _first(self, name: str) -> Current:
        wanted = document(name)
        with self._lock:
            entry = self._used.get(wanted.name)
            if entry is None:
                entry = Current(wanted, self._sources, self._tell, self._history)
                entry.next_look = time.monotonic() + self.poll_seconds
                self._used[wanted.name] = entry
            self._used[name] = entry  # by its other name too
            return entry

    def _look(self, entry: Current) -> None:
        entry.next_look = time.monotonic() + self.poll_seconds
        if entry.has_changed_files:
            with self._lock:
                entry.refresh("file")

    def _tell(self, change: ConfigChange) -> None:
        for listener in (*self._listeners.get(change.name, ()), *self._listeners.get(None, ())):
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
