"""Compute Engine v1. Machines are there for the control plane only, and no packet is moved."""

from __future__ import annotations

from sandbox.apis.compute import (
    addresses,
    aggregated,
    armor,
    autoscalers,
    backend_services,
    certificates,
    commitments,
    default_network,
    disks,
    endpoint_groups,
    firewall_policies,
    firewall_policies_above,
    firewalls,
    forwarding_rules,
    health_checks,
    images,
    instance_group_managers,
    instance_groups,
    instance_templates,
    instances,
    interconnect_attachments,
    legacy_health_checks,
    machine_types,
    managed_lists,
    network_attachments,
    network_tiers,
    networks,
    operations,
    packet_mirrorings,
    project_metadata,
    reservations,
    resource_policies,
    routers,
    service_attachments,
    shared_vpc,
    snapshots,
    target_instances,
    target_pools,
    target_proxies,
    url_maps,
    vpn,
    zones,
)
from sandbox.apis.compute.errors import missing
from sandbox.apis.compute.filters import accepts
from sandbox.apis.compute.links import HOST
from sandbox.apis.compute.references import KINDS
from sandbox.control import names, projects
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import not_found
from sandbox.control.http import Response
from sandbox.control.router import Api

_SERVED = (
    addresses,
    aggregated,
    armor,
    autoscalers,
    backend_services,
    certificates,
    commitments,
    default_network,
    disks,
    endpoint_groups,
    firewall_policies,
    firewall_policies_above,
    firewalls,
    forwarding_rules,
    health_checks,
    images,
    instance_group_managers,
    instance_groups,
    instance_templates,
    instances,
    interconnect_attachments,
    legacy_health_checks,
    machine_types,
    managed_lists,
    network_attachments,
    network_tiers,
    networks,
    packet_mirrorings,
    project_metadata,
    reservations,
    resource_policies,
    routers,
    service_attachments,
    shared_vpc,
    snapshots,
    target_instances,
    target_pools,
    target_proxies,
    url_maps,
    vpn,
    zones,
)
"""What is served: importing a module lists its kinds, and its ROUTES are what they leave out."""

API = Api("compute.googleapis.com", "compute", flat=False, error_style="legacy", routes=operations.routes())
for _kind in KINDS:
    API.routes.extend(_kind.routes())
for _module in _SERVED:
    API.routes.extend(getattr(_module, "ROUTES", ()))


@API.route("GET", "v1/projects/{project}")
async def get_project(call: Call) -> Response:
    """`projects.get` by id or number."""
    project = call.project
    if project.isdigit():
        raise not_found(f"The resource 'projects/{project}' was not found")
    return Response.of(
        {
            "kind": "compute#project",
            "id": projects.number(project),
            "name": project,
            "creationTimestamp": timestamp(call.control.projects.created(project), 3),
            "defaultServiceAccount": projects.compute_account(project),
            "selfLink": f"{call.control.url}/compute/v1/projects/{project}",
            "xpnProjectStatus": "HOST"
            if shared_vpc.is_host(call.control, project)
            else "UNSPECIFIED_XPN_PROJECT_STATUS",
            "commonInstanceMetadata": project_metadata.shown(call.control, project),
            "defaultNetworkTier": network_tiers.default(call.control, project),
        }
    )


def _region(project: str, region: str) -> dict[str, object]:
    name = f"projects/{project}/regions/{region}"
    return {"kind": "compute#region", "name": region, "status": "UP", "selfLink": HOST + name}


@API.route("GET", "v1/projects/{project}/regions/{region}")
async def get_region(call: Call) -> Response:
    """`regions.get`."""
    if call.params["region"] not in names.REGIONS:
        raise missing(f"projects/{call.project}/regions/{call.params['region']}")
    return Response.of(_region(call.project, call.params["region"]))


@API.route("GET", "v1/projects/{project}/regions")
async def list_regions(call: Call) -> Response:
    """`regions.list`: all, or those that pass a filter."""
    passes = accepts(call.query("filter"))
    items = [region for region in (_region(call.project, name) for name in sorted(names.REGIONS)) if passes(region)]
    return Response.of({"kind": "compute#regionList", **({"items": items} if items else {})})
