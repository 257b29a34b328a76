"""Certificates and requests for one, as hashicorp/tls makes them."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Extended
from cryptography.x509.oid import NameOID as N

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import keys, times
from sandbox.provider.local.kind import Change, Run, State

SUBJECT = """
subject list{0}
  common_name string
  country string
  email_address string
  locality string
  organization string
  organizational_unit string
  postal_code string
  province string
  serial_number string
  street_address list(string)
"""
VALIDITY = """
early_renewal_hours number optional computed default=0
is_ca_certificate bool optional computed forces_new default=false
max_path_length number optional computed forces_new
set_subject_key_id bool optional computed forces_new default=false
validity_period_hours number required forces_new
allowed_uses list(string) required forces_new
cert_pem string computed
id string computed
ready_for_renewal bool computed default=false
validity_end_time string computed
validity_start_time string computed
"""
# In the order in which Go writes them, which is what makes two certificates of one subject alike.
_NAMES = {
    "country": N.COUNTRY_NAME,
    "organization": N.ORGANIZATION_NAME,
    "organizational_unit": N.ORGANIZATIONAL_UNIT_NAME,
    "locality": N.LOCALITY_NAME,
    "province": N.STATE_OR_PROVINCE_NAME,
    "street_address": N.STREET_ADDRESS,
    "postal_code": N.POSTAL_CODE,
    "common_name": N.COMMON_NAME,
    "serial_number": N.SERIAL_NUMBER,
    "email_address": N.EMAIL_ADDRESS,
}
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "cert_signing",
    "crl_signing",
    "encipher_only",
    "decipher_only",
)
_EXTENDED = {
    "any_extended": Extended.ANY_EXTENDED_KEY_USAGE,
    "server_auth": Extended.SERVER_AUTH,
    "client_auth": Extended.CLIENT_AUTH,
    "code_signing": Extended.CODE_SIGNING,
    "email_protection": Extended.EMAIL_PROTECTION,
    "timestamping": Extended.TIME_STAMPING,
    "ocsp_signing": Extended.OCSP_SIGNING,
    "ipsec_end_system": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.5"),
    "ipsec_tunnel": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.6"),
    "ipsec_user": x509.ObjectIdentifier("1.3.6.1.5.5.7.3.7"),
    "microsoft_server_gated_crypto": x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"),
    "netscape_server_gated_crypto": x509.ObjectIdentifier("2.16.840.1.113730.4.1"),
    "microsoft_commercial_code_signing": x509.ObjectIdentifier("1.3.6.1.4.1.311.2.1.22"),
    "microsoft_kernel_code_signing": x509.ObjectIdentifier("1.3.6.1.4.1.311.61.1.1"),
}
USES = frozenset((*_USES, *_EXTENDED))


def subject(config: State) -> x509.Name:
    """The `subject` block."""
    given = (config.get("subject") or [{}])[0]
    found: list[x509.NameAttribute[str]] = []
    for name, oid in _NAMES.items():
        value = given.get(name)
        texts = value if isinstance(value, list) else [value] if value else []
        found += [x509.NameAttribute(oid, text, _validate=False) for text in texts]
    return x509.Name(found)


def alternatives(config: State) -> list[x509.GeneralName]:
    """The names besides the subject. Raises ProviderError for what is no address."""
    found: list[x509.GeneralName] = [x509.DNSName(name) for name in config.get("dns_names") or []]
    for text in config.get("ip_addresses") or []:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(text)))
        except ValueError as error:
            raise ProviderError(Problem("Invalid IP address", str(error), ("ip_addresses",))) from error
    return found + [x509.UniformResourceIdentifier(uri) for uri in config.get("uris") or []]


def parse(text: str, name: str, load: Callable[[bytes], Any]) -> Any:
    """The certificate or request of an argument. Raises ProviderError where it is none."""
    try:
        return load(text.encode())
    except ValueError as error:
        raise ProviderError(Problem(f"Failed to parse {name}", str(error), (name,))) from error


def hashed(key: keys.PrivateKey) -> hashes.SHA256 | None:
    """What is signed with: ED25519 hashes by itself."""
    return None if keys.algorithm(key) == "ED25519" else hashes.SHA256()


def request(config: State, key: keys.PrivateKey) -> x509.CertificateSigningRequest:
    """A request for a certificate."""
    builder = x509.CertificateSigningRequestBuilder(subject(config))
    if names := alternatives(config):
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, hashed(key))


def issue(
    planned: State,
    run: Run,
    name: x509.Name,
    names: Iterable[x509.GeneralName],
    public: Any,
    issuer: x509.Certificate | None,
    signer: keys.PrivateKey,
) -> State:
    """The state with a new certificate; `issuer` is None where it signs itself. Raises ProviderError."""
    authority, own = bool(planned.get("is_ca_certificate")), x509.SubjectKeyIdentifier.from_public_key(public)
    if authority and not list(name):
        what = "Must contain at least one Distinguished Name when creating Certificate Authority (CA)"
        raise ProviderError(Problem("Invalid Certificate Subject", what))
    start = run.now().astimezone(UTC).replace(microsecond=0)
    end = start + timedelta(hours=planned["validity_period_hours"])
    longest, number = planned.get("max_path_length"), secrets.randbits(127) + 1
    builder = (
        x509.CertificateBuilder(issuer.subject if issuer else name, name, public, number)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(
            x509.BasicConstraints(authority, longest if authority and longest not in (None, -1) else None),
            critical=True,
        )
    )
    plain = [use in planned["allowed_uses"] for use in _USES]
    if any(plain):
        plain[7:] = [bit and plain[4] for bit in plain[7:]]  # the last two say something of a key agreement only
        builder = builder.add_extension(x509.KeyUsage(*plain), critical=True)
    if extended := [_EXTENDED[use] for use in planned["allowed_uses"] if use in _EXTENDED]:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if identified := authority or bool(planned.get("set_subject_key_id")):
        builder = builder.add_extension(own, critical=False)
    authority_key = _authority_key(planned, issuer, own if identified else None)
    if authority_key:
        builder = builder.add_extension(authority_key, critical=False)
    if listed := list(names):
        builder = builder.add_extension(x509.SubjectAlternativeName(listed), critical=not list(name))
    certificate = builder.sign(signer, hashed(signer))
    return {
        **planned,
        "id": str(number),
        "cert_pem": certificate.public_bytes(Encoding.PEM).decode(),
        "validity_start_time": times.write(start),
        "validity_end_time": times.write(end),
    }


def _authority_key(
    planned: State, issuer: x509.Certificate | None, own: x509.SubjectKeyIdentifier | None
) -> x509.AuthorityKeyIdentifier | None:
    if issuer is None:
        if not planned.get("set_authority_key_id"):
            return None
        if own is None:
            what = "Could not determine Authority Key Identifier"
            raise ProviderError(Problem("Invalid Certificate Authority", what))
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
    try:
        theirs = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return None
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(theirs)


def check(config: State) -> Iterable[Problem]:
    """That there are such uses, and a length of time."""
    for use in config.get("allowed_uses") or []:
        if isinstance(use, str) and use not in USES:
            yield Problem("Invalid Attribute Value Match", f'"{use}" is no use of a key.', ("allowed_uses",))
    hours = config.get("validity_period_hours")
    if isinstance(hours, int | float) and hours < 0:
        yield Problem("Invalid Attribute Value", "It must be at least 0.", ("validity_period_hours",))


def _due(state: State, now: datetime) -> bool:
    end = state.get("validity_end_time")
    if not isinstance(end, str):
        return False
    early = state.get("early_renewal_hours")
    return now >= times.read(end) - timedelta(hours=early if isinstance(early, int | float) else 0)


def read(state: State, run: Run) -> State:
    """What is to be renewed says so."""
    return {**state, "ready_for_renewal": True} if _due(state, run.now()) else state


def renew(change: Change) -> None:
    """What is to be renewed is replaced, and whether the next one is, is known once that is there."""
    if change.prior is not None and change.planned["max_path_length"] is UNKNOWN:
        change.planned["max_path_length"] = change.prior.get("max_path_length")
    if (change.prior or {}).get("ready_for_renewal"):
        change.planned["ready_for_renewal"] = UNKNOWN


def ready(change: Change) -> bool:
    """Whether the certificate is due: what replaces it."""
    return change.planned.get("ready_for_renewal") is UNKNOWN
