"""Keys that things are encrypted with: the product's own agent has to be allowed to use them, or Google refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models.base import Reference
from ..models.kms import CryptoKey
from ..paths import Path, format_path
from ..problems import Problem
from ..references import Target
from ..structure import Shape, marked
from .context import Context

_ROLES = {"roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/owner"}


@dataclass(frozen=True, slots=True)
class Agent:
    """A product's own agent: what a key's `used_by` calls the product, and the agent's address."""

    product: str
    address: str


# By the map of a subproject whose things name a key.
_AGENTS = {
    "buckets": Agent("storage", r"service-[0-9]+@gs-project-accounts\.iam\.gserviceaccount\.com"),
    "datasets": Agent("bigquery", r"bq-[0-9]+@bigquery-encryption\.iam\.gserviceaccount\.com"),
    "topics": Agent("pubsub", r"service-[0-9]+@gcp-sa-pubsub\.iam\.gserviceaccount\.com"),
    "secrets": Agent("secret_manager", r"service-[0-9]+@gcp-sa-secretmanager\.iam\.gserviceaccount\.com"),
    "repositories": Agent("artifact_registry", r"service-[0-9]+@gcp-sa-artifactregistry\.iam\.gserviceaccount\.com"),
    "services": Agent("run", r"service-[0-9]+@serverless-robot-prod\.iam\.gserviceaccount\.com"),
    "worker_pools": Agent("run", r"service-[0-9]+@serverless-robot-prod\.iam\.gserviceaccount\.com"),
    "jobs": Agent("run", r"service-[0-9]+@serverless-robot-prod\.iam\.gserviceaccount\.com"),
    "workflows": Agent("workflows", r"service-[0-9]+@gcp-sa-workflows\.iam\.gserviceaccount\.com"),
    "sql_instances": Agent("sql", r"service-[0-9]+@gcp-sa-cloud-sql\.iam\.gserviceaccount\.com"),
    "redis_instances": Agent("redis", r"service-[0-9]+@cloud-redis\.iam\.gserviceaccount\.com"),
}


def check_encryption(context: Context) -> Iterator[Problem]:
    """Keys that encrypt and decrypt nothing for the product that is to use them."""
    data = context.environment.model_dump(by_alias=True)
    for path, marker, text in marked(Shape(model=type(context.environment), marked=True), data):
        if not isinstance(marker, Reference) or marker.kind != "kms_keys" or path[0] != "subprojects":
            continue
        target = context.index.find("kms_keys", text, str(path[1]))
        owner = context.subproject_of(target)
        agent = _AGENTS.get(str(path[2]))
        if target is None or owner is None or target.id not in owner.kms_keys:
            continue
        key = owner.kms_keys[target.id]
        where = format_path(("subprojects", target.subproject, "kms_keys", target.id))
        if key.purpose != "ENCRYPT_DECRYPT":
            yield context.problem(path, f"the key {target.path} is for {key.purpose}", f"name another, or mend {where}")
        elif (wanted := _place(context, path)) is not None and wanted != (key.location or context.environment.region):
            message = f"the key {target.path} is in {key.location or context.environment.region}, and Google wants one"
            yield context.problem(path, f"{message} in {wanted}", f"name another, or set {where}.location: {wanted}")
        elif agent is not None and not _may(key, agent):
            yield context.problem(path, _says(target, agent), f"add {agent.product} to {where}.used_by")


def _place(context: Context, path: Path) -> str | None:
    """Where the key of a thing has to be: where the thing is. None where any place will do, or where it isn't sure."""
    subproject = context.environment.subprojects[str(path[1])]
    if path[2] == "topics":
        return None
    thing = getattr(subproject, str(path[2]))[str(path[3])]
    location = str(getattr(thing, "location", None) or context.environment.region).lower()
    if "-" in location:
        return location
    return {"eu": "europe", "us": "us", "asia": "asia"}.get(location)


def _says(target: Target, agent: Agent) -> str:
    return f"the agent of {agent.product} may not encrypt with the key {target.path}, so Google would refuse"


def _may(key: CryptoKey, agent: Agent) -> bool:
    """Whether the agent holds the role, by `used_by` or by a grant. Custom roles are taken to suffice."""
    if agent.product in key.used_by:
        return True
    return any(
        re.fullmatch(f"serviceAccount:{agent.address}", member)
        for grant in key.grants.values()
        if grant.role in _ROLES or not grant.role.startswith("roles/")
        for member in grant.members
    )
