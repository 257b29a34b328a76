"""Keys of service accounts: what users made. What signs is made here and told once; only its certificate is kept.

Keys that Google manages, of which every account has some there, are in no list.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import json
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from sandbox.control import binary
from sandbox.control.context import Call, Control, timestamp
from sandbox.control.errors import ApiError, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

COLLECTION = "iam.serviceAccountKeys"
SIGNERS = "iam.signers"  # what `iamcredentials` signs with, one an account
_MOST = 10  # keys that users made, of one account
_SIZES = {"KEY_ALG_RSA_1024": 1024, "KEY_ALG_RSA_2048": 2048}
_FOR_EVER = "9999-12-31T23:59:59Z"
_CERTIFICATES = "https://www.googleapis.com/robot/v1/metadata/x509/"


async def create(call: Call, account: Resource) -> Response:
    """`serviceAccounts.keys.create`: the only answer with the private key."""
    given = call.body()
    algorithm = _enum(given, "keyAlgorithm", ("KEY_ALG_RSA_2048", "KEY_ALG_RSA_1024"))
    kind = _enum(given, "privateKeyType", ("TYPE_GOOGLE_CREDENTIALS_FILE", "TYPE_PKCS12_FILE"))
    _room(call, account)
    private = await asyncio.to_thread(rsa.generate_private_key, 65537, _SIZES[algorithm])
    key = _insert(call.control, account, algorithm, certificate(private, account.document["uniqueId"]))
    key.document["privateKeyType"] = kind
    call.store.put(key)
    text = _file(call.control, account, key, private) if kind == "TYPE_GOOGLE_CREDENTIALS_FILE" else _pkcs12(private)
    return Response.of({**_shown(key), "privateKeyData": base64.b64encode(text).decode()})


async def upload(call: Call, account: Resource) -> Response:
    """`serviceAccounts.keys.upload`: a certificate of a key pair that the caller keeps."""
    try:
        certificate = x509.load_pem_x509_certificate(binary.decode(call.body().get("publicKeyData")))
        public = certificate.public_key()
    except ValueError as error:
        raise invalid_argument(
            "publicKeyData is no X.509 certificate in PEM.", {"publicKeyData": "malformed"}
        ) from error
    if not isinstance(public, rsa.RSAPublicKey) or f"KEY_ALG_RSA_{public.key_size}" not in _SIZES:
        raise invalid_argument("publicKeyData must be of an RSA key of 1024 or 2048 bits.")
    _room(call, account)
    key = _insert(call.control, account, f"KEY_ALG_RSA_{public.key_size}", certificate, origin="USER_PROVIDED")
    return Response.of(_shown(key))


async def list_keys(call: Call, account: Resource) -> Response:
    """`serviceAccounts.keys.list`, by type."""
    wanted = {kind for kind in call.request.query.get("keyTypes", ()) if kind != "KEY_TYPE_UNSPECIFIED"}
    if unknown := wanted - {"USER_MANAGED", "SYSTEM_MANAGED"}:
        raise invalid_argument(f"Invalid value for key_types: {unknown.pop()}", {"keyTypes": "unknown"})
    found = [_shown(key) for key in _keys(call, account) if not wanted or key.document["keyType"] in wanted]
    return Response.of({"keys": found} if found else {})


async def get(call: Call, account: Resource) -> Response:
    """`serviceAccounts.keys.get`, with the public key where it is asked for."""
    key = _find(call, account)
    kind = call.query("publicKeyType") or "TYPE_NONE"
    certificate = x509.load_pem_x509_certificate(key.document["certificate"].encode())
    if kind == "TYPE_X509_PEM_FILE":
        return Response.of({**_shown(key), "publicKeyData": _base64(key.document["certificate"].encode())})
    if kind == "TYPE_RAW_PUBLIC_KEY":
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        raw = certificate.public_key().public_bytes(serialization.Encoding.PEM, form)
        return Response.of({**_shown(key), "publicKeyData": _base64(raw)})
    return Response.of(_shown(key))


async def delete(call: Call, account: Resource) -> Response:
    """`serviceAccounts.keys.delete`."""
    call.store.delete(COLLECTION, _find(call, account).name)
    return Response.of({})


def switch(off: bool) -> Any:
    """`serviceAccounts.keys.disable` or `enable`."""

    async def handler(call: Call, account: Resource) -> Response:
        key = _find(call, account)
        key.document["disabled"] = off
        key.document["disableReason"] = "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED" if off else ""
        call.store.put(key)
        return Response.of({})

    return handler


def forget(control: Control, account: Resource) -> None:
    """The keys of an account go with it."""
    for key in control.store.select(COLLECTION, account.name):
        control.store.delete(COLLECTION, key.name)
    control.store.delete(SIGNERS, account.name)


def _keys(call: Call, account: Resource) -> list[Resource]:
    return call.store.select(COLLECTION, account.name)


def _room(call: Call, account: Resource) -> None:
    if sum(key.document["keyType"] == "USER_MANAGED" for key in _keys(call, account)) >= _MOST:
        raise ApiError("RESOURCE_EXHAUSTED", f"The limit of {_MOST} keys of {account.document['email']} is reached.")


def _find(call: Call, account: Resource) -> Resource:
    key = call.store.get(COLLECTION, f"{account.name}/keys/{call.params['key']}")
    if key is None:
        raise not_found(f"Service account key {call.params['key']} does not exist.")
    return key


def _insert(
    control: Control,
    account: Resource,
    algorithm: str,
    certificate: x509.Certificate,
    origin: str = "GOOGLE_PROVIDED",
) -> Resource:
    uploaded, moment = origin == "USER_PROVIDED", control.clock()
    document = {
        "name": f"{account.name}/keys/{control.hex(40)}",
        "keyAlgorithm": algorithm,
        "validAfterTime": _time(certificate.not_valid_before_utc) if uploaded else timestamp(moment, 0),
        "validBeforeTime": _time(certificate.not_valid_after_utc) if uploaded else _FOR_EVER,
        "keyOrigin": origin,
        "keyType": "USER_MANAGED",
        "certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
    }
    key = Resource(COLLECTION, document["name"], document, moment, moment)
    control.store.insert(key)
    return key


def _shown(key: Resource) -> dict[str, Any]:
    return {name: value for name, value in key.document.items() if name != "certificate" and value not in ("", False)}


def certificate(private: rsa.RSAPrivateKey, unique_id: str) -> x509.Certificate:
    """A certificate of a key pair, signed by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, unique_id)])
    begins, ends = datetime.datetime(2000, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59)
    builder = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), begins, ends)
    return builder.sign(private, hashes.SHA256())


