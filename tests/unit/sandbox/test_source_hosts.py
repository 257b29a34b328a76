"""What Cloud Build and Dataform refuse of connections and repositories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis import dataform, secretmanager
from sandbox.apis.cloudbuild import api as cloudbuild
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

PLACE = "projects/prices/locations/asia-south1"
CONNECTIONS = f"/cloudbuild/v2/{PLACE}/connections"
REPOSITORIES = f"/dataform/v1/{PLACE}/repositories"
TOKEN = "projects/prices/secrets/token/versions/1"
Json = dict[str, Any]
GITHUB: Json = {"githubConfig": {"appInstallationId": "1", "authorizerCredential": {"oauthTokenSecretVersion": TOKEN}}}
KEYS: Json = {
    "webhookSecretSecretVersion": TOKEN,
    "readAuthorizerCredential": {"userTokenSecretVersion": TOKEN},
    "authorizerCredential": {"userTokenSecretVersion": TOKEN},
}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, cloudbuild.API, dataform.API, secretmanager.API) as made:
        await secretmanager.API.start(made.control)
        secrets = "/secretmanager/v1/projects/prices/secrets"
        await ask(made, "POST", f"{secrets}?secretId=token", {"replication": {"automatic": {}}})
        await ask(made, "POST", f"{secrets}/token:addVersion", {"payload": {"data": "eA=="}})
        yield made


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        (GITHUB, "COMPLETE"),
        ({"githubConfig": {}}, "PENDING_USER_OAUTH"),
        ({"githubConfig": {"authorizerCredential": {"oauthTokenSecretVersion": TOKEN}}}, "PENDING_INSTALL_APP"),
        ({"githubEnterpriseConfig": {"hostUri": "https://ghe.example.com"}}, "PENDING_CREATE_APP"),
        ({"gitlabConfig": KEYS}, "COMPLETE"),
        ({"bitbucketCloudConfig": {**KEYS, "workspace": "ours"}}, "COMPLETE"),
    ],
)
async def test_a_connection_says_how_far_it_is(router: Router, body: Json, stage: str) -> None:
    await ask(router, "POST", f"{CONNECTIONS}?connectionId=c", body)
    assert (await ask(router, "GET", f"{CONNECTIONS}/c"))["installationState"]["stage"] == stage
    repository = {"remoteUri": "https://example.com/ours.git"}
    status = 200 if stage == "COMPLETE" else 400
    await ask(router, "POST", f"{CONNECTIONS}/c/repositories?repositoryId=r", repository, status)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**GITHUB, "gitlabConfig": KEYS},
        {"gitlabConfig": {**KEYS, "authorizerCredential": None}},
        {"gitlabConfig": {**KEYS, "webhookSecretSecretVersion": TOKEN + "1"}},
        {"gitlabConfig": {**KEYS, "webhookSecretSecretVersion": "token"}},
        {"githubEnterpriseConfig": {"hostUri": "http://ghe.example.com"}},
        {"bitbucketDataCenterConfig": KEYS},
    ],
)
async def test_a_connection_is_to_one_host_by_secrets_that_are_there(router: Router, body: Json) -> None:
    await ask(router, "POST", f"{CONNECTIONS}?connectionId=c", body, 400)


async def test_a_connection_keeps_its_kind_and_its_repositories(router: Router) -> None:
    await ask(router, "POST", f"{CONNECTIONS}?connectionId=c", GITHUB)
    place = f"{CONNECTIONS}/c/repositories"
    await ask(router, "POST", f"{place}?repositoryId=r", {"remoteUri": "https://github.com/ours/r.git"})
    await ask(router, "POST", f"{place}?repositoryId=again", {"remoteUri": "https://github.com/ours/r.git"}, 400)
    await ask(router, "POST", f"{place}?repositoryId=ssh", {"remoteUri": "git@github.com:ours/r.git"}, 400)
    await ask(router, "PATCH", f"{CONNECTIONS}/c", {"gitlabConfig": KEYS}, 400)
    await ask(router, "DELETE", f"{CONNECTIONS}/c", status=400)
    await ask(router, "DELETE", f"{place}/r")
    await ask(router, "DELETE", f"{CONNECTIONS}/c")


REMOTE: Json = {
    "url": "https://github.com/ours/r.git",
    "defaultBranch": "main",
    "authenticationTokenSecretVersion": TOKEN,
}


@pytest.mark.parametrize(
    "change",
    [
        {"url": ""},
        {"defaultBranch": ""},
        {"gitRepositoryLink": "l"},
        {"authenticationTokenSecretVersion": "token"},
        {"authenticationTokenSecretVersion": "", "sshAuthenticationConfig": {"userPrivateKeySecretVersion": TOKEN}},
    ],
)
async def test_a_repository_has_its_code_from_one_place(router: Router, change: Json) -> None:
    await ask(router, "POST", f"{REPOSITORIES}?repositoryId=r", {"gitRemoteSettings": {**REMOTE, **change}}, 400)


async def test_a_repository_tells_whether_its_token_is_there(router: Router) -> None:
    there = await ask(router, "POST", f"{REPOSITORIES}?repositoryId=r", {"gitRemoteSettings": REMOTE})
    assert there["gitRemoteSettings"]["tokenStatus"] == "VALID"
    gone = {"gitRemoteSettings": {**REMOTE, "authenticationTokenSecretVersion": TOKEN + "7"}}
    changed = await ask(router, "PATCH", f"{REPOSITORIES}/r", gone)
    assert changed["gitRemoteSettings"]["tokenStatus"] == "NOT_FOUND"
    await ask(router, "PATCH", f"{REPOSITORIES}/r", {"kmsKeyName": "k"}, 400)


TRIGGERS = f"/cloudbuild/v1/{PLACE}/triggers"
TRIGGER: Json = {"name": "t", "filename": "cloudbuild.yaml"}


async def test_a_trigger_is_had_by_its_id_and_its_name_and_global_ones_by_the_older_path(router: Router) -> None:
    made = await ask(router, "POST", TRIGGERS, TRIGGER)
    for key in (made["id"], "t"):
        assert (await ask(router, "GET", f"{TRIGGERS}/{key}"))["resourceName"] == f"{PLACE}/triggers/{made['id']}"
    await ask(router, "POST", TRIGGERS, TRIGGER, 409)
    older = "/cloudbuild/v1/projects/prices/triggers"
    unnamed = await ask(router, "POST", older, {"filename": "cloudbuild.yaml"})
    assert unnamed["name"].startswith("trigger-")
    assert [one["id"] for one in (await ask(router, "GET", older))["triggers"]] == [unnamed["id"]]
    changed = await ask(router, "PATCH", f"{TRIGGERS}/t?updateMask=description", {"description": "Another"})
    assert (changed["description"], changed["filename"]) == ("Another", "cloudbuild.yaml")
    await ask(router, "DELETE", f"{TRIGGERS}/t")
    await ask(router, "GET", f"{TRIGGERS}/t", status=404)
    await ask(router, "POST", f"{older}/{unnamed['id']}:run", {}, 501)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": "no name"}, 400),
        ({"filename": ""}, 400),
        ({"build": {"steps": [{"name": "ubuntu"}]}}, 400),
        ({"filename": "", "build": {"images": ["i"]}}, 400),
        ({"pubsubConfig": {"topic": "projects/prices/topics/none"}}, 404),
        ({"webhookConfig": {"secret": TOKEN + "7"}}, 404),
        ({"webhookConfig": {"secret": TOKEN}, "github": {"owner": "o", "name": "n"}}, 400),
        ({"repositoryEventConfig": {"repository": "ours", "push": {"branch": "main"}}}, 400),
        ({"repositoryEventConfig": {"repository": f"{PLACE}/connections/c/repositories/r"}}, 404),
    ],
)
async def test_a_trigger_that_google_refuses(router: Router, change: Json, status: int) -> None:
    await ask(router, "POST", TRIGGERS, {**TRIGGER, **change}, status)
