"""What Memorystore's instances and Redis clusters share: nodes, persistence, endpoints, their servers' authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.apis import service_connections
from sandbox.apis.compute import links
from sandbox.apis.privateca import signed
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.store import Resource

Json = dict[str, Any]
_CERTIFICATES = "memorystore.certificates"
_VALID = 3650 * 86_400.0


def check_nodes(document: Json, sizes: Mapping[str, float], noun: str) -> None:
    """Replicas and the type of nodes; windows of maintenance are completed. Raises 400."""
    if not 0 <= int(document.get("replicaCount") or 0) <= 5:
        raise invalid_argument("replica_count is 0 to 5.", {f"{noun}.replica_count": "0 to 5"})
    if document["nodeType"] not in sizes:
        raise invalid_argument(f"Unknown node_type {document['nodeType']}.", {f"{noun}.node_type": "unknown"})
    for window in (document.get("maintenancePolicy") or {}).get("weeklyMaintenanceWindow") or []:
        window.setdefault("duration", "3600s")


def check_zones(zones: Json) -> None:
    """A zone goes with one mode only. Raises 400."""
    if (zones.get("mode") == "SINGLE_ZONE") != bool(zones.get("zone")):
        raise invalid_argument("A zone goes with the mode SINGLE_ZONE.", {"zone_distribution_config.zone": "mode"})


def check_persistence(config: Json, *, fsync: str = "EVERY_SEC") -> None:
    """What goes with a mode, which is completed. Raises 400."""
    mode = config.setdefault("mode", "DISABLED")
    for kind, field in (("RDB", "rdbConfig"), ("AOF", "aofConfig")):
        if config.get(field) and mode != kind:
            raise invalid_argument(f"{field} goes with the mode {kind}.", {"persistence_config.mode": mode})
    if mode == "AOF":
        config.setdefault("aofConfig", {}).setdefault("appendFsync", fsync)
    if mode == "RDB":
        config.setdefault("rdbConfig", {}).setdefault("rdbSnapshotPeriod", "TWENTY_FOUR_HOURS")


def attachment(owner: Resource, call: Call, service_class: str) -> str:
    """Where the endpoints of an instance or a cluster lead, in a project of Google's."""
    place = f"projects/{owner.document['uid'][:18]}-tp/regions/{call.params['location']}"
    return f"{place}/serviceAttachments/{service_class}-auto"


def connection(owner: Resource, call: Call, network: str, project: str, kind: str, service_class: str) -> Json:
    """An endpoint that the network's policy lets be made. Raises 400 where none does, and 404."""
    region = call.params["location"]
    if call.store.get("compute.networks", links.relative(network, call.project)) is None:
        raise not_found(f"The network '{network}' was not found.")
    policy = service_connections.policy_for(network, region, service_class, call)
    if policy is None:
        raise failed_precondition(
            f"No service connection policy of '{network}' in {region} is for the service class {service_class}."
        )
    rules = f"{links.HOST}projects/{project}/regions/{region}/forwardingRules"
    return {
        "pscConnectionId": str(int(call.control.hex(14), 16)),
        "ipAddress": service_connections.connect(f"{owner.name} {network} {kind}", project, policy, call),
        "forwardingRule": f"{rules}/sca-auto-fr-{call.control.uid()}",
        "projectId": project,
        "network": network,
        "serviceAttachment": attachment(owner, call, service_class),
        "connectionType": kind,
        "port": 6379,
    }


async def certify(instance: Resource, call: Call) -> None:
    """The authority that the instance's servers would be known by."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    values = {"caOptions": {"isCa": True}, "keyUsage": {"baseKeyUsage": {"certSign": True, "crlSign": True}}}
    subject = {"commonName": f"Memorystore {instance.document['uid']}", "organization": "Google, Inc"}
    config = {"subjectConfig": {"subject": subject}, "x509Config": values}
    moment = call.control.clock()
    signer = signed.Signer(key, "EC_SIGN_P256_SHA256")
    text = await signed.certificate(config, key.public_key(), signer, moment, moment + _VALID)
    call.store.keep(Resource(_CERTIFICATES, f"{instance.name}/certificates/it", {"pem": text}, moment, moment))


def authority_of(instance: Resource, call: Call) -> Response:
    """The authority of an instance or a cluster. Raises 400 where it encrypts nothing."""
    kept = call.store.get(_CERTIFICATES, f"{instance.name}/certificates/it")
    if kept is None:
        raise failed_precondition(f"The instance '{instance.name}' encrypts nothing.")
    chain = {"caCerts": [{"certificates": [kept.document["pem"]]}]}
    return Response.of({"name": f"{instance.name}/certificateAuthority", "managedServerCa": chain})


def forget(instance: Resource, call: Call) -> None:
    """The authority goes with what it is of."""
    call.store.delete(_CERTIFICATES, f"{instance.name}/certificates/it")
