"""Ranges of addresses in a plan."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

_HALF = 1  # the length of the prefix that half of all addresses share


def let_everybody_in(ranges: Iterable[Any] | None) -> bool:
    """Whether ranges cover at least half of all addresses, in one piece or in many. What is no range is passed over.

    >>> let_everybody_in(["0.0.0.0/0"]), let_everybody_in(["0.0.0.0/2", "64.0.0.0/2"]), let_everybody_in(["10.0.0.0/8"])
    (True, True, False)
    """
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    for each in ranges or ():
        try:
            network = ip_network(str(each), strict=False)
        except ValueError:
            continue
        if isinstance(network, IPv4Network):
            four.append(network)
        else:
            six.append(network)
    return any(each.prefixlen <= _HALF for each in collapse_addresses(four)) or any(
        each.prefixlen <= _HALF for each in collapse_addresses(six)
    )
