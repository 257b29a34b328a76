"""The data source of signed URLs: whoever has one may do one thing with one object until it expires."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.provider import durations
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_storage_object_signed_url": (
        "storage/v1",
        "{signed_url}",
        """
bucket string required
content_md5 string
content_type string
credentials string sensitive
duration string default="1h"
extension_headers map(string) check=goog_headers
http_method string default="GET" values=GET|HEAD|PUT|DELETE any_case
path string required
signed_url string computed
""",
    ),
}


def _account(ctx: Context) -> tuple[str, str]:
    """The address and the private key of the account that signs: of the argument, or else of the provider."""
    given = str(ctx.planned["credentials"] or ctx.settings.credentials)
    if not given.strip():
        raise ProviderError(
            "Credentials not found in datasource, provider configuration or GOOGLE_APPLICATION_CREDENTIALS environment "
            "variable."
        )
    try:
        path = Path(ctx.settings.directory, given).expanduser()
        found = json.loads(path.read_text(encoding="utf-8") if _is_file(path) else given)
        if found.get("type") != "service_account":
            kind = found.get("type", "")
            words = f"google: read JWT from JSON credentials: 'type' field is \"{kind}\""
            raise ProviderError(f'Error parsing credentials: {words} (expected "service_account")')
    except (ValueError, AttributeError, OSError) as error:
        raise ProviderError(f"Error parsing credentials: {error}") from error
    return str(found.get("client_email") or ""), str(found.get("private_key") or "")


def _is_file(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long for a name: it is the credentials themselves
        return False


def _signature(key: str, text: str) -> str:
    try:
        private = serialization.load_pem_private_key(key.encode(), None)
    except ValueError as error:
        what = f"private key should be a PEM or plain PKSC1 or PKCS8; parse error: {error}"
        raise ProviderError(f"failed to sign string, could not parse key: {what}") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ProviderError("failed to sign string, could not parse key: private key is invalid")
    signed = private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return quote_plus(base64.b64encode(signed))


async def _signed(ctx: Context) -> State:
    """Signed here, by the second version; nobody is asked. The address is Google's, whichever server answers for it."""
    given, bucket = ctx.planned, str(ctx.planned["bucket"])
    try:
        expires = int(time.time()) + int(durations.nanoseconds(str(given["duration"] or "1h")) / 10**9)
    except ValueError as error:
        raise ProviderError(f"could not parse duration: {error}") from error
    email, key = _account(ctx)
    headers = given["extension_headers"] or {}
    lines = [given["http_method"] or "GET", given["content_md5"] or "", given["content_type"] or "", str(expires)]
    # The real provider looks for each value by the name in small letters.
    lines += [f"{name}:{headers.get(name, '')}" for name in sorted(name.lower() for name in headers)]
    signature = _signature(key, "\n".join([*lines, f"/{bucket}/{given['path']}"]))
    host = f"storage.googleapis.com/{bucket}" if "." in bucket else f"{bucket}.storage.googleapis.com"
    query = f"GoogleAccessId={email}&Expires={expires}&Signature={signature}"
    return given | {"id": signature, "signed_url": f"https://{host}/{given['path']}?{query}"}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {"google_storage_object_signed_url": _signed}
