"""Where the sandbox sends what it sends by itself: what is meant for Google's APIs and for what runs stays here."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from sandbox.control.context import Control

_DOMAIN = ".googleapis.com"
# `asia-south1-run` and `run.asia-south1.rep` are regional addresses of `run`.
_REGION_FIRST = re.compile(r"(?:[a-z]+-[a-z]+\d+|us|eu|europe|asia|global)-(?P<api>[a-z0-9]+)")
_REGION_LAST = re.compile(r"(?P<api>[a-z0-9]+)\.(?:mtls|(?:[a-z]+-[a-z]+\d+|us|eu)\.rep)")
# APIs whose paths begin, at Google as here, with their own name (or `upload/`, `download/`, a bucket).
_NAMED = frozenset({"bigquery", "compute", "dns", "oauth2", "storage"})
# APIs that answer at www.googleapis.com too, by what their paths begin with there.
_SHARED = {**{name: name for name in _NAMED}, "sql": "sqladmin"}
_BEFORE = frozenset({"upload", "download", "resumable", "batch"})


def is_googles(host: str) -> bool:
    """Whether a host is one of Google's APIs.

    >>> is_googles("asia-south1-run.googleapis.com"), is_googles("run.localhost")
    (True, False)
    """
    return host.lower().rstrip(".").endswith(_DOMAIN)


class NotServed(ValueError):
    """A URL of a Google API that the sandbox does not serve, or of a service that isn't here. It is not called."""


def here(control: Control, url: str) -> str:
    """The sandbox's own URL for that of a Google API, and a service's for the one that it has in Google Cloud; any
    other URL as it is.

    Regional addresses are those of the API. Raises NotServed for an API that no sandbox serves, and for a service that
    a project of this sandbox hasn't: Google is never called.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return url  # whoever sends it says what is wrong with it
    if not is_googles(host):
        base = next((known(host) for domain, known in control.hosts.items() if host.endswith(domain)), None)
        place = urlsplit(base) if base is not None else parts
        return url if base is None else urlunsplit((place.scheme, place.netloc, parts.path, parts.query, ""))
    name, path = host.removesuffix(_DOMAIN), parts.path
    if name.endswith(".storage"):
        name, path = "storage", f"/{name.removesuffix('.storage')}{path}"
    found = _REGION_FIRST.fullmatch(name) or _REGION_LAST.fullmatch(name)
    name = found["api"] if found else name
    if name == "www":
        first = next((part for part in path.split("/") if part and part not in _BEFORE), "")
        name, prefix = _SHARED.get(first, f"www.googleapis.com/{first}"), ""
    else:
        prefix = "" if name in _NAMED else f"/{name}"
    if name not in control.served:
        raise NotServed(f"the sandbox does not serve {host if '/' not in name else name}")
    sandbox = urlsplit(control.url)
    return urlunsplit((sandbox.scheme, sandbox.netloc, prefix + path, parts.query, ""))


def serves(control: Control, host: str) -> bool:
    """Whether something of a host of Google's is served here. What of `www.googleapis.com` is, its paths tell."""
    if host.lower().rstrip(".") == f"www{_DOMAIN}":
        return True
    try:
        here(control, f"https://{host}/")
    except NotServed:
        return False
    return True
