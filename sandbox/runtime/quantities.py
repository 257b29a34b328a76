"""Amounts of CPU and memory as Cloud Run writes them."""

from __future__ import annotations

import re

_CPU = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<milli>m?)")
_MEMORY = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[KMGT]i?|k|)")
_UNITS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_UNITS |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def cpus(text: str) -> float:
    """A CPU limit. Raises ValueError.

    >>> cpus("1000m"), cpus("0.5")
    (1.0, 0.5)
    """
    match = _CPU.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return float(match["number"]) / (1000 if match["milli"] else 1)


def memory_bytes(text: str) -> int:
    """A memory limit. Raises ValueError.

    >>> memory_bytes("512Mi")
    536870912
    """
    match = _MEMORY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(float(match["number"]) * _UNITS[match["unit"]])
