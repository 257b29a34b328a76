"""`Subscriber`: messages of a subscription, each handled once, in the order of its key, or put aside."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared_services.errors import describe_error
from shared_services.errors.classify import classify
from shared_services.logging.context import bound_correlation_id
from shared_services.tracing import span

from .clients import endpoint, find_project, options, quiet_imports
from .errors import CloudNotFound, translated
from .messages import CORRELATION_ID, IDEMPOTENCY_KEY, ReceivedMessage, Seen, SeenInMemory
from .publisher import Publisher

Handler = Callable[[ReceivedMessage], object]

_log = logging.getLogger("shared_services.pubsub")


class Subscriber:
    """Receives messages and has them handled.

    A message is acknowledged when its handler returns. When it raises, a passing error gives the message back, to come
    again after the subscription's pause; any other puts it on the dead-letter topic at once, with the error in its
    attributes, where there is one. Messages of one ordering key are handled one after another; when one fails, those
    behind it are given back too. What was handled already, by its idempotency key, is acknowledged and not handled.

    >>> subscriber = Subscriber("signals-audit", dead_letter="signals-dead")
    >>> handled = subscriber.pull(lambda message: print(message.json()))  # doctest: +SKIP

    Args:
        subscription: its id, or its full name `projects/PROJECT/subscriptions/ID`.
        dead_letter: the topic for what can't be handled; by default those come again, and Pub/Sub's own policy counts.
        seen: remembers what was handled; by default in memory.
        threads: messages of different keys that are handled at a time.
        extend_seconds: what is handled for longer is kept from coming again, this often.
        project: the project; by default `GOOGLE_CLOUD_PROJECT`.
        environ: the variables.
        client: a `google.pubsub_v1.SubscriberClient`, instead of one made here.
    """

    def __init__(
        self,
        subscription: str,
        *,
        dead_letter: str | Publisher | None = None,
        seen: Seen | None = None,
        threads: int = 4,
        extend_seconds: float = 20,
        project: str | None = None,
        environ: Mapping[str, str] | None = None,
        client: Any = None,
    ) -> None:
        self._subscription = subscription
        self._environ = os.environ if environ is None else environ
        self._project = project
        self._dead_letter = (
            Publisher(dead_letter, project=project, environ=self._environ)
            if isinstance(dead_letter, str)
            else dead_letter
        )
        self._seen = SeenInMemory() if seen is None else seen
        self._extend = extend_seconds
        self._client = client
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="subscriber")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def subscription(self) -> str:
        """The subscription's full name.

        >>> Subscriber("signals-audit", project="atm-local").subscription
        'projects/atm-local/subscriptions/signals-audit'
        """
        if self._subscription.startswith("projects/"):
            return self._subscription
        return f"projects/{find_project(self._project, self._environ)}/subscriptions/{self._subscription}"

    def pull(self, handler: Handler, *, most: int = 100, wait_seconds: float = 0) -> int:
        """Receive once, and have it handled.

        Args:
            handler: called with each message, in a thread of the pool.
            most: messages at most.
            wait_seconds: how long to wait for messages when there are none.

        Returns:
            Messages that were acknowledged: handled now or before, or put aside.

        Raises:
            CloudNotFound, CloudForbidden, CloudUnavailable: the subscription can't be read.
        """
        client, subscription = self._made(), self.subscription
        request = {"subscription": subscription, "max_messages": most, "return_immediately": not wait_seconds}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of return_immediately
                answer = client.pull(request=request, timeout=wait_seconds or 60)
        except Exception as error:
            if wait_seconds and type(error).__name__ == "DeadlineExceeded":
                return 0
            what = "the subscription can't be read"
            permission = "pubsub.subscriptions.consume"
            raise translated(error, what, permission=permission, where=subscription) from error
        received = list(answer.received_messages)
        if not received:
            return 0
        lanes: dict[str, list[Any]] = {}
        for item in received:
            # Without a key each message is a lane of its own.
            lanes.setdefault(item.message.ordering_key or f"\0{item.ack_id}", []).append(item)
        done = threading.Event()
        open_ids = {item.ack_id for item in received}
        keeper = threading.Thread(target=self._keep, args=(done, open_ids), daemon=True)
        keeper.start()
        try:
            return sum(self._pool.map(lambda lane: self._lane(handler, lane, open_ids), lanes.values()))
        finally:
            done.set()

    def start(self, handler: Handler) -> None:
        """Receive in a thread of its own until `stop`. Errors are logged, and tried again after a pause."""
        if self._thread is not None:
            raise RuntimeError("the subscriber runs already")
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(handler,), name="subscriber", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 8) -> None:
        """Receive no more, and wait for what is being handled, `timeout` seconds at most."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
        if self._dead_letter is not None:
            self._dead_letter.close()

    def _run(self, handler: Handler) -> None:
        # An emulator is asked often instead: over REST nothing tells a wait that ended from a failure.
        wait_seconds = 0.0 if endpoint("pubsub", self._environ) else 5.0
        pause = 0.05
        while not self._stop.is_set():
            try:
                handled = self.pull(handler, wait_seconds=wait_seconds)
                pause = 0.0 if handled or wait_seconds else min(max(pause, 0.05) * 1.5, 0.4)
            except CloudNotFound as error:
                _log.error("%s", error)
                pause = 30.0
            except Exception as error:
                _log.warning("the subscription %s can't be read: %s", self._subscription, error)
                pause = min(max(pause, 1.0) * 2, 30.0)
            self._stop.wait(pause)

    def _lane(self, handler: Handler, lane: Iterable[Any], open_ids: set[str]) -> int:
        acknowledged = 0
        failed = False
        for item in lane:
            if failed or not self._handled(handler, _received(item)):
                failed = True
                self._give_back(item.ack_id)
            else:
                self._acknowledge(item.ack_id)
                acknowledged += 1
            open_ids.discard(item.ack_id)
        return acknowledged

    def _handled(self, handler: Handler, message: ReceivedMessage) -> bool:
        """Whether the message is done with: handled now, handled before, or put aside."""
        if not self._seen.claim(message.key):
            return True
        try:
            correlation, name = (
                message.attributes.get(CORRELATION_ID),
                f"{self._subscription.rpartition('/')[2]} receive",
            )
            with bound_correlation_id(correlation), span(name, message.attributes, kind="consumer"):
                handler(message)
            return True
        except Exception as error:
            self._seen.release(message.key)
            fields = describe_error(error)
            _log.warning(
                "the message %s failed (%s): %s", message.message_id, fields["error_class"], fields["error_message"]
            )
            if classify(error).retryable or self._dead_letter is None:
                return False
            return self._put_aside(message, fields)

    def _put_aside(self, message: ReceivedMessage, fields: Mapping[str, str]) -> bool:
        assert self._dead_letter is not None
        about = {name: value[:1000] for name, value in fields.items()}
        about |= {"source_subscription": self.subscription, "source_message_id": message.message_id}
        attributes = {**message.attributes, **about, IDEMPOTENCY_KEY: message.key}
        try:
            self._dead_letter.publish(message.data, attributes=attributes).result(timeout=30)
        except Exception as error:
            _log.error("the message %s can't be put aside: %s", message.message_id, error)
            return False
        return True

    def _keep(self, done: threading.Event, open_ids: set[str]) -> None:
        """Extend the leases of what is still being handled."""
        while not done.wait(self._extend):
            ids = list(open_ids)
            try:
                if ids:
                    self._modify(ids, 60)
            except Exception as error:
                _log.warning("leases of %s can't be extended: %s", self._subscription, error)

    def _acknowledge(self, ack_id: str) -> None:
        try:
            self._made().acknowledge(request={"subscription": self.subscription, "ack_ids": [ack_id]})
        except Exception as error:
            # It comes again, and its key tells that it was handled.
            _log.warning("a message of %s can't be acknowledged: %s", self._subscription, error)

    def _give_back(self, ack_id: str) -> None:
        try:
            self._modify([ack_id], 0)
        except Exception as error:
            _log.warning("a message of %s can't be given back: %s", self._subscription, error)

    def _modify(self, ack_ids: list[str], seconds: int) -> None:
        self._made().modify_ack_deadline(
            request={"subscription": self.subscription, "ack_ids": ack_ids, "ack_deadline_seconds": seconds}
        )

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                with quiet_imports():
                    from google.pubsub_v1 import SubscriberClient

                self._client = SubscriberClient(**options("pubsub", self._environ))
            return self._client


def _received(item: Any) -> ReceivedMessage:
    message = item.message
    return ReceivedMessage(
        bytes(message.data),
        dict(message.attributes),
        message.message_id,
        message.ordering_key,
        int(item.delivery_attempt or 0),
        message.publish_time,
    )
