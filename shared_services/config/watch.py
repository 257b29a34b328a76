"""The thread that follows a manager's files, and the subscription that follows its bucket."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .notifications import parse_notification

if TYPE_CHECKING:
    from shared_services.cloud.messages import ReceivedMessage
    from shared_services.cloud.subscriber import Subscriber

    from .manager import ConfigManager

_log = logging.getLogger("shared_services.config")


class Watcher:
    """Looks at the files every `poll_seconds`. Modification times work on every file system, mounted ones too."""

    def __init__(
        self,
        manager: ConfigManager,
        subscription: str | None,
        bucket_seconds: float,
        environ: Mapping[str, str],
    ) -> None:
        self._manager = manager
        self._subscription = subscription
        self._bucket_seconds = bucket_seconds
        self._environ = environ
        self._subscriber: Subscriber | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="config-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stop.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)
        if self._subscriber is not None:
            self._subscriber.stop()

    def _run(self) -> None:
        # Google's client takes a second to import: the service's start goes first, and messages wait.
        if not self._stop.wait(min(self._manager.poll_seconds, 0.5)):
            self._subscribe()
        bucket_at = time.monotonic() + self._bucket_seconds
        while not self._stop.wait(max(self._manager.poll_seconds, 0.01)):
            try:
                self._manager.poll()
                if time.monotonic() >= bucket_at:
                    bucket_at = time.monotonic() + self._bucket_seconds
                    self._manager.poll_bucket()
            except Exception:
                _log.exception("the configuration's files can't be looked at")

    def _subscribe(self) -> None:
        if self._subscription is not None:
            from shared_services.cloud.subscriber import Subscriber

            self._subscriber = Subscriber(self._subscription, environ=self._environ)
            self._subscriber.start(self._message)

    def _message(self, message: ReceivedMessage) -> None:
        notification = parse_notification(message.data, message.attributes, self._environ.get("CONFIG_PREFIX", ""))
        if notification is not None:
            self._manager.notified(notification)
