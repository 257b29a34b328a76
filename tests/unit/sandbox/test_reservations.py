"""Room for machines that is reserved, who takes it up, and hardware that is committed to."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask
from tests.unit.sandbox.test_machines import PROJECT, TEMPLATES, ZONE, Json, machine, router, template

__all__ = ["router"]
PLACE = f"{ZONE}/reservations"
BY_NAME = "compute.googleapis.com/reservation-name"


def room(name: str = "r", count: int = 1, kind: str = "e2-small", **more: Any) -> Json:
    specific = {"count": str(count), "instanceProperties": {"machineType": kind}}
    return {"name": name, "specificReservation": specific, **more}


def user(name: str, *reservations: str, kind: str = "e2-small") -> Json:
    affinity: Json = {"consumeReservationType": "NO_RESERVATION"}
    if reservations:
        affinity = {"consumeReservationType": "SPECIFIC_RESERVATION", "key": BY_NAME, "values": list(reservations)}
    return machine(name, machineType=f"zones/asia-south1-a/machineTypes/{kind}", reservationAffinity=affinity)


async def used(router: Router, name: str = "r") -> tuple[str, str]:
    found = (await ask(router, "GET", f"{PLACE}/{name}"))["specificReservation"]
    return found["inUseCount"], found["count"]


async def test_machines_take_up_what_has_their_shape(router: Router) -> None:
    await ask(router, "POST", PLACE, room(count=2))
    made = await ask(router, "GET", f"{PLACE}/r")
    assert (made["status"], made["shareSettings"], made["specificReservationRequired"]) == (
        "READY",
        {"shareType": "LOCAL"},
        False,
    )
    await ask(router, "POST", f"{ZONE}/instances", user("none"))
    any_one = machine("any", machineType="zones/asia-south1-a/machineTypes/e2-small")
    await ask(router, "POST", f"{ZONE}/instances", any_one)
    await ask(
        router, "POST", f"{ZONE}/instances", machine("other", machineType="zones/asia-south1-a/machineTypes/e2-micro")
    )
    assert await used(router) == ("1", "2")
    await ask(router, "POST", f"{PLACE}/r/resize", {"specificSkuCount": "0"}, 400)
    await ask(router, "POST", f"{PLACE}/r/resize", {"specificSkuCount": "1"})
    assert await used(router) == ("1", "1")
    await ask(router, "DELETE", f"{ZONE}/instances/any")
    assert await used(router) == ("0", "1")
    assert "items" not in await ask(router, "GET", f"{PLACE}/r/reservationBlocks")


async def test_a_reservation_by_name_is_for_those_that_name_it(router: Router) -> None:
    await ask(router, "POST", PLACE, room(specificReservationRequired=True))
    await ask(router, "POST", f"{ZONE}/instances", user("lost", "none"), 404)
    await ask(router, "POST", f"{ZONE}/instances", user("big", "r", kind="e2-medium"), 400)
    wrong = machine("wrong", reservationAffinity={"consumeReservationType": "SPECIFIC_RESERVATION"})
    await ask(router, "POST", f"{ZONE}/instances", wrong, 400)
    await ask(router, "POST", f"{ZONE}/instances", user("one", "r"))
    assert await used(router) == ("1", "1")
    await ask(router, "POST", f"{ZONE}/instances", user("two", "r"), 400)


async def test_a_reservation_is_shared_by_project(router: Router) -> None:
    shares = {"shareType": "SPECIFIC_PROJECTS", "projectMap": {"one": {"projectId": "one"}}}
    await ask(router, "POST", PLACE, room(shareSettings={"shareType": "SPECIFIC_PROJECTS"}), 400)
    await ask(router, "POST", PLACE, room(shareSettings=shares, deleteAfterDuration={"seconds": "3600"}))
    paths = "&".join(f"paths=shareSettings.projectMap.{name}" for name in ("one", "two"))
    change = {"shareSettings": {"shareType": "SPECIFIC_PROJECTS", "projectMap": {"two": {"projectId": "two"}}}}
    await ask(router, "PATCH", f"{PLACE}/r?{paths}", change)
    made = await ask(router, "GET", f"{PLACE}/r")
    assert made["shareSettings"]["projectMap"] == {"two": {"projectId": "two"}}
    assert made["deleteAtTime"].endswith("Z")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"specificReservation": {"count": "0", "instanceProperties": {"machineType": "e2-small"}}}, 400),
        ({"specificReservation": {"count": "1"}}, 400),
        ({"specificReservation": {"count": "1", "instanceProperties": {"machineType": "e2-none"}}}, 404),
        ({"specificReservation": {"count": "1", "sourceInstanceTemplate": "global/instanceTemplates/none"}}, 404),
        ({"shareSettings": {"shareType": "EVERYBODY"}}, 400),
        ({"reservationSharingPolicy": {"serviceShareType": "SOME"}}, 400),
    ],
)
async def test_a_reservation_that_can_t_be_is_refused(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", PLACE, {**room(), **change}, status)


async def test_a_reservation_has_the_shape_of_a_template(router: Router) -> None:
    await ask(router, "POST", TEMPLATES, template())
    specific = {"count": "1", "sourceInstanceTemplate": "global/instanceTemplates/t"}
    await ask(router, "POST", PLACE, {"name": "r", "specificReservation": specific})
    made = (await ask(router, "GET", f"{PLACE}/r"))["specificReservation"]
    assert made["sourceInstanceTemplate"].endswith("/global/instanceTemplates/t")
    assert "instanceProperties" not in made
    await ask(router, "DELETE", f"{TEMPLATES}/t", status=400)


async def test_a_commitment_begins_at_midnight_and_stays(router: Router) -> None:
    place = f"{PROJECT}/regions/asia-south1/commitments"
    both = [{"type": "VCPU", "amount": "4"}, {"type": "MEMORY", "amount": "4096"}]
    body: Json = {"name": "c", "plan": "TWELVE_MONTH", "resources": both}
    for wrong in ({"plan": "SOME"}, {"resources": both[:1]}, {"resources": []}, {"category": "LICENSE"}):
        await ask(router, "POST", place, {**body, **wrong}, 400)
    await ask(router, "POST", place, body)
    made = await ask(router, "GET", f"{place}/c")
    assert (made["status"], made["type"], made["category"]) == ("NOT_YET_ACTIVE", "GENERAL_PURPOSE", "MACHINE")
    start, end = made["startTimestamp"], made["endTimestamp"]
    assert "T00:00:00.000-0" in start
    assert int(end[:4]) == int(start[:4]) + 1
    await ask(router, "PATCH", f"{place}/c", {"autoRenew": True})
    await ask(router, "PATCH", f"{place}/c", {"plan": "THIRTY_SIX_MONTH"}, 400)
    await ask(router, "DELETE", f"{place}/c", status=501)
