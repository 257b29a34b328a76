"""Cloud Logging: scopes that entries are looked for in, and queries that are saved. They are kept and checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sandbox.apis.logging import routes
from sandbox.control.collection import Collection, now
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.store import Resource

_ABOVE = ("projects/{project}", "folders/{folder}", "organizations/{organization}")
_PROJECT = re.compile(r"projects/[^/]+")
_VIEW = re.compile(
    r"(?:projects|folders|organizations|billingAccounts)/[^/]+/locations/[^/]+/buckets/[^/]+/views/[^/]+"
)
_PROJECTS_MOST, _RESOURCES_MOST = 5, 100
_ID, _ID_SAID = r"[A-Za-z0-9_-]{1,100}", "It must be 1 to 100 letters, digits, underscores or hyphens."
_VISIBILITIES = ("VISIBILITY_UNSPECIFIED", "PRIVATE", "SHARED")

scopes = Collection(
    path="v2/projects/{project}/locations/{location}/logScopes/{scope}",
    noun="LogScope",
    id_rule=_ID,
    id_message=_ID_SAID,
    id_param="logScopeId",
    required=("resourceNames",),
    shape={"resourceNames": [str], "description": str},
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    labels=(),
)
queries = Collection(
    path="v2/projects/{project}/locations/{location}/savedQueries/{query}",
    noun="SavedQuery",
    id_rule=_ID,
    id_message=_ID_SAID,
    id_param="savedQueryId",
    id_required=False,
    mask="required",
    required=("displayName", "visibility"),
    enums={"visibility": _VISIBILITIES},
    on_create_set={"createTime": now},
    on_update_set={"updateTime": now},
    labels=(),
)


def _wrong(field: str, why: str) -> ApiError:
    return invalid_argument(f"Invalid {field}: {why}.", {field: why})


def _global(resource: Resource) -> None:
    if (location := resource.name.split("/")[3]) != "global":
        raise _wrong("parent", f"'{location}' is no location for it, global alone is")


@scopes.checked
async def check_scope(scope: Resource, call: Call) -> None:
    """Of projects and of views."""
    _global(scope)
    names = [str(name) for name in scope.document["resourceNames"]]
    wrong = [name for name in names if not (_PROJECT.fullmatch(name) or _VIEW.fullmatch(name))]
    if wrong:
        raise _wrong("resourceNames", f"'{wrong[0]}' is neither a project nor a log view")
    if len(set(names)) < len(names):
        raise _wrong("resourceNames", "one is given twice")
    if len([name for name in names if _PROJECT.fullmatch(name)]) > _PROJECTS_MOST or len(names) > _RESOURCES_MOST:
        raise _wrong("resourceNames", f"at most {_PROJECTS_MOST} projects, and {_RESOURCES_MOST} resources in all")


@queries.checked
async def check_query(query: Resource, call: Call) -> None:
    """Of one kind, with a filter that is one."""
    _global(query)
    document = query.document
    if document["visibility"] == _VISIBILITIES[0]:
        raise _wrong("visibility", "PRIVATE or SHARED")
    kinds = [kind for kind in ("loggingQuery", "opsAnalyticsQuery") if document.get(kind) is not None]
    if len(kinds) != 1:
        raise _wrong("query", "a loggingQuery or an opsAnalyticsQuery is needed")
    body: dict[str, Any] = document[kinds[0]]
    if kinds == ["opsAnalyticsQuery"]:
        if not body.get("sqlQueryText"):
            raise _wrong("opsAnalyticsQuery.sqlQueryText", "required")
        return
    routes.compiled(str(body.get("filter") or ""))
    if body.get("summaryFieldStart") and body.get("summaryFieldEnd"):
        raise _wrong("loggingQuery", "summaryFieldStart or summaryFieldEnd")


def collections() -> list[Collection]:
    """Both, of projects and of what is above them; queries of billing accounts too."""
    made = []
    for collection, places in ((scopes, _ABOVE), (queries, (*_ABOVE, "billingAccounts/{billingAccount}"))):
        for place in places:
            path = collection.path.replace(_ABOVE[0], place)
            made.append(collection if place == _ABOVE[0] else replace(collection, path=path, children=[]))
    return made
