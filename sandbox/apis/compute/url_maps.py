"""URL maps, global and regional."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]


def _url_map(document: Json, call: Call, old: Resource | None) -> None:
    ways = [key for key in ("defaultService", "defaultUrlRedirect", "defaultRouteAction") if document.get(key)]
    if len(ways) != 1:
        raise invalid_argument("A URL map has one of defaultService, defaultUrlRedirect and defaultRouteAction.")
    matchers = [str(matcher.get("name") or "") for matcher in document.get("pathMatchers") or []]
    if "" in matchers:
        raise required("pathMatchers[].name")
    named = [str(rule.get("pathMatcher")) for rule in document.get("hostRules") or []]
    for name in named:
        if name not in matchers:
            raise invalid("hostRules[].pathMatcher", name, "There is no path matcher of this name.")
    for name in matchers:
        if name not in named:
            raise invalid("pathMatchers[].name", name, "No host rule has this path matcher.")
    hosts = [host for rule in document.get("hostRules") or [] for host in rule.get("hosts") or []]
    if len(set(hosts)) != len(hosts):
        raise invalid_argument("A host stands in two host rules.")
    for matcher in document.get("pathMatchers") or []:
        paths = [path for rule in matcher.get("pathRules") or [] for path in rule.get("paths") or []]
        if len(set(paths)) != len(paths):
            raise invalid_argument(f"A path stands in two rules of the path matcher '{matcher['name']}'.")
        for path in paths:
            if not re.fullmatch(r"/[^*?#]*(/\*)?|/\*", path):
                raise invalid("pathMatchers[].pathRules[].paths", path, "A * stands at the end, after a /.")


def _kind(scope: str) -> Kind:
    return Kind(
        "urlMaps",
        "url_map",
        "compute#urlMap",
        scope=scope,
        methods=("PUT", "PATCH"),
        fingerprint=True,
        check=_url_map,
    )


url_maps, region_url_maps = _kind("global"), _kind("regions")
