"""Cloud DNS v1: managed zones and their record sets. Nothing is resolved by them on this machine."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import links, operations
from sandbox.apis.compute.errors import missing as missing_resource
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.dns import policies
from sandbox.control import iam, names, paging
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import (
    ApiError,
    already_exists,
    failed_precondition,
    invalid_argument,
    not_found,
    unimplemented,
)
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_ZONES, _RECORDS = "dns.managedZones", "dns.rrsets"
_DNS_NAME = r"(?:\*\.)?(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+|\."
_TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "TLSA", "TXT")
_SERVER = ("id", "kind", "creationTime", "nameServers")
_ZONE = "v1/projects/{project}/managedZones"

API = Api("dns.googleapis.com", "dns", flat=False, error_style="legacy", routes=policies.routes())


def _zone(call: Call) -> Resource:
    name = f"projects/{call.project}/managedZones/{call.params['zone']}"
    found = call.store.get(_ZONES, name)
    if found is None:
        message = f"The 'parameters.managedZone' resource named '{call.params['zone']}' does not exist."
        raise not_found(message)
    return found


def _shown(zone: Resource) -> Json:
    return {**links.shown(zone.document), "name": zone.id, "kind": "dns#managedZone"}


def _checked(body: Json, call: Call) -> Json:
    document: Json = links.stored({key: value for key, value in body.items() if key not in _SERVER}, call.project)
    if not re.fullmatch(NAME, str(document.get("name") or "")):
        raise invalid_argument(f"Invalid value for 'entity.managedZone.name': '{document.get('name')}'")
    if not re.fullmatch(_DNS_NAME, str(document.get("dnsName") or "")):
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
        if call.store.get("compute.networks", network.get("networkUrl") or "") is None:
            raise missing_resource(str(network.get("networkUrl")))
    if document["visibility"] == "private":
        if document.get("dnssecConfig"):
            raise invalid_argument("DNSSEC is for public zones.")
        _alone(document, networks, call)
    document.setdefault("cloudLoggingConfig", {"kind": "dns#managedZoneCloudLoggingConfig", "enableLogging": False})
    return document


def _alone(document: Json, networks: list[Json], call: Call) -> None:
    """A network sees one private zone of a name."""
    mine = {network["networkUrl"] for network in networks}
    for other in call.store.select(_ZONES, f"projects/{call.project}"):
        if other.id == document["name"] or other.document["dnsName"] != document["dnsName"]:
            continue
        config = other.document.get("privateVisibilityConfig") or {}
        if mine & {network["networkUrl"] for network in config.get("networks") or []}:
            message = f"The network can't be bound to '{document['name']}': '{other.id}' has the same DNS name."
            raise already_exists(message, reason="alreadyExists")


@API.route("POST", _ZONE)
async def create_zone(call: Call) -> Response:
    """`managedZones.create`, with the records that every zone has."""
    document = _checked(call.body(), call)
    if "description" not in document:
        raise ApiError(
            "INVALID_ARGUMENT", "The 'entity.managedZone.description' parameter is required.", reason="required"
        )
    name = f"projects/{call.project}/managedZones/{document['name']}"
    if call.store.get(_ZONES, name) is not None:
        message = f"The resource 'entity.managedZone' named '{document['name']}' already exists"
        raise already_exists(message, reason="alreadyExists")
    moment = call.control.clock()
    document["id"] = operations.number(call, "dns")
    document["creationTime"] = timestamp(moment, 3)
    private = document["visibility"] == "private"
    document["nameServers"] = (
        ["ns-gcp-private.googledomains.com."] if private else [f"ns-cloud-a{n}.googledomains.com." for n in range(1, 5)]
    )
    zone = Resource(_ZONES, name, document, moment, moment)
    server = document["nameServers"][0]
    soa = f"{server} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"
    with call.store.transaction():
        call.store.insert(zone)
        _put(call, zone, {"name": document["dnsName"], "type": "NS", "ttl": 21_600, "rrdatas": document["nameServers"]})
        _put(call, zone, {"name": document["dnsName"], "type": "SOA", "ttl": 21_600, "rrdatas": [soa]})
    return Response.of(_shown(zone))


@API.route("GET", _ZONE)
async def list_zones(call: Call) -> Response:
    """`managedZones.list`."""
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    found = call.store.select(_ZONES, f"projects/{call.project}", after=after)
    wanted = call.query("dnsName")
    kept = [zone for zone in found if not wanted or zone.document["dnsName"] == wanted][: size + 1]
    page = paging.page("managedZones", kept, size, lambda zone: zone.name, _shown)
    return Response.of({"kind": "dns#managedZonesListResponse", **page})


@API.route("GET", _ZONE + "/{zone}")
async def get_zone(call: Call) -> Response:
    """`managedZones.get`."""
    return Response.of(_shown(_zone(call)))


async def _change_zone(call: Call) -> Response:
    zone, body = _zone(call), call.body()
    kept = {key: zone.document[key] for key in (*_SERVER, "name", "dnsName", "visibility") if key in zone.document}
    for key in ("dnsName", "visibility"):
        if key in body and body[key] != zone.document[key]:
            raise invalid_argument(f"The '{key}' of a managed zone can't be changed.")
    base = zone.document if call.request.method == "PATCH" else {}
    document = {**_checked({**base, **body, **kept}, call), **kept}
    call.store.put(Resource(_ZONES, zone.name, document, zone.created, call.control.clock()))
    return Response.of(
        {
            "kind": "dns#operation",
            "id": call.control.uid(),
            "status": "done",
            "type": "update",
            "startTime": call.control.now(),
            "zoneContext": {"newValue": _shown(_zone(call))},
        }
    )


API.route("PATCH", _ZONE + "/{zone}")(_change_zone)
API.route("PUT", _ZONE + "/{zone}")(_change_zone)


@API.route("DELETE", _ZONE + "/{zone}")
async def delete_zone(call: Call) -> Response:
    """`managedZones.delete`: only without records of one's own."""
    zone = _zone(call)
    records = call.store.select(_RECORDS, zone.name)
    if any(record.document["type"] not in ("NS", "SOA") or not _at_apex(record, zone) for record in records):
        message = (
            f"The resource named '{zone.id}' cannot be deleted because it contains one or more 'resource records'."
        )
        raise failed_precondition(message, reason="containerNotEmpty")
    with call.store.transaction():
        for record in records:
            call.store.delete(_RECORDS, record.name)
        call.store.delete(_ZONES, zone.name)
        call.store.delete_policy(f"//dns.googleapis.com/{zone.name}")
    return Response(204)


