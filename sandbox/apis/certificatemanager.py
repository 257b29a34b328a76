"""Certificate Manager v1: certificates, maps of them, proofs by DNS, whom to trust. Nobody asks for a domain."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from sandbox.control import locations, operations, pem
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.referring import keep_used, relative
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_DOMAIN = re.compile(r"(?:\*\.)?(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63}")
_SCOPES = ("DEFAULT", "EDGE_CACHE", "ALL_REGIONS", "CLIENT_AUTH")
_collection = partial(located, "google.cloud.certificatemanager.v1")

authorizations = _collection(
    "dnsAuthorizations/{authorization}",
    "DnsAuthorization",
    "dnsAuthorizationId",
    required=("domain",),
    immutable=("domain", "type"),
    output_only=("dnsResourceRecord",),
)
certificates = _collection(
    "certificates/{certificate}",
    "Certificate",
    "certificateId",
    immutable=("scope",),
    output_only=("sanDnsnames", "expireTime", "usedBy"),
)
maps = _collection("certificateMaps/{map}", "CertificateMap", "certificateMapId", output_only=("gclbTargets",))
entries = _collection(
    "certificateMaps/{map}/certificateMapEntries/{entry}",
    "CertificateMapEntry",
    "certificateMapEntryId",
    required=("certificates",),
    immutable=("hostname", "matcher"),
    output_only=("state",),
    parents=(maps,),
)
trust_configs = _collection("trustConfigs/{config}", "TrustConfig", "trustConfigId", output_only=("etag",))

API = Api(
    "certificatemanager.googleapis.com",
    "certificatemanager",
    [authorizations, certificates, maps, entries, trust_configs],
    [*operations.routes("v1"), *locations.routes("v1")],
    flat=False,
)


@authorizations.on_create
async def authorize(authorization: Resource, call: Call) -> None:
    """The record that would prove it."""
    document = authorization.document
    domain = str(document["domain"])
    if not _DOMAIN.fullmatch(domain) or domain.startswith("*"):
        raise invalid_argument(f"'{domain}' is not a domain.", {"domain": "not a domain"})
    regional = call.params["location"] != "global"
    document.setdefault("type", "PER_PROJECT_RECORD" if regional else "FIXED_RECORD")
    label = f"_acme-challenge_{call.control.hex(8)}" if document["type"] == "PER_PROJECT_RECORD" else "_acme-challenge"
    document["dnsResourceRecord"] = {
        "name": f"{label}.{domain}.",
        "type": "CNAME",
        "data": f"{call.control.uid()}.{call.control.hex(1)}.authorize.certificatemanager.goog.",
    }


@certificates.on_create
async def check(certificate: Resource, call: Call) -> None:
    """Google's, which stays as it is before its domain is proven, or one's own."""
    document = certificate.document
    if document.setdefault("scope", "DEFAULT") not in _SCOPES:
        raise invalid_argument(f"The scope must be one of {', '.join(_SCOPES)}.", {"scope": "unknown"})
    if bool(document.get("managed")) == bool(document.get("selfManaged")):
        raise invalid_argument("A certificate is either managed or selfManaged.")
    if document.get("selfManaged"):
        _own(document)
    else:
        _managed(document, call)


def _managed(document: Json, call: Call) -> None:
    managed = document["managed"]
    domains = managed.get("domains") or []
    if not 1 <= len(domains) <= 100:
        raise invalid_argument("1 to 100 domains are needed.", {"managed.domains": "1 to 100"})
    proofs = []
    for name in managed.get("dnsAuthorizations") or []:
        proof = authorizations.find(call.control, relative(name, call))
        if proof is None:
            raise not_found(f"The DNS authorization '{name}' was not found.")
        proofs.append(proof.document["domain"])
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise invalid_argument(f"'{domain}' is not a domain.", {"managed.domains": domain})
        if domain.startswith("*") and domain.removeprefix("*.") not in proofs and not managed.get("issuanceConfig"):
            raise invalid_argument(f"'{domain}' needs a DNS authorization.", {"managed.dnsAuthorizations": domain})
    managed["state"] = "PROVISIONING"
    managed["authorizationAttemptInfo"] = [{"domain": domain, "state": "AUTHORIZING"} for domain in domains]
    document["sanDnsnames"] = domains


def _own(document: Json) -> None:
    own = document["selfManaged"]
    given = own.get("pemCertificate") or own.get("certificatePem") or ""
    if not (own.get("pemPrivateKey") or own.get("privateKeyPem")):
        raise invalid_argument("A certificate of one's own needs its key.", {"selfManaged.pemPrivateKey": "required"})
    try:
        first = pem.certificate(str(given))
    except ValueError:
        raise invalid_argument("The certificate could not be parsed.", {"selfManaged.pemCertificate": ""}) from None
    document["expireTime"] = pem.expire_time(first)
    document["pemCertificate"] = given
    document["sanDnsnames"] = pem.dns_names(first) or []
    document["selfManaged"] = {}  # what is kept of it is told elsewhere, and the key nowhere


@certificates.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """Another certificate of one's own may take its place; Google's stays."""
    if (new.document.get("selfManaged") or {}) != {}:
        _own(new.document)
    if old.document.get("managed") != new.document.get("managed"):
        raise invalid_argument("managed can't be changed.", {"managed": "immutable"})


@entries.on_create
async def check_entry(entry: Resource, call: Call) -> None:
    """For one host, or for all that no other entry is for."""
    document = entry.document
    if bool(document.get("hostname")) == bool(document.get("matcher")):
        raise invalid_argument("An entry has either a hostname or a matcher.")
    if document.get("matcher") not in (None, "PRIMARY"):
        raise invalid_argument("The only matcher is PRIMARY.", {"matcher": "unknown"})
    for other in call.store.select(entries.key, entry.name.rpartition("/certificateMapEntries/")[0]):
        if all(other.document.get(key) == document.get(key) for key in ("hostname", "matcher")):
            raise invalid_argument(f"'{other.id}' is for {document.get('hostname') or 'every other host'} already.")
    _check_certificates(document, call)
    document["state"] = "ACTIVE"


@entries.on_update
async def recheck_entry(old: Resource, new: Resource, call: Call) -> None:
    """The certificates must be there."""
    _check_certificates(new.document, call)


def _check_certificates(document: Json, call: Call) -> None:
    if not 1 <= len(document["certificates"]) <= 4:
        raise invalid_argument("An entry has 1 to 4 certificates.", {"certificates": "1 to 4"})
    for name in document["certificates"]:
        if certificates.find(call.control, relative(name, call)) is None:
            raise not_found(f"The certificate '{name}' was not found.")


@certificates.on_delete
async def keep_mapped(certificate: Resource, call: Call) -> None:
    """One that a map has can't go."""
    for entry in call.store.select(entries.key):
        if certificate.name in [relative(name, call) for name in entry.document["certificates"]]:
            raise failed_precondition(f"The certificate is used by '{entry.name}'.")


