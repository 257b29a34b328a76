"""Subjects and alternative names: as the API writes them and as X.509 does."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from sandbox.control.errors import invalid_argument

if TYPE_CHECKING:
    from cryptography import x509

Json = dict[str, Any]
_ATTRIBUTES = {
    "countryCode": "COUNTRY_NAME",
    "organization": "ORGANIZATION_NAME",
    "organizationalUnit": "ORGANIZATIONAL_UNIT_NAME",
    "locality": "LOCALITY_NAME",
    "province": "STATE_OR_PROVINCE_NAME",
    "streetAddress": "STREET_ADDRESS",
    "postalCode": "POSTAL_CODE",
    "commonName": "COMMON_NAME",
}


def name_of(subject: Json) -> x509.Name:
    """The distinguished name of a subject. Raises 400."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    country = str(subject.get("countryCode") or "")
    if not country.isascii():
        raise invalid_argument(f"'{country}' is no country code.", {"subject.country_code": "two letters"})
    try:
        return x509.Name(
            [
                x509.NameAttribute(getattr(NameOID, oid), str(subject[key]))
                for key, oid in _ATTRIBUTES.items()
                if subject.get(key)
            ]
        )
    except ValueError as error:
        raise invalid_argument(
            f"The subject is invalid: {error}", {"config.subject_config.subject": "invalid"}
        ) from None


def subject_of(name: x509.Name) -> Json:
    """A distinguished name as the API tells it."""
    from cryptography.x509.oid import NameOID

    found: Json = {}
    for key, oid in _ATTRIBUTES.items():
        if values := name.get_attributes_for_oid(getattr(NameOID, oid)):
            found[key] = str(values[0].value)
    return found


def alternatives(names: Json) -> list[x509.GeneralName]:
    """Alternative names. Raises 400."""
    return list(_alternatives(names))


def _alternatives(names: Json) -> Iterator[x509.GeneralName]:
    from cryptography import x509

    try:
        yield from (x509.DNSName(name) for name in names.get("dnsNames") or [])
        yield from (x509.UniformResourceIdentifier(name) for name in names.get("uris") or [])
        yield from (x509.RFC822Name(name) for name in names.get("emailAddresses") or [])
        yield from (x509.IPAddress(ip_address(name)) for name in names.get("ipAddresses") or [])
    except ValueError as error:
        field = {"config.subject_config.subject_alt_name": "invalid"}
        raise invalid_argument(f"An alternative name is invalid: {error}", field) from None


def alternatives_of(found: x509.SubjectAlternativeName) -> Json:
    """Alternative names as the API tells them."""
    from cryptography import x509

    told = {
        "dnsNames": found.get_values_for_type(x509.DNSName),
        "uris": found.get_values_for_type(x509.UniformResourceIdentifier),
        "emailAddresses": found.get_values_for_type(x509.RFC822Name),
        "ipAddresses": [str(address) for address in found.get_values_for_type(x509.IPAddress)],
    }
    return {key: values for key, values in told.items() if values}