def _policy_of(call: Call) -> str:
    return f"//dns.googleapis.com/{_zone(call).name}"


@API.route("POST", _ZONE + "/{zone}", verb="getIamPolicy")
async def get_policy(call: Call) -> Response:
    """`managedZones.getIamPolicy`."""
    return iam.answer(call, _policy_of(call))


@API.route("POST", _ZONE + "/{zone}", verb="setIamPolicy")
async def set_policy(call: Call) -> Response:
    """`managedZones.setIamPolicy`."""
    return iam.answer_set(call, _policy_of(call))


@API.route("POST", _ZONE + "/{zone}", verb="testIamPermissions")
async def permissions(call: Call) -> Response:
    """`managedZones.testIamPermissions`."""
    _zone(call)
    return Response.of(iam.permissions(call))


def _at_apex(record: Resource, zone: Resource) -> bool:
    return bool(record.document["name"] == zone.document["dnsName"])


def _key(zone: Resource, name: str, kind: str) -> str:
    return f"{zone.name}/rrsets/{name}|{kind}"


def _record(body: Json, zone: Resource) -> Json:
    name, kind = str(body.get("name") or ""), str(body.get("type") or "")
    inside = name == zone.document["dnsName"] or name.endswith("." + zone.document["dnsName"])
    if not re.fullmatch(_DNS_NAME, name) or not inside:
        raise invalid_argument(f"Invalid value for 'entity.rrset.name': '{name}'")
    if kind not in _TYPES:
        raise invalid_argument(f"Invalid value for 'entity.rrset.type': '{kind}'")
    if bool(body.get("rrdatas")) == bool(body.get("routingPolicy")):
        raise invalid_argument("A record set has rrdatas or a routingPolicy.")
    if kind == "CNAME" and name == zone.document["dnsName"]:
        message = "The resource record set 'entity.rrset' is invalid because a CNAME can't be at the zone's apex."
        raise invalid_argument(message)
    data = [str(item) if kind not in ("TXT", "SPF") else _quoted(str(item)) for item in body.get("rrdatas") or []]
    document = {"kind": "dns#resourceRecordSet", "name": name, "type": kind, "ttl": int(body.get("ttl") or 0)}
    return {**document, "rrdatas": data} if data else {**document, "routingPolicy": body["routingPolicy"]}


def _quoted(text: str) -> str:
    return text if text.startswith('"') else f'"{text}"'


def _put(call: Call, zone: Resource, body: Json) -> Json:
    document, moment = _record(body, zone), call.control.clock()
    call.store.insert(Resource(_RECORDS, _key(zone, document["name"], document["type"]), document, moment, moment))
    return document


