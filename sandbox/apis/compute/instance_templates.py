"""Templates of machines, global and regional: what a group makes its machines from. They never change."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.apis.compute import images, interfaces, machine_types
from sandbox.apis.compute.disks import UNSERVED as DISKS_UNSERVED
from sandbox.apis.compute.documents import fingerprint
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.instance_parts import complete
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.apis.compute.links import HOST
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_REFERENCE = re.compile(r"(projects/[^/]+/(?:global|regions/[^/]+)/instanceTemplates/)([^/?]+)(?:\?uniqueId=(\d+))?")


class _Templates(Kind):
    """A template answers to its number too."""

    def name(self, call: Call) -> str:
        wanted = call.params["name"]
        if wanted.isdigit():
            for one in call.store.select(self.key, self.parent(call)):
                if one.document["id"] == wanted:
                    return one.name
        return Kind.name(self, call)


def find(reference: str, call: Call) -> Resource:
    """The template that a link means, which may say its number besides or instead. Raises 404."""
    text = reference.removeprefix(HOST)
    if match := _REFERENCE.fullmatch(text):
        for kind in (instance_templates, region_instance_templates):
            for one in kind.all(call.control, match[1].split("/")[1]):
                numbered = match[3] in (None, one.document["id"])
                if one.name.startswith(match[1]) and match[2] in (one.id, one.document["id"]) and numbered:
                    return one
    raise missing(text)


def body(reference: str, zone: str, call: Call) -> Json:
    """What a template says of a machine in a zone: short names are completed."""
    made: Json = json.loads(json.dumps(find(reference, call).document["properties"]))
    place = f"projects/{call.project}/zones/{zone}"
    made["machineType"] = f"{place}/machineTypes/{made['machineType']}"
    for one in made["disks"]:
        if (kind := (one.get("initializeParams") or {}).get("diskType")) is not None:
            one["initializeParams"]["diskType"] = f"{place}/diskTypes/{kind.rpartition('/')[2]}"
        if "/" not in (source := one.get("source") or "/"):
            one["source"] = f"{place}/disks/{source}"
    return made


def _check(scope: str) -> Check:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        properties = document.get("properties")
        if not properties:
            raise required("properties")
        complete(properties, call)
        machine_types.machine(str(properties["machineType"]))
        if "/" in str(properties["machineType"]):
            raise invalid(
                "properties.machineType", properties["machineType"], "A template has the short name of a type."
            )
        for at, interface in enumerate(properties["networkInterfaces"]):
            interfaces.place(interface, call.params["region"] if scope == "regions" else "", call)
            interface.setdefault("name", f"nic{at}")
        given = properties.get("disks") or []
        if sum(bool(one.get("boot")) for one in given) != 1 or not given[0].get("boot"):
            raise invalid_argument("A template has exactly one boot disk, which is the first.")
        for at, one in enumerate(given):
            _disk(one, at, call)

    return check


def _disk(one: Json, at: int, call: Call) -> None:
    made = one.get("initializeParams") or {}
    if one.get("source") and made:
        raise invalid(f"properties.disks[{at}]", one["source"], "A disk has either a source or initializeParams.")
    refuse(made, DISKS_UNSERVED, "templates")
    if image := made.get("sourceImage"):
        images.find(str(image), call)
    if kind := made.get("diskType"):
        machine_types.disk(str(kind))
    one.setdefault("type", "PERSISTENT")
    one.setdefault("mode", "READ_WRITE")
    one.setdefault("deviceName", f"persistent-disk-{at}")
    one["autoDelete"], one["boot"], one["index"] = bool(one.get("autoDelete")), bool(one.get("boot")), at


def _shown(template: Resource, call: Call) -> Json:
    properties = template.document["properties"]
    told = {key: {"fingerprint": fingerprint(properties[key]), **properties[key]} for key in ("metadata", "tags")}
    return {"properties": {**properties, **told}}


def _kind(scope: str) -> Kind:
    return _Templates(
        "instanceTemplates",
        "instance_template",
        "compute#instanceTemplate",
        scope=scope,
        methods=(),
        iam=scope == "global",
        check=_check(scope),
        view=_shown,
    )


instance_templates, region_instance_templates = _kind("global"), _kind("regions")