@maps.on_delete
async def keep_full(certificate_map: Resource, call: Call) -> None:
    """One with entries, or one that a proxy has, can't go."""
    if call.store.select(entries.key, certificate_map.name):
        raise failed_precondition(f"The certificate map '{certificate_map.id}' has entries.")
    for kind in ("compute.targetHttpsProxies", "compute.targetSslProxies"):
        for proxy in call.store.select(kind):
            if relative(str(proxy.document.get("certificateMap") or ""), call) == certificate_map.name:
                raise failed_precondition(f"The certificate map '{certificate_map.id}' is used by '{proxy.name}'.")


@trust_configs.checked
async def check_trust(config: Resource, call: Call) -> None:
    """Authorities, and certificates that are trusted whoever signed them."""
    document = config.document
    document["etag"] = call.control.etag()
    stores = document.get("trustStores") or []
    if len(stores) > 1:
        raise invalid_argument("A trust config has one trust store.", {"trustStores": "at most 1"})
    given = [*(document.get("allowlistedCertificates") or [])]
    for store in stores:
        given += [*(store.get("trustAnchors") or []), *(store.get("intermediateCas") or [])]
    if not given:
        raise invalid_argument("A trust config needs certificates.", {"trustStores": "required"})
    for one in given:
        try:
            pem.certificate(str(one.get("pemCertificate") or ""))
        except (ValueError, IndexError):
            raise invalid_argument("A certificate could not be parsed.", {"pemCertificate": "not PEM"}) from None


@trust_configs.on_delete
async def keep_trusted(config: Resource, call: Call) -> None:
    """One that a policy of TLS names can't go."""
    kinds = ("serverTlsPolicies", "tlsInspectionPolicies", "backendAuthenticationConfigs")
    keep_used(config, call, *(f"networksecurity.{kind}" for kind in kinds))
