"""Certificates and requests for them, as X.509: made, read and described."""

from __future__ import annotations

import asyncio
import base64
import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.apis.privateca import keys, parameters, subjects
from sandbox.control.context import timestamp
from sandbox.control.errors import invalid_argument

if TYPE_CHECKING:
    from cryptography import x509

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a key, its algorithm, and the certificate it belongs to; None where one signs oneself."""

    key: Any
    algorithm: str
    certificate: str | None = None
    crls: list[str] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)


async def certificate(config: Json, public_key: Any, signer: Signer, begins: float, ends: float) -> str:
    """A certificate as PEM, signed beside the event loop: an RSA key takes its time."""
    return await asyncio.to_thread(_certificate, config, public_key, signer, begins, ends)


def _certificate(config: Json, public_key: Any, signer: Signer, begins: float, ends: float) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    subject = subjects.name_of((config.get("subjectConfig") or {}).get("subject") or {})
    issuer, signing_key = subject, public_key
    if signer.certificate is not None:
        parent = x509.load_pem_x509_certificate(signer.certificate.encode())
        issuer, signing_key = parent.subject, parent.public_key()
    builder = (
        x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number())
        .not_valid_before(_moment(begins))
        .not_valid_after(_moment(ends))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key), False)
    )
    for extension, critical in _extensions(config, public_key, signer):
        builder = builder.add_extension(extension, critical)
    digest, padding = keys.signing(signer.algorithm)
    made = builder.sign(signer.key, digest, rsa_padding=padding)
    return made.public_bytes(Encoding.PEM).decode()


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)


def _extensions(config: Json, public_key: Any, signer: Signer) -> list[tuple[x509.ExtensionType, bool]]:
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID as Access

    values = config.get("x509Config") or {}
    found = parameters.extensions(values)
    given = str((config.get("subjectKeyId") or {}).get("keyId") or "")
    own = x509.SubjectKeyIdentifier(bytes.fromhex(given)) if given else None
    found.append((own or x509.SubjectKeyIdentifier.from_public_key(public_key), False))
    names = (config.get("subjectConfig") or {}).get("subjectAltName") or {}
    if alternatives := subjects.alternatives(names):
        found.append((x509.SubjectAlternativeName(alternatives), not (config["subjectConfig"].get("subject"))))
    links = [(Access.CA_ISSUERS, url) for url in signer.issuers]
    links += [(Access.OCSP, url) for url in values.get("aiaOcspServers") or []]
    if links:
        told = [x509.AccessDescription(kind, x509.UniformResourceIdentifier(url)) for kind, url in links]
        found.append((x509.AuthorityInformationAccess(told), False))
    if signer.crls:
        points = [
            x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None) for url in signer.crls
        ]
        found.append((x509.CRLDistributionPoints(points), False))
    return found


def request(config: Json, key: Any, algorithm: str) -> str:
    """A request for a certificate, as PEM, signed with its own key."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    subject = subjects.name_of((config.get("subjectConfig") or {}).get("subject") or {})
    builder = x509.CertificateSigningRequestBuilder(subject)
    for extension, critical in _extensions(config, key.public_key(), Signer(key, algorithm)):
        builder = builder.add_extension(extension, critical)
    digest, padding = keys.signing(algorithm)
    return builder.sign(key, digest, rsa_padding=padding).public_bytes(Encoding.PEM).decode()


def asked(text: str) -> tuple[Json, Any]:
    """What a request for a certificate asks for, and its public key. Raises 400."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_csr(text.encode())
    except ValueError:
        raise invalid_argument("The CSR could not be parsed.", {"certificate.pem_csr": "not a CSR"}) from None
    if not found.is_signature_valid:
        raise invalid_argument("The CSR is not signed with its key.", {"certificate.pem_csr": "signature"})
    config: Json = {"subjectConfig": _subject_config(found), "x509Config": parameters.told(found.extensions)}
    return config, found.public_key()


def _subject_config(found: x509.Certificate | x509.CertificateSigningRequest) -> Json:
    from cryptography import x509

    told: Json = {"subject": subjects.subject_of(found.subject)}
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return told
    return {**told, "subjectAltName": subjects.alternatives_of(names)}


def public_key(given: Json) -> Any:
    """The key of a configuration: base64 of PEM. Raises 400."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(base64.b64decode(str(given.get("key") or "")))
    except ValueError:
        raise invalid_argument("The public key could not be parsed.", {"config.public_key.key": "not PEM"}) from None


