"""The policies of what is above a project: folders, organizations, billing accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis import cloudbilling
from sandbox.apis.resourcemanager import api as resourcemanager
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from tests.unit.sandbox.routing import routing

BINDINGS = [{"role": "roles/viewer", "members": ["user:ann@example.com"]}]


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, resourcemanager.API, cloudbilling.API) as made:
        yield made


async def _set(router: Router, path: str) -> Response:
    return await router.dispatch(Request.of("POST", f"{path}:setIamPolicy", {"policy": {"bindings": BINDINGS}}))


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/cloudresourcemanager/v3/folders/12", "POST"),
        ("/cloudresourcemanager/v1/organizations/12", "POST"),
        ("/cloudbilling/v1/billingAccounts/0A0B0C-0A0B0C-0A0B0C", "GET"),
    ],
)
async def test_a_policy_is_kept_under_its_own_name(router: Router, path: str, method: str) -> None:
    assert (await _set(router, path)).status == 200
    told = (await router.dispatch(Request.of(method, f"{path}:getIamPolicy"))).json()
    assert told["bindings"] == BINDINGS
    other = f"{path[:-1]}3" if path.endswith("2") else f"{path[:-1]}D"
    assert "bindings" not in (await router.dispatch(Request.of(method, f"{other}:getIamPolicy"))).json()


async def test_an_organization_is_the_same_by_either_version(router: Router) -> None:
    await _set(router, "/cloudresourcemanager/v1/organizations/12")
    told = await router.dispatch(Request.of("POST", "/cloudresourcemanager/v3/organizations/12:getIamPolicy"))
    assert told.json()["bindings"] == BINDINGS


@pytest.mark.parametrize(
    "path", ["/cloudresourcemanager/v3/folders/research", "/cloudbilling/v1/billingAccounts/0a0b0c-0a0b0c-0a0b0c"]
)
async def test_a_name_that_google_does_not_give_is_refused(router: Router, path: str) -> None:
    assert (await _set(router, path)).status == 400
