"""IP ranges: what is taken in a network, and what is free."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ipaddress import IPv4Network

from sandbox.apis.compute.errors import invalid
from sandbox.control.context import Control

_POOLS = ("10.128.0.0/9", "10.0.0.0/9", "172.16.0.0/12", "192.168.0.0/16")


def cidr(field: str, text: str) -> IPv4Network:
    """A range without host bits; 400 otherwise."""
    try:
        return IPv4Network(text)
    except ValueError:
        raise invalid(field, text, "Must be a CIDR address range.") from None


def taken(control: Control, network: str, *, but: Collection[str] = ()) -> Iterator[tuple[IPv4Network, str]]:
    """The ranges of a network with the names of those that have them: subnets, and ranges that are kept for others."""
    for resource in control.store.select("compute.regional.subnetworks"):
        document = resource.document
        if document["network"] == network and resource.name not in but:
            for one in (document, *(document.get("secondaryIpRanges") or [])):
                if text := one.get("ipCidrRange"):
                    yield IPv4Network(text), resource.name
    for resource in control.store.select("compute.addresses"):
        document = resource.document
        if document.get("network") == network and resource.name not in but:
            yield IPv4Network(f"{document['address']}/{document.get('prefixLength', 32)}"), resource.name
    for resource in control.store.select("networkconnectivity.internalRanges"):
        if resource.document["network"] == network and resource.name not in but:
            yield IPv4Network(resource.document["ipCidrRange"]), resource.name


def free(control: Control, network: str, length: int) -> IPv4Network:
    """A range of a length that nothing has."""
    known = [block for block, _ in taken(control, network)]
    for pool in _POOLS:
        whole = IPv4Network(pool)
        if length < whole.prefixlen:
            continue
        for block in whole.subnets(new_prefix=length):
            if not any(block.overlaps(other) for other in known):
                return block
    raise invalid("prefixLength", length, "No range of this length is free.")


def conflict(block: IPv4Network, control: Control, network: str, *, but: Collection[str] = ()) -> str | None:
    """Whose range a new one overlaps."""
    return next((name for other, name in taken(control, network, but=but) if block.overlaps(other)), None)
