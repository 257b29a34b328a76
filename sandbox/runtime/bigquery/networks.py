"""NET: functions of URLs and addresses. NET.REG_DOMAIN and NET.PUBLIC_SUFFIX want a list of the world's.

https://cloud.google.com/bigquery/docs/reference/standard-sql/net_functions
"""

from __future__ import annotations

import ipaddress
import re

_HOST = re.compile(r"\s*(?:[A-Za-z][\w+.-]*:)?//(?:[^/?#]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*)")


def host(url: str) -> str | None:
    """The host of a URL.

    >>> host("http://www.Google.Co.UK:80/x"), host("//user:password@a.b:80/path?query"), host("mailto:?to="), host("")
    ('www.Google.Co.UK', 'a.b', 'mailto', None)
    """
    if found := _HOST.match(url):
        return found["host"] or None
    return re.split(r"[/?#:]", url.strip(), maxsplit=1)[0] or None


def from_text(text: str) -> bytes:
    """The 4 or 16 bytes of an address. Raises ValueError."""
    return ipaddress.ip_address(text).packed


def safe_from_text(text: str) -> bytes | None:
    """The same; None for what is no address."""
    try:
        return from_text(text)
    except ValueError:
        return None


def to_text(address: bytes) -> str:
    """An address of 4 or 16 bytes. Raises ValueError.

    >>> to_text(b"0123"), to_text(from_text("2001:db8::1"))
    ('48.49.50.51', '2001:db8::1')
    """
    if len(address) not in (4, 16):
        raise ValueError("NET.IP_TO_STRING wants 4 or 16 bytes")
    return str(ipaddress.ip_address(address))


def mask(size: int, prefix: int) -> bytes:
    """A network's mask of 4 or 16 bytes. Raises ValueError.

    >>> mask(4, 20)
    b'\\xff\\xff\\xf0\\x00'
    """
    if size not in (4, 16) or not 0 <= prefix <= size * 8:
        raise ValueError("NET.IP_NET_MASK wants 4 or 16, and a prefix no longer than that")
    return ((1 << size * 8) - (1 << size * 8 - prefix)).to_bytes(size, "big")


def truncated(address: bytes, prefix: int) -> bytes:
    """An address's network.

    >>> to_text(truncated(from_text("10.1.2.3"), 8))
    '10.0.0.0'
    """
    return bytes(a & b for a, b in zip(address, mask(len(address), prefix), strict=True))


def from_number(number: int) -> bytes:
    """An address of IPv4 from its number. Raises ValueError."""
    if not -(2**31) <= number < 2**32:
        raise ValueError("NET.IPV4_FROM_INT64 wants a number of 32 bits")
    return (number % 2**32).to_bytes(4, "big")


def to_number(address: bytes) -> int:
    """The number of an address of IPv4. Raises ValueError."""
    if len(address) != 4:
        raise ValueError("NET.IPV4_TO_INT64 wants 4 bytes")
    return int.from_bytes(address, "big")
