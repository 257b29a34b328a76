"""Certificates of Certificate Manager: a key that neither the API tells nor the state holds."""

from __future__ import annotations

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook


@hook("expand", "google_certificate_manager_certificate")
def expand(ctx: Context, document: Json) -> Json:
    """The key that is only written."""
    own = document.get("selfManaged")
    if own:
        own.pop("pemPrivateKeyWoVersion", None)
        written = (ctx.config.get("self_managed") or [{}])[0].get("pem_private_key_wo")
        if written:
            own["pemPrivateKey"] = written
    return document
