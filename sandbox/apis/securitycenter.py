"""Security Command Center v2: rules that mute findings, of a project, a folder or an organization.

They are kept and checked. Nothing is found here, so there is nothing to mute.
"""

from __future__ import annotations

from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TYPES = ("STATIC", "DYNAMIC")
_PLACES = ("global", "us", "eu", "sa")


def _mutes(above: str) -> Collection:
    """The mute rules of projects, folders or organizations."""
    return Collection(
        path=f"v2/{above}/locations/{{location}}/muteConfigs/{{config}}",
        noun="MuteConfig",
        id_param="muteConfigId",
        id_rule=r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        id_message="It must be up to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
        required=("filter", "type"),
        immutable=("type",),
        output_only=("mostRecentEditor",),
        labels=(),
        on_create_set={"createTime": now, "updateTime": now},
        on_update_set={"updateTime": now},
    )


_ABOVE = {name: _mutes(name) for name in ("projects/{project}", "folders/{folder}", "organizations/{organization}")}


async def _check(rule: Resource, call: Call) -> None:
    """Of a kind, in a place that has findings, below something that has a number."""
    if rule.document["type"] not in _TYPES:
        raise invalid_argument(f"A mute rule is {' or '.join(_TYPES)}.", {"mute_config.type": "unknown"})
    if call.params["location"] not in _PLACES:
        raise invalid_argument(f"Findings are in {', '.join(_PLACES)}.", {"parent": "no such location"})
    for kind in ("folder", "organization"):
        if not call.params.get(kind, "0").isdigit():
            raise invalid_argument(f"{kind}s/{call.params[kind]} is no name: a number is.", {"parent": "not a number"})


for _collection in _ABOVE.values():
    _collection.on_create(_check)

API = Api("securitycenter.googleapis.com", "securitycenter", list(_ABOVE.values()), flat=False)
