"""Cloud DNS v1: managed zones."""

from __future__ import annotations

import re

from sandbox.apis.compute import links, operations
from sandbox.apis.compute.errors import missing as missing_resource
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.compute.references import find
from sandbox.apis.dns.common import API, DNS_NAME, RECORDS, ZONE, ZONES, Json, found_zone
from sandbox.apis.dns.records import at_apex, put
from sandbox.control import iam, names, paging
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import (
    ApiError,
    already_exists,
    failed_precondition,
    invalid_argument,
)
from sandbox.control.http import Response
from sandbox.control.store import Resource

_SERVER = ("id", "kind", "creationTime", "nameServers")


def _shown(zone: Resource) -> Json:
    return {**links.shown(zone.document), "name": zone.id, "kind": "dns#managedZone"}


def _checked(body: Json, call: Call) -> Json:
    document: Json = links.stored({key: value for key, value in body.items() if key not in _SERVER}, call.project)
    if not re.fullmatch(NAME, str(document.get("name") or "")):
        raise invalid_argument(f"Invalid value for 'entity.managedZone.name': '{document.get('name')}'")
    if not re.fullmatch(DNS_NAME, str(document.get("dnsName") or "")):
        raise invalid_argument(f"Invalid value for 'entity.managedZone.dnsName': '{document.get('dnsName')}'")
    names.check_labels(document.get("labels"))
    document["visibility"] = str(document.get("visibility") or "public").lower()
    if document["visibility"] not in ("public", "private"):
        raise invalid_argument(f"Invalid value for 'entity.managedZone.visibility': '{document['visibility']}'")
    networks = (document.get("privateVisibilityConfig") or {}).get("networks") or []
    if networks and document["visibility"] != "private":
        raise invalid_argument("A public zone can't have privateVisibilityConfig.")
    if not any((document.get("privateVisibilityConfig") or {}).values()):
        document.pop("privateVisibilityConfig", None)
    for network in networks:
        network.setdefault("kind", "dns#managedZonePrivateVisibilityConfigNetwork")
        if find(call.control, network.get("networkUrl") or "") is None:
            raise missing_resource(str(network.get("networkUrl")))
    if document["visibility"] == "private":
        if document.get("dnssecConfig"):
            raise invalid_argument("DNSSEC is for public zones.")
        _alone(document, networks, call)
    logged = {"kind": "dns#managedZoneCloudLoggingConfig", "enableLogging": False}
    document["cloudLoggingConfig"] = {**logged, **(document.get("cloudLoggingConfig") or {})}
    return document


def _alone(document: Json, networks: list[Json], call: Call) -> None:
    """A network sees one private zone of a name."""
    mine = {network["networkUrl"] for network in networks}
    for other in call.store.select(ZONES, f"projects/{call.project}"):
        if other.id == document["name"] or other.document["dnsName"] != document["dnsName"]:
            continue
        config = other.document.get("privateVisibilityConfig") or {}
        if mine & {network["networkUrl"] for network in config.get("networks") or []}:
            message = f"The network can't be bound to '{document['name']}': '{other.id}' has the same DNS name."
            raise already_exists(message, reason="alreadyExists")


@API.route("POST", ZONE)
async def create_zone(call: Call) -> Response:
    """`managedZones.create`, with the records that every zone has."""
    document = _checked(call.body(), call)
    if "description" not in document:
        raise ApiError(
            "INVALID_ARGUMENT", "The 'entity.managedZone.description' parameter is required.", reason="required"
        )
    name = f"projects/{call.project}/managedZones/{document['name']}"
    if call.store.get(ZONES, name) is not None:
        message = f"The resource 'entity.managedZone' named '{document['name']}' already exists"
        raise already_exists(message, reason="alreadyExists")
    moment = call.control.clock()
    document["id"] = operations.number(call, "dns")
    document["creationTime"] = timestamp(moment, 3)
    private = document["visibility"] == "private"
    document["nameServers"] = (
        ["ns-gcp-private.googledomains.com."] if private else [f"ns-cloud-a{n}.googledomains.com." for n in range(1, 5)]
    )
    zone = Resource(ZONES, name, document, moment, moment)
    server = document["nameServers"][0]
    soa = f"{server} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"
    with call.store.transaction():
        call.store.insert(zone)
        put(call, zone, {"name": document["dnsName"], "type": "NS", "ttl": 21_600, "rrdatas": document["nameServers"]})
        put(call, zone, {"name": document["dnsName"], "type": "SOA", "ttl": 21_600, "rrdatas": [soa]})
    return Response.of(_shown(zone))


