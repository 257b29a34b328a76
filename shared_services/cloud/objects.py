"""Objects read over plain HTTP: what a service needs before it answers, without Google's client."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from .clients import endpoint
from .errors import CloudForbidden, CloudNotFound, CloudUnavailable
from .tokens import AccessTokens

if TYPE_CHECKING:
    import httpx

_PASSING = frozenset({408, 429, 500, 502, 503, 504})


class ObjectReader:
    """Reads objects of a bucket: `reader("trading.yaml")` gives the bytes and their generation.

    Args:
        bucket: its whole name.
        environ: the variables.
        attempts: how often it is asked where it doesn't answer.
        timeout_seconds: of one.
    """

    def __init__(
        self,
        bucket: str,
        *,
        environ: Mapping[str, str] | None = None,
        attempts: int = 2,
        timeout_seconds: float = 5,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._bucket, self._attempts, self._timeout = bucket, attempts, timeout_seconds
        self._base = endpoint("storage", environ) or "https://storage.googleapis.com"
        self._tokens = AccessTokens(environ)
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def __call__(self, name: str) -> tuple[bytes, int]:
        """An object.

        Raises:
            CloudNotFound, CloudForbidden, CloudUnavailable: it can't be read.
        """
        import httpx

        url = f"{self._base}/storage/v1/b/{quote(self._bucket, safe='')}/o/{quote(name, safe='')}"
        what, where = f"the object {name} can't be read", f"gs://{self._bucket}/{name}"
        why = ""
        for _ in range(self._attempts):
            try:
                headers = {"authorization": f"Bearer {self._tokens(self._base)}"}
                answer = self._made().get(url, params={"alt": "media"}, headers=headers)
            except httpx.TransportError as error:
                why = f"{type(error).__name__}: {error}"
                continue
            if answer.status_code == 200:
                return answer.content, int(answer.headers.get("x-goog-generation", 0))
            why = answer.text[:300]
            if answer.status_code == 404:
                raise CloudNotFound(what, where=where, why=why, todo="envctl apply makes what envs/ declares")
            if answer.status_code in (401, 403):
                todo = "grant storage.objects.get to the account that runs this"
                raise CloudForbidden(what, where=where, why=why, todo=todo)
            if answer.status_code not in _PASSING:
                break
        raise CloudUnavailable(what, where=where, why=why)

    def _made(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                plain = self._base.startswith("http://")
                self._client = httpx.Client(timeout=self._timeout, trust_env=not plain)
            return self._client
