"""Security Command Center Management v1: detectors that people write. They are kept, and look at nothing."""

from __future__ import annotations

import re

from sandbox.apis.securitycenter import above
from sandbox.control.above import PLACES
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_NAME = re.compile(r"[a-z][A-Za-z0-9_]{0,127}")
_STATES = ("ENABLED", "DISABLED")
_SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
_PARTS = ("predicate", "resourceSelector", "severity")


def _modules(place: str) -> Collection:
    """The detectors of projects, folders or organizations."""
    return Collection(
        path=f"v1/{place}/locations/{{location}}/securityHealthAnalyticsCustomModules/{{module}}",
        noun="SecurityHealthAnalyticsCustomModule",
        id_required=False,
        id_number=True,
        required=("displayName", "customConfig"),
        immutable=("displayName",),
        output_only=("lastEditor", "ancestorModule"),
        labels=(),
        on_create_set={"updateTime": now},
        on_update_set={"updateTime": now},
    )


_ABOVE = [_modules(place) for place in PLACES]


def _check(module: Resource) -> None:
    document = module.document
    if (state := document.setdefault("enablementState", "ENABLED")) not in _STATES:
        what = f"Must be one of {', '.join(_STATES)}, not {state}."
        raise invalid_argument(what, {"security_health_analytics_custom_module.enablement_state": what})
    config = document["customConfig"]
    if missing := [part for part in _PARTS if not config.get(part)]:
        raise invalid_argument(f"A detector needs {', '.join(missing)}.", {"custom_config": "incomplete"})
    if config["severity"] not in _SEVERITIES:
        raise invalid_argument(f"A severity is one of {', '.join(_SEVERITIES)}.", {"custom_config.severity": "unknown"})
    if not config["resourceSelector"].get("resourceTypes"):
        raise invalid_argument("A detector looks at one type at least.", {"custom_config.resource_selector": "empty"})


async def check_module(module: Resource, call: Call) -> None:
    """A name, and what it looks for."""
    above.check(call)
    name = module.document["displayName"]
    if not _NAME.fullmatch(name):
        raise invalid_argument(f"'{name}' is no name of a detector: it must match {_NAME.pattern}.")
    _check(module)


async def check_change(old: Resource, new: Resource, call: Call) -> None:
    """As a new one."""
    _check(new)


for _collection in _ABOVE:
    _collection.on_create(check_module)
    _collection.on_update(check_change)

API = Api("securitycentermanagement.googleapis.com", "securitycentermanagement", _ABOVE, flat=False)
