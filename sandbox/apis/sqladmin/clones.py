"""Cloud SQL Admin: an instance made of another one, with its databases and users."""

from __future__ import annotations

import copy

from sandbox.apis.sqladmin import authorities, endpoints, settings
from sandbox.apis.sqladmin.common import INSTANCES, copy_parts, found_instance, operation, route
from sandbox.apis.sqladmin.instances import check_name, identity
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Resource


@route("POST", "instances/{instance}/clone")
async def clone(call: Call) -> Response:
    """`instances.clone`: the source as it is now, which has the one state here that there is."""
    source, context = found_instance(call), call.body().get("cloneContext") or {}
    name = str(context.get("destinationInstanceName", ""))
    for field in ("pointInTime", "databaseNames", "destinationProject", "sourceInstanceDeletionTime"):
        if context.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of clones.")
    check_name(call, name)
    authority = await authorities.made(call, name)
    full = check_name(call, name)
    if source.document.get("masterInstanceName"):
        raise invalid_argument("Invalid request: a replica can't be cloned.", {"instance": "replica"})
    document = copy.deepcopy(source.document)
    version, release = document["databaseVersion"], document["maintenanceVersion"]
    document |= {"name": name, **identity(call, name, document["region"], version, release)}
    document["serverCaCert"] = authority.shown
    document.pop("replicationCluster", None)
    document["settings"]["settingsVersion"] = "1"
    document["ipAddresses"] = settings.addresses(document["settings"], full)
    moment = call.control.clock()
    with call.store.transaction():
        made = Resource(INSTANCES, full, document, moment, moment)
        endpoints.publish(made, call)
        call.store.insert(made)
        authorities.keep(call, full, authority)
        copy_parts(call, source, name)
    return operation(call, "CLONE", name)
