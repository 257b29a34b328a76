"""Security Command Center v2: rules that mute findings, of a project, a folder or an organization.

They are kept and checked. Nothing is found here, so there is nothing to mute.
"""

from __future__ import annotations

from sandbox.apis.securitycenter import above
from sandbox.control.above import PLACES
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TYPES = ("STATIC", "DYNAMIC")


def _mutes(place: str) -> Collection:
    """The mute rules of projects, folders or organizations."""
    return Collection(
        path=f"v2/{place}/locations/{{location}}/muteConfigs/{{config}}",
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


_ABOVE = [_mutes(place) for place in PLACES]


async def _check(rule: Resource, call: Call) -> None:
    """Of a kind, in a place that has findings, below something that has a number."""
    above.check(call)
    if rule.document["type"] not in _TYPES:
        raise invalid_argument(f"A mute rule is {' or '.join(_TYPES)}.", {"mute_config.type": "unknown"})


for _collection in _ABOVE:
    _collection.on_create(_check)

API = Api("securitycenter.googleapis.com", "securitycenter", _ABOVE, flat=False)
