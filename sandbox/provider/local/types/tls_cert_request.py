"""`tls_cert_request` and `tls_locally_signed_cert`: what asks for a certificate, and what an authority makes of it."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sandbox.provider.local import certificates, keys
from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_REQUEST = fields(
    """
private_key_pem string required forces_new sensitive
dns_names list(string) forces_new
ip_addresses list(string) forces_new
uris list(string) forces_new
cert_request_pem string computed
id string computed
key_algorithm string computed
"""
    + certificates.SUBJECT.format(" forces_new")
)
_SIGNED = fields(
    """
ca_cert_pem string required forces_new
ca_private_key_pem string required forces_new sensitive
cert_request_pem string required forces_new
ca_key_algorithm string computed
"""
    + certificates.VALIDITY
)
_SETTLED = frozenset(("ca_key_algorithm", "cert_pem", "id", "max_path_length"))


async def _request(planned: State, run: Run) -> State:
    key = keys.load(planned["private_key_pem"])
    made = certificates.request(planned, key)
    return {
        **planned,
        "cert_request_pem": made.public_bytes(Encoding.PEM).decode(),
        "id": keys.digest(made.public_bytes(Encoding.DER)),
        "key_algorithm": keys.algorithm(key),
    }


async def _sign(planned: State, run: Run) -> State:
    parse = certificates.parse
    asked = parse(planned["cert_request_pem"], "cert_request_pem", x509.load_pem_x509_csr)
    issuer = parse(planned["ca_cert_pem"], "ca_cert_pem", x509.load_pem_x509_certificate)
    key = keys.load(planned["ca_private_key_pem"], "ca_private_key_pem")
    try:
        names = list(asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except x509.ExtensionNotFound:
        names = []
    made = certificates.issue(planned, run, asked.subject, names, asked.public_key(), issuer, key)
    return {**made, "ca_key_algorithm": keys.algorithm(key)}


REQUEST = Kind("tls_cert_request", _REQUEST, _request, settled=set_by_provider(_REQUEST))
SIGNED = Kind(
    "tls_locally_signed_cert",
    _SIGNED,
    _sign,
    settled=_SETTLED | {"validity_end_time", "validity_start_time"},
    check=certificates.check,
    prepare=certificates.renew,
    replaces={"ready_for_renewal": certificates.ready},
    read=certificates.read,
)
