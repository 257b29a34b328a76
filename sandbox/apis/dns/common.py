"""What zones and record sets share: the API, and the zone of a call."""

from __future__ import annotations

from typing import Any

from sandbox.apis.dns import policies
from sandbox.control.context import Call
from sandbox.control.errors import (
    not_found,
)
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
ZONES, RECORDS = "dns.managedZones", "dns.rrsets"
ZONE = "v1/projects/{project}/managedZones"
DNS_NAME = r"(?:\*\.)?(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+|\."

API = Api("dns.googleapis.com", "dns", flat=False, error_style="legacy", routes=policies.routes())


def found_zone(call: Call) -> Resource:
    """The zone that a call is about. Raises 404."""
    name = f"projects/{call.project}/managedZones/{call.params['zone']}"
    found = call.store.get(ZONES, name)
    if found is None:
        message = f"The 'parameters.managedZone' resource named '{call.params['zone']}' does not exist."
        raise not_found(message)
    return found
