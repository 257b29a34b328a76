"""Commitments of a region: what is paid for over a year or three. Once made, one stays until it ends."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sandbox.apis.compute.documents import PACIFIC
from sandbox.apis.compute.errors import invalid, required, whole
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLANS = {"TWELVE_MONTH": 1, "THIRTY_SIX_MONTH": 3, "SIXTY_MONTH": 5}
_RESOURCES = ("VCPU", "MEMORY", "LOCAL_SSD", "ACCELERATOR")


def _check(document: Json, call: Call, old: Resource | None) -> None:
    refuse(document, ("reservations", "existingReservations", "mergeSourceCommitments"), "commitments")
    plan, category = document["plan"], document["category"]
    if plan not in _PLANS:
        raise invalid("plan", plan, f"Must be one of {', '.join(_PLANS)}.")
    if old is not None:
        return
    if category == "LICENSE":
        if not (document.get("licenseResource") or {}).get("license"):
            raise required("licenseResource.license")
    elif category != "MACHINE":
        raise invalid("category", category, "Must be MACHINE or LICENSE.")
    else:
        _machines(document)
    _dates(document, _PLANS[plan], call)


def _machines(document: Json) -> None:
    """Kinds of hardware, each once; cores and memory together."""
    document.setdefault("type", "GENERAL_PURPOSE")
    resources = document.get("resources") or []
    if not resources:
        raise required("resources")
    for at, one in enumerate(resources):
        if one.get("type") not in _RESOURCES:
            raise invalid(f"resources[{at}].type", one.get("type"), f"Must be one of {', '.join(_RESOURCES)}.")
        if whole(f"resources[{at}].amount", one.get("amount") or 0) < 1:
            raise invalid(f"resources[{at}].amount", one.get("amount"), "Must be at least 1.")
        if (one["type"] == "ACCELERATOR") != bool(one.get("acceleratorType")):
            raise invalid(f"resources[{at}].acceleratorType", one.get("acceleratorType"), "An ACCELERATOR has one.")
    kinds = [one["type"] for one in resources]
    if ("VCPU" in kinds) != ("MEMORY" in kinds):
        raise invalid_argument("A commitment for VCPU has MEMORY too, and the other way round.")


def _dates(document: Json, years: int, call: Call) -> None:
    """From the next midnight at Google's for whole years."""
    now = datetime.fromtimestamp(call.control.clock(), PACIFIC)
    start = datetime.combine(now.date() + timedelta(days=1), time(), PACIFIC)
    leap = start.month == 2 and start.day == 29
    end = start.replace(year=start.year + years, day=28 if leap else start.day)
    document["startTimestamp"] = start.isoformat(timespec="milliseconds")
    document["endTimestamp"] = end.isoformat(timespec="milliseconds")


def _shown(commitment: Resource, call: Call) -> Json:
    now = datetime.fromtimestamp(call.control.clock(), PACIFIC)
    document = commitment.document
    if now < datetime.fromisoformat(document["startTimestamp"]):
        return {"status": "NOT_YET_ACTIVE"}
    return {"status": "ACTIVE" if now < datetime.fromisoformat(document["endTimestamp"]) else "EXPIRED"}


class _Commitments(Kind):
    """Google deletes none."""

    def routes(self) -> list[Route]:
        return [route for route in Kind.routes(self) if route.method != "DELETE"]


commitments = _Commitments(
    "commitments",
    "commitment",
    "compute#commitment",
    scope="regions",
    defaults={"autoRenew": False, "category": "MACHINE"},
    required=("plan",),
    immutable=("plan", "type", "category", "resources", "licenseResource", "description"),
    output_only=("status", "statusMessage", "startTimestamp", "endTimestamp"),
    check=_check,
    view=_shown,
)
