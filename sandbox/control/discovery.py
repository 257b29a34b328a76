"""Google's discovery service: what the APIs take, in the documents that come with google-api-python-client.

    GET /discovery/v1/apis                       which APIs are served, and in which versions
    GET /discovery/v1/apis/pubsub/v1/rest        the document of one
    GET /pubsub/$discovery/rest?version=v1       the same
    GET /$discovery/rest?version=v2              as `bq` asks, which takes the host for the API: BigQuery's

A document describes Google's API: what of it the sandbox lacks answers 501. Its addresses lead to the sandbox.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from sandbox.control.errors import not_found
from sandbox.control.http import Request, Response
from sandbox.control.router import Api, Router
from sandbox.documents import discovery_document as document

_BIGQUERY = ("bigquery", "bigqueryconnection", "bigquerydatatransfer", "bigquerydatapolicy")
_ELSEWHERE = ("mtlsRootUrl", "endpoints", "icons")


def answer(router: Router, request: Request) -> Response | None:
    """What is asked of the discovery service; None for all else."""
    if request.method not in ("GET", "HEAD"):
        return None
    url = request.origin("http://127.0.0.1")
    match [unquote(part) for part in request.path.strip("/").split("/")]:
        case ["discovery", "v1", "apis"]:
            return Response.of(_directory(router, request, url))
        case ["discovery", "v1", "apis", api, version, "rest"]:
            return _document(router, url, [api], version)
        case ["$discovery", "rest"]:
            version = request.param("version", "v2")
            names = _BIGQUERY[:1] if document("bigquery", version) else _BIGQUERY[1:]
            return _document(router, url, names, version, whole_host=True)
        case [api, "$discovery", "rest"]:
            return _document(router, url, [api], request.param("version", "v1"))
    return None


def _versions(api: Api) -> list[str]:
    """The versions that the paths of an API name, and of which there is a document."""
    parts = {part for route in api.all_routes() for part in route.template.split("/")[:3] if part.startswith("v")}
    return sorted(part for part in parts if part.isalnum() and document(api.short, part))


def _directory(router: Router, request: Request, url: str) -> dict[str, Any]:
    items = []
    for api in router.apis:
        if request.param("name") not in ("", api.short):
            continue
        versions = _versions(api)
        for version in versions:
            found = document(api.short, version) or {}
            items.append(
                {
                    "kind": "discovery#directoryItem",
                    "id": f"{api.short}:{version}",
                    "name": api.short,
                    "version": version,
                    "title": found.get("title", ""),
                    "description": found.get("description", ""),
                    "discoveryRestUrl": f"{url}/discovery/v1/apis/{api.short}/{version}/rest",
                    "documentationLink": found.get("documentationLink", ""),
                    "preferred": version == versions[-1],
                }
            )
    return {"kind": "discovery#directoryList", "discoveryVersion": "v1", "items": items}


def _document(
    router: Router, url: str, names: list[str] | tuple[str, ...], version: str, *, whole_host: bool = False
) -> Response:
    served = {api.short for api in router.apis}
    found = [made for name in names if name in served and (made := document(name, version)) is not None]
    if not found:
        text = f"Discovery document not found for API: {' or '.join(names)} version: {version}"
        return not_found(text).response("legacy")
    root = f"{url}/" if whole_host else f"{url}/{_prefix(found[0])}"
    merged: dict[str, Any] = {key: value for key, value in found[0].items() if key not in _ELSEWHERE}
    for other in found[1:]:
        for part in ("resources", "schemas"):
            merged[part] = _merge(merged.get(part, {}), other.get(part, {}))
    merged |= {"rootUrl": root, "baseUrl": root + merged["servicePath"]}
    return Response.of(merged)


def _prefix(found: dict[str, Any]) -> str:
    """What stands before an API's paths in the sandbox: its name, unless the paths begin with it."""
    start = f"{found['name']}/"
    paths = found["servicePath"] + next(iter(_paths(found)), "")
    return "" if paths.startswith(start) else start


def _paths(found: dict[str, Any]) -> list[str]:
    methods = [method["path"] for method in found.get("methods", {}).values()]
    return methods + [path for inner in found.get("resources", {}).values() for path in _paths(inner)]


def _merge(one: Any, other: Any) -> Any:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return one
    return {**one, **{key: _merge(one[key], value) if key in one else value for key, value in other.items()}}
