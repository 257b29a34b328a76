"""Cloud Monitoring: what a service may be and how it is measured, and the projects that another looks at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.monitoring import api as monitoring
from sandbox.control import projects
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/monitoring/v3/projects/prices"
SCOPES = "/monitoring/v1/locations/global/metricsScopes"
RUN = {"basicService": {"serviceType": "CLOUD_RUN", "serviceLabels": {"service_name": "web", "location": "eu"}}}
WORKLOAD = {"gkeNamespace": {"location": "eu", "clusterName": "c", "namespaceName": "n"}}


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, monitoring.API) as made:
        yield made


async def test_a_basic_service_is_told_in_both_ways(router: Router) -> None:
    told = await ask(router, "POST", f"{P}/services?serviceId=web", RUN)
    assert told["cloudRun"] == {"serviceName": "web", "location": "eu"}
    told = await ask(router, "POST", f"{P}/services?serviceId=n", WORKLOAD)
    assert told["basicService"]["serviceType"] == "GKE_NAMESPACE"
    assert told["gkeNamespace"]["projectId"] == "prices"


@pytest.mark.parametrize(
    "service",
    [
        {},
        {"custom": {}, **RUN},
        {"basicService": {"serviceType": "LAMBDA"}},
        {"basicService": {"serviceType": "APP_ENGINE"}},
        {"basicService": {"serviceType": "APP_ENGINE", "serviceLabels": {"module_id": "m", "zone": "z"}}},
    ],
)
async def test_what_is_no_service_is_refused(router: Router, service: dict[str, Any]) -> None:
    await ask(router, "POST", f"{P}/services?serviceId=s", service, 400)


async def test_a_service_stays_of_its_kind(router: Router) -> None:
    await ask(router, "POST", f"{P}/services?serviceId=web", RUN)
    other = {"basicService": {"serviceType": "APP_ENGINE", "serviceLabels": {"module_id": "m"}}}
    await ask(router, "PATCH", f"{P}/services/web?updateMask=basicService", other, 400)
    told = await ask(router, "PATCH", f"{P}/services/web?updateMask=displayName", {"displayName": "Web"})
    assert (told["displayName"], told["cloudRun"]["serviceName"]) == ("Web", "web")


@pytest.mark.parametrize(
    ("service", "indicator", "status"),
    [
        (RUN, {"basicSli": {"availability": {}}}, 200),
        (RUN, {"basicSli": {"availability": {}, "latency": {"threshold": "1s"}}}, 400),
        (RUN, {"basicSli": {"latency": {}}}, 400),
        (WORKLOAD, {"basicSli": {"availability": {}}}, 400),
        ({"custom": {}}, {"basicSli": {"availability": {}}}, 400),
        (
            RUN,
            {
                "windowsBased": {
                    "goodTotalRatioThreshold": {
                        "threshold": 0.9,
                        "basicSliPerformance": {"latency": {"threshold": "1s"}},
                    }
                }
            },
            200,
        ),
    ],
)
async def test_google_measures_some_services_by_itself(
    router: Router, service: dict[str, Any], indicator: dict[str, Any], status: int
) -> None:
    await ask(router, "POST", f"{P}/services?serviceId=s", service)
    objective = {"goal": 0.9, "calendarPeriod": "DAY", "serviceLevelIndicator": indicator}
    await ask(router, "POST", f"{P}/services/s/serviceLevelObjectives", objective, status)


async def test_a_scope_has_its_own_project_and_those_that_are_added(router: Router) -> None:
    prices, risk = projects.number("prices"), projects.number("risk-desk")
    name = "locations/global/metricsScopes/prices/projects/risk-desk"
    made = await ask(router, "POST", f"{SCOPES}/prices/projects", {"name": name})
    assert made["response"]["name"] == f"locations/global/metricsScopes/{prices}/projects/{risk}"
    assert await ask(router, "GET", f"/monitoring/v1/{made['name']}") == made
    told = await ask(router, "GET", f"{SCOPES}/{prices}")
    assert [one["name"].rpartition("/")[2] for one in told["monitoredProjects"]] == [prices, risk]
    listed = f"{SCOPES}:listMetricsScopesByMonitoredProject?monitoredResourceContainer=projects/risk-desk"
    found = (await ask(router, "GET", listed))["metricsScopes"]
    assert [one["name"].rpartition("/")[2] for one in found] == [risk, prices]
    await ask(router, "POST", f"{SCOPES}/prices/projects", {"name": name}, 409)
    await ask(router, "DELETE", f"/monitoring/v1/{name}")
    await ask(router, "DELETE", f"/monitoring/v1/{name}", status=404)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("", 400),
        ("projects/risk-desk", 400),
        ("locations/global/metricsScopes/other-desk/projects/risk-desk", 400),
        ("locations/global/metricsScopes/prices/projects/prices", 409),
    ],
)
async def test_what_is_no_project_of_the_scope_is_refused(router: Router, name: str, status: int) -> None:
    await ask(router, "POST", f"{SCOPES}/prices/projects", {"name": name}, status)


async def test_a_scope_keeps_its_own_project(router: Router) -> None:
    await ask(router, "DELETE", f"{SCOPES}/prices/projects/prices", status=400)
