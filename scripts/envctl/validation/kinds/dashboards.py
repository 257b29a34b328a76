"""Dashboards. Google makes their names, so each is found by its title."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from envctl.validation.model import Comparer, Difference, Kind, Read, Thing

Found = Mapping[str, Any]


def _titled(thing: Thing, answer: Found) -> Found | None:
    wanted = json.loads(thing.fields["json"])["displayName"]
    return next((dict(one) for one in answer["dashboards"] if one.get("displayName") == wanted), None)


def _differences(thing: Thing, dashboard: Found) -> list[Difference]:
    wanted = json.loads(thing.fields["json"])
    if _without_defaults(dashboard, wanted) == wanted:
        return []
    return [Difference("content", "what it shows is not what was declared")]


def _without_defaults(dashboard: Any, wanted: Any) -> Any:
    """What was found, without the keys that nobody wrote."""
    if isinstance(dashboard, Mapping) and isinstance(wanted, Mapping):
        return {key: _without_defaults(value, wanted[key]) for key, value in dashboard.items() if key in wanted}
    if isinstance(dashboard, list) and isinstance(wanted, list) and len(dashboard) == len(wanted):
        return [_without_defaults(a, b) for a, b in zip(dashboard, wanted, strict=True)]
    return dashboard


DASHBOARDS = Kind(
    name="dashboards",
    noun="dashboard",
    document=Read("monitoring", "v1/projects/{project}/dashboards", "monitoring.dashboards.list", items="dashboards"),
    resource=lambda place, fields: (
        f"projects/{place.project}/dashboards/{json.loads(fields['json']).get('displayName')}"
    ),
    comparers=(Comparer("json", "(all of it)", _differences, says="but for what Google fills in"),),
    select=_titled,
    unchecked={"display_name": "what it is found by", "file": "part of json", "standard": "part of json"},
)
