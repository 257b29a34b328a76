"""What a managed group keeps of a machine that it makes anew: its name, and disks, numbers and metadata.

The policy of the group says which disks and numbers of every machine, the configuration of one which are its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.apis.compute import instance_templates, interfaces
from sandbox.apis.compute.addresses import addresses
from sandbox.apis.compute.disks import disks, region_disks
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]
IPS = ("internalIPs", "externalIPs")
KEPT = ("disks", *IPS)
_RULES = ("NEVER", "ON_PERMANENT_INSTANCE_DELETION")
_MODES = ("READ_WRITE", "READ_ONLY")


def policy(manager: Resource) -> Json:
    """What the policy of a group keeps: rules by device and by interface."""
    found: Json = (manager.document.get("statefulPolicy") or {}).get("preservedState") or {}
    return found


def check_policy(document: Json, call: Call) -> None:
    """Rules as Google has them, of disks that the templates have; an empty policy is none."""
    given = (document.pop("statefulPolicy", None) or {}).get("preservedState") or {}
    state = {kind: rules for kind in KEPT if (rules := {key: dict(one or {}) for key, one in _items(given, kind)})}
    for kind, rules in state.items():
        for name, rule in rules.items():
            _rule(rule, f"statefulPolicy.preservedState.{kind}.{name}")
    if not state:
        return
    document["statefulPolicy"] = {"preservedState": state}
    for version in document["versions"]:
        properties = instance_templates.find(version["instanceTemplate"], call).document["properties"]
        named = {one.get("deviceName") for one in properties["disks"]}
        for device in state.get("disks") or {}:
            if device not in named:
                why = f"The template '{version['instanceTemplate']}' has no disk of this device name."
                raise invalid("statefulPolicy.preservedState.disks", device, why)
        cards = {one["name"] for one in properties["networkInterfaces"]}
        for kind in IPS:
            for name in state.get(kind) or {}:
                if name not in cards:
                    why = f"The template '{version['instanceTemplate']}' has no such interface."
                    raise invalid(f"statefulPolicy.preservedState.{kind}", name, why)


def _items(state: Json, kind: str) -> list[tuple[str, Any]]:
    return sorted((state.get(kind) or {}).items())


def _rule(one: Json, field: str) -> None:
    if one.setdefault("autoDelete", "NEVER") not in _RULES:
        raise invalid(f"{field}.autoDelete", one["autoDelete"], f"Must be one of {', '.join(_RULES)}.")


def check_own(state: Json, zone: str, call: Call) -> Json:
    """The state of one machine, in `zone` where that is known: its disks and addresses must be there."""
    for name, one in _items(state, "disks"):
        field = f"preservedState.disks.{name}"
        _rule(one, field)
        if one.setdefault("mode", "READ_WRITE") not in _MODES:
            raise invalid(f"{field}.mode", one["mode"], f"Must be one of {', '.join(_MODES)}.")
        source = str(one.get("source") or "")
        if not source:
            raise required(f"{field}.source")
        if call.store.get(disks.key, source) is None and call.store.get(region_disks.key, source) is None:
            raise missing(source)
        if zone and "/zones/" in source and source.split("/")[3] != zone:
            raise invalid(f"{field}.source", source, f"The disk is not in the zone '{zone}'.")
    for kind in IPS:
        for name, one in _items(state, kind):
            _rule(one, f"preservedState.{kind}.{name}")
            number(one, f"preservedState.{kind}.{name}", call)
    return {key: value for key, value in state.items() if value}


def number(one: Json, field: str, call: Call) -> str:
    """The number of a preserved address: that of a reservation, or one that is said outright."""
    given = one.get("ipAddress") or {}
    if literal := given.get("literal"):
        return str(literal)
    if not (name := given.get("address")):
        raise required(f"{field}.ipAddress")
    found = call.store.get(addresses.key, str(name))
    if found is None:
        raise missing(str(name))
    return str(found.document["address"])


def interface(machine: Json, name: str) -> Json | None:
    """A machine's interface by its name."""
    return next((one for one in machine["networkInterfaces"] if one.get("name") == name), None)


def numbers(card: Json, kind: str) -> str:
    """The number that an interface has of a kind; empty where it has none."""
    if kind == "internalIPs":
        return str(card.get("networkIP") or "")
    return str(next((one.get("natIP") or "" for one in card.get("accessConfigs") or []), ""))


def of_policy(manager: Resource, machine: Resource, own: Json, call: Call) -> Json:
    """What the policy keeps of a machine, apart from what is its `own`."""
    found: Json = {}
    attached = {one["deviceName"]: one for one in machine.document["disks"]}
    for device, rule in _items(policy(manager), "disks"):
        if device in attached and device not in (own.get("disks") or {}):
            kept = {"source": attached[device]["source"], "mode": attached[device]["mode"], **rule}
            found.setdefault("disks", {})[device] = kept
    for kind in IPS:
        for name, rule in _items(policy(manager), kind):
            card = interface(machine.document, name)
            if card is None or name in (own.get(kind) or {}) or not (held := numbers(card, kind)):
                continue
            reserved = _reserved(machine, card, kind, held, call)
            found.setdefault(kind, {})[name] = {**rule, "ipAddress": {"address": reserved}}
    return found


