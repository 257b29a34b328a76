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
_DOMAIN = re.compile(r"""\s*domain\s*[:=]\s*"?((?:[a-z0-9-]+\.)+[a-z]{2,63})"?\s*""", re.IGNORECASE)
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


def _of_domain(call: Call, text: str) -> Json:
    """The one of a domain, which it has from now on."""
    found = _DOMAIN.fullmatch(text)
    if found is None:
        raise invalid_argument(
            f"Organizations are searched by domain:NAME, not by '{text}'.", {"filter": "domain:NAME"}
        )
    domain = found[1].lower()
    number = int(hashlib.sha256(domain.encode()).hexdigest(), 16) % (9 * 10**11) + 10**11
    document, moment = _document(f"organizations/{number}", domain), call.control.clock()
    call.store.keep(Resource(_KEY, document["name"], document, moment, moment))
    return document


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


async def search_v1(call: Call) -> Response:
    """`organizations.search` of v1, by a domain."""
    return Response.of({"organizations": [_v1(_of_domain(call, str(call.body().get("filter") or "")))]})


async def search_v3(call: Call) -> Response:
    """`organizations.search` of v3, by a domain."""
    return Response.of({"organizations": [_v3(_of_domain(call, call.query("query")))]})


def routes() -> list[Route]:
    """The routes of organizations; their policies are those of any number."""
    return [
        Route("GET", "v1/organizations/{organization}", get_v1),
        Route("GET", "v3/organizations/{organization}", get_v3),
        Route("POST", "v1/organizations", search_v1, "search"),
        Route("GET", "v3/organizations", search_v3, "search"),
    ]
