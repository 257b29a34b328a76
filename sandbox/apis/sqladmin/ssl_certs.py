"""Cloud SQL Admin: certificates of clients, and the authority that an instance's server is known by."""

from __future__ import annotations

import re

from sandbox.apis.sqladmin import authorities
from sandbox.apis.sqladmin.common import CERTIFICATES, found_instance, operation, route
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

_MOST = 10


@route("POST", "instances/{instance}/sslCerts")
async def insert_certificate(call: Call) -> Response:
    """`sslCerts.insert`: the only answer that has the private key."""
    instance, name = found_instance(call), str(call.body().get("commonName", ""))
    if not re.fullmatch(r"[A-Za-z.-_ ]{1,64}", name):
        raise invalid_argument(f"Invalid request: Invalid common name ({name}).", {"commonName": "invalid"})
    made = await authorities.signed(call, instance, name)
    standing = call.store.select(CERTIFICATES, found_instance(call).name)
    if any(each.document["commonName"] == name for each in standing):
        raise already_exists(f"The SSL certificate '{name}' already exists.", reason="sslCertAlreadyExists")
    if len(standing) >= _MOST:
        raise failed_precondition(f"An instance has {_MOST} client certificates at most.")
    full, moment = f"{instance.name}/sslCerts/{made.shown['sha1Fingerprint']}", call.control.clock()
    shown = {**made.shown, "selfLink": f"{call.control.url}/sqladmin/sql/v1beta4/{full}"}
    call.store.insert(Resource(CERTIFICATES, full, shown, moment, moment))
    document = {
        "kind": "sql#sslCertsInsert",
        "serverCaCert": instance.document["serverCaCert"],
        "clientCert": {"certInfo": shown, "certPrivateKey": made.key},
        "operation": operation(call, "CREATE_SSL_CERT", instance.id).json(),
    }
    return Response.of(document)


def _certificate(call: Call) -> Resource:
    found = call.store.get(CERTIFICATES, f"{found_instance(call).name}/sslCerts/{call.params['sha1']}")
    if found is None:
        raise not_found("The SSL certificate does not exist.")
    return found


@route("GET", "instances/{instance}/sslCerts/{sha1}")
async def get_certificate(call: Call) -> Response:
    """`sslCerts.get`: without the private key, which is kept nowhere."""
    return Response.of(_certificate(call).document)


@route("GET", "instances/{instance}/sslCerts")
async def list_certificates(call: Call) -> Response:
    """`sslCerts.list`, all at once."""
    found = call.store.select(CERTIFICATES, found_instance(call).name)
    return Response.of({"kind": "sql#sslCertsList", "items": [each.document for each in found]})


@route("DELETE", "instances/{instance}/sslCerts/{sha1}")
async def delete_certificate(call: Call) -> Response:
    """`sslCerts.delete`."""
    call.store.delete(CERTIFICATES, _certificate(call).name)
    return operation(call, "DELETE_SSL_CERT", call.params["instance"])


@route("GET", "instances/{instance}/listServerCas")
async def list_authorities(call: Call) -> Response:
    """`instances.listServerCas`: the one that there is."""
    current = found_instance(call).document["serverCaCert"]
    listed = {"kind": "sql#instancesListServerCas", "certs": [current], "activeVersion": current["sha1Fingerprint"]}
    return Response.of(listed)


@route("POST", "instances/{instance}/resetSslConfig")
async def reset(call: Call) -> Response:
    """`instances.resetSslConfig`: another authority, and no certificates of clients."""
    made = await authorities.made(call, call.params["instance"])
    instance = found_instance(call)
    with call.store.transaction():
        for each in call.store.select(CERTIFICATES, instance.name):
            call.store.delete(CERTIFICATES, each.name)
        authorities.keep(call, instance.name, made)
        instance.document["serverCaCert"] = made.shown
        instance.updated = call.control.clock()
        call.store.put(instance)
    return operation(call, "UPDATE", instance.id)
