"""Cloud Run's domain mappings: the records a domain is to have, one mapping a domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.run import v1
from sandbox.control.router import Api, Router
from sandbox.control.store import Resource
from tests.unit.sandbox.routing import ask, routing

HERE = "/run/v1/projects/prices/locations/asia-south1/domainmappings"
Json = dict[str, Any]


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, Api("run.googleapis.com", "run", [], v1.routes())) as made:
        name = "projects/prices/locations/asia-south1/services/quotes"
        made.control.store.insert(Resource("run.services", name, {"name": name}))
        yield made


def mapping(domain: str, **spec: Any) -> Json:
    return {"metadata": {"name": domain}, "spec": {"routeName": "quotes", **spec}}


async def test_a_mapping_tells_the_records_and_waits_for_its_certificate(router: Router) -> None:
    made = await ask(router, "POST", HERE, mapping("www.example.com"))
    assert made["status"]["resourceRecords"] == [{"name": "www", "type": "CNAME", "rrdata": "ghs.googlehosted.com."}]
    assert made["status"]["conditions"][0]["reason"] == "CertificatePending"
    apex = await ask(router, "POST", HERE, mapping("example.com", certificateMode="NONE"))
    assert {one["type"] for one in apex["status"]["resourceRecords"]} == {"A", "AAAA"}
    assert apex["status"]["conditions"][0]["status"] == "True"
    listed = await ask(router, "GET", "/run/apis/domains.cloudrun.com/v1/namespaces/prices/domainmappings")
    assert len(listed["items"]) == 2
    await ask(router, "DELETE", f"{HERE}/example.com")
    await ask(router, "GET", f"{HERE}/example.com", status=404)


async def test_a_domain_has_one_mapping_unless_it_is_taken_over(router: Router) -> None:
    elsewhere = HERE.replace("asia-south1", "asia-south2")
    name = "projects/prices/locations/asia-south2/services/quotes"
    router.control.store.insert(Resource("run.services", name, {"name": name}))
    await ask(router, "POST", HERE, mapping("www.example.com"))
    await ask(router, "POST", elsewhere, mapping("www.example.com"), 409)
    await ask(router, "POST", elsewhere, mapping("www.example.com", forceOverride=True))
    await ask(router, "GET", f"{HERE}/www.example.com", status=404)


@pytest.mark.parametrize(
    ("domain", "route", "status"), [("localhost", "quotes", 400), ("www.example.com", "none", 404)]
)
async def test_mappings_that_google_refuses(router: Router, domain: str, route: str, status: int) -> None:
    await ask(router, "POST", HERE, mapping(domain, routeName=route), status)
