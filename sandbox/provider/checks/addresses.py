"""IP addresses, ranges of them, and the numbers of networks that exchange routes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sandbox.provider.checks.registry import check

# RFC 5735: no peer is there.
_NOT_PEERS = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"),
        "240.0.0.0/4",
    )
]
# RFC 6996, and Google's own for partners' interconnects.
_PRIVATE_ASNS = (range(64512, 65535), range(4200000000, 4294967295), (16550,))


@check("ip_address")
def is_address(value: str, full: str, _: str) -> Iterator[str]:
    """An IP address of either version."""
    if _address(value) is None:
        yield f'could not parse "{full}" to IP address'


@check("peer_address")
def is_peer_address(value: str, full: str, _: str) -> Iterator[str]:
    """An IP address that may be somebody's."""
    if (address := _address(value)) is None:
        yield f'could not parse "{full}" to IP address'
        return
    for block in _NOT_PEERS:
        if address in block:
            ends = f'"{block.network_address}" and "{block.broadcast_address}"'
            yield f"address is invalid (is between {ends}, conflicting with RFC5735)"
            return


@check("ip_range")
def is_range(value: str, full: str, _: str) -> Iterator[str]:
    """A range of IP addresses, as networks have them."""
    if not _is_range(value):
        yield f'"{full}" is not a valid IP CIDR range: invalid CIDR address: {value}'


@check("cidr")
def is_cidr(value: str, full: str, _: str) -> Iterator[str]:
    """A range of IP addresses, as filters have them."""
    if not _is_range(value):
        yield f'expected "{full}" to be a valid CIDR Value, got {value}: invalid CIDR address: {value}'


@check("private_asn")
def is_private_asn(value: float, full: str, _: str) -> Iterator[str]:
    """The number of a network of one's own, by RFC 6996, or of Google's partners."""
    if not any(value in numbers for numbers in _PRIVATE_ASNS):
        yield (
            f'expected "{full}" to be a RFC6996-compliant Local ASN:\n'
            "must be either in the private ASN ranges: [64512..65534], [4200000000..4294967294];\n"
            f"or be the value of [16550], got {value:.0f}"
        )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def _is_range(text: str) -> bool:
    """Whether this is an address and a number of bits; bits after them may be set."""
    before, _, bits = text.partition("/")
    address = _address(before)
    return address is not None and bits.isdecimal() and bits.isascii() and int(bits) <= address.max_prefixlen
