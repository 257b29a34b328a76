"""Target pools: machines of a region that get packets as they are, checked by a health check of the older kind.

A pool names machines and does not hold them: one may be named before it is made, and stays named when it is deleted.
"""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.legacy_health_checks import http_health_checks
from sandbox.apis.compute.links import HOST, relative
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_AFFINITIES = ("NONE", "CLIENT_IP", "CLIENT_IP_PROTO")
_MOST_CHECKS = 1


def _member(given: object, place: str, call: Call) -> str:
    """`zone/name` of a machine's link: of the project, in a zone of the region of `place`."""
    name = relative(str(given or ""), call.project)
    parts = name.split("/")
    if len(parts) != 6 or parts[:3:2] != ["projects", "zones"] or parts[4] != "instances" or parts[1] != call.project:
        raise invalid("instances[]", given, "The URL is malformed.")
    if parts[3].rpartition("-")[0] != place:
        raise invalid("instances[]", given, f"The machine is not in the region '{place}'.")
    return f"{parts[3]}/{parts[5]}"


class _Pools(Kind):
    """Pools keep their machines by zone and name: a link would hold them, and ask for what isn't there yet."""

    def _clean(self, body: Json, call: Call, *, keep_nulls: bool = False) -> Json:
        document = Kind._clean(self, body, call, keep_nulls=keep_nulls)
        named = document.pop("instances", None)
        if named:
            document["members"] = list(dict.fromkeys(_member(one, call.params["region"], call) for one in named))
        return document


def _check(document: Json, call: Call, old: Resource | None) -> None:
    affinity = document["sessionAffinity"]
    if affinity not in _AFFINITIES:
        raise invalid("sessionAffinity", affinity, f"Must be one of {', '.join(_AFFINITIES)}.")
    _checked_by(document)
    _fall_back(document, call)


def _checked_by(document: Json) -> None:
    """One health check at most, of the older kind for HTTP."""
    checks = document.get("healthChecks") or []
    if len(checks) > _MOST_CHECKS:
        raise invalid("healthChecks", len(checks), f"At most {_MOST_CHECKS} is allowed.")
    for one in checks:
        if f"/{http_health_checks.collection}/" not in str(one):
            raise invalid("healthChecks[]", one, "A target pool is checked by an httpHealthCheck.")


def _fall_back(document: Json, call: Call) -> None:
    """Another pool takes over once too few machines are well: the two go together."""
    backup, ratio = document.get("backupPool"), document.get("failoverRatio")
    if ratio is not None and not 0 <= float(ratio) <= 1:
        raise invalid("failoverRatio", ratio, "Must be between 0 and 1.")
    if ratio is not None and not backup:
        raise required("backupPool")
    if not backup:
        return
    if ratio is None:
        raise required("failoverRatio")
    place = f"projects/{call.project}/regions/{call.params['region']}/targetPools/"
    if not str(backup).startswith(place):
        raise invalid("backupPool", backup, "It must be a target pool of the same region.")
    if backup == place + document["name"]:
        raise invalid("backupPool", backup, "A target pool can't be its own backup.")


def _shown(pool: Resource, call: Call) -> Json:
    place = f"{HOST}projects/{call.project}/zones/"
    named = [place + one.replace("/", "/instances/") for one in pool.document.get("members") or []]
    return {"members": None, "instances": named or None}


def _named(pool: Resource, body: Json, call: Call) -> list[str]:
    region = pool.name.split("/")[3]
    return [_member(one.get("instance"), region, call) for one in body.get("instances") or []]


def _add(pool: Resource, body: Json, call: Call) -> None:
    """`addInstance`: one that is in it stays."""
    members = pool.document.get("members") or []
    pool.document["members"] = list(dict.fromkeys([*members, *_named(pool, body, call)]))


def _remove(pool: Resource, body: Json, call: Call) -> None:
    """`removeInstance`."""
    gone = _named(pool, body, call)
    pool.document["members"] = [one for one in pool.document.get("members") or [] if one not in gone]


def _checks(body: Json) -> list[str]:
    return [str(one.get("healthCheck") or "") for one in body.get("healthChecks") or []]


def _add_check(pool: Resource, body: Json, call: Call) -> None:
    """`addHealthCheck`."""
    pool.document["healthChecks"] = list(dict.fromkeys([*(pool.document.get("healthChecks") or []), *_checks(body)]))
    _checked_by(pool.document)


def _remove_check(pool: Resource, body: Json, call: Call) -> None:
    """`removeHealthCheck`."""
    gone = _checks(body)
    pool.document["healthChecks"] = [one for one in pool.document.get("healthChecks") or [] if one not in gone]


def _set_backup(pool: Resource, body: Json, call: Call) -> None:
    """`setBackup`: without a target there is none, and a ratio that isn't said stays."""
    document = pool.document
    document.pop("backupPool", None)
    if ratio := call.query("failoverRatio"):
        document["failoverRatio"] = float(ratio)
    if target := body.get("target"):
        document["backupPool"] = target
    else:
        document.pop("failoverRatio", None)
    _fall_back(document, call)


target_pools = _Pools(
    "targetPools",
    "target_pool",
    "compute#targetPool",
    scope="regions",
    defaults={"sessionAffinity": "NONE"},
    output_only=("members",),
    methods=(),
    check=_check,
    view=_shown,
    verbs={
        "addInstance": _add,
        "removeInstance": _remove,
        "addHealthCheck": _add_check,
        "removeHealthCheck": _remove_check,
        "setBackup": _set_backup,
    },
)


def _short(machine: str) -> str:
    return "/".join(machine.split("/")[3::2])


def enter(machines: list[str], pools: list[str], call: Call) -> None:
    """Put machines, by their full names, into pools."""
    for pool in (target_pools.must(call.control, name) for name in pools if machines):
        members = pool.document.get("members") or []
        pool.document["members"] = list(dict.fromkeys([*members, *map(_short, machines)]))
        call.store.put(pool)


def leave(machines: list[str], pools: list[str], call: Call) -> None:
    """Take machines out of pools."""
    gone = set(map(_short, machines))
    for pool in (target_pools.must(call.control, name) for name in pools if machines):
        pool.document["members"] = [one for one in pool.document.get("members") or [] if one not in gone]
        call.store.put(pool)


async def _health(call: Call) -> Response:
    """`getHealth`: nothing answers a check where no guest runs; a pool without checks takes every machine for well."""
    pool = target_pools.must(call.control, target_pools.name(call))
    given = call.body().get("instance")
    if not given:
        raise required("instance")
    short = _member(given, pool.name.split("/")[3], call)
    if short not in (pool.document.get("members") or []):
        raise invalid_argument(f"Instance '{given}' is not a member of target pool '{pool.name}'.")
    name = f"projects/{call.project}/zones/{short.replace('/', '/instances/')}"
    machine = find(call.control, name)
    answer: Json = {"kind": "compute#targetPoolInstanceHealth"}
    if machine is not None:
        number = machine.document["networkInterfaces"][0].get("networkIP")
        well = not pool.document.get("healthChecks") and machine.document["status"] == "RUNNING"
        state = "HEALTHY" if well else "UNHEALTHY"
        answer["healthStatus"] = [{"instance": HOST + name, "ipAddress": number, "healthState": state}]
    return Response.of(answer)


ROUTES = [Route("POST", f"{target_pools.place}/{{name}}/getHealth", _health)]
