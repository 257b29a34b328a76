"""X.509 parameters (`x509Config`, `baselineValues`, `predefinedValues`): as the API writes them and as extensions."""

from __future__ import annotations

import base64
import binascii
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from sandbox.control.errors import invalid_argument

if TYPE_CHECKING:
    from cryptography import x509

Json = dict[str, Any]
_BASE = {
    "digitalSignature": "digital_signature",
    "contentCommitment": "content_commitment",
    "keyEncipherment": "key_encipherment",
    "dataEncipherment": "data_encipherment",
    "keyAgreement": "key_agreement",
    "certSign": "key_cert_sign",
    "crlSign": "crl_sign",
    "encipherOnly": "encipher_only",
    "decipherOnly": "decipher_only",
}
_EXTENDED = {
    "serverAuth": "SERVER_AUTH",
    "clientAuth": "CLIENT_AUTH",
    "codeSigning": "CODE_SIGNING",
    "emailProtection": "EMAIL_PROTECTION",
    "timeStamping": "TIME_STAMPING",
    "ocspSigning": "OCSP_SIGNING",
}
_CONSTRAINED = ("DnsNames", "IpRanges", "EmailAddresses", "Uris")


def number(value: Any) -> int:
    """A whole number, which the API may have as text."""
    return int(value or 0)


def extensions(values: Json) -> list[tuple[x509.ExtensionType, bool]]:
    """The extensions that parameters ask for, and whether each is critical. Raises 400."""
    from cryptography import x509

    found: list[tuple[x509.ExtensionType, bool]] = []
    options = values.get("caOptions") or {}
    if "isCa" in options:
        length = options.get("maxIssuerPathLength")
        path = number(length) if options["isCa"] and length is not None else None
        found.append((x509.BasicConstraints(ca=bool(options["isCa"]), path_length=path), True))
    usage = values.get("keyUsage") or {}
    base = {field: bool((usage.get("baseKeyUsage") or {}).get(key)) for key, field in _BASE.items()}
    if any(base.values()):
        if not base["key_agreement"]:  # which alone says what these two are about
            base |= {"encipher_only": False, "decipher_only": False}
        found.append((x509.KeyUsage(**base), True))
    if purposes := _purposes(usage):
        found.append((x509.ExtendedKeyUsage(purposes), False))
    if policies := [x509.PolicyInformation(_oid(one), None) for one in values.get("policyIds") or []]:
        found.append((x509.CertificatePolicies(policies), False))
    if constraints := values.get("nameConstraints"):
        found += _constrained(constraints)
    for extra in values.get("additionalExtensions") or []:
        oid = _oid(extra.get("objectId") or {})
        found.append((x509.UnrecognizedExtension(oid, _bytes(extra.get("value"))), bool(extra.get("critical"))))
    return found


def _purposes(usage: Json) -> list[x509.ObjectIdentifier]:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    asked = usage.get("extendedKeyUsage") or {}
    known = [getattr(ExtendedKeyUsageOID, oid) for key, oid in _EXTENDED.items() if asked.get(key)]
    return known + [_oid(one) for one in usage.get("unknownExtendedKeyUsages") or []]


def _oid(given: Json) -> x509.ObjectIdentifier:
    from cryptography import x509

    path = ".".join(str(part) for part in given.get("objectIdPath") or [])
    try:
        return x509.ObjectIdentifier(path)
    except ValueError:
        raise invalid_argument(f"'{path}' is no object id.", {"object_id_path": "invalid"}) from None


def _path(oid: x509.ObjectIdentifier) -> Json:
    return {"objectIdPath": [int(part) for part in oid.dotted_string.split(".")]}


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(str(text or ""), validate=True)
    except binascii.Error:
        raise invalid_argument(f"'{text}' is not base64.", {"additional_extensions.value": "not base64"}) from None


def _constrained(constraints: Json) -> list[tuple[x509.ExtensionType, bool]]:
    from cryptography import x509

    permitted, excluded = (_subtrees(constraints, kind) for kind in ("permitted", "excluded"))
    if not permitted and not excluded:
        return []
    try:
        return [(x509.NameConstraints(permitted, excluded), bool(constraints.get("critical")))]
    except ValueError as error:
        raise invalid_argument(f"A name constraint is invalid: {error}", {"name_constraints": "invalid"}) from None


