"""Certificate Authority Service: certificates, by the rules of a pool and of a template, and their revocation."""

from __future__ import annotations

import asyncio
from typing import Any

from sandbox.apis.privateca import parameters, signed
from sandbox.apis.privateca.authorities import signer
from sandbox.apis.privateca.tables import authorities, certificates, pools, revocations, templates
from sandbox.control.context import Call
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_KNOWN = {
    "EXTENDED_KEY_USAGE": "extendedKeyUsage",
    "BASE_KEY_USAGE": "baseKeyUsage",
    "CA_OPTIONS": "caOptions",
    "POLICY_IDS": "policyIds",
    "AIA_OCSP_SERVERS": "aiaOcspServers",
    "NAME_CONSTRAINTS": "nameConstraints",
}
_GIVEN = ("config", "pemCsr", "lifetime", "labels", "certificateTemplate")
_CURVES = {"ECDSA_P256": "secp256r1", "ECDSA_P384": "secp384r1"}


async def create(call: Call) -> Response:
    """`certificates.create`: signed at once; of a pool of the tier DEVOPS it is told this once and not kept."""
    place = {key: value for key, value in call.params.items() if key != "certificate"}
    pool = pools.must(call.control, certificates.parent({**place, "certificate": ""}))
    body, id_ = call.body(), call.query("certificateId")
    kept = pool.document["tier"] == "ENTERPRISE"
    name = f"{pool.name}/certificates/{id_}"
    if kept:
        if not id_:
            raise invalid_argument("certificateId is required.", {"certificateId": "required"})
        certificates.check_id(id_)
        if certificates.find(call.control, name) is not None:
            raise certificates.exists(name)
    if bool(body.get("config")) == bool(body.get("pemCsr")):
        raise invalid_argument("A certificate has either a config or a pem_csr.", {"certificate": "one of two"})
    document: Json = {key: value for key, value in body.items() if key in _GIVEN}
    authority = _issuer(pool, call)
    text = await _issue(document, pool, authority, call)
    if kept and certificates.find(call.control, name) is not None:  # somebody else may have been quicker meanwhile
        raise certificates.exists(name)
    moment = call.control.now()
    document |= {
        "pemCertificate": text,
        "pemCertificateChain": authority.document["pemCaCertificates"],
        "certificateDescription": signed.described(text),
        "issuerCertificateAuthority": authority.name,
        "subjectMode": body.get("subjectMode") or "DEFAULT",
        "createTime": moment,
        "updateTime": moment,
    }
    if kept:
        document["name"] = name
    if kept and not call.flag("validateOnly"):
        call.store.insert(Resource(certificates.key, name, document, call.control.clock(), call.control.clock()))
    return Response.of(document)


def _issuer(pool: Resource, call: Call) -> Resource:
    wanted = call.query("issuingCertificateAuthorityId").rpartition("/")[2]
    if wanted:
        found = authorities.must(call.control, f"{pool.name}/certificateAuthorities/{wanted}")
        if found.document["state"] not in ("ENABLED", "STAGED"):
            raise failed_precondition(f"The CertificateAuthority '{found.name}' is {found.document['state']}.")
        return found
    enabled = [one for one in call.store.select(authorities.key, pool.name) if one.document["state"] == "ENABLED"]
    if not enabled:
        raise failed_precondition(f"The CaPool '{pool.name}' has no enabled CertificateAuthority.")
    return enabled[0]


async def _issue(document: Json, pool: Resource, authority: Resource, call: Call) -> str:
    policy = pool.document.get("issuancePolicy") or {}
    modes, by_request = policy.get("allowedIssuanceModes"), "pemCsr" in document
    if modes is not None and not modes.get("allowCsrBasedIssuance" if by_request else "allowConfigBasedIssuance"):
        kind = "a CSR" if by_request else "a config"
        raise invalid_argument(f"The CaPool doesn't allow certificates from {kind}.", {"certificate": "issuance mode"})
    if by_request:
        config, public_key = signed.asked(str(document["pemCsr"]))
    else:
        config, public_key = dict(document["config"]), signed.public_key(document["config"].get("publicKey") or {})
    _check_key(public_key, policy)
    template = _template(document, call)
    rules = [each for each in (template, policy) if each]
    values = dict(config.get("x509Config") or {})
    for rule in rules:
        values = _passed(values, rule.get("passthroughExtensions"), by_request=by_request)
    predefined, baseline = template.get("predefinedValues") or {}, policy.get("baselineValues") or {}
    parameters.overlay(predefined, baseline, "The CaPool", strict=True)
    config["x509Config"] = parameters.overlay(parameters.overlay(values, predefined, ""), baseline, "")
    config["subjectConfig"] = _identity(config.get("subjectConfig") or {}, rules)
    _check_authority(config, authority)
    lifetime = seconds(document.get("lifetime", ""), "certificate.lifetime")
    for rule in rules:
        if rule.get("maximumLifetime"):
            lifetime = min(lifetime, seconds(rule["maximumLifetime"], "maximum_lifetime"))
    begins = call.control.clock() - float(str(policy.get("backdateDuration") or "0s")[:-1])
    ends = min(begins + lifetime, signed.ends(authority.document["pemCaCertificates"][0]))
    return await signed.certificate(config, public_key, await signer(authority, call), begins, ends)


def _template(document: Json, call: Call) -> Json:
    name = str(document.get("certificateTemplate") or "")
    if not name:
        return {}
    found = templates.find(call.control, name)
    if found is None:
        raise not_found(f"The CertificateTemplate '{name}' was not found.")
    return found.document


