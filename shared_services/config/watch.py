"""The thread that follows a manager's files, and the subscription that follows its bucket."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from .notifications import parse_notification

if TYPE_CHECKING:
    from shared_services.cloud.messages import ReceivedMessage
    from shared_services.cloud.subscriber import Subscriber

    from .manager import ConfigManager

_log = logging.getLogger("shared_services.config")


class Watcher:
    """Looks at the files every `poll_seconds`. Modification times work on every file system, mounted ones too."""

    def __init__(self, manager: ConfigManager, subscription: str | None = None) -> None:
        self._manager = manager
        self._subscription = subscription
        self._subscriber: Subscriber | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="config-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        if self._subscription is not None:
            from shared_services.cloud.subscriber import Subscriber

            self._subscriber = Subscriber(self._subscription)
            self._subscriber.start(self._message)

    def stop(self) -> None:
        """End, and wait for it."""
        self._stop.set()
        if self._subscriber is not None:
            self._subscriber.stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(self._manager.poll_seconds):
            try:
                self._manager.poll()
            except Exception:
                _log.exception("the configuration's files can't be looked at")

    def _message(self, message: ReceivedMessage) -> None:
        notification = parse_notification(message.data, message.attributes)
        if notification is not None:
            self._manager.notified(notification)
