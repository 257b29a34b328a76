"""What the routes stand on, made of the configuration and the variables."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property

from shared_services import (
    Bucket,
    ConfigBucket,
    ConfigChange,
    ConfigManager,
    HttpProblem,
    Idempotency,
    MemoryKeys,
    Publisher,
    ServiceRegistry,
)
from shared_services.config.changes import ConfigChanges, Objects
from shared_services.config.notifications import Notification
from shared_services.config.registry import names
from shared_services.config.services.shared import SharedServicesConfig

from .events import Events
from .keys import BucketKeys

_log = logging.getLogger("services.shared_services")


@dataclass
class Parts:
    """What the routes stand on.

    Args:
        manager: this process's configuration.
        environ: the variables.
        events: told to the pages.
        objects: where changes are kept; by default the bucket `CONFIG_BUCKET`.
        reports: where reports lie; by default the bucket `REPORTS_BUCKET`.
        topic: told of changes, beside the pages; by default `CONFIG_TOPIC`, where there is one.
    """

    manager: ConfigManager
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    events: Events = field(default_factory=Events)
    objects: Objects | None = None
    reports: Bucket | None = None
    topic: Publisher | None = None
    _stop: Callable[[], None] | None = None
    _reader: ConfigBucket | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        for variable, name in (("CONFIG_BUCKET", "objects"), ("REPORTS_BUCKET", "reports")):
            if getattr(self, name) is None and self.environ.get(variable):
                setattr(self, name, Bucket(self.environ[variable], environ=self.environ))
        if self.topic is None and self.environ.get("CONFIG_TOPIC"):
            self.topic = Publisher(self.environ["CONFIG_TOPIC"], batch_milliseconds=1, environ=self.environ)

    @property
    def settings(self) -> SharedServicesConfig:
        """This service's own configuration, as it is now."""
        found: SharedServicesConfig = self.manager.get_config("shared-services")
        return found

    @cached_property
    def changes(self) -> ConfigChanges:
        """The configuration's versions.

        Raises:
            HttpProblem: there is no bucket to keep them in.
        """
        if self.objects is None:
            raise HttpProblem(503, "CONFIG_BUCKET is not set: there is nowhere to keep changes of the configuration")
        return ConfigChanges(
            self.objects,
            folder=self.manager.folder,
            environment=self.manager.environment,
            prefix=self.environ.get("CONFIG_PREFIX", ""),
            four_eyes=lambda: self.settings.FOUR_EYES,
            shown=f"gs://{self.environ.get('CONFIG_BUCKET', 'bucket')}",
        )

    @cached_property
    def once(self) -> Idempotency:
        """Does a request once for each key."""
        store = MemoryKeys() if self.objects is None else BucketKeys(self.objects)
        return Idempotency(store, lease_seconds=30, prefix="shared-services/")

    @cached_property
    def registry(self) -> ServiceRegistry:
        """Who is there."""
        return ServiceRegistry.of(self.environ, ttl_seconds=self.settings.REGISTRY_TTL_SECONDS)

    def start(self) -> None:
        """Begin: pages can listen, and what takes long to load is loaded beside the first requests."""
        self.events.open()
        self._stop = self.manager.on_change(self._changed)
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        if self._stop is not None:
            self._stop()
        if self.topic is not None:
            self.topic.close()

    def reads_bucket(self) -> bool:
        """For the health: whether the bucket answers. The files are enough to serve without it."""
        bucket = self.environ.get("CONFIG_BUCKET")
        if bucket is not None:
            self._reader = self._reader or ConfigBucket(bucket, environ=self.environ)
            self._reader.read(f"{self.environ.get('CONFIG_PREFIX', '')}application.yaml")
        return True

    def told(self, name: str, version: int, by: str, reason: str) -> None:
        """Say that a configuration changed: here, to the pages, and to every service of the platform."""
        _log.info("%s applied version %d of the configuration %s: %s", by, version, name, reason)
        self.manager.notified(Notification((name,)))
        self.events.tell("applied", name=name, version=version, by=by)
        if self.topic is not None:
            body = {"names": [name], "version": version, "by": by, "reason": reason[:200]}
            key = f"config/{name}/{version}"
            self.topic.publish(body, idempotency_key=key).add_done_callback(_complain)

    def _changed(self, change: ConfigChange) -> None:
        self.events.tell("changed", name=change.name, changed=change.changed[:50], reason=change.reason)

    def _warm(self) -> None:
        """Load Google's clients, and every configuration, so that changes of each are noticed."""
        self._ended.wait(0.5)  # the start goes first
        try:
            for name in names():
                if self._ended.is_set():
                    return
                self.manager.get_config(name)
            if self.objects is not None:
                self.changes.glance("application")
            if self.topic is not None:
                self.topic.warm()
        except Exception as error:
            _log.warning("not everything could be loaded ahead: %s", error)


def _complain(done: Future[str]) -> None:
    error = done.exception()
    if error is not None:
        _log.error("config-changed was not published, services notice within a minute: %s", error)
