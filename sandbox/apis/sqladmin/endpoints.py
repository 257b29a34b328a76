"""Private Service Connect of Cloud SQL instances: an attachment in a project of Google's, and a name for it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sandbox.apis import service_connections
from sandbox.apis.compute import links
from sandbox.apis.compute.service_attachments import service_attachments
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_UNSERVED = (
    "networkAttachmentUri",
    "pscWriteEndpointDnsEnabled",
    "pscAutoDnsEnabled",
    "pscAutoConnectionPolicyEnabled",
)


def check(config: Json) -> None:
    """501 for what connects outwards, or has names of its own."""
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
    _connect(instance, config, call)
    allowed = [{"projectIdOrNum": str(one)} for one in config.get("allowedConsumerProjects") or []]
    kept: Json = {
        "name": name.rpartition("/")[2],
        "connectionPreference": "ACCEPT_MANUAL",
        "consumerAcceptLists": allowed,
        "natSubnets": [],
        "id": str(int(digest[:15], 16)),
    }
    call.store.keep(Resource(service_attachments.key, name, kept, moment, moment))


def _connect(instance: Resource, config: Json, call: Call) -> None:
    """Make the endpoints that are asked for, where a policy of the network lets them be made."""
    region = instance.document["region"]
    _release(instance, call)
    made: list[Json] = []
    for given in config.get("pscAutoConnections") or []:
        network, project = str(given.get("consumerNetwork") or ""), given.get("consumerProject") or call.project
        if call.store.get("compute.networks", links.relative(network, call.project)) is None:
            message = f"Invalid request: the network '{network}' was not found."
            raise invalid_argument(message, {"settings.ipConfiguration.pscConfig.pscAutoConnections": "no network"})
        told: Json = {"consumerNetwork": network, "consumerProject": project}
        policy = service_connections.policy_for(network, region, "google-cloud-sql", call)
        if policy is None:
            told["consumerNetworkStatus"] = "CONNECTION_POLICY_MISSING"
        else:
            owner = f"{instance.name} {network}"
            number = service_connections.connect(owner, project, policy, call)
            told |= {"consumerNetworkStatus": "VALID", "ipAddress": number, "status": "ACTIVE"}
        made.append(told)
    if made:
        config["pscAutoConnections"] = made
    instance.document["settings"]["ipConfiguration"]["pscConfig"] = config


def _release(instance: Resource, call: Call) -> None:
    """The endpoints that were made go."""
    stood = call.store.get(instance.collection, instance.name)
    settings = stood.document["settings"] if stood is not None else {}
    for told in (settings.get("ipConfiguration", {}).get("pscConfig") or {}).get("pscAutoConnections") or []:
        owner = f"{instance.name} {told['consumerNetwork']}"
        service_connections.release(owner, told["consumerProject"], instance.document["region"], call)


def withdraw(instance: Resource, call: Call) -> None:
    """Nobody reaches it any more."""
    _release(instance, call)
    call.store.delete(service_attachments.key, _attachment(instance))


def _attachment(instance: Resource) -> str:
    digest = sha256(instance.name.encode()).hexdigest()
    place = f"projects/{digest[:18]}p-tp/regions/{instance.document['region']}"
    return f"{place}/serviceAttachments/a-{digest[18:30]}-psc-service-attachment-{digest[30:46]}"
