"""Privileged Access Manager: entitlements by the names of what they are in."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_ENTITLEMENT = "google_privileged_access_manager_entitlement"


@hook("identify", _ENTITLEMENT)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The parent has a slash in it."""
    parent, place, rest = given.partition("/locations/")
    location, between, name = rest.partition("/entitlements/")
    if not (parent and place and location and between and name) or "/" in location + name:
        raise refusal(given, [kind.id])
    return {"parent": parent, "location": location, "entitlement_id": name, "id": given}


@hook("expand", _ENTITLEMENT)
def expand(ctx: Context, document: Json) -> Json:
    """What isn't said is said to be nothing."""
    document.setdefault("additionalNotificationTargets", None)
    return document
