"""Reading data sources."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote_plus

from sandbox.provider import grants, policies, resource
from sandbox.provider.api import Api, ApiError
from sandbox.provider.data import above, accounts, balancing, machines, monitoring, netblocks, places
from sandbox.provider.data.like_resources import SWITCHED_OFF, WITHOUT_LABELS
from sandbox.provider.data.modules import MODULES
from sandbox.provider.data.words import BEGINNINGS
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context
from sandbox.provider.jsontext import go_json
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

State = dict[str, Any]


async def read(kind: ResourceType, config: State, settings: Settings, api: Api) -> State:
    """What a data source says. Raises ProviderError where the thing is not there."""
    given = {name: field.default if config.get(name) is None else config[name] for name, field in kind.fields.items()}
    state = {"id": None} | given
    ctx = Context(kind, settings, api, None, state, config)
    try:
        read_own = _OWN.get(kind.name)
        if kind.grant:
            return await _policy(ctx)
        return await read_own(ctx) if read_own else await _like_resource(ctx)
    except ApiError as error:
        begins = BEGINNINGS.get(kind.name, f"Error when reading {kind.noun}: ").format_map(config)
        raise ProviderError(Problem(begins + error.text())) from error


async def _like_resource(ctx: Context) -> State:
    resource.settle(ctx)
    place: State = {name: ctx.planned[name] for name in ("project", "location") if name in ctx.planned}
    name = resource.identity(ctx.kind.id, ctx.planned)
    found = await resource.read(ctx)
    if found is None:
        raise ProviderError(Problem(f"{name} not found"))
    found |= place
    if "deletion_policy" in found and ctx.kind.name != "google_sql_database":
        found["deletion_policy"] = ctx.settings.deletion_policy
    if ctx.kind.name in WITHOUT_LABELS:
        found["labels"] = found["terraform_labels"] = {}
    elif "effective_labels" in found:
        found["labels"] = found["terraform_labels"] = found["effective_labels"]
    if "effective_annotations" in found:
        found["annotations"] = found["effective_annotations"]
    if switch := SWITCHED_OFF.get(ctx.kind.name):
        found[switch] = False
    region = str(found.get("region") or "").rpartition("/")[2]  # some resources have it as a link
    found["id"] = resource.identity(ctx.kind.id, found | ({"region": region} if region else {}))
    return found


async def _by_link(ctx: Context) -> State:
    """By its name and place, or by its link."""
    balancing.named(ctx)
    found = await _like_resource(ctx)
    if "wait_for_instances_status" in found:
        found |= {"wait_for_instances_status": "STABLE", "target_pools": found["target_pools"] or []}
    return found


async def _network_attachment(ctx: Context) -> State:
    """Its networks by their names."""
    found = await _like_resource(ctx)
    for name in ("network", "region"):
        found[name] = str(found[name]).rpartition("/")[2]
    return found | {"subnetworks": [str(one).rpartition("/")[2] for one in found["subnetworks"]]}


async def _spanner_database(ctx: Context) -> State:
    """Protected, which is what the resource is where nothing is said."""
    return await _like_resource(ctx) | {"deletion_protection": True}


async def _channel(ctx: Context) -> State:
    """The one of a kind, called so. Its secrets are among its labels, in part."""
    await monitoring.find_channel(ctx)
    return await _like_resource(ctx) | {"force_delete": False, "sensitive_labels": None}


async def _policy(ctx: Context) -> State:
    found = await policies.read(ctx)
    if found is None:
        raise ProviderError(Problem(f"{grants.described(ctx, grants.target(ctx))} not found"))
    return found


_UNTOLD_OF_OBJECT = (
    "contexts",
    "deletion_policy",
    "event_based_hold",
    "kms_key_name",
    "output_name",
    "retention",
    "source_md5hash",
    "temporary_hold",
)


async def _bucket_object(ctx: Context) -> State:
    """Told by its metadata alone, under an id in which the real provider quotes a name with folders."""
    found = await _like_resource(ctx)
    name = str(found["name"])
    quoted = quote_plus(name) if "/" in name else name
    return found | dict.fromkeys(_UNTOLD_OF_OBJECT) | {"id": f"{found['bucket']}-{quoted}"}


async def _client_config(ctx: Context) -> State:
    settings = ctx.settings
    place = {name: settings.get(name) or None for name in ("project", "region", "zone")}
    state = ctx.planned | place | {"access_token": "embedded", "default_labels": settings.default_labels}
    return state | {"id": resource.identity(ctx.kind.id, {name: value or "" for name, value in place.items()})}


async def _project(ctx: Context) -> State:
    project = ctx.planned["project_id"] or resource.required(ctx.settings.project, "project_id")
    document = await ctx.api.get(f"{ctx.kind.base}projects/{project}")
    if document is None:
        raise ProviderError(Problem(f"project {project} not found"))
    labels = document.get("labels") or {}
    parent = document.get("parent") or {}
    other = "" if parent else None  # of the two kinds of parents, the one that it isn't
    billing = await ctx.api.get(f"/cloudbilling/v1/projects/{project}/billingInfo") or {}
    return ctx.planned | {
        "id": f"projects/{project}",
        "project_id": document["projectId"],
        "name": document.get("name"),
        "number": str(document["projectNumber"]),
        "org_id": parent.get("id") if parent.get("type") == "organization" else other,
        "folder_id": parent.get("id") if parent.get("type") == "folder" else other,
        "billing_account": str(billing.get("billingAccountName") or "").removeprefix("billingAccounts/") or None,
        "deletion_policy": ctx.settings.declared_deletion_policy or "PREVENT",
        "labels": labels,
        "effective_labels": labels,
        "terraform_labels": labels,
    }


async def _network(ctx: Context) -> State:
    link = str(ctx.planned["self_link"] or "")
    project = ctx.planned["project"] or ctx.settings.project
    if link:
        name = link.rpartition("/")[2]
        project = link.partition("projects/")[2].partition("/")[0] or project
    else:
        name = str(ctx.planned["name"] or "")
    if not name:
        raise ProviderError(Problem("must provide either `self_link` or `name`"))
    path = f"projects/{resource.required(project, 'project')}/global/networks/{name}"
    document = await ctx.api.get(ctx.kind.base + path)
    if document is None:
        raise ProviderError(Problem(f"Network Not Found : {name} not found"))
    return ctx.planned | {
        "id": path,
        "name": document["name"],
        "project": project,
        "self_link": document["selfLink"],
        "network_profile": document.get("networkProfile"),
        "description": document.get("description", ""),
        "gateway_ipv4": document.get("gatewayIPv4", ""),
        "internal_ipv6_range": document.get("internalIpv6Range", ""),
        "network_id": int(document["id"]),
        "numeric_id": str(document["id"]),
        "subnetworks_self_links": document.get("subnetworks", []),
    }


async def _iam_policy(ctx: Context) -> State:
    bindings: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in ctx.planned["binding"] or []:
        condition = {k: v for k, v in each["condition"][0].items() if v} if each.get("condition") else {}
        # Sorted as the API sorts: those without a condition first.
        key = (each["role"], *(condition.get(part, "") for part in ("expression", "title", "description")))
        made = {"role": each["role"], "members": []} | ({"condition": condition} if condition else {})
        bindings.setdefault(key, made)["members"] += each["members"]
    for binding in bindings.values():
        binding["members"].sort()
    audits = [
        {
            "service": each["service"],
            "auditLogConfigs": [
                {"logType": log["log_type"]}
                | ({"exemptedMembers": sorted(log["exempted_members"])} if log.get("exempted_members") else {})
                for log in each["audit_log_configs"]
            ],
        }
        for each in ctx.planned["audit_config"] or []
    ]
    policy: dict[str, Any] = {}
    if audits:
        policy["auditConfigs"] = sorted(audits, key=lambda each: str(each["service"]))
    if bindings:
        policy["bindings"] = [bindings[key] for key in sorted(bindings)]
    text = go_json(policy)
    for each in ctx.planned["binding"] or []:
        each["condition"] = [{**one, "description": one["description"] or ""} for one in each["condition"]]
    audit_config = ctx.planned["audit_config"] or None
    return ctx.planned | {"audit_config": audit_config, "policy_data": text, "id": str(zlib.crc32(text.encode()))}


_OWN: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_client_config": _client_config,
    "google_project": _project,
    "google_compute_image": machines.image,
    "google_compute_instance": machines.instance,
    "google_compute_instance_template": machines.template,
    "google_compute_region_instance_template": machines.region_template,
    "google_compute_network": _network,
    "google_compute_network_attachment": _network_attachment,
    "google_compute_snapshot": machines.snapshot,
    **dict.fromkeys(
        (
            "google_compute_instance_group",
            "google_compute_instance_group_manager",
            "google_compute_network_endpoint_group",
            "google_compute_region_instance_group_manager",
            "google_compute_region_network_endpoint_group",
            "google_compute_security_policy",
        ),
        _by_link,
    ),
    "google_compute_regions": places.regions,
    "google_compute_subnetwork": places.subnetwork,
    "google_compute_zones": places.zones,
    "google_netblock_ip_ranges": netblocks.ranges,
    "google_monitoring_notification_channel": _channel,
    "google_spanner_database": _spanner_database,
    "google_storage_bucket_object": _bucket_object,
    "google_iam_policy": _iam_policy,
    **{name: read for module in (above, accounts, *MODULES) for name, read in module.READ.items()},
}
