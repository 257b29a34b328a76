"""Identity-Aware Proxy v1: who may pass to what is behind it, and groups of destinations for tunnels to addresses.

Policies are kept; nothing is proxied and no tunnel is opened.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from sandbox.control import iam, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api, Route
from sandbox.control.store import Resource

_PROJECT = "v1/projects/{project}"
# What has a policy without being there: projects, kinds of applications, services, machines.
_PLACES = (
    "iap_tunnel",
    "iap_tunnel/zones/{zone}",
    "iap_tunnel/zones/{zone}/instances/{instance}",
    "iap_web",
    "iap_web/{web}",
    "iap_web/{web}/services/{service}",
)
_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)

groups = Collection(
    path=f"{_PROJECT}/iap_tunnel/locations/{{location}}/destGroups/{{group}}",
    key="iap.destGroups",
    list_field="tunnelDestGroups",
    noun="TunnelDestGroup",
    id_rule=r"[a-z0-9-]{4,63}",
    id_message="It must be 4 to 63 lowercase letters, digits or hyphens.",
    id_param="tunnelDestGroupId",
    labels=(),
    location="region",
    iam=True,
)


def _name(call: Call) -> str:
    project = call.params["project"]
    number = project if project.isdigit() else projects.number(project)
    place = call.request.path.partition("/iap_")[2].rpartition(":")[0]
    return f"//iap.googleapis.com/projects/{number}/iap_{place}"


async def _get_policy(call: Call) -> Response:
    """`getIamPolicy`; what it is of needs not be there."""
    return iam.answer(call, _name(call))


async def _set_policy(call: Call) -> Response:
    """`setIamPolicy`."""
    return iam.answer_set(call, _name(call))


async def _permissions(call: Call) -> Response:
    """`testIamPermissions`."""
    return Response.of(iam.permissions(call))


def _routes() -> Iterable[Route]:
    for place in _PLACES:
        yield Route("POST", f"{_PROJECT}/{place}", _get_policy, verb="getIamPolicy")
        yield Route("POST", f"{_PROJECT}/{place}", _set_policy, verb="setIamPolicy")
        yield Route("POST", f"{_PROJECT}/{place}", _permissions, verb="testIamPermissions")


API = Api("iap.googleapis.com", "iap", [groups], list(_routes()))


def _check(group: dict[str, Any]) -> None:
    for text in group.get("cidrs") or []:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            raise invalid_argument(f"'{text}' is no CIDR range.", {"cidrs": "CIDR ranges"}) from None
    for text in group.get("fqdns") or []:
        if not _HOST.fullmatch(str(text)):
            raise invalid_argument(f"'{text}' is no fully qualified domain name.", {"fqdns": "domain names"})


@groups.on_create
async def check(group: Resource, call: Call) -> None:
    """Addresses and names are such."""
    _check(group.document)


@groups.on_update
async def check_again(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _check(new.document)
