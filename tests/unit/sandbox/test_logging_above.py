"""Logging above a project: who writes, whose names there are, and the buckets that stand from the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis.logging import api as logging
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from tests.unit.sandbox.routing import routing

SINK = {"name": "audit", "destination": "storage.googleapis.com/audit-logs"}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, logging.API) as made:
        yield made


async def _sink(router: Router, parent: str, query: str = "?uniqueWriterIdentity=true") -> Response:
    return await router.dispatch(Request.of("POST", f"/logging/v2/{parent}/sinks{query}", SINK))


@pytest.mark.parametrize(
    ("parent", "account"),
    [
        ("folders/12", "service-folder-12"),
        ("organizations/12", "service-org-12"),
        ("billingAccounts/0A0B0C-0A0B0C-0A0B0C", "service-billing-0A0B0C-0A0B0C-0A0B0C"),
    ],
)
async def test_a_sink_has_a_writer_of_its_own(router: Router, parent: str, account: str) -> None:
    told = (await _sink(router, parent)).json()
    assert told["writerIdentity"] == f"serviceAccount:{account}@gcp-sa-logging.iam.gserviceaccount.com"
    assert (await router.dispatch(Request.of("GET", f"/logging/v2/{parent}/sinks"))).json()["sinks"] == [told]
    assert (await _sink(router, f"{parent}-", "")).status == 400


@pytest.mark.parametrize(
    "parent", ["folders/research", "organizations/acme.com", "billingAccounts/0a0b0c-0A0B0C-0A0B0C"]
)
async def test_a_parent_that_google_has_not_is_refused(router: Router, parent: str) -> None:
    assert (await _sink(router, parent)).status == 400


async def test_the_default_bucket_stands_and_the_required_one_stays_as_it_is(router: Router) -> None:
    place = "/logging/v2/folders/12/locations/global/buckets"
    assert (await router.dispatch(Request.of("GET", f"{place}/_Default"))).json()["retentionDays"] == 30
    query = "?updateMask=retentionDays"
    changed = await router.dispatch(Request.of("PATCH", f"{place}/_Default{query}", {"retentionDays": 7}))
    assert changed.json()["retentionDays"] == 7
    assert (await router.dispatch(Request.of("PATCH", f"{place}/_Required{query}", {"retentionDays": 7}))).status == 400


async def test_an_exclusion_has_a_filter(router: Router) -> None:
    place = "/logging/v2/projects/atm-local/exclusions"
    assert (await router.dispatch(Request.of("POST", place, {"name": "debug"}))).status == 400
    made = await router.dispatch(Request.of("POST", place, {"name": "debug", "filter": "severity<INFO"}))
    assert made.json()["name"] == "debug"


@pytest.mark.parametrize(("parent", "account"), [("folders/12", "cmek-folder-12"), ("organizations/12", "cmek-org-12")])
async def test_keys_are_those_of_the_settings(router: Router, parent: str, account: str) -> None:
    told = (await router.dispatch(Request.of("GET", f"/logging/v2/{parent}/cmekSettings"))).json()
    whole = f"{account}@gcp-sa-logging.iam.gserviceaccount.com"
    assert told == {"name": f"{parent}/cmekSettings", "serviceAccountId": whole}
