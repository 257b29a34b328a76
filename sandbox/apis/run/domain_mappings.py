"""Cloud Run v1: domain mappings. A name leads to a service once its records are set; nobody asks the sandbox for it.

Who has the domain isn't asked, and no certificate is ever issued: a mapping waits for it, as a new one does at Google.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.control import names, projects
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Handler, Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_KEY = "run.domainMappings"
_VERSION = "domains.cloudrun.com/v1"
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ADDRESSES = {
    "A": [f"216.239.{third}.21" for third in (32, 34, 36, 38)],
    "AAAA": [f"2001:4860:4802:{third}::15" for third in (32, 34, 36, 38)],
}


def _place(call: Call, region: str) -> str:
    return f"projects/{call.project}/locations/{region}"


def _found(call: Call, region: str) -> list[Resource]:
    return call.store.select(_KEY, _place(call, region))


def _one(call: Call, region: str) -> Resource:
    found = [one for one in _found(call, region) if one.id == call.params["name"]]
    if not found:
        raise not_found(f"DomainMapping '{call.params['name']}' was not found.")
    return found[0]


def _insert(call: Call, region: str) -> Response:
    body = call.body()
    metadata, spec = body.get("metadata") or {}, body.get("spec") or {}
    name, route = str(metadata.get("name") or ""), str(spec.get("routeName") or "")
    if not _DOMAIN.fullmatch(name):
        raise invalid_argument(f"'{name}' is not a domain.", {"metadata.name": "not a domain"})
    if not route:
        raise invalid_argument("spec.routeName is required.", {"spec.routeName": "required"})
    if region == "-":
        raise invalid_argument("The request names no region.", {"location": "required"})
    names.check_location(region)
    if call.store.get("run.services", f"{_place(call, region)}/services/{route}") is None:
        raise not_found(f"The route '{route}' was not found.")
    full = f"{_place(call, region)}/domainMappings/{name}"
    for other in call.store.select(_KEY):
        if other.id == name:
            if other.name == full or not spec.get("forceOverride"):
                raise already_exists(f"The domain '{name}' is mapped by '{other.name}' already.")
            call.store.delete(_KEY, other.name)
    moment = call.control.clock()
    document = {
        "apiVersion": _VERSION,
        "kind": "DomainMapping",
        "metadata": {
            "name": name,
            "namespace": projects.number(call.project),
            "selfLink": f"/apis/{_VERSION}/namespaces/{projects.number(call.project)}/domainmappings/{name}",
            "uid": call.control.uid(),
            "resourceVersion": call.control.etag(),
            "generation": 1,
            "creationTimestamp": call.control.now(),
            "labels": {**(metadata.get("labels") or {}), "cloud.googleapis.com/location": region},
            "annotations": metadata.get("annotations") or {},
        },
        "spec": {"certificateMode": "AUTOMATIC", **spec},
        "status": _status(name, route, str(spec.get("certificateMode") or "AUTOMATIC")),
    }
    call.store.insert(Resource(_KEY, full, document, moment, moment))
    return Response.of(document)


def _status(name: str, route: str, mode: str) -> Json:
    """Waiting for its certificate, with the records that the domain is to have."""
    sub = name.count(".") > 1
    records = [{"name": name.partition(".")[0], "type": "CNAME", "rrdata": "ghs.googlehosted.com."}]
    if not sub:
        records = [{"type": kind, "rrdata": address} for kind, those in _ADDRESSES.items() for address in those]
    pending = {
        "status": "Unknown",
        "reason": "CertificatePending",
        "message": "Waiting for certificate provisioning. You must configure your DNS records for certificate issuance "
        "to begin.",
    }
    ready = {"status": "True"} if mode == "NONE" else pending
    certificate = {"status": "True", "reason": "CertificateDisabled"} if mode == "NONE" else pending
    return {
        "observedGeneration": 1,
        "mappedRouteName": route,
        "resourceRecords": records,
        "conditions": [
            {"type": "Ready", **ready},
            {"type": "CertificateProvisioned", **certificate},
            {"type": "DomainRoutable", "status": "True"},
        ],
    }


def _get(call: Call, region: str) -> Response:
    return Response.of(_one(call, region).document)


def _list(call: Call, region: str) -> Response:
    items = [one.document for one in _found(call, region)]
    shown = {"items": items} if items else {}
    return Response.of({"apiVersion": _VERSION, "kind": "DomainMappingList", "metadata": {}, **shown})


def _delete(call: Call, region: str) -> Response:
    call.store.delete(_KEY, _one(call, region).name)
    return Response.of({"apiVersion": "v1", "kind": "Status", "status": "Success", "code": 200})


def routes(region_of: Callable[[Call], str]) -> list[Route]:
    """All routes; `region_of` tells which region a call is for."""

    def handler(does: Callable[[Call, str], Response]) -> Handler:
        async def handle(call: Call) -> Response:
            return does(call, region_of(call))

        return handle

    place = f"apis/{_VERSION}/namespaces/{{project}}/domainmappings"
    found = []
    for path in (place, f"regions/{{location}}/{place}", "v1/projects/{project}/locations/{location}/domainmappings"):
        flat = path is place
        found += [
            Route("GET", path, handler(_list), flat=flat),
            Route("POST", path, handler(_insert), flat=flat),
            Route("GET", path + "/{name}", handler(_get), flat=flat),
            Route("DELETE", path + "/{name}", handler(_delete), flat=flat),
        ]
    return found
