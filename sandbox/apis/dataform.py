"""Dataform v1: repositories, and where they have their code from. No host is asked, and nothing is compiled or run."""

from __future__ import annotations

from typing import Any

from sandbox.apis import secret_references
from sandbox.control import locations
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]

repositories = Collection(
    path="v1/projects/{project}/locations/{location}/repositories/{repository}",
    noun="Repository",
    id_rule=r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
    id_message="It must be up to 63 letters, digits, dots, hyphens or underscores, a letter or digit first and last.",
    id_param="repositoryId",
    mask="replace",
    iam=True,
    location="region",
    on_create_set={"createTime": now},
)
API = Api("dataform.googleapis.com", "dataform", [repositories], locations.routes("v1"), flat=False)


@repositories.on_create
async def check(repository: Resource, call: Call) -> None:
    """A remote repository by https or by ssh."""
    _check(repository.document, call)


@repositories.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The same of a change; a key stays."""
    if old.document.get("kmsKeyName") != new.document.get("kmsKeyName"):
        raise invalid_argument("kmsKeyName can't be changed.", {"repository.kms_key_name": "immutable"})
    _check(new.document, call)


def _check(document: Json, call: Call) -> None:
    settings = document.get("gitRemoteSettings")
    secret = document.get("npmrcEnvironmentVariablesSecretVersion")
    if secret:
        secret_references.is_there(secret, "repository.npmrc_environment_variables_secret_version", call)
    if settings is None:
        return
    where = "repository.git_remote_settings"
    for needed in ("url", "defaultBranch"):
        if not settings.get(needed):
            raise invalid_argument(f"gitRemoteSettings.{needed} is required.", {f"{where}.{needed}": "required"})
    token, link = settings.get("authenticationTokenSecretVersion"), settings.get("gitRepositoryLink")
    ssh = settings.get("sshAuthenticationConfig")
    if sum(map(bool, (token, link, ssh))) != 1:
        raise invalid_argument("A remote repository has a token, an ssh key or a link.", {where: "one of three"})
    settings.pop("tokenStatus", None)
    if token:
        settings["tokenStatus"] = "VALID" if secret_references.is_there(token, where, call) else "NOT_FOUND"
    if ssh:
        secret_references.is_there(ssh.get("userPrivateKeySecretVersion"), where, call)
        if not ssh.get("hostPublicKey"):
            raise invalid_argument("sshAuthenticationConfig.hostPublicKey is required.", {where: "required"})
