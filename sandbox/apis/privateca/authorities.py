"""Certificate Authority Service: authorities, from their key to their end.

One that signs itself begins as STAGED, one below another as AWAITING_USER_ACTIVATION, until its certificate is brought.
"""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from typing import Any

from sandbox.apis.privateca import keys, parameters, signed
from sandbox.apis.privateca.pools import has_certificates, purge
from sandbox.apis.privateca.tables import authorities, pools
from sandbox.control.context import Call, timestamp
from sandbox.control.durations import seconds
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_GRACE = 30 * 86_400.0
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.S)


@authorities.on_create
async def make(authority: Resource, call: Call) -> None:
    """A key, and of one that signs itself its certificate."""
    document = authority.document
    pool = pools.must(call.control, authority.name.rpartition("/certificateAuthorities/")[0])
    document["tier"] = pool.document["tier"]
    document.pop("subordinateConfig", None)  # which is brought when it is activated
    lifetime = seconds(document["lifetime"], "certificate_authority.lifetime")
    values = document["config"].get("x509Config") or {}
    if not (values.get("caOptions") or {}).get("isCa"):
        raise invalid_argument("A CertificateAuthority has ca_options.is_ca.", {"config.x509_config.ca_options": ""})
    usage = (values.get("keyUsage") or {}).get("baseKeyUsage") or {}
    if not usage.get("certSign"):
        raise invalid_argument(
            "A CertificateAuthority has the key usage cert_sign.", {"config.x509_config.key_usage": ""}
        )
    parameters.check(values, "config.x509_config")
    keys.provide(authority, call)
    key, algorithm = await keys.of(authority, call)
    document["config"]["publicKey"] = signed.shown_key(key.public_key())
    document["accessUrls"] = _links(authority, pool, call)
    if document["type"] == "SUBORDINATE":
        document["state"] = "AWAITING_USER_ACTIVATION"
        return
    moment = call.control.clock()
    signer = signed.Signer(key, algorithm)
    text = await signed.certificate(document["config"], key.public_key(), signer, moment, moment + lifetime)
    document["state"] = "STAGED"
    _certified(document, [text])


def _certified(document: Json, chain: list[str]) -> None:
    document["pemCaCertificates"] = chain
    document["caCertificateDescriptions"] = [signed.described(text) for text in chain]


def _links(authority: Resource, pool: Resource, call: Call) -> Json:
    """Where Google would publish the certificate and the list of revoked ones."""
    own = authority.document.get("userDefinedAccessUrls") or {}
    publishing: Json = pool.document.get("publishingOptions") or {}
    found: Json = {}
    bucket = authority.document.get("gcsBucket") or f"privateca-content-{call.control.uid()}"
    place = f"http://{bucket}.storage.googleapis.com/{authority.id}"
    if publishing.get("publishCaCert"):
        found["caCertificateAccessUrl"] = f"{place}/ca.crt"
    if publishing.get("publishCrl"):
        found["crlAccessUrls"] = [f"{place}/crl.crl"]
    if crls := own.get("crlAccessUrls"):
        found["crlAccessUrls"] = crls
    return found


async def signer(authority: Resource, call: Call) -> signed.Signer:
    """An authority as it signs certificates."""
    key, algorithm = await keys.of(authority, call)
    document = authority.document
    own, links = document.get("userDefinedAccessUrls") or {}, document.get("accessUrls") or {}
    issuers = own.get("aiaIssuingCertificateUrls") or [links.get("caCertificateAccessUrl")]
    crls = own.get("crlAccessUrls") or links.get("crlAccessUrls") or []
    return signed.Signer(key, algorithm, document["pemCaCertificates"][0], list(crls), [url for url in issuers if url])


@authorities.shown_by
def shown(authority: Resource, call: Call) -> Json:
    """Without what is empty."""
    return {key: value for key, value in authority.document.items() if value != {}}


def _must(authority: Resource, verb: str, *states: str) -> None:
    state = authority.document["state"]
    if state not in states:
        raise failed_precondition(
            f"The CertificateAuthority '{authority.name}' is {state}: {verb} needs {' or '.join(states)}."
        )


