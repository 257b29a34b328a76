"""ID tokens that calls of the sandbox carry, as Pub/Sub and Cloud Tasks send them."""

from __future__ import annotations

import base64
import json
from typing import Any

from sandbox.control.context import Control


def id_token(control: Control, wanted: dict[str, Any], url: str) -> str:
    """An OIDC token with the right claims, for an `oidcToken` of a target and the URL that is called."""
    return unsigned(wanted["serviceAccountEmail"], wanted.get("audience") or url, control.clock())


def unsigned(account: str, audience: str, now: float) -> str:
    """An OIDC token of an account for an audience, good for an hour.

    It is not signed: nothing here could verify Google's signature.
    """
    claims = {
        "iss": "https://accounts.google.com",
        "aud": audience,
        "email": account,
        "email_verified": True,
        "sub": account,
        "iat": int(now),
        "exp": int(now) + 3600,
    }
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*texts, ""])


def authorization(control: Control, target: dict[str, Any], url: str) -> dict[str, str]:
    """The header of a call to `url` as its target wants it: an ID token, an OAuth token (a made-up one), or none."""
    if "oidcToken" in target:
        return {"authorization": f"Bearer {id_token(control, target['oidcToken'], url)}"}
    return {"authorization": f"Bearer sandbox-{control.hex(32)}"} if "oauthToken" in target else {}
