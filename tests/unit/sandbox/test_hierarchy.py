"""What folders, projects, tags, liens and organization policies refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.apis import cloudbilling, orgpolicy
from sandbox.apis.compute import api as compute
from sandbox.apis.resourcemanager import api as resourcemanager
from sandbox.control.http import Request
from sandbox.control.router import Router
from tests.unit.sandbox.routing import routing

V3, V1 = "/cloudresourcemanager/v3", "/cloudresourcemanager/v1"


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, resourcemanager.API, cloudbilling.API, orgpolicy.API, compute.API) as made:
        yield made


async def ask(router: Router, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    response = await router.dispatch(Request.of(method, path, body))
    assert response.status == status, response.body
    answer = response.json()
    answer = answer.get("response", answer)
    answer.pop("@type", None)
    return answer


async def _folder(router: Router, name: str, parent: str = "organizations/1", status: int = 200) -> Any:
    return await ask(router, "POST", f"{V3}/folders", {"displayName": name, "parent": parent}, status)


async def test_a_folder_goes_when_it_is_empty_and_can_be_had_back(router: Router) -> None:
    outer = await _folder(router, "Outer")
    inner = await _folder(router, "Inner", outer["name"])
    await _folder(router, "Inner", outer["name"], status=400)  # a name is its parent's once
    await _folder(router, "Lost", "folders/7x", status=400)
    await ask(router, "DELETE", f"{V3}/{outer['name']}", status=400)
    await ask(router, "POST", f"{V3}/{outer['name']}:move", {"destinationParent": inner["name"]}, status=400)

    gone = await ask(router, "DELETE", f"{V3}/{inner['name']}")
    assert gone["state"] == "DELETE_REQUESTED"
    assert await ask(router, "GET", f"{V3}/folders?parent={outer['name']}") == {}
    back = await ask(router, "POST", f"{V3}/{inner['name']}:undelete")
    assert (back["state"], "deleteTime" in back) == ("ACTIVE", False)
    await ask(router, "GET", f"{V3}/folders/404", status=403)


async def test_a_project_that_was_used_is_made_once(router: Router) -> None:
    used = await ask(router, "GET", f"{V1}/projects/my-project")
    folder = await _folder(router, "Team")
    body = {"projectId": "my-project", "displayName": "Mine too", "parent": folder["name"], "labels": {"a": "b"}}
    made = await ask(router, "POST", f"{V3}/projects", body)
    assert made["name"] == f"projects/{used['projectNumber']}"
    assert (made["displayName"], made["parent"], made["labels"]) == ("Mine too", folder["name"], {"a": "b"})
    await ask(router, "POST", f"{V3}/projects", body, status=409)
    await ask(router, "DELETE", f"{V3}/{folder['name']}", status=400)  # the project is in it

    lien = {"parent": made["name"], "restrictions": ["resourcemanager.projects.delete"], "reason": "r", "origin": "o"}
    held = await ask(router, "POST", f"{V3}/liens", lien)
    await ask(router, "DELETE", f"{V1}/projects/my-project", status=400)
    await ask(router, "DELETE", f"{V1}/{held['name']}")
    await ask(router, "DELETE", f"{V1}/projects/my-project")
    assert (await ask(router, "GET", f"{V1}/projects/my-project"))["lifecycleState"] == "DELETE_REQUESTED"
    await ask(router, "DELETE", f"{V3}/{folder['name']}")
    await ask(router, "POST", f"{V1}/projects/my-project:undelete", {})
    assert (await ask(router, "GET", f"{V3}/projects/my-project"))["state"] == "ACTIVE"


async def test_a_project_has_the_account_it_was_given(router: Router) -> None:
    info = "/cloudbilling/v1/projects/my-project/billingInfo"
    assert not (await ask(router, "GET", info))["billingEnabled"]
    await ask(router, "PUT", info, {"billingAccountName": "billingAccounts/nonsense"}, status=400)
    given = await ask(router, "PUT", info, {"billingAccountName": "billingAccounts/0A0B0C-0A0B0C-0A0B0C"})
    assert given["billingEnabled"]
    assert await ask(router, "GET", info) == given


async def test_tags_in_use_stay(router: Router) -> None:
    key = await ask(
        router,
        "POST",
        f"{V3}/tagKeys",
        {"parent": "projects/my-project", "shortName": "env", "allowedValuesRegex": "[a-z]+"},
    )
    assert key["namespacedName"] == "my-project/env"
    await ask(router, "POST", f"{V3}/tagKeys", {"parent": "projects/my-project", "shortName": "env"}, status=409)
    await ask(router, "POST", f"{V3}/tagValues", {"parent": key["name"], "shortName": "7"}, status=400)
    value = await ask(router, "POST", f"{V3}/tagValues", {"parent": key["name"], "shortName": "prod"})
    assert await ask(router, "GET", f"{V3}/tagValues/namespaced?name=my-project/env/prod") == value
    bound = {"parent": "//cloudresourcemanager.googleapis.com/projects/1", "tagValue": value["name"]}
    binding = await ask(router, "POST", f"{V3}/tagBindings", bound)
    await ask(router, "DELETE", f"{V3}/{value['name']}", status=400)
    await ask(router, "DELETE", f"{V3}/{key['name']}", status=400)
    await ask(router, "DELETE", f"{V3}/{binding['name']}")
    changed = await ask(router, "PATCH", f"{V3}/{value['name']}?updateMask=description", {"description": "Real money"})
    assert changed["description"] == "Real money"
    await ask(router, "PATCH", f"{V3}/{value['name']}?updateMask=shortName", {"shortName": "x"}, status=400)
    await ask(router, "DELETE", f"{V3}/{value['name']}")
    await ask(router, "DELETE", f"{V3}/{key['name']}")


async def test_policies_of_an_organization_say_one_thing_a_rule(router: Router) -> None:
    place = "/orgpolicy/v2/folders/12/policies"
    name = "folders/12/policies/iam.disableServiceAccountKeyCreation"
    bad = {"name": name, "spec": {"rules": [{"enforce": True, "denyAll": True}]}}
    await ask(router, "POST", place, bad, status=400)
    await ask(router, "POST", place, {"name": name}, status=400)
    good = await ask(router, "POST", place, {"name": name, "spec": {"rules": [{"enforce": True, "values": None}]}})
    assert good["spec"]["rules"] == [{"enforce": True}]
    await ask(router, "PATCH", f"/orgpolicy/v2/{name}", {**good, "etag": "old"}, status=400)
    effective = await ask(router, "GET", f"{place}/gcp.resourceLocations:getEffectivePolicy")
    assert effective["spec"] == {}
    await ask(router, "DELETE", f"/orgpolicy/v2/{name}")
    await ask(router, "GET", f"/orgpolicy/v2/{name}", status=404)


async def test_a_service_project_has_one_host(router: Router) -> None:
    def of(project: str) -> str:
        return f"/compute/v1/projects/{project}"

    service = {"xpnResource": {"id": "my-service", "type": "PROJECT"}}
    await ask(router, "POST", f"{of('my-host')}/enableXpnResource", service, status=400)  # it is no host yet
    for host in ("my-host", "my-other-host"):
        await ask(router, "POST", f"{of(host)}/enableXpnHost")
    await ask(router, "POST", f"{of('my-host')}/enableXpnResource", service)
    await ask(router, "POST", f"{of('my-other-host')}/enableXpnResource", service, status=400)
    assert (await ask(router, "GET", f"{of('my-service')}/getXpnHost"))["name"] == "my-host"
    await ask(router, "POST", f"{of('my-host')}/disableXpnHost", status=400)
    await ask(router, "POST", f"{of('my-host')}/disableXpnResource", service)
    await ask(router, "POST", f"{of('my-host')}/disableXpnHost")
    assert (await ask(router, "GET", of("my-host")))["xpnProjectStatus"] != "HOST"


async def test_projects_are_listed_by_a_filter(router: Router) -> None:
    parent = {"type": "organization", "id": "1"}
    for project, tier in (("shop-one", "gold"), ("shop-two", "silver"), ("other-one", "gold")):
        body = {"projectId": project, "name": project, "labels": {"tier": tier}, "parent": parent}
        await ask(router, "POST", f"{V1}/projects", body)

    async def listed(text: str) -> list[str]:
        found = await ask(router, "GET", f"{V1}/projects?filter={quote(text)}")
        return [one["projectId"] for one in found.get("projects") or []]

    assert await listed("id:shop-*") == ["shop-one", "shop-two"]
    assert await listed("labels.tier:gold parent.type:organization parent.id:1") == ["other-one", "shop-one"]
    assert await listed("name=Other-One AND lifecycleState:ACTIVE") == ["other-one"]
    assert await listed("id:shop") == []
    first = await ask(router, "GET", f"{V1}/projects?pageSize=1&filter={quote('id:shop-*')}")
    assert first["nextPageToken"]


async def test_folders_are_searched_below_a_parent(router: Router) -> None:
    above = await _folder(router, "Above")
    for name in ("Prices", "Orders"):
        await _folder(router, name, above["name"])
    query = quote(f'lifecycleState=ACTIVE AND parent={above["name"]} AND displayName="Orders"')
    found = (await ask(router, "GET", f"{V3}/folders:search?query={query}"))["folders"]
    assert [one["displayName"] for one in found] == ["Orders"]


async def test_an_organization_has_its_domain_from_the_first_search(router: Router) -> None:
    [found] = (await ask(router, "POST", f"{V1}/organizations:search", {"filter": "domain=example.com"}))[
        "organizations"
    ]
    assert (await ask(router, "GET", f"{V1}/{found['name']}"))["displayName"] == "example.com"
    [again] = (await ask(router, "GET", f"{V3}/organizations:search?query=domain:example.com"))["organizations"]
    assert (again["name"], again["state"]) == (found["name"], "ACTIVE")
    assert (await ask(router, "GET", f"{V3}/organizations/7"))["displayName"] == "organization-7.example"
    await ask(router, "GET", f"{V1}/organizations/ours", status=403)
    await ask(router, "POST", f"{V1}/organizations:search", {"filter": "owner:me"}, 400)


async def test_what_is_no_domain_has_no_organization(router: Router) -> None:
    async def found(text: str) -> list[Any]:
        answer = await ask(router, "POST", f"{V1}/organizations:search", {"filter": text} if text else {})
        return list(answer.get("organizations") or [])

    assert [await found(f"domain{sign}{name}") for sign in "=:" for name in ("nobody", "nobody.invalid")] == [[]] * 4
    assert await found("") == []
    [made] = await found('domain = "example.com"')
    assert await found("") == await found(f"directoryCustomerId:{made['owner']['directoryCustomerId']}") == [made]
    assert await found("owner.directoryCustomerId=C0nobody") == []


async def test_what_is_above_a_project_is_told_from_the_nearest_on(router: Router) -> None:
    above = await _folder(router, "Above", "organizations/7")
    below = await _folder(router, "Below", above["name"])
    number = below["name"].rpartition("/")[2]
    project = {"projectId": "prices-under", "parent": {"type": "folder", "id": number}}
    await ask(router, "POST", f"{V1}/projects", project)

    async def ancestors(project: str) -> list[str]:
        answer = await ask(router, "POST", f"{V1}/projects/{project}:getAncestry", {})
        return ["{type}s/{id}".format(**one["resourceId"]) for one in answer["ancestor"]]

    assert await ancestors("prices-under") == [
        "projects/prices-under",
        below["name"],
        above["name"],
        "organizations/7",
    ]
    assert await ancestors("prices-alone") == ["projects/prices-alone"]


async def test_billing_accounts_are_those_that_projects_have(router: Router) -> None:
    billing, one, other = (
        "/cloudbilling/v1",
        "billingAccounts/0A0B0C-0A0B0C-0A0B0C",
        "billingAccounts/0A0B0C-0A0B0C-FFFFFF",
    )
    assert await ask(router, "GET", f"{billing}/billingAccounts") == {}
    for project, account in (("prices", one), ("orders", one), ("others", other), ("nobody", "")):
        await ask(router, "PUT", f"{billing}/projects/{project}/billingInfo", {"billingAccountName": account})
    first = await ask(router, "GET", f"{billing}/billingAccounts?pageSize=1")
    rest = await ask(router, "GET", f"{billing}/billingAccounts?pageToken={first['nextPageToken']}")
    assert [each["name"] for page in (first, rest) for each in page["billingAccounts"]] == [one, other]
    told = await ask(router, "GET", f"{billing}/{one}")
    assert (told["open"], told["displayName"]) == (True, "0A0B0C-0A0B0C-0A0B0C")
    await ask(router, "GET", f"{billing}/billingAccounts/nonsense", status=400)
    first = await ask(router, "GET", f"{billing}/{one}/projects?pageSize=1")
    rest = await ask(router, "GET", f"{billing}/{one}/projects?pageToken={first['nextPageToken']}")
    assert [each["projectId"] for page in (first, rest) for each in page["projectBillingInfo"]] == ["orders", "prices"]


async def test_tag_keys_of_a_project_are_listed_by_its_id_and_its_number(router: Router) -> None:
    made = await ask(router, "POST", f"{V3}/tagKeys", {"parent": "projects/prices-alone", "shortName": "tier"})
    for parent in ("projects/prices-alone", made["parent"]):
        assert (await ask(router, "GET", f"{V3}/tagKeys?parent={parent}"))["tagKeys"] == [made]
