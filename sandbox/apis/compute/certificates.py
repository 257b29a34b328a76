"""TLS certificates and policies, global and regional."""

from __future__ import annotations

import re
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.control import pem
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_DOMAIN = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63}\.?"


def _certificate(document: Json, call: Call, old: Resource | None) -> None:
    if document["type"] == "MANAGED":
        if "region" in call.params:
            raise invalid("type", "MANAGED", "A certificate of a region is one of your own.")
        _managed(document)
    elif document["type"] == "SELF_MANAGED":
        _own(document)
    else:
        raise invalid("type", document["type"], "Must be MANAGED or SELF_MANAGED.")


def _managed(document: Json) -> None:
    domains = (document.get("managed") or {}).get("domains") or []
    if not 1 <= len(domains) <= 100:
        raise invalid("managed.domains", domains, "1 to 100 domains are needed.")
    for domain in domains:
        if not re.fullmatch(_DOMAIN, domain):
            raise invalid("managed.domains", domain, "Must be a domain without a wildcard.")
    # Nobody asks the sandbox for a domain: the certificate stays as Google's is before its DNS points here.
    document["managed"] = {
        "domains": domains,
        "status": "PROVISIONING",
        "domainStatus": dict.fromkeys(domains, "PROVISIONING"),
    }


def _own(document: Json) -> None:
    """A certificate with its key, which is never told."""
    inner = document.pop("selfManaged", None) or {}
    for field in ("certificate", "privateKey"):
        document.setdefault(field, inner.get(field))
        if not document[field]:
            raise required(field)
    try:
        first = pem.certificate(document["certificate"])
    except ValueError:
        raise invalid_argument(
            "The SSL certificate could not be parsed.", reason="sslCertificateCouldNotParseCert"
        ) from None
    try:
        key = load_pem_private_key(document.pop("privateKey").encode(), None)
    except (ValueError, TypeError):
        raise invalid_argument("The SSL key could not be parsed.", reason="sslCertificateCouldNotParseKey") from None
    if key.public_key() != first.public_key():
        raise invalid_argument("The SSL key doesn't go with the certificate.", reason="sslCertificateKeyMismatch")
    document["expireTime"] = pem.expire_time(first)
    if (names := pem.dns_names(first)) is not None:
        document["subjectAlternativeNames"] = names


def _certificates(scope: str) -> Kind:
    return Kind(
        "sslCertificates",
        "ssl_certificate",
        "compute#sslCertificate",
        scope=scope,
        defaults={"type": "SELF_MANAGED"},
        output_only=("expireTime", "subjectAlternativeNames"),
        methods=(),
        check=_certificate,
        view=lambda certificate, call: _shown(certificate),
    )


def _shown(certificate: Resource) -> Json:
    document = certificate.document
    return {} if document["type"] == "MANAGED" else {"selfManaged": {"certificate": document["certificate"]}}


ssl_certificates, region_ssl_certificates = _certificates("global"), _certificates("regions")

_TLS, _PROFILES = ("TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3"), ("COMPATIBLE", "MODERN", "RESTRICTED", "CUSTOM")
_FEATURES = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]


def _ssl_policy(document: Json, call: Call, old: Resource | None) -> None:
    if document["minTlsVersion"] not in _TLS:
        raise invalid("minTlsVersion", document["minTlsVersion"], f"Must be one of {', '.join(_TLS)}.")
    if document["profile"] not in _PROFILES:
        raise invalid("profile", document["profile"], f"Must be one of {', '.join(_PROFILES)}.")
    if document["minTlsVersion"] == "TLS_1_3" and document["profile"] != "RESTRICTED":
        raise invalid("minTlsVersion", "TLS_1_3", "It goes with the profile RESTRICTED only.")
    if (document["profile"] == "CUSTOM") != bool(document.get("customFeatures")):
        raise invalid_argument("customFeatures goes with the profile CUSTOM, and the profile with it.")
    document["enabledFeatures"] = document.get("customFeatures") or _FEATURES


def _policies(scope: str) -> Kind:
    return Kind(
        "sslPolicies",
        "ssl_policy",
        "compute#sslPolicy",
        scope=scope,
        defaults={"minTlsVersion": "TLS_1_0", "profile": "COMPATIBLE"},
        output_only=("enabledFeatures", "warnings"),
        fingerprint=True,
        check=_ssl_policy,
    )


ssl_policies, region_ssl_policies = _policies("global"), _policies("regions")
