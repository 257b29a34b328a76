"""Where snapshots and images are kept: a region, or the multi-region that is nearest to where they come from."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid
from sandbox.control import names

_MULTI = ("us", "eu", "asia")
_NEAREST = {"us": "us", "northamerica": "us", "southamerica": "us", "europe": "eu", "africa": "eu"}


def settle(document: dict[str, Any], origin: str) -> None:
    """Complete where it is kept; `origin` is the name of the disk it comes from, if it is one."""
    given = [str(one) for one in document.get("storageLocations") or []]
    if len(given) > 1 or any(one not in _MULTI and one not in names.REGIONS for one in given):
        raise invalid("storageLocations", given, f"Must be one region or one of {', '.join(_MULTI)}.")
    if not given:
        parts = origin.split("/")
        continent = parts[3].partition("-")[0] if len(parts) > 3 else "us"
        document["storageLocations"] = [_NEAREST.get(continent, "asia")]
