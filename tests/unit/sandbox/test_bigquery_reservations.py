"""BigQuery's reservations: slots by fifties, assignments that keep theirs, commitments until their end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.bigqueryreservation import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/bigqueryreservation/v1/projects/prices/locations/asia-south1"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        await ask(made, "POST", f"{HERE}/reservations?reservationId=slots", {"slotCapacity": 100})
        yield made


async def test_a_reservation_stays_while_something_is_assigned_to_it(router: Router) -> None:
    body = {"assignee": "projects/prices", "jobType": "QUERY"}
    made = await ask(router, "POST", f"{HERE}/reservations/slots/assignments", body)
    assert made["state"] == "ACTIVE"
    await ask(router, "POST", f"{HERE}/reservations/none/assignments", body, 409)
    await ask(router, "POST", f"{HERE}/reservations/others/assignments", body, 404)
    found = await ask(router, "GET", f"{HERE}:searchAllAssignments?query=assignee=projects/prices")
    assert [one["name"] for one in found["assignments"]] == [made["name"]]
    await ask(router, "DELETE", f"{HERE}/reservations/slots", status=400)
    await ask(router, "DELETE", f"/bigqueryreservation/v1/{made['name']}")
    await ask(router, "DELETE", f"{HERE}/reservations/slots")


@pytest.mark.parametrize(
    "body",
    [
        {"slotCapacity": 70},
        {"slotCapacity": 50, "edition": "STANDARD"},
        {"slotCapacity": 50, "secondaryLocation": "us"},
        {"slotCapacity": 50, "maxSlots": 100},
        {"slotCapacity": 50, "maxSlots": 100, "scalingMode": "ALL_SLOTS", "autoscale": {"maxSlots": 50}},
    ],
)
async def test_reservations_that_google_refuses(router: Router, body: Json) -> None:
    await ask(router, "POST", f"{HERE}/reservations?reservationId=other", body, 400)


async def test_a_group_stays_while_a_reservation_is_in_it(router: Router) -> None:
    await ask(
        router, "PATCH", f"{HERE}/reservations/slots?updateMask=reservationGroup", {"reservationGroup": "all"}, 404
    )
    await ask(router, "POST", f"{HERE}/reservationGroups?reservationGroupId=all", {})
    await ask(router, "PATCH", f"{HERE}/reservations/slots?updateMask=reservationGroup", {"reservationGroup": "all"})
    await ask(router, "DELETE", f"{HERE}/reservationGroups/all", status=400)


async def test_a_commitment_lasts_and_becomes_a_longer_one(router: Router) -> None:
    place = f"{HERE}/capacityCommitments"
    made = await ask(router, "POST", f"{place}?capacityCommitmentId=a", {"plan": "MONTHLY", "slotCount": 100})
    assert made["commitmentEndTime"] > made["commitmentStartTime"]
    await ask(router, "DELETE", f"{place}/a", status=400)
    longer = await ask(router, "PATCH", f"{place}/a?updateMask=plan", {"plan": "ANNUAL"})
    assert longer["commitmentEndTime"] > made["commitmentEndTime"]
    await ask(router, "PATCH", f"{place}/a?updateMask=plan", {"plan": "FLEX"}, 400)
    await ask(router, "POST", place, {"plan": "WEEKLY", "slotCount": 100}, 400)


async def test_bi_engine_has_a_reservation_everywhere(router: Router) -> None:
    assert (await ask(router, "GET", f"{HERE}/biReservation"))["size"] == "0"
    await ask(router, "PATCH", f"{HERE}/biReservation", {"size": 1073741824})
    assert (await ask(router, "GET", f"{HERE}/biReservation"))["size"] == "1073741824"
