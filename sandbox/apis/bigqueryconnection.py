"""BigQuery Connection v1: connections to Cloud Storage and other sources, each with an identity that Google makes.

They are kept and checked; what lies behind them is not reached from here.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.control import projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_KINDS = ("cloudSql", "aws", "azure", "cloudSpanner", "cloudResource", "spark", "salesforceDataCloud", "configuration")
# Passwords go in and never come out.
_SECRET = ("cloudSql", "credential")

connections = Collection(
    path="v1/projects/{project}/locations/{location}/connections/{connection}",
    type="google.cloud.bigquery.connection.v1.Connection",
    id_rule=r"[A-Za-z0-9_-]{1,1024}",
    id_message="It must be letters, digits, underscores and hyphens.",
    id_param="connectionId",
    id_required=False,
    output_only=("hasCredential",),
    on_create_set={"creationTime": lambda connection, call: str(int(call.control.clock() * 1000))},
    on_update_set={"lastModifiedTime": lambda connection, call: str(int(call.control.clock() * 1000))},
    labels=(),
    iam=True,
)

API = Api("bigqueryconnection.googleapis.com", "bigqueryconnection", [connections])


def identity(project: str, name: str) -> str:
    """The service account that Google makes for a connection, to be granted what it may read."""
    made = hashlib.sha256(name.encode()).hexdigest()[:4]
    return f"bqcx-{projects.number(project)}-{made}@gcp-sa-bigquery-condel.iam.gserviceaccount.com"


def _complete(connection: Resource) -> None:
    document = connection.document
    kinds = [kind for kind in _KINDS if kind in document]
    if len(kinds) != 1:
        raise invalid_argument("A connection has exactly one kind of properties.", {"connection": ", ".join(kinds)})
    kind, account = kinds[0], identity(connection.name.split("/")[1], connection.name)
    properties: dict[str, Any] = document[kind]
    if kind == "cloudSql":
        if not all(properties.get(field) for field in ("instanceId", "database", "type")):
            raise invalid_argument(
                "cloudSql needs instanceId, database and type.", {"connection.cloud_sql": "required"}
            )
        document["hasCredential"] = bool(properties.get("credential")) or bool(document.get("hasCredential"))
    if kind in ("cloudSql", "cloudResource", "spark"):
        properties["serviceAccountId"] = account
    elif kind == "aws":
        role = properties.get("accessRole") or {}
        if not role.get("iamRoleId"):
            raise invalid_argument("aws needs accessRole.iamRoleId.", {"connection.aws": "required"})
        role["identity"] = projects.number(account)
    elif kind == "azure":
        properties.setdefault("identity", projects.number(account))
    elif kind == "configuration":
        properties.setdefault("authentication", {})["serviceAccount"] = account


@connections.on_create
async def check(connection: Resource, call: Call) -> None:
    """Of one kind; with its identity."""
    _complete(connection)


@connections.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The kind and the identity stay."""
    before = [kind for kind in _KINDS if kind in old.document]
    if [kind for kind in _KINDS if kind in new.document] != before:
        raise invalid_argument("The kind of a connection can't be changed.", {"connection": "immutable"})
    _complete(new)


@connections.shown_by
def shown(connection: Resource, call: Call) -> dict[str, Any]:
    """By the project's number and without passwords."""
    document = {**connection.document, "name": projects.by_number(connection.name)}
    kind, secret = _SECRET
    if kind in document:
        document[kind] = {field: value for field, value in document[kind].items() if field != secret}
    return document
