"""VLAN attachments to interconnects. There is no interconnect here: what needs one is refused, a partner's waits."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.apis.compute.errors import invalid, missing, required, whole
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_DOMAINS = ("AVAILABILITY_DOMAIN_1", "AVAILABILITY_DOMAIN_2", "AVAILABILITY_DOMAIN_ANY")
_MTU = (1440, 1460, 1500, 8896)
_STACKS = ("IPV4_ONLY", "IPV4_IPV6")
_PARTNER_ASN = 16550


def _check(document: Json, call: Call, old: Resource | None) -> None:
    refuse(document, ("l2Forwarding", "candidateSubnets"), "interconnect attachments")
    document["mtu"] = whole("mtu", document["mtu"])
    if document["mtu"] not in _MTU:
        raise invalid("mtu", document["mtu"], f"Must be one of {', '.join(map(str, _MTU))}.")
    if document["stackType"] not in _STACKS:
        raise invalid("stackType", document["stackType"], f"Must be one of {', '.join(_STACKS)}.")
    if old is not None:
        return
    kind = document["type"]
    if kind == "DEDICATED":
        if not document.get("interconnect"):
            raise required("interconnect")
        raise missing(str(document["interconnect"]))
    if kind != "PARTNER":
        raise unimplemented(f"The sandbox has no interconnect attachments of the type {kind}.")
    for field in ("interconnect", "bandwidth", "vlanTag8021q"):
        if document.get(field):
            raise invalid(field, document[field], "The partner decides it.")
    _router(document, call)
    domain = document.setdefault("edgeAvailabilityDomain", "AVAILABILITY_DOMAIN_ANY")
    if domain not in _DOMAINS:
        raise invalid("edgeAvailabilityDomain", domain, f"Must be one of {', '.join(_DOMAINS)}.")
    number = {"AVAILABILITY_DOMAIN_1": "1", "AVAILABILITY_DOMAIN_2": "2"}.get(domain, "any")
    key = uuid.UUID(hex=call.control.hex(32), version=4)
    document["pairingKey"] = f"{key}/{call.params['region']}/{number}"
    document["googleReferenceId"] = call.control.hex(12)
    document["state"], document["operationalStatus"] = "PENDING_PARTNER", "OS_UNPROVISIONED"


def _router(document: Json, call: Call) -> None:
    """A partner's attachment is of a router with the number of partners."""
    name = str(document.get("router") or "")
    if not name:
        raise required("router")
    router = find(call.control, name)
    if router is None:
        raise missing(name)
    if router.name.split("/")[3] != call.params["region"]:
        raise invalid("router", name, f"It is not in the region '{call.params['region']}'.")
    if int((router.document.get("bgp") or {}).get("asn") or 0) != _PARTNER_ASN:
        raise invalid("router", name, f"A router for PARTNER attachments has the ASN {_PARTNER_ASN}.")
    if document["encryption"] == "IPSEC" and not router.document.get("encryptedInterconnectRouter"):
        raise invalid("router", name, "An attachment with encryption is of an encrypted router.")


interconnect_attachments = Kind(
    "interconnectAttachments",
    "interconnect_attachment",
    "compute#interconnectAttachment",
    scope="regions",
    defaults={"type": "DEDICATED", "adminEnabled": True, "encryption": "NONE", "mtu": 1440, "stackType": "IPV4_ONLY"},
    immutable=("router", "interconnect", "type", "edgeAvailabilityDomain", "encryption", "ipsecInternalAddresses"),
    output_only=("pairingKey", "googleReferenceId", "state", "operationalStatus", "partnerAsn", "cloudRouterIpAddress"),
    labelled=True,
    check=_check,
)
