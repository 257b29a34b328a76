"""What never stands in a log: values of fields that are named like secrets, and secrets inside texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

HIDDEN = "[redacted]"

# Parts of names, without -, _ and case: `kite_api_key`, `X-Api-Key` and `apiKey` are all hidden.
_PARTS = (
    "accesskey",
    "apikey",
    "apisecret",
    "authorization",
    "clientsecret",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "signingkey",
    "token",
)
_WHOLE = {"auth", "cvv", "jwt", "otp", "pin", "pwd", "totp"}
_NOT_SECRET = re.compile(r"(token|secret)(s|count|type|limit|name|id|version|expires?(at|in)?|age|bucket)+$")

_IN_TEXT = re.compile(
    r"""(?ix)
      (?P<scheme>\b(?:bearer|basic)\s+) [a-z0-9._~+/=-]{8,}
    | (?P<url>\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,80}:) [^\s@/]{1,200} (?=@)
    | (?P<pair>\b[\w-]{0,40}(?:api[_-]?key|passw(?:or)?d|secret|(?:access|refresh|id|request)[_-]?token|signature)
        ["']?\s{0,3}[=:]\s{0,3}["']?) (?!\[redacted) [^\s"'&,;})\]]{1,500}
    | (?P<query>(?:[?&](?:key|sig)|\btoken)=) [^\s"'&]{1,500}
    | (?P<bot>/bot) [0-9]{5,12}:[a-z0-9_-]{20,}
    | (?P<jwt>\b)eyJ[a-z0-9_-]{8,}\.[a-z0-9_-]{8,}\.[a-z0-9_-]*
    | (?P<pem>-----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----) [\s\S]{1,10000}? (?=-----END|\Z)
    """
)
_DEEPEST = 6


class Redactor:
    """Hides what is secret.

    >>> Redactor().fields({"symbol": "TCS", "api_key": "k3y", "url": "postgresql://app:pw@db/market"})
    {'symbol': 'TCS', 'api_key': '[redacted]', 'url': 'postgresql://app:[redacted]@db/market'}

    Args:
        more: further parts of names whose values are hidden.
    """

    def __init__(self, more: Iterable[str] = ()) -> None:
        self.extended = bool(more := tuple(more))
        self._parts = (*_PARTS, *(_plain(part) for part in more))
        self.is_secret = lru_cache(4096)(self._is_secret)

    def fields(self, fields: Mapping[Any, Any], depth: int = 0) -> dict[Any, Any]:
        """The fields with what is secret hidden; the given ones are left as they are."""
        hidden = {}
        for name, value in fields.items():
            kind = type(value)
            if isinstance(name, str) and self.is_secret(name):
                hidden[name] = HIDDEN if value is not None else None
            elif kind is str:
                hidden[name] = self.text(value)
            elif kind is int or kind is float or kind is bool or value is None:
                hidden[name] = value
            else:
                hidden[name] = self._value(value, depth)
        return hidden

    def text(self, text: str) -> str:
        """A text with the secrets in it hidden.

        >>> Redactor().text("login failed: password=hunter2")
        'login failed: password=[redacted]'
        """
        if not self.suspects(text):
            return text
        return _IN_TEXT.sub(lambda match: f"{match[match.lastgroup or 0]}{HIDDEN}", text)

    def suspects(self, text: str) -> bool:
        """Whether a text may hold a secret: far quicker to say than which.

        >>> Redactor().suspects("GET /bars/TCS 200"), Redactor().suspects("GET /bars?token=abc 200")
        (False, True)
        """
        if ":" in text or "=" in text or "-----" in text or not text.isascii():
            return True
        lower = text.lower()
        return "eyj" in lower or "bearer" in lower or "basic" in lower

    def _value(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bytes | bytearray):
            return f"{len(value)} bytes"
        if depth >= _DEEPEST:
            return "…"
        if isinstance(value, Mapping):
            return self.fields(value, depth + 1)
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item, depth + 1) for item in value]
        return value

    def _is_secret(self, name: str) -> bool:
        plain = _plain(name)
        if plain in _WHOLE:
            return True
        return any(part in plain for part in self._parts) and _NOT_SECRET.search(plain) is None


@cache
def redactor() -> Redactor:
    """The one that hides what is usual; it remembers the names that it has seen.

    >>> redactor().text("?token=abc") == Redactor().text("?token=abc"), redactor() is redactor()
    (True, True)
    """
    return Redactor()


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
