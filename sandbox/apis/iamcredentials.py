"""IAM Service Account Credentials v1: tokens and signatures of a service account, for who may act as it.

A signature is a real one, of a key that the sandbox keeps for the account and publishes where Google publishes such
keys (`/robot/v1/metadata/x509/EMAIL`). Access tokens are made up, as all of the sandbox's; ID tokens are not signed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.apis.iam import api as iam
from sandbox.apis.iam import keys as iam_keys
from sandbox.control import binary
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.id_token import id_token
from sandbox.control.router import Api
from sandbox.control.store import Resource

API = Api("iamcredentials.googleapis.com", "iamcredentials")
_ACCOUNT = "v1/projects/{project}/serviceAccounts/{account}"
_LIFETIME = re.compile(r"(\d+)(?:\.\d+)?s")
_MOST_SECONDS = 43_200


def _enabled(call: Call) -> Resource:
    account = iam.find_account(call)
    if account.document.get("disabled"):
        raise failed_precondition(f"Service account {account.document['email']} is disabled.")
    return account


async def _key(call: Call, account: Resource) -> tuple[str, rsa.RSAPrivateKey]:
    """The key that signs for an account, made when it is first used."""
    found = call.store.get(iam_keys.SIGNERS, account.name)
    if found is None:
        private = await asyncio.to_thread(rsa.generate_private_key, 65537, 2048)
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        made = {
            "id": call.control.hex(40),
            "private": private.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode(),
        }
        found = call.store.get(iam_keys.SIGNERS, account.name)  # another call may have been first
        if found is None:
            moment = call.control.clock()
            found = Resource(iam_keys.SIGNERS, account.name, made, moment, moment)
            call.store.insert(found)
    loaded = serialization.load_pem_private_key(found.document["private"].encode(), None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise TypeError(f"the key of {account.name} is no RSA key")
    return str(found.document["id"]), loaded


@API.route("POST", _ACCOUNT, verb="generateAccessToken", data=True)
async def generate_access_token(call: Call) -> Response:
    """`generateAccessToken`: for an hour, or as long as asked."""
    _enabled(call)
    body = call.body()
    if not body.get("scope"):
        raise invalid_argument("At least one scope is required.", {"scope": "required"})
    match = _LIFETIME.fullmatch(str(body.get("lifetime") or "3600s"))
    if match is None or not 0 < int(match[1]) <= _MOST_SECONDS:
        raise invalid_argument(f"lifetime is a duration of up to {_MOST_SECONDS}s.", {"lifetime": "invalid"})
    expires = timestamp(call.control.clock() + int(match[1]), 0)
    return Response.of({"accessToken": f"sandbox-{call.control.hex(32)}", "expireTime": expires})


@API.route("POST", _ACCOUNT, verb="generateIdToken", data=True)
async def generate_id_token(call: Call) -> Response:
    """`generateIdToken`: its claims are right, it is not signed."""
    account, audience = _enabled(call), str(call.body().get("audience") or "")
    if not audience:
        raise invalid_argument("The audience is required.", {"audience": "required"})
    wanted = {"serviceAccountEmail": account.document["email"], "audience": audience}
    return Response.of({"token": id_token(call.control, wanted, audience)})


@API.route("POST", _ACCOUNT, verb="signBlob", data=True)
async def sign_blob(call: Call) -> Response:
    """`signBlob`: RSA with SHA-256."""
    account = _enabled(call)
    try:
        payload = binary.decode(call.body().get("payload"))
    except ValueError as error:
        raise invalid_argument("payload is not base64.", {"payload": "not base64"}) from error
    if not payload:
        raise invalid_argument("The payload is required.", {"payload": "required"})
    identity, private = await _key(call, account)
    return Response.of({"keyId": identity, "signedBlob": base64.b64encode(_signed(private, payload)).decode()})


@API.route("POST", _ACCOUNT, verb="signJwt", data=True)
async def sign_jwt(call: Call) -> Response:
    """`signJwt`: claims as a signed JSON Web Token."""
    account = _enabled(call)
    try:
        claims: Any = json.loads(str(call.body().get("payload") or ""))
    except ValueError as error:
        raise invalid_argument("payload is not JSON.", {"payload": "not JSON"}) from error
    if not isinstance(claims, dict):
        raise invalid_argument("payload must be a JSON object.", {"payload": "not an object"})
    identity, private = await _key(call, account)
    head = _base64url(json.dumps({"alg": "RS256", "kid": identity, "typ": "JWT"}).encode())
    unsigned = f"{head}.{_base64url(json.dumps(claims).encode())}"
    token = f"{unsigned}.{_base64url(_signed(private, unsigned.encode()))}"
    return Response.of({"keyId": identity, "signedJwt": token})


def _signed(private: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@API.route("GET", "robot/v1/metadata/x509/{account}")
async def certificates(call: Call) -> Response:
    """The certificates by which signatures of an account are verified: of its own key, and of those that users made."""
    call.params["project"] = "-"
    account = iam.find_account(call)
    identity, private = await _key(call, account)
    own: x509.Certificate = iam_keys.certificate(private, account.document["uniqueId"])
    shown = {identity: own.public_bytes(serialization.Encoding.PEM).decode()}
    return Response.of({**shown, **iam_keys.certificates(call.control, account)})
