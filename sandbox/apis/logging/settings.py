"""Settings of Cloud Logging: which accounts write what is routed and encrypt what is kept, and where new buckets are.

What is set of folders and organizations is kept and checked: buckets of what is below them are as they were.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import masks, names, projects
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

# Collection → its variable, and how its accounts are called.
_PARENTS = {"projects": ("project", ""), "folders": ("folder", "folder-"), "organizations": ("organization", "org-")}
_DOMAIN = "gcp-sa-logging.iam.gserviceaccount.com"
_KEY = "logging.settings"
_FIELDS = ("kmsKeyName", "storageLocation", "disableDefaultSink")
_KMS = re.compile(r"projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+")


def _owner(call: Call) -> tuple[str, str]:
    """What the settings are of: the collection and the name."""
    collection = next(name for name, (variable, _) in _PARENTS.items() if variable in call.params)
    owner = call.params[_PARENTS[collection][0]]
    if collection != "projects" and not owner.isdigit():
        raise invalid_argument(f"Invalid parent '{collection}/{owner}'.", {"name": "a number is needed"})
    return collection, owner


def _shown(call: Call) -> dict[str, Any]:
    collection, owner = _owner(call)
    prefix = _PARENTS[collection][1]
    number = owner if prefix else projects.number(owner)
    name = f"{collection}/{owner}/settings"
    kept = call.store.get(_KEY, name)
    return {
        "name": name,
        "kmsServiceAccountId": f"cmek-{prefix or 'p'}{number}@{_DOMAIN}",
        "loggingServiceAccountId": f"service-{prefix}{number}@{_DOMAIN}",
        **(kept.document if kept else {}),
    }


async def get(call: Call) -> Response:
    """`getSettings` of a project, a folder or an organization."""
    return Response.of(_shown(call))


async def get_keys(call: Call) -> Response:
    """`getCmekSettings`: which key encrypts, as the settings have it, and whose account uses it."""
    shown = _shown(call)
    key = {"kmsKeyName": shown["kmsKeyName"]} if shown.get("kmsKeyName") else {}
    name = shown["name"].removesuffix("settings") + "cmekSettings"
    return Response.of({"name": name, "serviceAccountId": shown["kmsServiceAccountId"], **key})


async def update(call: Call) -> Response:
    """`updateSettings` of a folder or an organization: what the mask names, or all that is given."""
    shown, body = _shown(call), call.body()
    given = masks.paths(call.query("updateMask")) or [field for field in _FIELDS if field in body]
    unknown = [field for field in given if field not in _FIELDS]
    if unknown:
        raise invalid_argument(f"'{unknown[0]}' can't be updated.", {"updateMask": unknown[0]})
    kept = {field: shown[field] for field in _FIELDS if field in shown and field not in given}
    kept |= {field: body[field] for field in given if body.get(field) not in (None, "", False)}
    _check(kept, call)
    now = call.control.clock()
    resource = Resource(_KEY, shown["name"], kept, now, now)
    (call.store.put if call.store.get(_KEY, shown["name"]) else call.store.insert)(resource)
    return Response.of(_shown(call))


def _check(settings: dict[str, Any], call: Call) -> None:
    location, key = str(settings.get("storageLocation") or ""), str(settings.get("kmsKeyName") or "")
    if location and location != "global":
        names.check_location(location, multi=True)
    if not key:
        return
    match = _KMS.fullmatch(key)
    if match is None:
        raise invalid_argument(f"'{key}' is no name of a key.", {"settings.kmsKeyName": "no key"})
    if location and location != match[1]:
        what = f"The key is in {match[1]}, and the storage location is {location}."
        raise invalid_argument(what, {"settings.kmsKeyName": "elsewhere"})
    if call.store.get("cloudkms.cryptoKeys", key) is None:
        raise not_found(f"The key '{key}' was not found.")


def routes() -> list[Route]:
    """The routes of settings."""
    places = {name: f"v2/{name}/{{{variable}}}/settings" for name, (variable, _) in _PARENTS.items()}
    found = [Route("GET", place, get) for place in places.values()]
    found += [Route("GET", place.removesuffix("settings") + "cmekSettings", get_keys) for place in places.values()]
    return [*found, *(Route("PATCH", place, update) for name, place in places.items() if name != "projects")]
