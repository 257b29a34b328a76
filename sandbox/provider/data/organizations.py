"""Data sources of organizations, of what is above a project, of billing accounts, and of roles of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
_ROLES = """
show_deleted bool
view string values=BASIC|FULL
roles list computed
  deleted bool computed
  description string computed
  id string computed api=name
  name string computed
  permissions list(string) computed api=includedPermissions
  role_id string computed
  stage string computed
  title string computed
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_billing_account": (
        "cloudbilling/v1",
        "{billing_account}",
        """
billing_account string
display_name string optional computed
lookup_projects bool
open bool optional computed
currency_code string computed
name string computed
project_ids set(string) computed
""",
    ),
    "google_organization_iam_custom_roles": ("iam/v1", "organizations/{org_id}", f"\norg_id string{_ROLES}"),
    "google_organizations": (
        "cloudresourcemanager/v1",
        "{filter}",
        """
filter string
organizations list computed
  directory_customer_id string computed api=owner.directoryCustomerId
  display_name string computed
  lifecycle_state string computed
  name string computed
  org_id string computed
""",
    ),
    "google_project_ancestry": (
        "cloudresourcemanager/v1",
        "projects/{project}",
        """
project string
ancestors list computed api=ancestor
  id string computed api=resourceId.id
  type string computed api=resourceId.type
org_id string computed
parent_id string computed
parent_type string computed
""",
    ),
    "google_project_iam_custom_roles": ("iam/v1", "projects/{project}", f"\nproject string{_ROLES}"),
}


async def _roles(ctx: Context) -> State:
    """Those of a project or an organization; what they permit in a full view alone."""
    if "org_id" in ctx.planned:
        parent = f"organizations/{ctx.planned['org_id'] or ''}"
    else:
        parent = f"projects/{listing.project(ctx)}"
    view, deleted = ctx.planned["view"] or "BASIC", bool(ctx.planned["show_deleted"])
    url = f"{ctx.kind.base}{parent}/roles?view={view}&showDeleted={str(deleted).lower()}"
    found = [{**one, "roleId": one["name"].rpartition("/")[2]} async for one in ctx.api.pages(url, "roles")]
    given = {"view": view, "show_deleted": deleted}
    return ctx.planned | given | {"id": parent, "roles": listing.told(ctx, "roles", found)}


async def _organizations(ctx: Context) -> State:
    """Those that pass a filter, or all."""
    wanted = ctx.planned["filter"] or ""
    answer = await ctx.api.call("POST", f"{ctx.kind.base}organizations:search", {"filter": wanted})
    found = [{**one, "orgId": one["name"].rpartition("/")[2]} for one in answer.get("organizations") or []]
    told = listing.told(ctx, "organizations", found)
    return ctx.planned | {"id": wanted or "empty_filter", "organizations": told}


async def _ancestry(ctx: Context) -> State:
    """A project and all above it, from the nearest on."""
    project = listing.project(ctx)
    answer = await ctx.api.call("POST", f"{ctx.kind.base}projects/{project}:getAncestry", {})
    ancestors = listing.told(ctx, "ancestors", answer.get("ancestor") or [])
    organization = next((one["id"] for one in ancestors if one["type"] == "organization"), "")
    told = {"project": project, "ancestors": ancestors, "org_id": organization}
    if len(ancestors) > 1:
        told |= {"parent_id": ancestors[1]["id"], "parent_type": ancestors[1]["type"]}
    return ctx.planned | told | {"id": f"projects/{project}"}


async def _billing_account(ctx: Context) -> State:
    """By its number, or by what it is called; open or closed if that is asked for."""
    given, called, wanted = (ctx.planned[name] for name in ("billing_account", "display_name", "open"))
    base, missing = ctx.kind.base, f"Billing account not found: {given or called}"
    if given:
        name = f"billingAccounts/{str(given).removeprefix('billingAccounts/')}"
        found = await ctx.api.get(base + name)
        if found is None:
            raise ProviderError(f"{name} not found")
        if wanted is not None and bool(found.get("open")) != wanted:
            raise ProviderError(missing)
    elif called:
        pages = ctx.api.pages(f"{base}billingAccounts", "billingAccounts")
        same = [one async for one in pages if one["displayName"] == called]
        same = [one for one in same if wanted is None or bool(one.get("open")) == wanted]
        if len(same) != 1:
            raise ProviderError("More than one matching billing account found" if same else missing)
        found = same[0]
    else:
        raise ProviderError("one of billing_account or display_name must be set")
    projects: list[str] = []
    lookup = ctx.planned["lookup_projects"] is not False
    if lookup:
        answer = await ctx.api.call("GET", f"{base}{found['name']}/projects")
        projects = sorted(one["projectId"] for one in answer.get("projectBillingInfo") or [])
    return ctx.planned | {
        "id": found["name"].rpartition("/")[2],
        "name": found["name"],
        "display_name": found.get("displayName", ""),
        "open": bool(found.get("open")),
        "currency_code": found.get("currencyCode", ""),
        "lookup_projects": lookup,
        "project_ids": projects,
    }


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_billing_account": _billing_account,
    "google_organization_iam_custom_roles": _roles,
    "google_organizations": _organizations,
    "google_project_ancestry": _ancestry,
    "google_project_iam_custom_roles": _roles,
}
