"""Aggregated lists of Compute Engine: every place, what is there, page after page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

PROJECT = "/compute/v1/projects/prices"


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, compute.API) as made:
        for place, name in (
            ("global", "g"),
            ("regions/asia-south1", "b"),
            ("regions/asia-south1", "a"),
            ("regions/us-central1", "u"),
        ):
            await ask(made, "POST", f"{PROJECT}/{place}/addresses", {"name": name})
        await ask(made, "POST", "/compute/v1/projects/another/global/addresses", {"name": "x"})
        yield made


def names(answer: dict[str, Any]) -> dict[str, list[str]]:
    return {
        place: [one["name"] for one in told["addresses"]]
        for place, told in answer["items"].items()
        if "addresses" in told
    }


async def test_what_is_anywhere_is_told_by_place(router: Router) -> None:
    answer = await ask(router, "GET", f"{PROJECT}/aggregated/addresses")
    assert names(answer) == {"global": ["g"], "regions/asia-south1": ["a", "b"], "regions/us-central1": ["u"]}
    assert answer["kind"] == "compute#addressAggregatedList"
    (warned,) = answer["items"]["regions/europe-west1"].values()
    assert (warned["code"], warned["data"][0]["value"]) == ("NO_RESULTS_ON_PAGE", "regions/europe-west1")


async def test_pages_hold_each_once(router: Router) -> None:
    found, token = [], ""
    while True:
        answer = await ask(router, "GET", f"{PROJECT}/aggregated/addresses?maxResults=2&pageToken={token}")
        found += [name for told in names(answer).values() for name in told]
        token = answer.get("nextPageToken", "")
        if not token:
            break
    assert sorted(found) == ["a", "b", "g", "u"]


async def test_a_filter_chooses(router: Router) -> None:
    answer = await ask(router, "GET", f"{PROJECT}/aggregated/addresses?filter=name%3Du")
    assert names(answer) == {"regions/us-central1": ["u"]}


@pytest.mark.parametrize("collection", ["instances", "disks", "subnetworks", "backendServices", "instanceTemplates"])
async def test_what_there_is_none_of_is_told_so(router: Router, collection: str) -> None:
    answer = await ask(router, "GET", f"{PROJECT}/aggregated/{collection}")
    assert answer["items"]
    assert all(list(told) == ["warning"] for told in answer["items"].values())


@pytest.mark.parametrize("collection", ["networks", "firewalls", "nothings"])
async def test_what_is_nowhere_but_global_has_no_aggregate(router: Router, collection: str) -> None:
    await ask(router, "GET", f"{PROJECT}/aggregated/{collection}", status=404)
