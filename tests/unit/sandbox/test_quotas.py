"""What Cloud Quotas refuses, and that a preference is granted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import cloudquotas
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

PLACE = "/cloudquotas/v1/projects/prices/locations/global/quotaPreferences"
BODY: dict[str, Any] = {
    "service": "compute.googleapis.com",
    "quotaId": "CPUS-per-project-region",
    "dimensions": {"region": "asia-south1"},
    "quotaConfig": {"preferredValue": "200"},
}


@pytest.fixture
def router(tmp_path: Path) -> Any:
    with routing(tmp_path, cloudquotas.API) as made:
        yield made


async def test_a_preference_is_granted_and_is_the_only_one_of_its_dimensions(router: Router) -> None:
    made = await ask(router, "POST", f"{PLACE}?quotaPreferenceId=cpus", BODY)
    assert (made["quotaConfig"]["grantedValue"], made["reconciling"]) == ("200", False)
    await ask(router, "POST", f"{PLACE}?quotaPreferenceId=others", BODY, 409)
    named = await ask(router, "POST", PLACE, {**BODY, "dimensions": {"region": "us-east1"}})
    assert named["name"].startswith("projects/prices/locations/global/quotaPreferences/")
    await ask(router, "DELETE", f"{PLACE}/cpus", status=501)


@pytest.mark.parametrize(
    "change",
    [{"quotaConfig": {"preferredValue": "many"}}, {"contactEmail": "ann"}, {"service": ""}],
)
async def test_a_preference_that_google_refuses(router: Router, change: dict[str, Any]) -> None:
    await ask(router, "POST", f"{PLACE}?quotaPreferenceId=cpus", {**BODY, **change}, 400)
    await ask(router, "POST", f"{PLACE.replace('global', 'asia-south1')}?quotaPreferenceId=cpus", BODY, 400)
