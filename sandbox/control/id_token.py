"""ID tokens that calls of the sandbox carry, as Pub/Sub and Cloud Tasks send them."""

from __future__ import annotations

import base64
import json
from typing import Any

from sandbox.control.context import Control


def id_token(control: Control, wanted: dict[str, Any], url: str) -> str:
    """An OIDC token with the right claims, for an `oidcToken` of a target and the URL that is called.

    It is not signed: nothing here could verify Google's signature.
    """
    now, email = int(control.clock()), wanted["serviceAccountEmail"]
    claims = {
        "iss": "https://accounts.google.com",
        "aud": wanted.get("audience") or url,
        "email": email,
        "email_verified": True,
        "sub": email,
        "iat": now,
        "exp": now + 3600,
    }
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*texts, ""])


def authorization(control: Control, target: dict[str, Any], url: str) -> dict[str, str]:
    """The header of a call to `url` as its target wants it: an ID token, an OAuth token (a made-up one), or none."""
    if "oidcToken" in target:
        return {"authorization": f"Bearer {id_token(control, target['oidcToken'], url)}"}
    return {"authorization": f"Bearer sandbox-{control.hex(32)}"} if "oauthToken" in target else {}
