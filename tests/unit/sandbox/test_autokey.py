"""Autokey: which project's key a handle gets, and who may encrypt with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.cloudkms import api as cloudkms
from sandbox.control import projects
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from tests.unit.sandbox.routing import routing

_MASK = "?updateMask=keyProject,keyProjectResolutionMode"
_HANDLES = "/cloudkms/v1/projects/atm-local/locations/asia-south1/keyHandles"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, cloudkms.API) as made:
        yield made


async def _configure(router: Router, place: str, document: dict[str, Any]) -> Response:
    return await router.dispatch(Request.of("PATCH", f"/cloudkms/v1/{place}/autokeyConfig{_MASK}", document))


async def _handle(router: Router, name: str = "reports", selector: str = "storage.googleapis.com/Bucket") -> Response:
    body = {"resourceTypeSelector": selector}
    return await router.dispatch(Request.of("POST", f"{_HANDLES}?keyHandleId={name}", body))


async def test_a_handle_without_autokey_is_refused(router: Router) -> None:
    answer = await _handle(router)
    assert answer.status == 400
    assert "not configured" in answer.json()["error"]["message"]


async def test_a_folder_s_key_project_gets_the_key_and_storage_s_agent_may_use_it(router: Router) -> None:
    told = (await _configure(router, "folders/12", {"keyProject": "projects/atm-keys"})).json()
    assert (told["state"], told["keyProject"]) == ("ACTIVE", "projects/atm-keys")

    assert (await _handle(router)).json()["done"]
    shown = (await router.dispatch(Request.of("GET", f"{_HANDLES}/reports"))).json()
    assert shown["kmsKey"].startswith("projects/atm-keys/locations/asia-south1/keyRings/autokey/cryptoKeys/")
    key = (await router.dispatch(Request.of("GET", f"/cloudkms/v1/{shown['kmsKey']}"))).json()
    assert (key["versionTemplate"]["protectionLevel"], key["rotationPeriod"]) == ("HSM", "31536000s")
    policy = (await router.dispatch(Request.of("GET", f"/cloudkms/v1/{shown['kmsKey']}:getIamPolicy"))).json()
    agent = f"serviceAccount:service-{projects.number('atm-local')}@gs-project-accounts.iam.gserviceaccount.com"
    assert policy["bindings"][0]["members"] == [agent]


async def test_a_project_s_own_configuration_comes_before_a_folder_s(router: Router) -> None:
    await _configure(router, "folders/12", {"keyProject": "projects/atm-keys"})
    effective = "/cloudkms/v1/projects/atm-local:showEffectiveAutokeyConfig"
    assert (await router.dispatch(Request.of("GET", effective))).json() == {"keyProject": "projects/atm-keys"}
    await _configure(router, "projects/atm-local", {"keyProjectResolutionMode": "RESOURCE_PROJECT"})
    assert (await router.dispatch(Request.of("GET", effective))).json() == {"keyProject": "projects/atm-local"}
    await _configure(router, "projects/atm-local", {"keyProjectResolutionMode": "DISABLED"})
    assert (await _handle(router)).status == 400


async def test_two_folders_with_autokey_are_not_guessed_between(router: Router) -> None:
    await _configure(router, "folders/12", {"keyProject": "projects/atm-keys"})
    await _configure(router, "folders/13", {"keyProject": "projects/atm-other-keys"})
    assert "which folder" in (await _handle(router)).json()["error"]["message"]
    await _configure(router, "folders/13", {})  # as a destroy does: what the mask names and the body lacks goes
    assert (await _handle(router)).status == 200


@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("folders/research", {"keyProject": "projects/atm-keys"}),
        ("folders/12", {"keyProject": "atm-keys"}),
        ("folders/12", {"keyProjectResolutionMode": "DEDICATED_KEY_PROJECT"}),
        ("folders/12", {"keyProjectResolutionMode": "DISABLED", "keyProject": "projects/atm-keys"}),
        ("folders/12", {"keyProject": "projects/atm-keys", "etag": "another"}),
        ("projects/atm-local", {"keyProject": "projects/atm-keys"}),
        ("projects/atm-local", {"keyProjectResolutionMode": "DEDICATED_KEY_PROJECT"}),
    ],
)
async def test_what_google_refuses_is_refused(router: Router, place: str, document: dict[str, Any]) -> None:
    assert (await _configure(router, place, document)).status in (400, 409)


async def test_handles_are_listed_by_what_they_are_for(router: Router) -> None:
    await _configure(router, "folders/12", {"keyProject": "projects/atm-keys"})
    await _handle(router)
    await _handle(router, "market", "bigquery.googleapis.com/Dataset")
    query = "?filter=resource_type_selector%3D%22bigquery.googleapis.com/Dataset%22"
    listed = (await router.dispatch(Request.of("GET", f"{_HANDLES}{query}"))).json()["keyHandles"]
    assert [one["name"].rpartition("/")[2] for one in listed] == ["market"]
    assert (await _handle(router, "tapes", "a tape")).status == 400
