"""Certificate Authority Service: pools and templates: what may be issued, and with which parameters."""

from __future__ import annotations

from typing import Any

from sandbox.apis.privateca import keys, parameters
from sandbox.apis.privateca.tables import authorities, certificates, pools, templates
from sandbox.control.context import Call
from sandbox.control.crud import remove
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_FORMATS = ("ENCODING_FORMAT_UNSPECIFIED", "PEM", "DER")
_CURVES = ("ECDSA_P256", "ECDSA_P384", "EDDSA_25519")
_EXTENSIONS = (
    *("BASE_KEY_USAGE", "EXTENDED_KEY_USAGE", "CA_OPTIONS", "POLICY_IDS", "AIA_OCSP_SERVERS", "NAME_CONSTRAINTS"),
)


@pools.on_create
async def check_pool(pool: Resource, call: Call) -> None:
    """A tier, and a policy that can hold."""
    if pool.document["tier"] not in ("ENTERPRISE", "DEVOPS"):
        raise invalid_argument("The tier must be ENTERPRISE or DEVOPS.", {"ca_pool.tier": "unknown"})
    _check_policy(pool.document)


@pools.on_update
async def recheck_pool(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check_policy(new.document)


def _check_policy(document: Json) -> None:
    publishing = document.get("publishingOptions") or {}
    if publishing.get("encodingFormat") not in (None, *_FORMATS):
        raise invalid_argument("Unknown encoding_format.", {"ca_pool.publishing_options.encoding_format": "unknown"})
    policy = document.get("issuancePolicy") or {}
    for kind in policy.get("allowedKeyTypes") or []:
        if bool(kind.get("rsa") is not None) == bool(kind.get("ellipticCurve") is not None):
            raise invalid_argument("A key type is either rsa or elliptic_curve.", {"allowed_key_types": "one of two"})
        if kind.get("ellipticCurve") and kind["ellipticCurve"].get("signatureAlgorithm") not in _CURVES:
            raise invalid_argument("Unknown signature_algorithm.", {"elliptic_curve.signature_algorithm": "unknown"})
    if policy.get("maximumLifetime"):
        seconds(policy["maximumLifetime"], "issuance_policy.maximum_lifetime")
    if policy.get("backdateDuration") and seconds(policy["backdateDuration"], "backdate_duration") > 48 * 3600:
        raise invalid_argument("backdate_duration is 48 hours at most.", {"issuance_policy.backdate_duration": ""})
    parameters.check(policy.get("baselineValues") or {}, "issuance_policy.baseline_values")
    _check_passthrough(policy.get("passthroughExtensions") or {})


def _check_passthrough(given: Json) -> None:
    for name in given.get("knownExtensions") or []:
        if name not in _EXTENSIONS:
            raise invalid_argument(f"Unknown extension {name}.", {"passthrough_extensions.known_extensions": name})


@pools.on_delete
async def keep_full(pool: Resource, call: Call) -> None:
    """One with authorities can't go, not even with those that are in their grace period."""
    purge(call)
    if call.store.select(authorities.key, pool.name):
        raise failed_precondition(f"The CaPool '{pool.name}' has CertificateAuthorities, which go first.")


@templates.on_create
async def check_template(template: Resource, call: Call) -> None:
    """Parameters that certificates can have."""
    _check_template(template.document)


@templates.on_update
async def recheck_template(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check_template(new.document)


def _check_template(document: Json) -> None:
    if document.get("maximumLifetime"):
        seconds(document["maximumLifetime"], "certificate_template.maximum_lifetime")
    parameters.check(document.get("predefinedValues") or {}, "predefined_values")
    _check_passthrough(document.get("passthroughExtensions") or {})


def has_certificates(authority: Resource, call: Call) -> bool:
    """Whether certificates that an authority issued are neither revoked nor over."""
    for one in call.store.select(certificates.key, authority.name.rpartition("/certificateAuthorities/")[0]):
        document = one.document
        issued = document["issuerCertificateAuthority"] == authority.name and not document.get("revocationDetails")
        if issued and document["certificateDescription"]["subjectDescription"]["notAfterTime"] > call.control.now():
            return True
    return False


def purge(call: Call) -> None:
    """What is over its grace period is gone, with its key."""
    for authority in call.store.select(authorities.key):
        if authority.document.get("expireTime", "~") <= call.control.now():
            with call.store.transaction():
                keys.forget(authority, call)
                remove(authorities, call.control, authority.name)
