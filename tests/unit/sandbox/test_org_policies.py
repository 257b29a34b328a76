"""Organization policies in both versions of the API; mute rules and detectors of Security Command Center."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis import orgpolicy, securitycentermanagement
from sandbox.apis.resourcemanager import api as resourcemanager
from sandbox.apis.securitycenter import api as securitycenter
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

V1 = "/cloudresourcemanager/v1/folders/7"
V2 = "/orgpolicy/v2/folders/7/policies"
KEYS = "constraints/iam.disableServiceAccountKeyCreation"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(
        tmp_path, orgpolicy.API, resourcemanager.API, securitycenter.API, securitycentermanagement.API
    ) as made:
        yield made


async def test_a_policy_is_the_same_in_both_versions(router: Router) -> None:
    policy = {"constraint": KEYS, "booleanPolicy": {"enforced": True}}
    made = await ask(router, "POST", f"{V1}:setOrgPolicy", {"policy": policy})
    spec = (await ask(router, "GET", f"{V2}/iam.disableServiceAccountKeyCreation"))["spec"]
    assert spec["rules"] == [{"enforce": True}]
    stale = {**policy, "etag": "BwAAAAAAAAA="}
    await ask(router, "POST", f"{V1}:setOrgPolicy", {"policy": stale}, 409)
    again = {**policy, "booleanPolicy": {}, "etag": made["etag"]}
    assert (await ask(router, "POST", f"{V1}:setOrgPolicy", {"policy": again}))["booleanPolicy"] == {}
    values = {"rules": [{"values": {"allowedValues": ["in:asia-locations"]}}], "inheritFromParent": True}
    await ask(router, "POST", V2, {"name": "folders/7/policies/gcp.resourceLocations", "spec": values})
    found = await ask(router, "POST", f"{V1}:getOrgPolicy", {"constraint": "constraints/gcp.resourceLocations"})
    assert found["listPolicy"] == {"inheritFromParent": True, "allowedValues": ["in:asia-locations"]}
    assert len((await ask(router, "POST", f"{V1}:listOrgPolicies", {}))["policies"]) == 2
    await ask(router, "POST", f"{V1}:clearOrgPolicy", {"constraint": KEYS})
    assert "booleanPolicy" not in await ask(router, "POST", f"{V1}:getOrgPolicy", {"constraint": KEYS})
    await ask(router, "POST", f"{V1}:clearOrgPolicy", {"constraint": KEYS})


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ({"constraint": "iam.disableServiceAccountKeyCreation", "booleanPolicy": {}}, 400),
        ({"constraint": KEYS}, 400),
        ({"constraint": KEYS, "booleanPolicy": {}, "restoreDefault": {}}, 400),
        ({"constraint": KEYS, "listPolicy": {}}, 400),
        ({"constraint": KEYS, "listPolicy": {"allValues": "DENY", "suggestedValue": "x"}}, 501),
    ],
)
async def test_what_says_no_policy_is_refused(router: Router, policy: dict[str, object], status: int) -> None:
    await ask(router, "POST", f"{V1}:setOrgPolicy", {"policy": policy}, status)


async def test_a_mute_rule_keeps_its_type(router: Router) -> None:
    place = "/securitycenter/v2/organizations/7/locations/global/muteConfigs"
    rule = {"filter": 'severity="LOW"', "type": "STATIC"}
    await ask(router, "POST", f"{place}?muteConfigId=low", {**rule, "type": "NEVER"}, 400)
    await ask(router, "POST", f"{place.replace('global', 'asia-south1')}?muteConfigId=low", rule, 400)
    await ask(router, "POST", f"{place.replace('/7/', '/acme/')}?muteConfigId=low", rule, 400)
    await ask(router, "POST", f"{place}?muteConfigId=low", rule)
    await ask(router, "PATCH", f"{place}/low?updateMask=type", {"type": "DYNAMIC"}, 400)
    await ask(router, "DELETE", f"{place}/low")


@pytest.mark.parametrize("without", ["predicate", "resourceSelector", "severity"])
async def test_a_detector_says_what_it_looks_for(router: Router, without: str) -> None:
    place = "/securitycentermanagement/v1/folders/7/locations/global/securityHealthAnalyticsCustomModules"
    config = {
        "predicate": {"expression": "true"},
        "resourceSelector": {"resourceTypes": ["cloudkms.googleapis.com/CryptoKey"]},
        "severity": "LOW",
    }
    detector = {"displayName": "keys", "customConfig": config}
    made = await ask(router, "POST", place, detector)
    assert (made["enablementState"], made["name"].rpartition("/")[2].isdigit()) == ("ENABLED", True)
    await ask(router, "POST", place, {**detector, "displayName": "Keys"}, 400)
    await ask(router, "POST", place, {**detector, "customConfig": {**config, without: {}}}, 400)


@pytest.mark.parametrize(
    "change", [{"methodTypes": ["READ"]}, {"actionType": "WARN"}, {"condition": ""}, {"name": "custom.small-machines"}]
)
async def test_a_constraint_says_what_it_holds_for(router: Router, change: dict[str, object]) -> None:
    place = "/orgpolicy/v2/organizations/7/customConstraints"
    constraint = {
        "name": "organizations/7/customConstraints/custom.small",
        "resourceTypes": ["compute.googleapis.com/Instance"],
        "methodTypes": ["CREATE"],
        "condition": "resource.machineType.contains('/e2-')",
        "actionType": "ALLOW",
    }
    await ask(router, "POST", place, {**constraint, **change}, 400)
    await ask(router, "POST", place, constraint)
    await ask(router, "PATCH", f"{place}/custom.small", {**constraint, "resourceTypes": ["a/B"]}, 400)
    await ask(router, "POST", place.replace("/7/", "/acme/"), constraint, 400)