def _reserved(machine: Resource, card: Json, kind: str, held: str, call: Call) -> str:
    """The reservation of a machine's number: the one that is there, or else the number is reserved now."""
    region = machine.name.split("/")[3].rpartition("-")[0]
    place = f"projects/{machine.name.split('/')[1]}/regions/{region}"
    for one in call.store.select(addresses.key, place):
        inside = one.document.get("subnetwork") == card["subnetwork"]
        if one.document["address"] == held and (inside or kind == "externalIPs"):
            return one.name
    return reserve(f"{machine.id}-{card['name']}", card, kind, region, call, held)


def reserve(base: str, card: Json, kind: str, region: str, call: Call, held: str = "") -> str:
    """Reserve a number for an interface, or the one that it holds; the name of the reservation."""
    there = Call(call.control, call.request, {**call.params, "region": region})
    inside = {"addressType": "INTERNAL", "purpose": "GCE_ENDPOINT", "subnetwork": card.get("subnetwork")}
    body = {"name": _free(base, kind, there), **(inside if kind == "internalIPs" else {})}
    made = addresses.insert(there, f"projects/{call.project}/regions/{region}", body)
    if held:
        made.document["address"] = held
        call.store.put(made)
    return made.name


def _free(base: str, kind: str, call: Call) -> str:
    """A name for a reservation: those of Google are of its own making too."""
    place = f"projects/{call.project}/regions/{call.params['region']}/addresses"
    while True:
        name = f"{base[:43]}-{kind[:8]}-{call.control.hex(4)}"
        if call.store.get(addresses.key, f"{place}/{name}") is None:
            return name


def into(body: Json, manager: Resource, own: Json, kept: Json, zone: str, call: Call) -> None:
    """Give a machine that is about to be made what is its own, what was `kept`, and what the policy will keep."""
    told = {item["key"]: item["value"] for item in body["metadata"].get("items") or []} | (own.get("metadata") or {})
    body["metadata"] = {"items": [{"key": key, "value": value} for key, value in told.items()]}
    for device in policy(manager).get("disks") or {}:
        for one in body["disks"]:
            if one.get("deviceName") == device:
                one["autoDelete"] = False
    for device, one in {**(kept.get("disks") or {}), **(own.get("disks") or {})}.items():
        put_disk(body, device, one)
    region = zone.rpartition("-")[0]
    for at, card in enumerate(body["networkInterfaces"]):
        card.setdefault("name", f"nic{at}")
        interfaces.place(card, region, call)
        for kind in IPS:
            _address(body["name"], card, kind, manager, own, kept, region, call)


def put_disk(machine: Json, device: str, one: Json) -> Json:
    """A preserved disk in its place among a machine's, which it leaves as it came; the place."""
    there = next((disk for disk in machine["disks"] if disk.get("deviceName") == device), None)
    if there is None:
        there = {"deviceName": device}
        machine["disks"].append(there)
    there.pop("initializeParams", None)
    there.update(source=one["source"], mode=one.get("mode", "READ_WRITE"), autoDelete=False)
    return there


def _address(
    machine: str, card: Json, kind: str, manager: Resource, own: Json, kept: Json, region: str, call: Call
) -> None:
    name = card["name"]
    one = (own.get(kind) or {}).get(name) or (kept.get(kind) or {}).get(name)
    outside = kind == "externalIPs"
    if one is None:
        if name not in (policy(manager).get(kind) or {}) or (outside and not card.get("accessConfigs")):
            return
        one = {"ipAddress": {"address": reserve(f"{machine}-{name}", card, kind, region, call)}}
    set_number(card, kind, number(one, f"preservedState.{kind}.{name}", call))


def set_number(card: Json, kind: str, wanted: str) -> None:
    """Give an interface a number inside its network, or on the internet."""
    if kind == "internalIPs":
        card["networkIP"] = wanted
        return
    configs = card.get("accessConfigs") or [{}]
    configs[0]["natIP"] = wanted
    card["accessConfigs"] = configs


def let_go(state: Json, call: Call) -> None:
    """Delete what was kept of a machine that is gone for good, where its rule says so."""
    for one in (state.get("disks") or {}).values():
        if one.get("autoDelete") == _RULES[1]:
            for place in (disks, region_disks):
                call.store.delete(place.key, str(one["source"]))
    for kind in IPS:
        for one in (state.get(kind) or {}).values():
            name = (one.get("ipAddress") or {}).get("address")
            if one.get("autoDelete") == _RULES[1] and name:
                call.store.delete(addresses.key, str(name))


def merged(*states: Json) -> Json:
    """Several states as one; the later ones decide."""
    found: Json = {}
    for state in states:
        for kind, inner in state.items():
            found[kind] = {**(found.get(kind) or {}), **inner}
    return found


def devices(state: Json) -> Iterator[str]:
    """The device names of a state's disks."""
    yield from state.get("disks") or {}
