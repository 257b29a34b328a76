"""Access tokens of the account that this runs as, for what is asked over plain HTTP."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any

from .errors import CloudForbidden

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


class AccessTokens:
    """Access tokens; each is kept until shortly before it expires.

    >>> AccessTokens({"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.x"})("https://run.googleapis.com")
    'ya29.x'

    Args:
        environ: the variables.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._credentials: Any = None
        self._lock = threading.Lock()

    def __call__(self, url: str) -> str:
        """A token for what answers at an address.

        Raises:
            CloudForbidden: this runs as nobody.
        """
        token = self._environ.get("GOOGLE_OAUTH_ACCESS_TOKEN")
        if token:
            return token
        if url.startswith("http://"):
            return "sandbox-only"  # any is taken there, and this opens nothing else
        import google.auth
        from google.auth.exceptions import DefaultCredentialsError
        from google.auth.transport.requests import Request

        with self._lock:
            if self._credentials is None:
                try:
                    self._credentials, _ = google.auth.default(scopes=[_SCOPE])
                except DefaultCredentialsError as error:
                    raise CloudForbidden(
                        "there are no Google credentials here",
                        where=url,
                        why=str(error),
                        todo="`gcloud auth application-default login`; or name an environment of this machine",
                    ) from None
            if not self._credentials.valid:
                self._credentials.refresh(Request())
            return str(self._credentials.token)
