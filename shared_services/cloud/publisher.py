"""`Publisher`: messages to a topic, in batches, in order where that is asked for, each known by a key of its own."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from shared_services.errors import InputError
from shared_services.logging.context import correlation_id
from shared_services.tracing import TRACEPARENT, current_traceparent

from .clients import endpoint, find_project, options, quiet_imports
from .errors import translated
from .messages import CORRELATION_ID, IDEMPOTENCY_KEY, encoded


class Publisher:
    """Sends messages to a topic. Google's client batches, retries and keeps the order; this adds keys and words.

    >>> signals = Publisher("signals", ordering=True)
    >>> sent = signals.publish({"symbol": "TCS", "signal": 1}, ordering_key="TCS")  # doctest: +SKIP
    >>> sent.result(timeout=10)  # doctest: +SKIP
    '12'

    Args:
        topic: its id, or its full name `projects/PROJECT/topics/ID`.
        ordering: whether messages of one ordering key arrive in the order they are sent.
        project: the project; by default `GOOGLE_CLOUD_PROJECT`.
        batch_messages: a batch is sent when it has this many messages,
        batch_milliseconds: or when its first has waited this long.
        environ: the variables.
        client: a `google.cloud.pubsub_v1.PublisherClient`, instead of one made here.
    """

    def __init__(
        self,
        topic: str,
        *,
        ordering: bool = False,
        project: str | None = None,
        batch_messages: int = 100,
        batch_milliseconds: float = 10,
        environ: Mapping[str, str] | None = None,
        client: Any = None,
    ) -> None:
        self._topic = topic
        self._ordering = ordering
        self._project = project
        self._batch = (batch_messages, batch_milliseconds)
        self._environ = os.environ if environ is None else environ
        self._client = client
        self._lock = threading.Lock()
        self._waiting: set[Future[str]] = set()

    @property
    def topic(self) -> str:
        """The topic's full name.

        >>> Publisher("signals", project="atm-local").topic
        'projects/atm-local/topics/signals'
        """
        if self._topic.startswith("projects/"):
            return self._topic
        return f"projects/{find_project(self._project, self._environ)}/topics/{self._topic}"

    def publish(
        self,
        data: bytes | str | Mapping[str, Any],
        *,
        ordering_key: str = "",
        idempotency_key: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> Future[str]:
        """Send a message, without waiting for it.

        Args:
            data: bytes, text, or a mapping that goes as JSON.
            ordering_key: messages of one key arrive in order (needs `ordering`).
            idempotency_key: what is the same when the same thing is sent twice; by default a new one.
            attributes: more about it; the correlation id goes with it by itself.

        Returns:
            A future of the message's id; it raises CloudNotFound, CloudForbidden or CloudUnavailable.

        Raises:
            InputError: there is a key and the publisher keeps no order, or the message is larger than 10 MB.
        """
        if ordering_key and not self._ordering:
            raise InputError("an ordering key needs a publisher that keeps order", todo="Publisher(…, ordering=True)")
        body = encoded(data)
        if len(body) > 10_000_000:
            raise InputError(f"a message has at most 10,000,000 bytes, not {len(body):,}", todo="put it into a bucket")
        sent = dict(attributes or {})
        sent.setdefault(IDEMPOTENCY_KEY, idempotency_key or uuid.uuid4().hex)
        correlation, trace = correlation_id(), current_traceparent()
        if correlation:
            sent.setdefault(CORRELATION_ID, correlation)
        if trace:
            sent.setdefault(TRACEPARENT, trace)
        client, topic = self._made(), self.topic
        answer: Future[str] = Future()
        answer.set_running_or_notify_cancel()
        with self._lock:
            self._waiting.add(answer)
        try:
            # With order, Google's client would try for ever, which an emulator's REST can't express.
            limits = {"retry": None, "timeout": 60} if endpoint("pubsub", self._environ) else {}
            inner = client.publish(topic, body, ordering_key=ordering_key, **limits, **sent)
        except Exception as error:
            self._failed(answer, error, topic)
            return answer
        inner.add_done_callback(lambda done: self._done(answer, done, topic, ordering_key))
        return answer

    def warm(self) -> None:
        """Make Google's client now: its import takes a second, which the first message need not wait for."""
        self._made()

    def flush(self, timeout: float | None = 30) -> None:
        """Wait until everything that was published is sent.

        Raises:
            TimeoutError: something still waits after `timeout` seconds.
            CloudNotFound, CloudForbidden, CloudUnavailable: something could not be sent.
        """
        from concurrent.futures import FIRST_EXCEPTION, wait

        with self._lock:
            waiting = set(self._waiting)
        finished, left = wait(waiting, timeout=timeout, return_when=FIRST_EXCEPTION)
        for future in finished:
            future.result()
        if left:
            raise TimeoutError(f"{len(left)} messages to {self.topic} are not sent after {timeout} s")

    def close(self) -> None:
        """Send what waits, and end."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.stop()

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _done(self, answer: Future[str], done: Any, topic: str, ordering_key: str) -> None:
        error = done.exception()
        if error is None:
            with self._lock:
                self._waiting.discard(answer)
            answer.set_result(str(done.result()))
            return
        if ordering_key and self._client is not None:
            self._client.resume_publish(topic, ordering_key)  # Google's client holds the key back until it is told
        self._failed(answer, error, topic)

    def _failed(self, answer: Future[str], error: Exception, topic: str) -> None:
        with self._lock:
            self._waiting.discard(answer)
        what = "the message can't be published"
        answer.set_exception(translated(error, what, permission="pubsub.topics.publish", where=topic))

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                with quiet_imports():
                    from google.cloud.pubsub_v1 import PublisherClient
                    from google.cloud.pubsub_v1.types import BatchSettings, PublisherOptions

                messages, milliseconds = self._batch
                self._client = PublisherClient(
                    batch_settings=BatchSettings(max_messages=messages, max_latency=milliseconds / 1000),
                    publisher_options=PublisherOptions(enable_message_ordering=self._ordering),
                    **options("pubsub", self._environ),
                )
            return self._client
