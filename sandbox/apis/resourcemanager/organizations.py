"""Organizations. None is made: any number is one, and a domain has one from the first time that it is asked for."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_KEY = "cloudresourcemanager.organizations"
_FILTER = re.compile(r"""\s*(domain|(?:owner\.)?directoryCustomerId)\s*[:=]\s*"?([^\s"]+)"?\s*""", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_SINCE = "2026-01-01T00:00:00Z"


def _document(name: str, domain: str) -> Json:
    customer = "C0" + hashlib.sha256(domain.encode()).hexdigest()[:7]
    return {"name": name, "domain": domain, "customer": customer}


def _of_number(call: Call, number: str) -> Json:
    """One by its number; where no domain was asked for, it is called by the number."""
    if not number.isdigit():
        what = f"The caller does not have permission on organizations/{number} or it does not exist."
        raise ApiError("PERMISSION_DENIED", what)
    name = f"organizations/{number}"
    found = call.store.get(_KEY, name)
    return found.document if found else _document(name, f"organization-{number}.example")


def _search(call: Call, text: str) -> list[Json]:
    """Those of a domain or a customer, or all that were asked for so far."""
    if not text.strip():
        return [one.document for one in call.store.select(_KEY)]
    found = _FILTER.fullmatch(text)
    if found is None:
        what = "domain:NAME or directoryCustomerId:ID"
        raise invalid_argument(f"Organizations are searched by {what}, not by '{text}'.", {"filter": what})
    if found[1].lower() == "domain":
        return _of_domain(call, found[2].lower())
    return [one.document for one in call.store.select(_KEY) if one.document["customer"] == found[2]]


def _of_domain(call: Call, domain: str) -> list[Json]:
    """The one of a domain, which it has from now on; what is no domain, or one that nobody can have, has none."""
    if not _DOMAIN.fullmatch(domain) or domain.endswith(".invalid"):
        return []
    number = int(hashlib.sha256(domain.encode()).hexdigest(), 16) % (9 * 10**11) + 10**11
    document, moment = _document(f"organizations/{number}", domain), call.control.clock()
    call.store.keep(Resource(_KEY, document["name"], document, moment, moment))
    return [document]


def _v1(known: Json) -> Json:
    return {
        "name": known["name"],
        "displayName": known["domain"],
        "owner": {"directoryCustomerId": known["customer"]},
        "creationTime": _SINCE,
        "lifecycleState": "ACTIVE",
    }


def _v3(known: Json) -> Json:
    return {
        "name": known["name"],
        "displayName": known["domain"],
        "directoryCustomerId": known["customer"],
        "state": "ACTIVE",
        "createTime": _SINCE,
        "updateTime": _SINCE,
    }


async def get_v1(call: Call) -> Response:
    """`organizations.get` of v1."""
    return Response.of(_v1(_of_number(call, call.params["organization"])))


async def get_v3(call: Call) -> Response:
    """`organizations.get` of v3."""
    return Response.of(_v3(_of_number(call, call.params["organization"])))


def _found(documents: list[Json]) -> Response:
    return Response.of({"organizations": documents} if documents else {})


async def search_v1(call: Call) -> Response:
    """`organizations.search` of v1."""
    return _found([_v1(known) for known in _search(call, str(call.body().get("filter") or ""))])


async def search_v3(call: Call) -> Response:
    """`organizations.search` of v3."""
    return _found([_v3(known) for known in _search(call, call.query("query"))])


def routes() -> list[Route]:
    """The routes of organizations; their policies are those of any number."""
    return [
        Route("GET", "v1/organizations/{organization}", get_v1),
        Route("GET", "v3/organizations/{organization}", get_v3),
        Route("POST", "v1/organizations", search_v1, "search"),
        Route("GET", "v3/organizations", search_v3, "search"),
    ]
