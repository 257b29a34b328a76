"""Cloud DNS v1: the record sets of zones, and changes of several at once."""

from __future__ import annotations

import re

from sandbox.apis.dns.common import API, DNS_NAME, RECORDS, ZONE, Json, found_zone
from sandbox.control import paging
from sandbox.control.context import Call
from sandbox.control.errors import (
    already_exists,
    failed_precondition,
    invalid_argument,
    not_found,
    unimplemented,
)
from sandbox.control.http import Response
from sandbox.control.store import Resource

_TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "TLSA", "TXT")


def at_apex(record: Resource, zone: Resource) -> bool:
    """Whether a record set has the zone's own name."""
    return bool(record.document["name"] == zone.document["dnsName"])


def _key(zone: Resource, name: str, kind: str) -> str:
    return f"{zone.name}/rrsets/{name}|{kind}"


def _record(body: Json, zone: Resource) -> Json:
    name, kind = str(body.get("name") or ""), str(body.get("type") or "")
    inside = name == zone.document["dnsName"] or name.endswith("." + zone.document["dnsName"])
    if not re.fullmatch(DNS_NAME, name) or not inside:
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


def put(call: Call, zone: Resource, body: Json) -> Json:
    """Keep a record set of a zone."""
    document, moment = _record(body, zone), call.control.clock()
    call.store.insert(Resource(RECORDS, _key(zone, document["name"], document["type"]), document, moment, moment))
    return document


def _add(call: Call, zone: Resource, body: Json) -> Json:
    document = _record(body, zone)
    here = call.store.select(RECORDS, zone.name)
    same = [other.document["type"] for other in here if other.document["name"] == document["name"]]
    if document["type"] in same:
        message = (
            f"The resource 'entity.change.additions[0]' named '{document['name']} ({document['type']})' already exists"
        )
        raise already_exists(message, reason="alreadyExists")
    if same and "CNAME" in (document["type"], *same):
        message = f"The resource record set '{document['name']}' is invalid: a CNAME stands alone."
        raise failed_precondition(message, reason="cnameResourceRecordSetConflict")
    return put(call, zone, body)


@API.route("GET", ZONE + "/{zone}/rrsets")
async def list_records(call: Call) -> Response:
    """`resourceRecordSets.list`, by name and type where they are given."""
    zone = found_zone(call)
    if call.query("filter"):
        raise unimplemented("The sandbox does not implement filter for rrsets.")
    size, after = call.integer("maxResults", 100, 1000) or 100, paging.after(call.query("pageToken"))
    name, kind = call.query("name"), call.query("type")
    found = [
        record
        for record in call.store.select(RECORDS, zone.name, after=after)
        if (not name or record.document["name"] == name) and (not kind or record.document["type"] == kind)
    ][: size + 1]
    page = paging.page("rrsets", found, size, lambda record: record.name, lambda record: record.document)
    return Response.of({"kind": "dns#resourceRecordSetsListResponse", "rrsets": [], **page})


def _must_record(call: Call, zone: Resource) -> Resource:
    name, kind = call.params["name"], call.params["type"]
    found = call.store.get(RECORDS, _key(zone, name, kind))
    if found is None:
        raise not_found(f"The 'parameters.name' resource named '{name} ({kind})' does not exist.")
    return found


@API.route("POST", ZONE + "/{zone}/rrsets")
async def create_record(call: Call) -> Response:
    """`resourceRecordSets.create`."""
    zone = found_zone(call)
    return Response.of(_add(call, zone, call.body()))


@API.route("GET", ZONE + "/{zone}/rrsets/{name}/{type}")
async def get_record(call: Call) -> Response:
    """`resourceRecordSets.get`."""
    return Response.of(_must_record(call, found_zone(call)).document)


@API.route("PATCH", ZONE + "/{zone}/rrsets/{name}/{type}")
async def change_record(call: Call) -> Response:
    """`resourceRecordSets.patch`."""
    zone = found_zone(call)
    old = _must_record(call, zone)
    document = _record({**old.document, **call.body()}, zone)
    call.store.put(Resource(RECORDS, old.name, document, old.created, call.control.clock()))
    return Response.of(document)


@API.route("DELETE", ZONE + "/{zone}/rrsets/{name}/{type}")
async def delete_record(call: Call) -> Response:
    """`resourceRecordSets.delete`."""
    zone = found_zone(call)
    _remove(call, zone, _must_record(call, zone))
    return Response.of({})


def _remove(call: Call, zone: Resource, record: Resource) -> None:
    if record.document["type"] in ("NS", "SOA") and at_apex(record, zone):
        message = f"The resource record set of type {record.document['type']} at the zone's apex can't be deleted."
        raise invalid_argument(message)
    call.store.delete(RECORDS, record.name)


@API.route("POST", ZONE + "/{zone}/changes")
async def change(call: Call) -> Response:
    """`changes.create`: deletions, then additions, all or nothing."""
    zone, body = found_zone(call), call.body()
    with call.store.transaction():
        for record in body.get("deletions") or []:
            found = call.store.get(RECORDS, _key(zone, str(record.get("name")), str(record.get("type"))))
            if found is None:
                raise not_found(
                    f"The 'entity.change.deletions[0]' resource named '{record.get('name')}' does not exist."
                )
            call.store.delete(RECORDS, found.name)
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


@API.route("GET", ZONE + "/{zone}/changes/{change}")
async def get_change(call: Call) -> Response:
    """`changes.get`."""
    zone = found_zone(call)
    found = call.store.operation(f"{zone.name}/changes/{call.params['change']}")
    if found is None:
        raise not_found(f"The 'parameters.changeId' resource named '{call.params['change']}' does not exist.")
    return Response.of(found)
