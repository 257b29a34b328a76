"""Connections to GitHub, GitLab and Bitbucket, by secrets that say who one is there, and repositories of theirs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.apis import secret_references
from sandbox.control.collection import Collection, etag, now
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_PLACE = "v2/projects/{project}/locations/{location}/connections/{connection}"
_HOSTS = ("githubConfig", "githubEnterpriseConfig", "gitlabConfig", "bitbucketDataCenterConfig", "bitbucketCloudConfig")
# What a connection can't do without, by the kind of its host.
_NEEDED: dict[str, tuple[str, ...]] = {
    "githubConfig": (),
    "githubEnterpriseConfig": ("hostUri",),
    "gitlabConfig": ("webhookSecretSecretVersion", "readAuthorizerCredential", "authorizerCredential"),
    "bitbucketDataCenterConfig": (
        *("hostUri", "webhookSecretSecretVersion", "readAuthorizerCredential", "authorizerCredential"),
    ),
    "bitbucketCloudConfig": (
        *("workspace", "webhookSecretSecretVersion", "readAuthorizerCredential", "authorizerCredential"),
    ),
}
_COMMON: dict[str, Any] = {
    "id_rule": r"[A-Za-z0-9_.~%!$&'()*+,;=@-]{1,63}",
    "id_message": "It may have letters, digits and -._~%!$&'()*+,;=@.",
    "labels": (),
    "location": "region",
    "lro": True,
    "operation_metadata": "google.devtools.cloudbuild.v2.OperationMetadata",
    "on_create_set": {"createTime": now, "updateTime": now, "etag": etag},
    "on_update_set": {"updateTime": now, "etag": etag},
}

connections = Collection(
    path=_PLACE,
    type="google.devtools.cloudbuild.v2.Connection",
    id_param="connectionId",
    mask="replace",
    iam=True,
    output_only=("installationState", "reconciling"),
    **_COMMON,
)
repositories = Collection(
    path=f"{_PLACE}/repositories/{{repository}}",
    noun="Repository",
    type="google.devtools.cloudbuild.v2.Repository",
    id_param="repositoryId",
    update=(),
    required=("remoteUri",),
    output_only=("webhookId",),
    parents=(connections,),
    **_COMMON,
)


@connections.on_create
async def check(connection: Resource, call: Call) -> None:
    """One host, with secrets that are there."""
    _check(connection.document, call)


@connections.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The same of a change; the kind of host stays."""
    if _host(old.document) != _host(new.document):
        raise invalid_argument("The kind of a connection's host can't be changed.")
    _check(new.document, call)


def _host(document: Json) -> str:
    given = [name for name in _HOSTS if name in document]
    if len(given) != 1:
        raise invalid_argument(f"Exactly one of {', '.join(_HOSTS)} is needed.", {"connection.connection_config": ""})
    return given[0]


def _check(document: Json, call: Call) -> None:
    host = _host(document)
    config = document[host]
    for needed in _NEEDED[host]:
        if not config.get(needed):
            raise invalid_argument(f"{host}.{needed} is required.", {f"connection.{host}.{needed}": "required"})
    if host == "gitlabConfig":
        config.setdefault("hostUri", "https://gitlab.com")
    if "hostUri" in config and urlsplit(str(config["hostUri"])).scheme != "https":
        raise invalid_argument(f"hostUri '{config['hostUri']}' is not https.", {f"connection.{host}.hostUri": "https"})
    _check_secrets(config, call)
    document["installationState"] = _stage(host, config)
    document["reconciling"] = False


def _check_secrets(config: Json, call: Call) -> None:
    """That every version named is there."""
    for key, value in config.items():
        if isinstance(value, dict):
            _check_secrets(value, call)
        elif key.endswith("SecretVersion") and not secret_references.is_there(value, key, call):
            raise failed_precondition(f"The secret version '{value}' can't be accessed.")


def _stage(host: str, config: Json) -> Json:
    """How far somebody is who must go to GitHub for it; elsewhere nobody must."""
    if host == "githubEnterpriseConfig" and not config.get("appId"):
        return {"stage": "PENDING_CREATE_APP", "message": "The GitHub App must be created."}
    if host == "githubConfig" and not config.get("authorizerCredential"):
        return {"stage": "PENDING_USER_OAUTH", "message": "Somebody must authorize it at GitHub."}
    if host in ("githubConfig", "githubEnterpriseConfig") and not config.get("appInstallationId"):
        return {"stage": "PENDING_INSTALL_APP", "message": "The GitHub App must be installed."}
    return {"stage": "COMPLETE"}


@repositories.on_create
async def check_repository(repository: Resource, call: Call) -> None:
    """Of a connection that is complete, and no other's."""
    uri = str(repository.document["remoteUri"])
    if urlsplit(uri).scheme != "https" or not urlsplit(uri).path.strip("/"):
        raise invalid_argument(
            f"remoteUri '{uri}' is no address to clone by https.", {"repository.remote_uri": "https"}
        )
    above = repository.name.rpartition("/repositories/")[0]
    connection = connections.must(call.control, above)
    if connection.document["installationState"]["stage"] != "COMPLETE":
        raise failed_precondition(f"The installation of '{above}' is not complete.")
    for other in call.store.select(repositories.key, above):
        if other.document["remoteUri"] == uri:
            raise failed_precondition(f"'{other.id}' is the repository '{uri}' already.")


@connections.on_delete
async def keep_linked(connection: Resource, call: Call) -> None:
    """One with repositories stays."""
    if call.store.select(repositories.key, connection.name):
        raise failed_precondition(f"The connection '{connection.id}' has repositories.")
