"""Cloud Monitoring v3: groups, snoozes, and where uptime checks come from. Kept and checked; none is acted on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.apis.monitoring import filter
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, failed_precondition, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_POLICIES_MOST = 16
# Of a net for documentation (RFC 5737): no check is sent from here.
_CHECKERS = {
    "USA": ("Virginia", "Oregon", "Iowa"),
    "EUROPE": ("Belgium",),
    "SOUTH_AMERICA": ("Sao Paulo",),
    "ASIA_PACIFIC": ("Singapore",),
}

groups = Collection(
    path="v3/projects/{project}/groups/{group}",
    id_required=False,
    list_field="group",
    update=("PUT",),
    required=("displayName", "filter"),
    labels=(),
)
snoozes = Collection(
    path="v3/projects/{project}/snoozes/{snooze}",
    id_required=False,
    mask="required",
    required=("displayName", "criteria", "interval"),
    immutable=("criteria",),
    delete=False,
    labels=(),
)


def _wrong(field: str, why: str) -> ApiError:
    return invalid_argument(f"Field {field} had an invalid value: {why}.", {field: why})


@groups.on_create
async def check_group(group: Resource, call: Call) -> None:
    """A filter, and a parent that is there."""
    _group(group, call)


@groups.on_update
async def recheck_group(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _group(new, call)


def _group(group: Resource, call: Call) -> None:
    text = str(group.document.get("filter", ""))
    if not text.strip():
        raise _wrong("group.filter", "must not be empty")
    if "metadata." not in text and "group." not in text:
        filter.compile_filter(text)
    above, seen = str(group.document.get("parentName") or ""), {group.name}
    while above:
        parent = groups.find(call.control, above)
        if parent is None or above in seen:
            raise _wrong("group.parent_name", f'"{above}" is {"below it" if parent else "not there"}')
        seen.add(above)
        above = str(parent.document.get("parentName") or "")


@groups.on_delete
async def childless(group: Resource, call: Call) -> None:
    """Those below go along where that is asked for."""
    found = call.store.select(groups.key, group.parent)
    below = [each for each in found if each.document.get("parentName") == group.name]
    if below and not call.flag("recursive"):
        raise failed_precondition(f"The group {group.name} has children: recursive deletes them too.")
    for each in below:
        await childless(each, call)
        call.store.delete(groups.key, each.name)


@snoozes.on_create
async def check_snooze(snooze: Resource, call: Call) -> None:
    """It is of policies that are there, and not over."""
    criteria = snooze.document["criteria"]
    named = criteria.get("policies") or [] if isinstance(criteria, dict) else []
    if not 1 <= len(named) <= _POLICIES_MOST:
        raise _wrong("snooze.criteria.policies", f"1 to {_POLICIES_MOST} alert policies")
    for name in named:
        if call.store.get("monitoring.alertPolicies", str(name)) is None:
            raise _wrong("snooze.criteria.policies", f'"{name}" is not there')
    begins, ends = _interval(snooze.document)
    if ends <= begins or ends <= call.control.clock():
        raise _wrong("snooze.interval", "it must end after its start, in the future")


@snoozes.on_update
async def recheck_snooze(old: Resource, new: Resource, call: Call) -> None:
    """What is over stays; what has begun keeps its start."""
    now = call.control.clock()
    began, ended = _interval(old.document)
    begins, ends = _interval(new.document)
    if ended <= now:
        raise failed_precondition(f"{old.name} is over and can't be changed.")
    if ends <= begins or (began <= now and begins != began):
        raise _wrong("snooze.interval", "it must end after its start, which stays once it has begun")


def _interval(document: dict[str, Any]) -> tuple[float, float]:
    interval = document.get("interval")
    found = []
    for field in ("startTime", "endTime"):
        text = str(interval.get(field, "")) if isinstance(interval, dict) else ""
        try:
            found.append(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
        except ValueError as error:
            raise _wrong(f"snooze.interval.{field}", "not a timestamp") from error
    return found[0], found[1]


async def _checkers(call: Call) -> Response:
    """`uptimeCheckIps.list`."""
    found = [(region, place) for region, places in _CHECKERS.items() for place in places]
    shown = [
        {"region": region, "location": place, "ipAddress": f"192.0.2.{at}"}
        for at, (region, place) in enumerate(found, 1)
    ]
    return Response.of({"uptimeCheckIps": shown})


ROUTES = [Route("GET", "v3/uptimeCheckIps", _checkers)]
