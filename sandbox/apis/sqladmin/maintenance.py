"""Cloud SQL Admin: which release of its engine an instance has.

Google's list of releases is not known here: any well-formed one that is not older is taken as there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument

_FIRST = "R20260101.00_00"
_RELEASE = re.compile(r"R\d{8}\.\d{2}_\d{2}")


def first(given: Any, version: str) -> str:
    """The release of a new instance: what is asked for, or the sandbox's own. Raises 400."""
    return f"{version}.{_release(given, version) if given else _FIRST}"


def follow(document: dict[str, Any]) -> None:
    """Name the version of the engine that the instance was brought to."""
    release = str(document["maintenanceVersion"]).split(".", 1)[1]
    document["maintenanceVersion"] = f"{document['databaseVersion']}.{release}"


def change(document: dict[str, Any], body: Mapping[str, Any]) -> None:
    """Bring the instance to the release that a patch names, which changes nothing else. Raises 400."""
    given = body.get("maintenanceVersion")
    if given in (None, document["maintenanceVersion"]):
        return
    if set(body) - {"maintenanceVersion"}:
        raise _refused("it can't be changed together with other fields")
    release, current = _release(given, document["databaseVersion"]), str(document["maintenanceVersion"])
    if release < current.split(".", 1)[1]:
        raise _refused(f"{given} is older than {current}, and an instance does not go back")
    document["maintenanceVersion"] = given


def _release(given: Any, version: str) -> str:
    of, _, release = str(given).partition(".")
    if of != version or not _RELEASE.fullmatch(release):
        raise _refused(f"{given} is no release of {version}, such as {version}.{_FIRST}")
    return release


def _refused(why: str) -> ApiError:
    return invalid_argument(f"Invalid request: maintenanceVersion: {why}.", {"maintenanceVersion": "invalid"})
