"""Certificates that clients send as PEM: what APIs tell of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.control.context import timestamp

if TYPE_CHECKING:
    from cryptography import x509


def certificate(text: str) -> x509.Certificate:
    """The first certificate of a chain. Raises ValueError where there is none."""
    from cryptography import x509

    return x509.load_pem_x509_certificates(text.encode())[0]


def expire_time(found: x509.Certificate) -> str:
    """Until when it is valid, as Google's APIs write it."""
    return timestamp(found.not_valid_after_utc.timestamp(), 3)


def dns_names(found: x509.Certificate) -> list[str] | None:
    """The names that it is for; None where it tells none."""
    from cryptography import x509

    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return names.get_values_for_type(x509.DNSName)
