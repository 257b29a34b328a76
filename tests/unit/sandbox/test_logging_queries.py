"""Cloud Logging: scopes, saved queries, and settings of what is above projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.cloudkms.api import API as KEYS
from sandbox.apis.logging.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

P = "/logging/v2/projects/prices/locations/global"
VIEW = "projects/prices/locations/global/buckets/_Default/views/_AllLogs"
QUERY = {"displayName": "Errors", "visibility": "SHARED", "loggingQuery": {"filter": "severity>=ERROR"}}
SQL = {"opsAnalyticsQuery": {"sqlQueryText": "SELECT 1"}}
FOLDER = "/logging/v2/folders/281474/settings"
KEY = "projects/prices/locations/asia-south1/keyRings/r/cryptoKeys/k"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, KEYS, API) as made:
        yield made


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["projects/prices", VIEW], 200),
        ([], 400),
        (["folders/12"], 400),
        (["projects/prices", "projects/prices"], 400),
        ([f"projects/prices-{at}" for at in range(6)], 400),
    ],
)
async def test_a_scope_is_of_projects_and_views(router: Router, names: list[str], status: int) -> None:
    await ask(router, "POST", f"{P}/logScopes?logScopeId=desk", {"resourceNames": names}, status)


async def test_scopes_and_queries_are_changed_listed_and_global_alone(router: Router) -> None:
    await ask(router, "POST", f"{P}/logScopes?logScopeId=desk", {"resourceNames": ["projects/prices"]})
    await ask(router, "POST", f"{P}/logScopes?logScopeId=desk", {"resourceNames": ["projects/prices"]}, 409)
    told = await ask(router, "PATCH", f"{P}/logScopes/desk?updateMask=description", {"description": "Desk"})
    assert (told["description"], told["resourceNames"]) == ("Desk", ["projects/prices"])
    assert len((await ask(router, "GET", f"{P}/logScopes"))["logScopes"]) == 1
    elsewhere = P.replace("global", "asia-south1")
    await ask(router, "POST", f"{elsewhere}/savedQueries?savedQueryId=q", QUERY, 400)
    await ask(router, "DELETE", f"{P}/logScopes/desk")
    await ask(router, "GET", f"{P}/logScopes/desk", status=404)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"loggingQuery": {"filter": "severity>="}}, 400),
        ({"loggingQuery": {"filter": "a=b", "summaryFieldStart": 1, "summaryFieldEnd": 1}}, 400),
        (SQL, 400),
        ({"loggingQuery": None, **SQL}, 200),
        ({"loggingQuery": None}, 400),
        ({"visibility": "PUBLIC"}, 400),
        ({"displayName": ""}, 400),
    ],
)
async def test_a_saved_query_is_of_one_kind(router: Router, changes: dict[str, Any], status: int) -> None:
    await ask(router, "POST", f"{P}/savedQueries?savedQueryId=q", {**QUERY, **changes}, status)


async def test_settings_are_changed_by_their_mask_and_keep_who_writes(router: Router) -> None:
    before = await ask(router, "GET", FOLDER)
    body = {"storageLocation": "europe-west2", "disableDefaultSink": True}
    told = await ask(router, "PATCH", f"{FOLDER}?updateMask=storageLocation,disableDefaultSink", body)
    assert told == {**before, **body}
    told = await ask(router, "PATCH", f"{FOLDER}?updateMask=disableDefaultSink", {})
    assert told == {**before, "storageLocation": "europe-west2"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (FOLDER, {"kmsKeyName": KEY}, 200),
        (FOLDER, {"kmsKeyName": KEY, "storageLocation": "europe-west2"}, 400),
        (FOLDER, {"kmsKeyName": f"{KEY}2"}, 404),
        (FOLDER, {"kmsKeyName": "k"}, 400),
        (f"{FOLDER}?updateMask=name", {"name": "n"}, 400),
        ("/logging/v2/folders/none/settings", {}, 400),
    ],
)
async def test_keys_of_settings_are_there_and_near(
    router: Router, path: str, body: dict[str, Any], status: int
) -> None:
    rings = "/cloudkms/v1/projects/prices/locations/asia-south1/keyRings"
    await ask(router, "POST", f"{rings}?keyRingId=r", {})
    await ask(router, "POST", f"{rings}/r/cryptoKeys?cryptoKeyId=k", {"purpose": "ENCRYPT_DECRYPT"})
    await ask(router, "PATCH", path, body, status)
