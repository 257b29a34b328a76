"""Ranges of a network that Network Connectivity keeps by name: who may use them, and what they keep others from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from sandbox.apis.compute import ranges
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.control.context import Call, Control
from sandbox.control.store import Resource

Json = dict[str, Any]
KEY = "networkconnectivity.internalRanges"
_HOSTED = re.compile(r"(?:https?://)?(?:networkconnectivity\.googleapis\.com/)?(?:v1/)?(?=projects/)")


def name_of(link: str) -> str:
    """The relative name of a link to a range, in any of its spellings.

    >>> name_of("networkconnectivity.googleapis.com/projects/p/locations/global/internalRanges/r")
    'projects/p/locations/global/internalRanges/r'
    """
    return _HOSTED.sub("", link, count=1)


def users(name: str, control: Control) -> Iterator[str]:
    """The subnetworks that have a range by its name."""
    for subnet in control.store.select("compute.regional.subnetworks"):
        if name in links(subnet.document):
            yield subnet.name


def links(document: Json) -> set[str]:
    """The names of the ranges that a subnetwork has."""
    given = [document, *(document.get("secondaryIpRanges") or [])]
    return {name_of(str(one["reservedInternalRange"])) for one in given if one.get("reservedInternalRange")}


def settle(document: Json, field: str, network: str, call: Call) -> None:
    """A subnetwork's range, which is within the reserved one or the whole of it. Raises what Google refuses."""
    link = document.get("reservedInternalRange")
    if not link:
        if not document.get("ipCidrRange"):
            raise required(field)
        return
    found = call.store.get(KEY, name_of(str(link)))
    if found is None:
        raise missing(str(link))
    if found.document["network"] != network:
        raise invalid("reservedInternalRange", link, "It is of another network.")
    if found.document["usage"] != "FOR_VPC":
        raise invalid("reservedInternalRange", link, f"It is kept for {found.document['usage']}.")
    whole = found.document["ipCidrRange"]
    text = document.setdefault("ipCidrRange", whole)
    if not ranges.cidr(field, text).subnet_of(IPv4Network(whole)):
        raise invalid(field, text, f"It is not within the reserved range {whole}.")


def open_to(document: Json, control: Control) -> set[str]:
    """The reserved ranges that a subnetwork may overlap: those it has, and those that say so."""
    every = control.store.select(KEY)
    tolerant = {one.name for one in every if "OVERLAP_EXISTING_SUBNET_RANGE" in (one.document.get("overlaps") or [])}
    return links(document) | tolerant


def shown(subnet: Resource) -> Json:
    """The links in full, as Google writes them."""
    host = "https://networkconnectivity.googleapis.com/v1/"
    document = subnet.document
    told: Json = {}
    if link := document.get("reservedInternalRange"):
        told["reservedInternalRange"] = host + name_of(str(link))
    if any(one.get("reservedInternalRange") for one in document.get("secondaryIpRanges") or []):
        told["secondaryIpRanges"] = [
            {**one, "reservedInternalRange": host + name_of(str(one["reservedInternalRange"]))}
            if one.get("reservedInternalRange")
            else one
            for one in document["secondaryIpRanges"]
        ]
    return told
