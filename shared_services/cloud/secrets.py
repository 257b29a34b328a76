"""`SecretManager`: secrets by name, remembered for a while, never shown."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared_services.errors import InputError, classify

from .clients import find_project, options, quiet_imports
from .errors import SecretForbidden, SecretNotFound, SecretUnreadable, translated

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_FULL = re.compile(r"projects/([^/]+)/secrets/([A-Za-z0-9_-]{1,255})(?:/versions/([a-z0-9]+))?")
_VERSION = re.compile(r"latest|[1-9][0-9]*")

_log = logging.getLogger("shared_services.secrets")


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """A version of a secret, without its value.

    Args:
        number: counts from 1.
        state: ENABLED, DISABLED or DESTROYED.
        created: when, in UTC.
    """

    number: int
    state: str
    created: datetime


@dataclass(slots=True)
class _Cached:
    value: str
    until: float


class SecretManager:
    """Secrets of Secret Manager, or what stands in for them.

    A secret is looked for in this order: in memory (until it expires), in a variable of the environment
    (`KITE_API_KEY` for `kite_api_key`, as Cloud Run sets them), in the folder `SECRETS_DIR` (as Kubernetes and
    compose mount them), and in Secret Manager. When the last one doesn't answer, an expired value serves on.

    >>> secrets = SecretManager(environ={"KITE_API_KEY": "sandbox-key"})
    >>> secrets.get_secret("kite_api_key")
    'sandbox-key'
    >>> secrets
    SecretManager(1 remembered)

    Args:
        project: the project; by default `GOOGLE_CLOUD_PROJECT`, or the credentials' own.
        ttl_seconds: how long a value is remembered; a rotated secret arrives within this time. 0: not at all.
        timeout_seconds: how long Secret Manager is asked, attempts and all.
        environ: the variables.
        client: a client of Secret Manager, instead of one made here.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        project: str | None = None,
        *,
        ttl_seconds: float = 300,
        timeout_seconds: float = 10,
        environ: Mapping[str, str] | None = None,
        client: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._project = project
        self._ttl, self._timeout = ttl_seconds, timeout_seconds
        self._environ = os.environ if environ is None else environ
        self._client = client
        self._clock = clock
        self._cache: dict[tuple[str, str], _Cached] = {}
        self._lock = threading.Lock()

    def get_secret(self, name: str, version: str = "latest") -> str:
        """The value of a secret.

        Args:
            name: its id, or its full name `projects/PROJECT/secrets/ID`.
            version: a number, or latest.

        Raises:
            SecretNotFound: there is none, or no version of it that is enabled.
            SecretForbidden: this account lacks `secretmanager.versions.access` on it.
            SecretUnreadable: its bytes are damaged, or not UTF-8.
            InputError: the name can't be a secret's.

        >>> SecretManager(environ={"JWT_SIGNING_KEY": "x"}).get_secret("jwt-signing-key")
        'x'
        """
        if _VERSION.fullmatch(version) is None:
            raise InputError(f'"{version}" is no version of a secret', todo="give its number, or latest")
        key = (name, version)
        cached = self._cache.get(key)
        if cached is not None and self._clock() < cached.until:
            return cached.value
        value = self._stand_in(name) if version == "latest" else None
        if value is None:
            try:
                value = self._access(name, version)
            except Exception as error:
                if cached is None or not classify(error).retryable:
                    self._cache.pop(key, None)
                    raise
                _log.warning("Secret Manager doesn't answer; %s serves on from memory", name)
                value = cached.value
        if self._ttl > 0:
            self._cache[key] = _Cached(value, self._clock() + self._ttl)
        return value

    def get_secret_bytes(self, name: str, version: str = "latest") -> bytes:
        """The bytes of a secret that is no text, such as a certificate. Not remembered.

        Raises:
            SecretNotFound, SecretForbidden, SecretUnreadable: as `get_secret`.
        """
        return self._payload(name, version)

    def versions(self, name: str) -> tuple[SecretVersion, ...]:
        """The versions of a secret, newest first.

        Raises:
            SecretNotFound, SecretForbidden: as `get_secret`.
        """
        client, parent = self._made(), self._full(name)
        try:
            listed = list(client.list_secret_versions(request={"parent": parent}))
        except Exception as error:
            raise self._said(error, parent, "secretmanager.versions.list") from error
        return tuple(
            SecretVersion(int(found.name.rpartition("/")[2]), found.state.name, found.create_time) for found in listed
        )

    def rotate(self, name: str, value: str | bytes, *, disable_previous: bool = False) -> SecretVersion:
        """Add a version, which is the latest from now on; in this process at once, elsewhere within `ttl_seconds`.

        Args:
            name: the secret, which exists.
            value: its new value.
            disable_previous: also disable the version that was the latest: whoever still has it fails.

        Raises:
            SecretNotFound: there is no such secret.
            SecretForbidden: this account lacks `secretmanager.versions.add`.
        """
        import google_crc32c

        client, parent = self._made(), self._full(name)
        data = value.encode() if isinstance(value, str) else value
        before = [found for found in self.versions(name) if found.state == "ENABLED"] if disable_previous else []
        try:
            payload = {"data": data, "data_crc32c": google_crc32c.value(data)}
            added = client.add_secret_version(request={"parent": parent, "payload": payload})
            if before:
                client.disable_secret_version(request={"name": f"{parent}/versions/{before[0].number}"})
        except Exception as error:
            raise self._said(error, parent, "secretmanager.versions.add") from error
        self.forget(name)
        return SecretVersion(int(added.name.rpartition("/")[2]), added.state.name, added.create_time)

    def forget(self, name: str | None = None) -> None:
        """Remember a secret, or all of them, no longer: the next call fetches it.

        >>> SecretManager(environ={}).forget("kite_api_key")
        """
        with self._lock:
            for key in [key for key in self._cache if name is None or key[0] == name]:
                self._cache.pop(key, None)

    def __repr__(self) -> str:
        return f"SecretManager({len(self._cache)} remembered)"

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError("a SecretManager can't be pickled: it holds secrets")

    def _stand_in(self, name: str) -> str | None:
        """A variable or a mounted file. A name without - or _ may be any variable's (`path`), so it has none."""
        if _NAME.fullmatch(name) is None:
            return None
        if "-" in name or "_" in name:
            value = self._environ.get(name.upper().replace("-", "_"))
            if value:
                return value
        folder = self._environ.get("SECRETS_DIR")
        if folder:
            try:
                return (Path(folder) / name).read_text(encoding="utf-8").rstrip("\r\n")
            except FileNotFoundError:
                return None
            except (OSError, UnicodeDecodeError) as error:
                raise SecretUnreadable(f"the secret {name} can't be read", where=folder, why=str(error)) from None
        return None

    def _access(self, name: str, version: str) -> str:
        data = self._payload(name, version)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise SecretUnreadable(f"the secret {name} is not UTF-8", todo="read it with get_secret_bytes") from None

    def _payload(self, name: str, version: str) -> bytes:
        import google_crc32c

        full = f"{self._full(name)}/versions/{version}"
        client = self._made()
        try:
            payload = client.access_secret_version(
                request={"name": full}, timeout=self._timeout, retry=_retry(self._timeout)
            ).payload
        except Exception as error:
            raise self._said(error, full, "secretmanager.versions.access") from error
        data = bytes(payload.data)
        if payload.data_crc32c and payload.data_crc32c != google_crc32c.value(data):
            raise SecretUnreadable(f"the secret {name} was damaged on its way", where=full, todo="try again")
        return data

    def _full(self, name: str) -> str:
        match = _FULL.fullmatch(name)
        if match:
            return f"projects/{match[1]}/secrets/{match[2]}"
        if _NAME.fullmatch(name) is None:
            raise InputError(
                "that can't be a secret's name", todo="letters, digits, - and _: kite_api_key, not its value"
            )
        return f"projects/{find_project(self._project, self._environ)}/secrets/{name}"

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                with quiet_imports():
                    from google.cloud.secretmanager_v1 import SecretManagerServiceClient

                self._client = SecretManagerServiceClient(**options("secretmanager", self._environ))
            return self._client

    def _said(self, error: Exception, full: str, permission: str) -> Exception:
        from google.api_core import exceptions as google

        name = full.split("/secrets/", 1)[-1].split("/", 1)[0]
        why = getattr(error, "message", None) or str(error)
        if isinstance(error, google.NotFound):
            todo = f"gcloud secrets versions add {name} --data-file=-"
            return SecretNotFound(f"the secret {name} is not there", where=full, why=why, todo=todo)
        if isinstance(error, google.FailedPrecondition | google.BadRequest):
            todo = "enable a version, or add one"
            return SecretNotFound(f"the secret {name} has no version that can be read", where=full, why=why, todo=todo)
        if isinstance(error, google.Forbidden | google.Unauthorized):
            todo = f"grant {permission} on it, as envs/ does with roles/secretmanager.secretAccessor"
            return SecretForbidden(f"the secret {name} may not be read", where=full, why=why, todo=todo)
        return translated(error, f"the secret {name} can't be reached", where=full)


def _retry(seconds: float) -> Any:
    """Google's own retry, which goes on for a minute, within our time."""
    from google.api_core import exceptions as google
    from google.api_core.retry import Retry, if_exception_type

    passing = if_exception_type(google.ServiceUnavailable, google.ResourceExhausted)
    return Retry(passing, initial=0.1, maximum=2, multiplier=2, timeout=seconds)
