"""`PushEndpoint`: a route that Pub/Sub pushes messages to."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import orjson
from fastapi import Request, Response

from shared_services.cache.idempotency import Idempotency, MemoryKeys
from shared_services.cloud.messages import CORRELATION_ID, IDEMPOTENCY_KEY, ReceivedMessage
from shared_services.cloud.publisher import Publisher
from shared_services.errors import classify, describe_error
from shared_services.logging.context import bound_correlation_id
from shared_services.logging.logger import get_logger
from shared_services.tracing import span

from .app import service_of
from .auth import Authenticator, InvalidToken, Principal
from .problem import HttpProblem

Handler = Callable[[ReceivedMessage], Any]
Form = Literal["any", "wrapped", "unwrapped"]

_PREFIX = "x-goog-pubsub-"
# Headers that aren't attributes of a message that comes without its envelope.
_NO_ATTRIBUTES = frozenset(
    {"authorization", "connection", "forwarded", "from", "host", "tracestate", "traceparent", "user-agent", "via"}
)
_NO_PREFIXES = ("accept", "content-", "x-cloud-", "x-forwarded-", _PREFIX)
_log = get_logger("shared_services.service")


class PushEndpoint:
    """Makes a route of a function that handles one message.

    What it does for each push:

    - the sender's OIDC token is verified: its audience (the service's, or the one given here) and its account;
    - the message is taken out of its envelope, or of the request itself where the subscription sends it without one;
    - the correlation id and the trace of its attributes go on;
    - a message that was handled before, by its idempotency key or else its id, is acknowledged and not handled;
    - the answer says what becomes of it: 204 acknowledges it. Anything else gives it back, to come again after the
      subscription's pause, until its dead-letter policy has counted enough: 503 for what passes by itself, 409 while
      the same message is being handled, 400 for what is no message, and otherwise the error's own status. What never
      can be handled is put aside at once, and acknowledged, where there is a topic for it.

    >>> from shared_services import PushEndpoint, ReceivedMessage, create_app
    >>> app = create_app("risk-manager")
    >>> push = PushEndpoint(accounts=["pubsub-push@atm-prod.iam.gserviceaccount.com"])
    >>> @app.post("/push/signals")
    ... @push
    ... async def signal(message: ReceivedMessage) -> None:
    ...     print(message.json()["symbol"])

    Args:
        accounts: e-mail addresses of those who may push; none: whoever the service lets in.
        audience: whom the token must be for, instead of the service's own audiences.
        once: remembers what was handled; by default this process does.
        dead_letter: the topic, or its publisher, for what can't be handled.
        form: whether messages come in an envelope; `any` looks.
    """

    def __init__(
        self,
        *,
        accounts: Sequence[str] = (),
        audience: str = "",
        once: Idempotency | None = None,
        dead_letter: str | Publisher | None = None,
        form: Form = "any",
    ) -> None:
        self._accounts = frozenset(account.lower() for account in accounts)
        self._audience, self._form = audience, form
        self._once = once or Idempotency(MemoryKeys())
        self._dead_letter = Publisher(dead_letter) if isinstance(dead_letter, str) else dead_letter
        self._authenticator: tuple[Any, Authenticator] | None = None

    def __call__(self, handler: Handler) -> Callable[[Request], Any]:
        """The route of a handler, plain (it is then run in a thread) or async."""

        async def route(request: Request) -> Response:
            await self._admit(request)
            message, subscription = read_push(await request.body(), request.headers, self._form)
            await self._handle(handler, message, subscription)
            return Response(status_code=204)

        route.__name__ = getattr(handler, "__name__", "push")
        route.__doc__ = handler.__doc__
        return route

    async def _admit(self, request: Request) -> None:
        """Let in only those who may push.

        Raises:
            InvalidToken: there is no valid token.
            HttpProblem: it is of another account.
        """
        principal = request.scope.get("principal")
        if self._audience:
            settings = service_of(request.app).settings
            known = self._authenticator
            if known is None or known[0] is not settings:
                wanted = replace(settings, audiences=(self._audience,))
                known = self._authenticator = settings, Authenticator(wanted)
            principal = await known[1].authenticate(request.headers.get("authorization"))
        if not self._accounts:
            return
        if not isinstance(principal, Principal):
            raise InvalidToken("")
        if principal.email.lower() not in self._accounts:
            raise HttpProblem(403, f"{principal.email or principal.subject} may not push here")

    async def _handle(self, handler: Handler, message: ReceivedMessage, subscription: str) -> None:
        async def handled() -> None:
            if inspect.iscoroutinefunction(handler):
                await handler(message)
                return
            from starlette.concurrency import run_in_threadpool

            result = await run_in_threadpool(handler, message)
            if inspect.isawaitable(result):
                await result

        correlation = message.attributes.get(CORRELATION_ID)
        bound = bound_correlation_id(correlation) if correlation else nullcontext()
        about = message.attributes if "traceparent" in message.attributes else None
        name = f"{subscription.rpartition('/')[2] or 'push'} receive"
        with bound, span(name, about, kind="consumer"):
            try:
                await self._once.run_async(f"{subscription}:{message.key}", handled)
            except Exception as error:
                if classify(error).retryable or self._dead_letter is None:
                    raise
                await self._put_aside(message, subscription, error)

    async def _put_aside(self, message: ReceivedMessage, subscription: str, error: Exception) -> None:
        from starlette.concurrency import run_in_threadpool

        assert self._dead_letter is not None
        fields = describe_error(error)
        _log.error("a message is put aside", message_id=message.message_id, exc_info=error)
        about = {name: value[:1000] for name, value in fields.items()}
        about |= {"source_subscription": subscription, "source_message_id": message.message_id}
        attributes = {**message.attributes, **about, IDEMPOTENCY_KEY: message.key}
        published = self._dead_letter.publish(message.data, attributes=attributes)
        await run_in_threadpool(published.result, 30)


def read_push(body: bytes, headers: Mapping[str, str], form: Form = "any") -> tuple[ReceivedMessage, str]:
    """The message of a push, and the subscription's full name.

    >>> body = b'{"message": {"data": "aGk=", "messageId": "9001"}, "subscription": "projects/p/subscriptions/s"}'
    >>> message, subscription = read_push(body, {})
    >>> message.data, subscription
    (b'hi', 'projects/p/subscriptions/s')

    Args:
        body: of the request.
        headers: of the request, in lower case.
        form: whether there is an envelope.

    Raises:
        HttpProblem: 400, it is no push.
    """
    if form != "unwrapped":
        envelope = _envelope(body)
        if envelope is not None:
            return _wrapped(envelope)
        if form == "wrapped" or f"{_PREFIX}message-id" not in headers:
            raise HttpProblem(
                400, "the request is no push of Pub/Sub", reason="no envelope, and no header x-goog-pubsub-…"
            )
    attributes = {
        name: value
        for name, value in headers.items()
        if name not in _NO_ATTRIBUTES and not name.startswith(_NO_PREFIXES)
    }
    id = headers.get(f"{_PREFIX}message-id") or base64.b16encode(_digest(body)).decode().lower()
    message = ReceivedMessage(
        body,
        attributes,
        id,
        headers.get(f"{_PREFIX}ordering-key", ""),
        _number(headers.get(f"{_PREFIX}delivery-attempt")),
        _moment(headers.get(f"{_PREFIX}publish-time")),
    )
    return message, headers.get(f"{_PREFIX}subscription-name", "")


def _envelope(body: bytes) -> dict[str, Any] | None:
    try:
        said = orjson.loads(body)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("message"), dict):
        return None
    message = said["message"]
    return said if ("messageId" in message or "message_id" in message) and "subscription" in said else None


def _wrapped(envelope: dict[str, Any]) -> tuple[ReceivedMessage, str]:
    message = envelope["message"]
    attributes = message.get("attributes") or {}
    try:
        data = base64.b64decode(message.get("data") or "", validate=True)
        if not isinstance(attributes, dict):
            raise ValueError("attributes are names and texts")  # noqa: TRY004 - said with the rest
    except (ValueError, TypeError) as error:
        raise HttpProblem(400, "the message can't be read", reason=str(error)) from None
    received = ReceivedMessage(
        data,
        {str(name): str(value) for name, value in attributes.items()},
        str(message.get("messageId") or message.get("message_id")),
        str(message.get("orderingKey") or message.get("ordering_key") or ""),
        _number(envelope.get("deliveryAttempt")),
        _moment(message.get("publishTime") or message.get("publish_time")),
    )
    return received, str(envelope["subscription"])


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _digest(body: bytes) -> bytes:
    import hashlib

    return hashlib.blake2b(body, digest_size=16).digest()