def shown_key(key: Any) -> Json:
    """A public key as the API tells it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"format": "PEM", "key": base64.b64encode(text).decode()}


def described(text: str) -> Json:
    """A `CertificateDescription`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    found = x509.load_pem_x509_certificate(text.encode())
    begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
    told: Json = {
        "subjectDescription": {
            **_subject_config(found),
            "hexSerialNumber": f"{found.serial_number:x}",
            "lifetime": f"{int((ends - begins).total_seconds()) + 1}s",
            "notBeforeTime": timestamp(begins.timestamp(), 0),
            "notAfterTime": timestamp(ends.timestamp(), 0),
        },
        "x509Description": parameters.told(found.extensions),
        "publicKey": shown_key(found.public_key()),
        "certFingerprint": {"sha256Hash": found.fingerprint(hashes.SHA256()).hex()},
    }
    for extension in found.extensions:
        value = extension.value
        if isinstance(value, x509.SubjectKeyIdentifier):
            told["subjectKeyId"] = {"keyId": value.digest.hex()}
        elif isinstance(value, x509.AuthorityKeyIdentifier) and value.key_identifier:
            told["authorityKeyId"] = {"keyId": value.key_identifier.hex()}
        elif isinstance(value, x509.AuthorityInformationAccess):
            _links(told, value)
        elif isinstance(value, x509.CRLDistributionPoints):
            told["crlDistributionPoints"] = [str(name.value) for point in value for name in point.full_name or []]
    return told


def _links(told: Json, value: x509.AuthorityInformationAccess) -> None:
    from cryptography.x509.oid import AuthorityInformationAccessOID as Access

    found = [(one.access_method, str(one.access_location.value)) for one in value]
    if issuers := [url for kind, url in found if kind == Access.CA_ISSUERS]:
        told["aiaIssuingCertificateUrls"] = issuers
    if servers := [url for kind, url in found if kind == Access.OCSP]:
        told["x509Description"]["aiaOcspServers"] = servers


def signed_by(child: str, parent: str) -> bool:
    """Whether a certificate is signed with another one's key."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    one, other = (x509.load_pem_x509_certificate(text.encode()) for text in (child, parent))
    try:
        one.verify_directly_issued_by(other)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def key_of(text: str) -> Json:
    """The public key of a certificate, as the API tells it. Raises 400."""
    from cryptography import x509

    try:
        return shown_key(x509.load_pem_x509_certificate(text.encode()).public_key())
    except ValueError:
        raise invalid_argument("The certificate could not be parsed.", {"pem_ca_certificate": "not PEM"}) from None


def ends(text: str) -> float:
    """When a certificate ends."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(text.encode()).not_valid_after_utc.timestamp()


def serial(text: str) -> int:
    """The number of a certificate."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(text.encode()).serial_number


def revocation_list(signer: Signer, number: int, revoked: list[tuple[str, float, str]], moment: float) -> str:
    """A list of revoked certificates (PEM, time, reason) as PEM, for a week."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    parent = x509.load_pem_x509_certificate(str(signer.certificate).encode())
    now = _moment(moment)
    builder = (
        x509.CertificateRevocationListBuilder(parent.subject, now, now + datetime.timedelta(days=7))
        .add_extension(x509.CRLNumber(number), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), False)
    )
    for text, when, reason in revoked:
        one = x509.RevokedCertificateBuilder(serial(text), _moment(when))
        if reason in _REASONS:
            one = one.add_extension(x509.CRLReason(x509.ReasonFlags[_REASONS[reason]]), False)
        builder = builder.add_revoked_certificate(one.build())
    digest, padding = keys.signing(signer.algorithm)
    return builder.sign(signer.key, digest, rsa_padding=padding).public_bytes(Encoding.PEM).decode()


_REASONS = {
    "KEY_COMPROMISE": "key_compromise",
    "CERTIFICATE_AUTHORITY_COMPROMISE": "ca_compromise",
    "AFFILIATION_CHANGED": "affiliation_changed",
    "SUPERSEDED": "superseded",
    "CESSATION_OF_OPERATION": "cessation_of_operation",
    "CERTIFICATE_HOLD": "certificate_hold",
    "PRIVILEGE_WITHDRAWN": "privilege_withdrawn",
    "ATTRIBUTE_AUTHORITY_COMPROMISE": "aa_compromise",
}
