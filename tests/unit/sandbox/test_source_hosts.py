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
