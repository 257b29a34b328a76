"""What functions of both generations have: runtimes, who may call, and the CPU that goes with a memory."""

from __future__ import annotations

import re

from sandbox.control.errors import invalid_argument

# Memory → the CPU that goes with it.
_CPUS = {"128": "0.083", "256": "0.1666", "512": "0.3333", "1024": "0.5833", "2048": "1", "4096": "2", "8192": "2"}
_CPUS |= {"16384": "4", "32768": "8"}
_MEMORY = re.compile(r"(\d+)(M|Mi|G|Gi)?")
INGRESS = ("ALLOW_ALL", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB")
RUNTIMES = re.compile(r"(?:nodejs|python|go|java|ruby|php|dotnet)\d+")


def cpu_of(memory: str) -> str:
    """As Google gives it. Raises 400 for what is no memory of a function.

    >>> cpu_of("256M"), cpu_of("1Gi")
    ('0.1666', '0.5833')
    """
    found = _MEMORY.fullmatch(memory)
    if found is None:
        raise invalid_argument(f"availableMemory '{memory}' is not an amount such as 256M.")
    size = int(found[1]) * (1024 if (found[2] or "").startswith("G") else 1)
    fits = [known for known in _CPUS if int(known) >= size]
    if not fits:
        raise invalid_argument(f"availableMemory '{memory}' is more than the 32 GiB that a function may have.")
    return _CPUS[fits[0]]