def _check_key(public_key: Any, policy: Json) -> None:
    """Whether the policy allows a key of that kind. Raises 400."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    allowed = policy.get("allowedKeyTypes") or []
    for kind in allowed:
        bounds, curve = kind.get("rsa"), (kind.get("ellipticCurve") or {}).get("signatureAlgorithm")
        if bounds is not None and isinstance(public_key, rsa.RSAPublicKey):
            least, most = (parameters.number(bounds.get(f"{edge}ModulusSize")) for edge in ("min", "max"))
            if least <= public_key.key_size and (not most or public_key.key_size <= most):
                return
        if isinstance(public_key, ec.EllipticCurvePublicKey) and _CURVES.get(curve or "") == public_key.curve.name:
            return
    if allowed:
        raise invalid_argument("The CaPool's allowed_key_types don't have the key's.", {"public_key": "key type"})


def _passed(values: Json, given: Json | None, *, by_request: bool) -> Json:
    """What of the extensions that are asked for a rule lets through: all where it doesn't say; a config's stay."""
    if given is None or not by_request:
        return values
    known = {_KNOWN[name] for name in given.get("knownExtensions") or []}
    found = {key: value for key, value in values.items() if key in known}
    if usage := {key: value for key, value in (values.get("keyUsage") or {}).items() if key in known}:
        found["keyUsage"] = usage
    allowed = [one.get("objectIdPath") for one in given.get("additionalExtensions") or []]
    extra = values.get("additionalExtensions") or []
    if passing := [one for one in extra if one["objectId"]["objectIdPath"] in allowed]:
        found["additionalExtensions"] = passing
    return found


def _identity(given: Json, rules: list[Json]) -> Json:
    """The subject and its other names, where the rules let them through."""
    found = dict(given)
    for rule in rules:
        constraints = rule.get("identityConstraints")
        if constraints is None:
            continue
        expression = str((constraints.get("celExpression") or {}).get("expression") or "true").strip()
        if expression != "true":
            raise unimplemented(f"The sandbox does not evaluate celExpression '{expression}' of identityConstraints.")
        if not constraints.get("allowSubjectPassthrough"):
            found.pop("subject", None)
        if not constraints.get("allowSubjectAltNamesPassthrough"):
            found.pop("subjectAltName", None)
    return found


def _check_authority(config: Json, authority: Resource) -> None:
    """An authority may be one that has no others below it."""
    options = config["x509Config"].get("caOptions") or {}
    above = authority.document["config"]["x509Config"].get("caOptions") or {}
    length = above.get("maxIssuerPathLength")
    if options.get("isCa") and length is not None and parameters.number(length) == 0:
        message = f"The path length of '{authority.name}' is 0: it issues no certificates of authorities."
        raise invalid_argument(message, {"x509_config.ca_options.is_ca": "path length"})


@certificates.verb("revoke")
async def revoke(certificate: Resource, call: Call) -> Json:
    """`certificates.revoke`, which is for good."""
    if certificate.document.get("revocationDetails"):
        raise failed_precondition(f"The Certificate '{certificate.name}' is revoked already.")
    moment = call.control.now()
    reason = call.body().get("reason") if call.request.body else None
    certificate.document["revocationDetails"] = {
        "revocationState": reason or "REVOCATION_REASON_UNSPECIFIED",
        "revocationTime": moment,
    }
    certificate.document["updateTime"] = moment
    certificate.updated = call.control.clock()
    call.store.put(certificate)
    await _publish(certificate.document["issuerCertificateAuthority"], call)
    return certificate.document


async def _publish(name: str, call: Call) -> None:
    """Make the list of revoked certificates of an authority whose pool publishes one."""
    authority = authorities.find(call.control, name)
    pool = pools.find(call.control, name.rpartition("/certificateAuthorities/")[0])
    if authority is None or pool is None or not (pool.document.get("publishingOptions") or {}).get("publishCrl"):
        return
    revoked = [
        (one.document["pemCertificate"], one.updated, one.document["revocationDetails"]["revocationState"])
        for one in call.store.select(certificates.key, pool.name)
        if one.document.get("revocationDetails") and one.document["issuerCertificateAuthority"] == name
    ]
    number, moment = len(revoked), call.control.clock()
    text = await asyncio.to_thread(signed.revocation_list, await signer(authority, call), number, revoked, moment)
    document = {
        "name": f"{name}/certificateRevocationLists/crl",
        "sequenceNumber": str(number),
        "pemCrl": text,
        "accessUrl": ((authority.document.get("accessUrls") or {}).get("crlAccessUrls") or [""])[0],
        "state": "ACTIVE",
        "createTime": call.control.now(),
        "updateTime": call.control.now(),
        "revokedCertificates": [
            {"certificate": one.name, "hexSerialNumber": f"{signed.serial(one.document['pemCertificate']):x}"}
            for one in call.store.select(certificates.key, pool.name)
            if one.document.get("revocationDetails") and one.document["issuerCertificateAuthority"] == name
        ],
    }
    call.store.keep(Resource(revocations.key, document["name"], document, moment, moment))


@pools.verb("fetchCaCerts")
async def fetch_chains(pool: Resource, call: Call) -> Json:
    """`caPools.fetchCaCerts`: the chains of the authorities that are enabled."""
    found = call.store.select(authorities.key, pool.name)
    enabled = [one for one in found if one.document["state"] == "ENABLED"]
    return {"caCerts": [{"certificates": one.document["pemCaCertificates"]} for one in enabled]}


def routes(api: Api) -> None:
    """The route of a creation, which is no general one."""
    api.route("POST", certificates.path.rpartition("/")[0])(create)
