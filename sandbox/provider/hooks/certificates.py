"""TLS certificates of one's own: names that the provider makes, and keys that the state doesn't hold."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.compute import short_region
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.made_up_names import make_up_name

_CERTIFICATES = ("google_compute_ssl_certificate", "google_compute_region_ssl_certificate")


@hook("expand", *_CERTIFICATES)
def expand(ctx: Context, document: Json) -> Json:
    """A name, and the key."""
    document.pop("region", None)
    make_up_name(ctx.planned)
    if key := ctx.config.get("private_key_wo"):
        document["privateKey"] = key
    document.pop("privateKeyWoVersion", None)
    return {**document, "name": ctx.planned["name"]}


@hook("flatten", *_CERTIFICATES)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The key stays as it was given."""
    prefix, version = ctx.planned.get("name_prefix"), ctx.planned.get("private_key_wo_version")
    state["name_prefix"] = None if prefix is UNKNOWN else prefix
    state["private_key_wo_version"] = "" if version in (None, UNKNOWN) else version
    return short_region(state)