def certificates(control: Control, account: Resource) -> dict[str, str]:
    """The certificates of an account's keys that are enabled, in PEM, by the keys' ids."""
    keys = control.store.select(COLLECTION, account.name)
    return {key.id: key.document["certificate"] for key in keys if not key.document.get("disabled")}


def _file(control: Control, account: Resource, key: Resource, private: rsa.RSAPrivateKey) -> bytes:
    """A credentials file whose tokens come from this sandbox."""
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    email = account.document["email"]
    document = {
        "type": "service_account",
        "project_id": account.document["projectId"],
        "private_key_id": key.id,
        "private_key": private.private_bytes(serialization.Encoding.PEM, pkcs8, plain).decode(),
        "client_email": email,
        "client_id": account.document["uniqueId"],
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": f"{control.url}/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": _CERTIFICATES + email.replace("@", "%40"),
        "universe_domain": "googleapis.com",
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _pkcs12(private: rsa.RSAPrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import pkcs12

    # The password that Google gives them all.
    form = serialization.BestAvailableEncryption(b"notasecret")
    return pkcs12.serialize_key_and_certificates(b"privatekey", private, certificate(private, "unused"), None, form)


def _enum(given: dict[str, Any], field: str, known: tuple[str, ...]) -> str:
    value = str(given.get(field) or known[0])
    if value.endswith("_UNSPECIFIED"):
        return known[0]
    if value not in known:
        raise invalid_argument(f"Invalid value for {field}: {value}", {field: "unknown"})
    return value


def _time(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
