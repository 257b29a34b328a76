"""Private Service Connect of Cloud SQL instances: an attachment in a project of Google's, and a name for it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sandbox.apis.compute.service_attachments import service_attachments
from sandbox.control.context import Call
from sandbox.control.errors import unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_UNSERVED = (
    "pscAutoConnections",
    "networkAttachmentUri",
    "pscWriteEndpointDnsEnabled",
    "pscAutoDnsEnabled",
    "pscAutoConnectionPolicyEnabled",
)


def check(config: Json) -> None:
    """501 for what connects by itself, or outwards."""
    for field in _UNSERVED:
        if config.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of Cloud SQL's Private Service Connect.")


def publish(instance: Resource, call: Call) -> None:
    """Have consumers reach an instance that has it on, and none that hasn't."""
    document = instance.document
    config = document["settings"]["ipConfiguration"].get("pscConfig") or {}
    name = _attachment(instance)
    if not config.get("pscEnabled"):
        withdraw(instance, call)
        for field in ("pscServiceAttachmentLink", "dnsName", "dnsNames"):
            document.pop(field, None)
        return
    digest = sha256(instance.name.encode()).hexdigest()
    dns = f"{digest[:12]}.{digest[12:24]}.{document['region']}.sql.goog."
    document |= {"pscServiceAttachmentLink": name, "dnsName": dns}
    document["dnsNames"] = [{"name": dns, "connectionType": "PRIVATE_SERVICE_CONNECT", "dnsScope": "INSTANCE"}]
    moment = call.control.clock()
    allowed = [{"projectIdOrNum": str(one)} for one in config.get("allowedConsumerProjects") or []]
    kept: Json = {
        "name": name.rpartition("/")[2],
        "connectionPreference": "ACCEPT_MANUAL",
        "consumerAcceptLists": allowed,
        "natSubnets": [],
        "id": str(int(digest[:15], 16)),
    }
    call.store.keep(Resource(service_attachments.key, name, kept, moment, moment))


def withdraw(instance: Resource, call: Call) -> None:
    """Nobody reaches it any more."""
    call.store.delete(service_attachments.key, _attachment(instance))


def _attachment(instance: Resource) -> str:
    digest = sha256(instance.name.encode()).hexdigest()
    place = f"projects/{digest[:18]}p-tp/regions/{instance.document['region']}"
    return f"{place}/serviceAttachments/a-{digest[18:30]}-psc-service-attachment-{digest[30:46]}"
