"""Signed URLs and policies: what is signed is read again, and what has expired is refused.

A signature of an account that the sandbox knows must be by one of its keys. Any other is taken, as any credential is
here, and so is one by an HMAC key, whose secret is kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
from collections.abc import Iterable
from urllib.parse import quote

from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Request

_LONGEST = 604_800
_RSA = "GOOG4-RSA-SHA256"
_ALGORITHMS = (_RSA, "GOOG4-HMAC-SHA256", "AWS4-HMAC-SHA256")


def is_signed(request: Request) -> bool:
    """Whether a request's URL is signed, by either version, or as S3's tools do."""
    return (
        bool({"X-Goog-Signature", "X-Amz-Signature"} & request.query.keys())
        or {"GoogleAccessId", "Signature"} <= request.query.keys()
    )


async def check_url(call: Call) -> None:
    """Raise ApiError where a signed URL has expired, or was signed otherwise than it is asked."""
    request = call.request
    x = next((x for x in ("X-Goog", "X-Amz") if f"{x}-Signature" in request.query), "")
    if x:
        made = moment(request.param(f"{x}-Date"))
        lasts = request.param(f"{x}-Expires")
        if request.param(f"{x}-Algorithm") not in _ALGORITHMS or not lasts.isdigit():
            raise invalid_argument(f"The signed URL lacks {x}-Algorithm or {x}-Expires.")
        if int(lasts) > _LONGEST:
            raise invalid_argument(f"{x}-Expires may be at most {_LONGEST} seconds.")
        expired(call, made + int(lasts))
        if request.param(f"{x}-Algorithm") == _RSA:
            signed = string_to_sign(request, request.param("X-Goog-Date"), scope := _scope(request))
            email = request.param("X-Goog-Credential").removesuffix(f"/{scope}")
            await verify(call, email, signed, request.param("X-Goog-Signature"))
    elif is_signed(request):
        expires = request.param("Expires")
        if not expires.isdigit():
            raise invalid_argument("The signed URL lacks Expires.")
        expired(call, int(expires))
        signature = request.param("Signature").replace(" ", "+")  # a plus that was sent as it is
        await verify(call, request.param("GoogleAccessId"), _second_version(request), signature)


def expired(call: Call, until: float) -> None:
    """Raise ApiError 400 where a time is over."""
    if call.control.clock() > until:
        at = datetime.datetime.fromtimestamp(until, datetime.UTC).isoformat(timespec="seconds")
        raise ApiError("EXPIRED_TOKEN", f"The provided token has expired: it was valid until {at}.", code=400)


def moment(text: str) -> float:
    """The seconds of a date such as 20260131T091500Z."""
    try:
        return datetime.datetime.strptime(text, "%Y%m%dT%H%M%S%z").timestamp()
    except ValueError as error:
        raise invalid_argument(f"Invalid X-Goog-Date: '{text}'") from error


def _scope(request: Request) -> str:
    return "/".join(request.param("X-Goog-Credential").split("/")[-4:])


def string_to_sign(request: Request, date: str, scope: str) -> str:
    """What the fourth version signs of a request.

    >>> asked = Request.of("GET", "/bucket/a%20b?X-Goog-SignedHeaders=host&x=1", headers={"host": "localhost:1"})
    >>> string_to_sign(asked, "20260131T091500Z", "20260131/auto/storage/goog4_request").splitlines()[:2]
    ['GOOG4-RSA-SHA256', '20260131T091500Z']
    """
    named = request.param("X-Goog-SignedHeaders").split(";")
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in named)
    query = _canonical(
        (name, value) for name, values in request.query.items() if name != "X-Goog-Signature" for value in values
    )
    payload = request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    whole = "\n".join((request.method, request.path, query, headers, ";".join(named), payload))
    return "\n".join((_RSA, date, scope, hashlib.sha256(whole.encode()).hexdigest()))


def _canonical(items: Iterable[tuple[str, str]]) -> str:
    return "&".join(sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in items))


def _second_version(request: Request) -> str:
    extensions = sorted(
        f"{name}:{value.strip()}\n"
        for name, value in request.headers.items()
        if name.startswith("x-goog-") and not name.startswith("x-goog-encryption-key")
    )
    md5, kind = (request.headers.get(name, "") for name in ("content-md5", "content-type"))
    return "\n".join((request.method, md5, kind, request.param("Expires"), "".join(extensions) + request.path))


async def verify(call: Call, email: str, signed: str, signature: str) -> None:
    """Raise ApiError 403 where an account that is known did not sign a text so; hexadecimal or base64."""
    answer = await call.control.dispatch(Request.of("GET", f"/robot/v1/metadata/x509/{quote(email)}"))
    certificates = answer.json().values() if answer.status == 200 else ()
    if not certificates:
        return
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    for certificate in certificates:
        key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            continue
        try:
            key.verify(_bytes(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return
    raise ApiError(
        "SIGNATURE_DOES_NOT_MATCH",
        "The request signature we calculated does not match the signature you provided: it is by no key of the account "
        f"{email}, or of another request. What is signed: {signed!r}",
        code=403,
    )


def _bytes(signature: str) -> bytes:
    try:
        return bytes.fromhex(signature)
    except ValueError:
        pass
    try:
        return base64.b64decode(signature, validate=True)
    except binascii.Error:
        return b""