@API.route("GET", ZONE)
async def list_zones(call: Call) -> Response:
    """`managedZones.list`."""
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    found = call.store.select(ZONES, f"projects/{call.project}", after=after)
    wanted = call.query("dnsName")
    kept = [zone for zone in found if not wanted or zone.document["dnsName"] == wanted][: size + 1]
    page = paging.page("managedZones", kept, size, lambda zone: zone.name, _shown)
    return Response.of({"kind": "dns#managedZonesListResponse", **page})


@API.route("GET", ZONE + "/{zone}")
async def get_zone(call: Call) -> Response:
    """`managedZones.get`."""
    return Response.of(_shown(found_zone(call)))


async def _change_zone(call: Call) -> Response:
    zone, body = found_zone(call), call.body()
    kept = {key: zone.document[key] for key in (*_SERVER, "name", "dnsName", "visibility") if key in zone.document}
    for key in ("dnsName", "visibility"):
        if key in body and body[key] != zone.document[key]:
            raise invalid_argument(f"The '{key}' of a managed zone can't be changed.")
    base = zone.document if call.request.method == "PATCH" else {}
    document = {**_checked({**base, **body, **kept}, call), **kept}
    call.store.put(Resource(ZONES, zone.name, document, zone.created, call.control.clock()))
    return Response.of(
        {
            "kind": "dns#operation",
            "id": call.control.uid(),
            "status": "done",
            "type": "update",
            "startTime": call.control.now(),
            "zoneContext": {"newValue": _shown(found_zone(call))},
        }
    )


API.route("PATCH", ZONE + "/{zone}")(_change_zone)
API.route("PUT", ZONE + "/{zone}")(_change_zone)


@API.route("DELETE", ZONE + "/{zone}")
async def delete_zone(call: Call) -> Response:
    """`managedZones.delete`: only without records of one's own."""
    zone = found_zone(call)
    records = call.store.select(RECORDS, zone.name)
    if any(record.document["type"] not in ("NS", "SOA") or not at_apex(record, zone) for record in records):
        message = (
            f"The resource named '{zone.id}' cannot be deleted because it contains one or more 'resource records'."
        )
        raise failed_precondition(message, reason="containerNotEmpty")
    with call.store.transaction():
        for record in records:
            call.store.delete(RECORDS, record.name)
        call.store.delete(ZONES, zone.name)
        call.store.delete_policy(f"//dns.googleapis.com/{zone.name}")
    return Response(204)


def _policy_of(call: Call) -> str:
    return f"//dns.googleapis.com/{found_zone(call).name}"


@API.route("POST", ZONE + "/{zone}", verb="getIamPolicy")
async def get_policy(call: Call) -> Response:
    """`managedZones.getIamPolicy`."""
    return iam.answer(call, _policy_of(call))


@API.route("POST", ZONE + "/{zone}", verb="setIamPolicy")
async def set_policy(call: Call) -> Response:
    """`managedZones.setIamPolicy`."""
    return iam.answer_set(call, _policy_of(call))


@API.route("POST", ZONE + "/{zone}", verb="testIamPermissions")
async def permissions(call: Call) -> Response:
    """`managedZones.testIamPermissions`."""
    found_zone(call)
    return Response.of(iam.permissions(call))
