"""Artifact Registry v1: repositories. Images and packages themselves are not stored."""

from __future__ import annotations

from typing import Any

from sandbox.control import locations, operations
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_FORMATS = (
    "FORMAT_UNSPECIFIED",
    "DOCKER",
    "MAVEN",
    "NPM",
    "_",
    "APT",
    "YUM",
    "GOOGET",
    "PYTHON",
    "KFP",
    "GO",
    "GENERIC",
    "RUBY",
)
_MODES = ("MODE_UNSPECIFIED", "STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY")
_HOSTS = {
    "DOCKER": "docker",
    "MAVEN": "maven",
    "NPM": "npm",
    "APT": "apt",
    "YUM": "yum",
    "PYTHON": "python",
    "GO": "go",
}

repositories = Collection(
    path="v1/projects/{project}/locations/{location}/repositories/{repository}",
    type="google.devtools.artifactregistry.v1.Repository",
    operation_metadata="google.devtools.artifactregistry.v1.OperationMetadata",
    id_rule=r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    id_message="It must be 1 to 63 lowercase letters, numbers or hyphens, a letter first and no hyphen last.",
    id_param="repositoryId",
    defaults={"mode": "STANDARD_REPOSITORY"},
    output_only=("sizeBytes", "satisfiesPzs", "satisfiesPzi", "registryUri"),
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    immutable=("format", "mode", "kmsKeyName"),
    required=("format",),
    enums={"format": _FORMATS, "mode": _MODES},
    location="multi",
    iam=True,
    lro=True,
    lro_update=False,
)

API = Api(
    "artifactregistry.googleapis.com",
    "artifactregistry",
    [repositories],
    [*operations.routes("v1"), *locations.routes("v1")],
)


@repositories.on_create
async def check(repository: Resource, call: Call) -> None:
    """The format decides which configuration a repository may have."""
    document = repository.document
    if document["format"] in ("FORMAT_UNSPECIFIED", "_"):
        raise invalid_argument("The repository format is required.", {"repository.format": "required"})
    for mode, field in (
        ("REMOTE_REPOSITORY", "remoteRepositoryConfig"),
        ("VIRTUAL_REPOSITORY", "virtualRepositoryConfig"),
    ):
        if field in document and document["mode"] != mode:
            raise invalid_argument(f"{field} is only allowed in mode {mode}.", {f"repository.{field}": f"needs {mode}"})
    for field, kind in (("dockerConfig", "DOCKER"), ("mavenConfig", "MAVEN")):
        if document.get(field) and document["format"] != kind:
            raise invalid_argument(
                f"{field} is only allowed with format {kind}.", {f"repository.{field}": f"needs {kind}"}
            )


@repositories.shown_by
def shown(repository: Resource, call: Call) -> dict[str, Any]:
    """With the registry's address and what scanning would do."""
    project, location = repository.name.split("/")[1], repository.name.split("/")[3]
    document = dict(repository.document)
    document.setdefault("vulnerabilityScanningConfig", {})
    scanning = {
        "enablementState": "SCANNING_DISABLED",
        "enablementStateReason": "API containerscanning.googleapis.com is not enabled.",
    }
    document["vulnerabilityScanningConfig"] = {**scanning, **document["vulnerabilityScanningConfig"]}
    host = _HOSTS.get(document["format"])
    if host is not None:
        document["registryUri"] = f"{location}-{host}.pkg.dev/{project}/{repository.id}"
    return document
