"""The certificate authority of a Cloud SQL instance: what signs the certificates of its server and of its clients.

The certificates are real, though no server shows one. The key lies in the sandbox's store, and no answer tells it.
"""

from __future__ import annotations

import asyncio
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sandbox.apis.privateca.tables import pools
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.store import Resource

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

Json = dict[str, Any]
_KEYS = "sqladmin.authorities"
_VALID = datetime.timedelta(days=3650)


def check_pool(network: Json, call: Call) -> None:
    """That the pool which is to sign the server's certificate is there. Raises 400 and 404."""
    name, owned = str(network.get("serverCaPool") or ""), network.get("serverCaMode") == "CUSTOMER_MANAGED_CAS_CA"
    if owned != bool(name):
        message = "Invalid request: a serverCaPool goes with the serverCaMode CUSTOMER_MANAGED_CAS_CA."
        raise invalid_argument(message, {"settings.ipConfiguration.serverCaPool": "serverCaMode"})
    if name and pools.find(call.control, name) is None:
        raise not_found(f"The CaPool '{name}' was not found.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its key: `shown` is what the API tells of it."""

    shown: Json
    key: str


async def made(call: Call, instance: str) -> Signed:
    """A new authority for an instance."""
    name = (("dnQualifier", call.control.uid()), ("CN", "Google Cloud SQL Server CA"))
    return await asyncio.to_thread(_make, call.control.clock(), instance, "", _subject(name), None)


async def signed(call: Call, instance: Resource, common_name: str) -> Signed:
    """A client's certificate, which the instance's authority signs."""
    kept = call.store.get(_KEYS, _name(instance.name))
    authority = None if kept is None else (str(kept.document["cert"]), str(kept.document["key"]))
    name = _subject((("CN", common_name),))
    return await asyncio.to_thread(_make, call.control.clock(), instance.id, common_name, name, authority)


def keep(call: Call, instance: str, authority: Signed) -> None:
    """Keep an instance's authority with its key."""
    moment = call.control.clock()
    document = {"cert": authority.shown["cert"], "key": authority.key}
    call.store.keep(Resource(_KEYS, _name(instance), document, moment, moment))


def forget(call: Call, instance: str) -> None:
    """The authority goes with its instance."""
    call.store.delete(_KEYS, _name(instance))


def _name(instance: str) -> str:
    return f"{instance}/authorities/server"


def _subject(parts: tuple[tuple[str, str], ...]) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    known = {"dnQualifier": NameOID.DN_QUALIFIER, "CN": NameOID.COMMON_NAME}
    named = [(known[kind], value) for kind, value in parts]
    every = [*named, (NameOID.ORGANIZATION_NAME, "Google, Inc"), (NameOID.COUNTRY_NAME, "US")]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in every])


def _make(moment: float, instance: str, common_name: str, name: x509.Name, authority: tuple[str, str] | None) -> Signed:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = signer = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer, begins = name, datetime.datetime.fromtimestamp(int(moment), datetime.UTC)
    if authority is not None:
        issuer = x509.load_pem_x509_certificate(authority[0].encode()).subject
        signer = cast("rsa.RSAPrivateKey", load_pem_private_key(authority[1].encode(), None))
    builder = (
        x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _VALID)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=0 if authority is None else None), True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    return _told(builder.sign(signer, hashes.SHA256()), key, instance, common_name)


def _told(certificate: x509.Certificate, key: rsa.RSAPrivateKey, instance: str, common_name: str) -> Signed:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    shown = {
        "kind": "sql#sslCert",
        "certSerialNumber": str(certificate.serial_number) if common_name else "0",
        "cert": certificate.public_bytes(Encoding.PEM).decode().rstrip("\n"),
        "createTime": timestamp(certificate.not_valid_before_utc.timestamp(), 3),
        "commonName": common_name or certificate.subject.rfc4514_string({NameOID.DN_QUALIFIER: "dnQualifier"}),
        "expirationTime": timestamp(certificate.not_valid_after_utc.timestamp(), 3),
        "sha1Fingerprint": certificate.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - it names the certificate
        "instance": instance,
    }
    return Signed(shown, key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode())
