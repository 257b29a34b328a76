"""Operations of what is below a project stay readable at the names that they are told by."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.apis.firestore import API as FIRESTORE
from sandbox.apis.privilegedaccessmanager.api import API as ACCESS
from sandbox.control.router import Api
from tests.unit.sandbox.routing import ask, routing

INDEX = {"fields": [{"fieldPath": "a", "order": "ASCENDING"}, {"fieldPath": "b", "order": "ASCENDING"}]}
ENTITLEMENT = {
    "maxRequestDuration": "3600s",
    "eligibleUsers": [{"principals": ["user:ana@example.com"]}],
    "requesterJustificationConfig": {"notMandatory": {}},
    "privilegedAccess": {
        "gcpIamAccess": {
            "resource": "//cloudresourcemanager.googleapis.com/organizations/7",
            "resourceType": "cloudresourcemanager.googleapis.com/Organization",
            "roleBindings": [{"role": "roles/storage.admin"}],
        }
    },
}


@pytest.mark.parametrize(
    ("api", "before", "place", "body"),
    [
        (
            FIRESTORE,
            ("projects/prices/databases?databaseId=main", {"locationId": "asia-south1", "type": "FIRESTORE_NATIVE"}),
            "projects/prices/databases/main/collectionGroups/quotes/indexes",
            INDEX,
        ),
        (ACCESS, None, "organizations/7/locations/global/entitlements?entitlementId=read-all", ENTITLEMENT),
    ],
    ids=["firestore", "privilegedaccessmanager"],
)
async def test_an_operation_is_read_at_its_name(
    tmp_path: Path, api: Api, before: tuple[str, object] | None, place: str, body: object
) -> None:
    with routing(tmp_path, api) as router:
        if before:
            await ask(router, "POST", f"/{api.short}/v1/{before[0]}", before[1])
        operation = await ask(router, "POST", f"/{api.short}/v1/{place}", body)
        assert await ask(router, "GET", f"/{api.short}/v1/{operation['name']}") == operation
