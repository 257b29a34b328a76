"""Who asks: Google's ID tokens, verified once each, and the roles that their owners have here."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from shared_services.cache.memory import MemoryCache

from .problem import HttpProblem
from .settings import ServiceSettings

GOOGLE_CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
_REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"
_SKEW_SECONDS = 10


class InvalidToken(HttpProblem):
    """The request has no token, or one that isn't valid here."""

    def __init__(self, why: str) -> None:
        error = 'Bearer error="invalid_token"' if why else "Bearer"
        super().__init__(401, why or "a token is needed", headers={"www-authenticate": error})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Args:
        subject: their id.
        email: their address; empty where the token has none that is verified.
        roles: those they have here.
        permissions: those of their roles.
        claims: the whole token.
    """

    subject: str
    email: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

    def may(self, permission: str) -> bool:
        """Whether they have a permission.

        >>> Principal("1", permissions=frozenset({"config.read"})).may("config.write")
        False
        """
        return permission in self.permissions


class Certificates:
    """What tokens are verified with, fetched when needed and kept for a while.

    Args:
        source: an address, a file, or the certificates by key id.
        keep_seconds: how long those of an address are kept; an unknown key id asks again, once a minute at most.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        source: str | Mapping[str, str],
        *,
        keep_seconds: float = 3600,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._keep, self._clock = source, keep_seconds, clock
        self._known: Mapping[str, str] | None = source if isinstance(source, Mapping) else None
        self._until = self._next = 0.0
        self._lock = threading.Lock()

    def get(self, key_id: str | None) -> Mapping[str, str]:
        """The certificates by key id."""
        if isinstance(self._source, Mapping):
            return self._source
        with self._lock:
            now = self._clock()
            unknown = self._known is not None and key_id not in self._known and now >= self._next
            if self._known is None or now >= self._until or unknown:
                try:
                    self._known = self._fetched(self._source)
                    self._until = now + self._keep
                except Exception:
                    if self._known is None:
                        raise
                self._next = now + 60
            return self._known or {}

    def _fetched(self, source: str) -> Mapping[str, str]:
        if not source.startswith(("https://", "http://")):
            return json.loads(Path(source).read_text())  # type: ignore[no-any-return]
        import httpx

        answer = httpx.get(source, timeout=5)
        answer.raise_for_status()
        return answer.json()  # type: ignore[no-any-return]


class Authenticator:
    """Verifies ID tokens for this service, and says who their owners are here.

    A verified token is remembered until it expires. Where Cloud Run itself has verified it, its signature is replaced
    by a word that says so; that is believed where the settings say that the platform verifies.

    Args:
        settings: audiences, issuers, certificates, members and permissions.
        certificates: instead of those that the settings name.
        clock: seconds since 1970.
        environ: the variables.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        certificates: Certificates | None = None,
        clock: Callable[[], float] = time.time,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        self._settings, self._clock = settings, clock
        source = settings.certificates
        self._unsigned = source == "unsigned"
        if self._unsigned and "SANDBOX_URL" not in environ:
            raise ValueError("tokens without a signature are for a sandbox's services only: SANDBOX_URL is not set")
        self._certificates = certificates or Certificates(GOOGLE_CERTIFICATES if source == "google" else source)
        self._known = MemoryCache(10_000, 3600, clock=clock)

    async def authenticate(self, header: str | None) -> Principal:
        """Who sent an `authorization` header.

        Raises:
            InvalidToken: nobody who is known here.
        """
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise InvalidToken("")
        known: Principal | None = self._known.get(token)
        if known is not None:
            return known
        claims = await asyncio.to_thread(self._claims, token.strip())
        principal = self.principal(claims)
        self._known.set(token, principal, min(3600.0, float(claims["exp"]) - self._clock()))
        return principal

    def principal(self, claims: Mapping[str, Any]) -> Principal:
        """The owner of a token, with the roles of here."""
        email = str(claims.get("email", "")) if claims.get("email_verified") in (True, "true") else ""
        roles = frozenset(
            role
            for role, patterns in self._settings.members.items()
            if email and any(fnmatchcase(email.lower(), pattern.lower()) for pattern in patterns)
        )
        permissions = frozenset(p for role in roles for p in self._settings.permissions.get(role, ()))
        return Principal(str(claims.get("sub", "")), email, roles, permissions, claims)

    def _claims(self, token: str) -> Mapping[str, Any]:
        signature = token.rpartition(".")[2]
        if (self._unsigned and not signature) or (self._settings.platform_verifies and signature == _REMOVED):
            claims = self._read(token)
        else:
            claims = self._verified(token)
        if claims.get("iss") not in self._settings.issuers:
            raise InvalidToken("the token is of an issuer that isn't known here")
        return claims

    def _verified(self, token: str) -> Mapping[str, Any]:
        from google.auth import jwt
        from google.auth.exceptions import GoogleAuthError

        audiences = list(self._settings.audiences)
        try:
            header: Mapping[str, Any] = jwt.decode_header(token)  # type: ignore[no-untyped-call]
            certificates = self._certificates.get(header.get("kid"))
            decoded = jwt.decode(token, certificates, audience=audiences, clock_skew_in_seconds=_SKEW_SECONDS)  # type: ignore[no-untyped-call]
        except (GoogleAuthError, AttributeError, TypeError, ValueError) as error:
            # The first words say what: expired, audience, signature; the rest may quote the token.
            raise InvalidToken(f"the token is not valid: {str(error).split(',')[0].split(':')[0]}") from None
        return decoded  # type: ignore[no-any-return]

    def _read(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that another has verified, or that nobody could."""
        try:
            body = token.split(".")[1]
            claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            expires, begins = float(claims["exp"]), float(claims["iat"])
        except (IndexError, KeyError, TypeError, ValueError):
            raise InvalidToken("the token is not valid: it can't be read") from None
        now = self._clock()
        if not begins - _SKEW_SECONDS <= now <= expires + _SKEW_SECONDS:
            raise InvalidToken("the token is not valid: Token expired")
        if claims.get("aud") not in self._settings.audiences:
            raise InvalidToken("the token is not valid: Token has wrong audience")
        return claims
