"""TLS certificates of one's own: names that the provider makes, and keys that the state doesn't hold."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.compute import short_region
from sandbox.provider.hooks.registry import Context, hook

_CERTIFICATES = ("google_compute_ssl_certificate", "google_compute_region_ssl_certificate")
_COUNTER = itertools.count(1)
_LONGEST_PREFIX = 37
"""The SDK's own ending has 26 characters, a name 63."""


def unique_name(prefix: str) -> str:
    """A name as Terraform's SDK makes one: a prefix, the time and a number.

    >>> len(unique_name("web-"))
    30
    """
    moment = datetime.now(UTC)
    if len(prefix) > _LONGEST_PREFIX:
        return f"{prefix}{moment:%m%d%H%M}{next(_COUNTER) % 16:x}"[:63]
    return f"{prefix or 'terraform-'}{moment:%Y%m%d%H%M%S}{moment.microsecond // 100:04}{next(_COUNTER):08x}"


@hook("expand", *_CERTIFICATES)
def expand(ctx: Context, document: Json) -> Json:
    """A name, and the key."""
    document.pop("region", None)
    if ctx.planned.get("name") in (None, UNKNOWN, ""):
        prefix = ctx.planned.get("name_prefix")
        ctx.planned["name"] = unique_name(prefix if isinstance(prefix, str) else "")
    if key := ctx.config.get("private_key_wo"):
        document["privateKey"] = key
    document.pop("privateKeyWoVersion", None)
    return {**document, "name": ctx.planned["name"]}


@hook("flatten", *_CERTIFICATES)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The key stays as it was given."""
    for name in ("name_prefix", "private_key_wo_version"):
        known = ctx.planned.get(name)
        state[name] = None if known is UNKNOWN else known
    return short_region(state)