def _add(call: Call, zone: Resource, body: Json) -> Json:
    document = _record(body, zone)
    here = call.store.select(_RECORDS, zone.name)
    same = [other.document["type"] for other in here if other.document["name"] == document["name"]]
    if document["type"] in same:
        message = (
            f"The resource 'entity.change.additions[0]' named '{document['name']} ({document['type']})' already exists"
        )
        raise already_exists(message, reason="alreadyExists")
    if same and "CNAME" in (document["type"], *same):
        message = f"The resource record set '{document['name']}' is invalid: a CNAME stands alone."
        raise failed_precondition(message, reason="cnameResourceRecordSetConflict")
    return _put(call, zone, body)


@API.route("GET", _ZONE + "/{zone}/rrsets")
async def list_records(call: Call) -> Response:
    """`resourceRecordSets.list`, by name and type where they are given."""
    zone = _zone(call)
    if call.query("filter"):
        raise unimplemented("The sandbox does not implement filter for rrsets.")
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    name, kind = call.query("name"), call.query("type")
    found = [
        record
        for record in call.store.select(_RECORDS, zone.name, after=after)
        if (not name or record.document["name"] == name) and (not kind or record.document["type"] == kind)
    ][: size + 1]
    page = paging.page("rrsets", found, size, lambda record: record.name, lambda record: record.document)
    return Response.of({"kind": "dns#resourceRecordSetsListResponse", "rrsets": [], **page})


def _must_record(call: Call, zone: Resource) -> Resource:
    name, kind = call.params["name"], call.params["type"]
    found = call.store.get(_RECORDS, _key(zone, name, kind))
    if found is None:
        raise not_found(f"The 'parameters.name' resource named '{name} ({kind})' does not exist.")
    return found


@API.route("POST", _ZONE + "/{zone}/rrsets")
async def create_record(call: Call) -> Response:
    """`resourceRecordSets.create`."""
    zone = _zone(call)
    return Response.of(_add(call, zone, call.body()))


@API.route("GET", _ZONE + "/{zone}/rrsets/{name}/{type}")
async def get_record(call: Call) -> Response:
    """`resourceRecordSets.get`."""
    return Response.of(_must_record(call, _zone(call)).document)


@API.route("PATCH", _ZONE + "/{zone}/rrsets/{name}/{type}")
async def change_record(call: Call) -> Response:
    """`resourceRecordSets.patch`."""
    zone = _zone(call)
    old = _must_record(call, zone)
    document = _record({**old.document, **call.body()}, zone)
    call.store.put(Resource(_RECORDS, old.name, document, old.created, call.control.clock()))
    return Response.of(document)


@API.route("DELETE", _ZONE + "/{zone}/rrsets/{name}/{type}")
async def delete_record(call: Call) -> Response:
    """`resourceRecordSets.delete`."""
    zone = _zone(call)
    _remove(call, zone, _must_record(call, zone))
    return Response.of({})


def _remove(call: Call, zone: Resource, record: Resource) -> None:
    if record.document["type"] in ("NS", "SOA") and _at_apex(record, zone):
        message = f"The resource record set of type {record.document['type']} at the zone's apex can't be deleted."
        raise invalid_argument(message)
    call.store.delete(_RECORDS, record.name)


@API.route("POST", _ZONE + "/{zone}/changes")
async def change(call: Call) -> Response:
    """`changes.create`: deletions, then additions, all or nothing."""
    zone, body = _zone(call), call.body()
    with call.store.transaction():
        for record in body.get("deletions") or []:
            found = call.store.get(_RECORDS, _key(zone, str(record.get("name")), str(record.get("type"))))
            if found is None:
                raise not_found(
                    f"The 'entity.change.deletions[0]' resource named '{record.get('name')}' does not exist."
                )
            call.store.delete(_RECORDS, found.name)
        added = [_add(call, zone, record) for record in body.get("additions") or []]
    document: Json = {
        "kind": "dns#change",
        "id": str(call.store.next(f"dns.changes.{zone.name}")),
        "status": "done",
        "startTime": call.control.now(),
    }
    document |= {"additions": added} if added else {}
    document |= {"deletions": body["deletions"]} if body.get("deletions") else {}
    place = f"{zone.name}/changes"
    call.store.put_operation(f"{place}/{document['id']}", place, document, call.control.clock())
    return Response.of(document)


@API.route("GET", _ZONE + "/{zone}/changes/{change}")
async def get_change(call: Call) -> Response:
    """`changes.get`."""
    zone = _zone(call)
    found = call.store.operation(f"{zone.name}/changes/{call.params['change']}")
    if found is None:
        raise not_found(f"The 'parameters.changeId' resource named '{call.params['change']}' does not exist.")
    return Response.of(found)
