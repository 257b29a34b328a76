"""IP ranges and the names of Compute Engine, which the network's models share."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import AfterValidator

from .base import matching


def _range(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        raise ValueError(f'"{value}" is not a range without host bits, such as "10.10.0.0/24"') from None
    if "/" not in value:
        raise ValueError(f'"{value}" has no length, such as "{value}/32"')
    return value


def _inner_range(value: str) -> str:
    if ip_network(_range(value)).version == 6:
        raise ValueError(f'"{value}" is not an IPv4 range')
    return value


def _address(value: str) -> str:
    try:
        IPv4Address(value)
    except ValueError:
        raise ValueError(f'"{value}" is not an IPv4 address, such as "10.10.0.5"') from None
    return value


def network_of(value: str) -> IPv4Network | IPv6Network:
    """A range that was checked, to calculate with.

    >>> network_of("10.10.0.0/24").overlaps(network_of("10.10.0.0/16"))
    True
    """
    return ip_network(value)


Range = Annotated[str, AfterValidator(_range)]
InnerRange = Annotated[str, AfterValidator(_inner_range)]
Address = Annotated[str, AfterValidator(_address)]
ResourceName = Annotated[
    str,
    matching(
        r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "a name of Compute Engine: 1 to 63 lower-case letters, digits or -, begun by a letter, not ended by -",
    ),
]
Tag = Annotated[
    str,
    matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a network tag: lower-case letters, digits or -, begun by a letter"),
]
EVERYWHERE = ("0.0.0.0/0", "::/0")