def _done(authority: Resource, call: Call, verb: str) -> Json:
    authority.document["updateTime"] = call.control.now()
    authority.updated = call.control.clock()
    call.store.put(authority)
    return authorities.operation(authority, call, verb)


@authorities.verb("enable")
async def enable(authority: Resource, call: Call) -> Json:
    """`certificateAuthorities.enable`."""
    _must(authority, "enable", "STAGED", "DISABLED")
    authority.document["state"] = "ENABLED"
    return _done(authority, call, "enable")


@authorities.verb("disable")
async def disable(authority: Resource, call: Call) -> Json:
    """`certificateAuthorities.disable`."""
    _must(authority, "disable", "ENABLED", "STAGED")
    authority.document["state"] = "DISABLED"
    return _done(authority, call, "disable")


@authorities.verb("fetch", "GET")
async def fetch(authority: Resource, call: Call) -> Json:
    """`certificateAuthorities.fetch`: the request for the certificate of one that waits for it."""
    _must(authority, "fetch", "AWAITING_USER_ACTIVATION")
    key, algorithm = await keys.of(authority, call)
    return {"pemCsr": await asyncio.to_thread(signed.request, authority.document["config"], key, algorithm)}


@authorities.verb("activate")
async def activate(authority: Resource, call: Call) -> Json:
    """`certificateAuthorities.activate`: with its certificate, and what signed that."""
    _must(authority, "activate", "AWAITING_USER_ACTIVATION")
    body = call.body()
    text, subordinate = str(body.get("pemCaCertificate") or "").strip() + "\n", body.get("subordinateConfig") or {}
    if signed.key_of(text) != authority.document["config"]["publicKey"]:
        raise invalid_argument("The certificate is of another key.", {"pem_ca_certificate": "another key"})
    issuer = str(subordinate.get("certificateAuthority") or "")
    if issuer:
        chain = list(authorities.must(call.control, issuer).document["pemCaCertificates"])
    else:
        given = (subordinate.get("pemIssuerChain") or {}).get("pemCertificates") or []
        chain = [f"{found}\n" for one in given for found in _PEM.findall(str(one))]
    if not chain:
        raise invalid_argument("The chain of issuers is missing.", {"subordinate_config": "required"})
    whole = [text, *chain]
    for child, parent in pairwise(whole):
        if not signed.signed_by(child, parent):
            raise invalid_argument("The chain is not in order, or not of the certificate.", {"pem_issuer_chain": ""})
    authority.document["subordinateConfig"] = (
        {"certificateAuthority": issuer} if issuer else {"pemIssuerChain": {"pemCertificates": chain}}
    )
    _certified(authority.document, whole)
    authority.document["state"] = "STAGED"
    return _done(authority, call, "activate")


@authorities.verb("undelete")
async def undelete(authority: Resource, call: Call) -> Json:
    """`certificateAuthorities.undelete`: within the grace period."""
    _must(authority, "undelete", "DELETED")
    for field in ("deleteTime", "expireTime"):
        authority.document.pop(field)
    authority.document["state"] = "DISABLED"
    return _done(authority, call, "undelete")


async def delete(call: Call) -> Response:
    """`certificateAuthorities.delete`: gone after thirty days, or at once where that is asked for."""
    authority = authorities.must(call.control, authorities.name(call.params))
    _must(authority, "delete", "DISABLED", "STAGED", "AWAITING_USER_ACTIVATION")
    if has_certificates(authority, call) and not call.flag("ignoreActiveCertificates"):
        raise failed_precondition(
            f"The CertificateAuthority '{authority.name}' has active certificates: revoke them, or set "
            "ignore_active_certificates."
        )
    moment = call.control.clock()
    grace = 0.0 if call.flag("skipGracePeriod") else _GRACE
    times = {"deleteTime": timestamp(moment), "expireTime": timestamp(moment + grace)}
    authority.document |= {"state": "DELETED", **times}
    answer = _done(authority, call, "delete")
    purge(call)
    return Response.of(answer)


def routes(api: Api) -> None:
    """The route of a deletion, which is no general one."""
    api.route("DELETE", authorities.path)(delete)
