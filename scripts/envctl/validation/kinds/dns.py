"""Private DNS zones and their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, always
from envctl.validation.normal import dig, number, text

from .network import labelled, link, parts

DNS_ZONES = Kind(
    name="dns_zones",
    noun="DNS zone",
    document=Read("dns", "v1/{name}", "dns.managedZones.get"),
    resource=lambda place, _fields: f"projects/{place.project}/managedZones/{place.key}",
    settings=(
        # The provider writes its own where there is none.
        Setting(
            "description",
            "description",
            normal=text,
            declared=lambda thing, _world: thing.fields["description"] or "Managed by Terraform",
            says="as declared; where nothing is, what the provider writes",
        ),
        Setting("dns_name", "dnsName", normal=text),
        Setting("visibility", "visibility", normal=text, declared=always("private"), says="private"),
        Setting(
            "network",
            "privateVisibilityConfig.networks",
            declared=lambda thing, _world: [thing.fields["network"]],
            found=lambda zone: [link(n["networkUrl"]) for n in dig(zone, "privateVisibilityConfig.networks") or []],
            says="seen by the environment's network, and by no other",
        ),
        labelled(),
    ),
    things=parts("dns_zones"),
    unchecked={"records": "things of their own"},
)


def _records(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    network = values.get("network")
    for zone, declared in (network["dns_zones"] if network else {}).items():
        for key, record in declared["records"].items():
            place = Place(values["project_id"], values["region"], "network", f"{zone}.{key}")
            path = ("network", "dns_zones", zone, "records", key)
            parent = f"network/dns_zones/{zone}"
            yield Thing(kind, place, kind.resource(place, record), record, path, {}, parent)


def _own(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for record in answer["rrsets"]:
        if record["name"] == thing.fields["name"] and record["type"] == thing.fields["type"]:
            return dict(record)
    return None


def _data(values: Any) -> list[str]:
    return sorted(str(value).strip('"').lower() for value in values or [])


DNS_RECORDS = Kind(
    name="records",
    noun="DNS record",
    document=Read(
        "dns",
        "v1/projects/{project}/managedZones/{dataset}/rrsets",
        "dns.resourceRecordSets.list",
        items="rrsets",
    ),
    resource=lambda place, fields: f"{fields['name']} {fields['type']}",
    settings=(
        Setting("ttl", "ttl", normal=number),
        Setting("data", "rrdatas", normal=_data),
    ),
    things=_records,
    select=_own,
    unchecked={"name": "part of its name", "type": "part of its name"},
)