def _subtrees(constraints: Json, kind: str) -> list[x509.GeneralName] | None:
    from cryptography import x509

    def listed(what: str) -> list[Any]:
        return list(constraints.get(f"{kind}{what}") or [])

    try:
        found: list[x509.GeneralName] = [
            *(x509.DNSName(name.removeprefix("*.")) for name in listed("DnsNames")),  # which means the same here
            *(x509.IPAddress(ip_network(block)) for block in listed("IpRanges")),
            *(x509.RFC822Name(name) for name in listed("EmailAddresses")),
            *(x509.UniformResourceIdentifier(name) for name in listed("Uris")),
        ]
    except ValueError as error:
        raise invalid_argument(f"A name constraint is invalid: {error}", {"name_constraints": "invalid"}) from None
    return found or None


def told(found: x509.Extensions) -> Json:
    """What extensions say, as the API tells it."""
    from cryptography import x509

    values: Json = {}
    usage: Json = {}
    for extension in found:
        value = extension.value
        if isinstance(value, x509.BasicConstraints):
            values["caOptions"] = {"isCa": value.ca}
            if value.path_length is not None:
                values["caOptions"]["maxIssuerPathLength"] = value.path_length
        elif isinstance(value, x509.KeyUsage):
            usage["baseKeyUsage"] = _base_usage(value)
        elif isinstance(value, x509.ExtendedKeyUsage):
            usage |= _extended_usage(value)
        elif isinstance(value, x509.CertificatePolicies):
            values["policyIds"] = [_path(one.policy_identifier) for one in value]
        elif isinstance(value, x509.NameConstraints):
            values["nameConstraints"] = _constraints(value, critical=extension.critical)
        elif isinstance(value, x509.UnrecognizedExtension):
            extra = {
                "objectId": _path(extension.oid),
                "critical": extension.critical,
                "value": base64.b64encode(value.value).decode(),
            }
            values.setdefault("additionalExtensions", []).append(extra)
    return {**values, **({"keyUsage": usage} if usage else {})}


def _base_usage(value: x509.KeyUsage) -> Json:
    alone = () if value.key_agreement else ("encipher_only", "decipher_only")
    return {key: True for key, field in _BASE.items() if field not in alone and getattr(value, field)}


def _extended_usage(value: x509.ExtendedKeyUsage) -> Json:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names = {getattr(ExtendedKeyUsageOID, oid): key for key, oid in _EXTENDED.items()}
    usage: Json = {"extendedKeyUsage": {names[oid]: True for oid in value if oid in names}}
    if others := [_path(oid) for oid in value if oid not in names]:
        usage["unknownExtendedKeyUsages"] = others
    return usage


def _constraints(value: x509.NameConstraints, *, critical: bool) -> Json:
    from cryptography import x509

    kinds = (x509.DNSName, x509.IPAddress, x509.RFC822Name, x509.UniformResourceIdentifier)
    constraints: Json = {"critical": critical}
    for kind, trees in (("permitted", value.permitted_subtrees), ("excluded", value.excluded_subtrees)):
        for type_, what in zip(kinds, _CONSTRAINED, strict=True):
            if names := [str(one.value) for one in trees or [] if isinstance(one, type_)]:
                constraints[f"{kind}{what}"] = names
    return constraints


def check(values: Json, field: str) -> None:
    """400 for parameters that no certificate can have."""
    options = values.get("caOptions") or {}
    if number(options.get("maxIssuerPathLength")) < 0:
        raise invalid_argument("max_issuer_path_length can't be negative.", {f"{field}.ca_options": "negative"})
    extensions({key: value for key, value in values.items() if key != "additionalExtensions"})


def overlay(values: Json, above: Json, what: str, *, strict: bool = False) -> Json:
    """Parameters with those that hold for all; with `strict` what differs is refused instead of written over."""
    found = dict(values)
    for key, value in above.items():
        if value in (None, {}, []):
            continue
        if strict and found.get(key) not in (None, {}, [], value):
            raise invalid_argument(f"{what} has other values of {key} than the template.", {key: "conflicts"})
        found[key] = value
    return found
