"""Reading the data sources of what is above projects, of projects by a filter, and of roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]


async def organization(ctx: Context) -> State:
    """By its domain, or by its number."""
    base = ctx.kind.base
    found: Json | None
    if domain := ctx.planned["domain"]:
        answer = await ctx.api.call("POST", f"{base}organizations:search", {"filter": f"domain={domain}"})
        every = answer.get("organizations") or []
        if not every:
            raise ProviderError(f"Organization not found: {domain}")
        found = next((one for one in every if one["displayName"] == domain), every[0])
    elif given := ctx.planned["organization"]:
        name = f"organizations/{str(given).removeprefix('organizations/')}"
        found = await ctx.api.get(base + name)
        if found is None:
            raise ProviderError(f"{name} not found")
    else:
        raise ProviderError("one of domain or organization must be set")
    return ctx.planned | {
        "id": found["name"],
        "name": found["name"],
        "org_id": found["name"].rpartition("/")[2],
        "domain": found["displayName"],
        "create_time": found["creationTime"],
        "lifecycle_state": found["lifecycleState"],
        "directory_customer_id": (found.get("owner") or {}).get("directoryCustomerId"),
    }


async def folder(ctx: Context) -> State:
    """By its number, with the organization above it where that is asked for."""
    given = ctx.planned
    name = f"folders/{str(given['folder']).removeprefix('folders/')}"
    try:
        found = await ctx.api.get(ctx.kind.base + name)
    except ApiError as error:
        if error.status != 403:
            raise
        found = None
    if found is None:
        raise ProviderError(f"{name} not found")
    state = flatten(ctx.kind, found, given)
    state |= {key: given[key] for key in ("folder", "lookup_organization")}
    state |= {"id": name, "folder_id": name.rpartition("/")[2], "deletion_protection": False}
    state |= {"organization": None, "deletion_policy": ctx.settings.deletion_policy}
    if given["lookup_organization"]:
        parent = str(found["parent"])
        while parent.startswith("folders/"):
            parent = str((await ctx.api.call("GET", ctx.kind.base + parent))["parent"])
        state["organization"] = parent
    return state


async def folders(ctx: Context) -> State:
    """Those right below a folder or an organization."""
    parent = str(ctx.planned["parent_id"])
    told = ("name", "state", "create_time", "update_time", "delete_time", "parent", "display_name", "etag")
    api = {name: (ctx.kind.fields["folders"].fields[name].api or ("",))[0] for name in told}
    found = [
        {name: one.get(api[name]) for name in told}
        async for one in ctx.api.pages(f"{ctx.kind.base}folders?parent={quote(parent)}", "folders")
    ]
    return ctx.planned | {"id": parent, "folders": found}


async def active_folder(ctx: Context) -> State:
    """By its name below a parent."""
    parent, wanted = ctx.planned["parent"], ctx.planned["display_name"]
    if ctx.planned["api_method"] != "SEARCH":
        path = f"folders?pageSize=300&parent={quote(str(parent))}"
    else:
        query = f'lifecycleState=ACTIVE AND parent={parent} AND displayName="{wanted}"'
        path = f"folders:search?query={quote(query)}"
    found = [
        one["name"] async for one in ctx.api.pages(ctx.kind.base + path, "folders") if one["displayName"] == wanted
    ]
    if not found:
        raise ProviderError(f"folder not found: {wanted}")
    return ctx.planned | {"id": found[0], "name": found[0], "api_method": ctx.planned["api_method"] or "LIST"}


async def projects(ctx: Context) -> State:
    """Those that pass a filter."""
    wanted = str(ctx.planned["filter"])
    found = [
        {
            "create_time": one.get("createTime"),
            "labels": one.get("labels") or {},
            "lifecycle_state": one.get("lifecycleState"),
            "name": one.get("name"),
            "number": one.get("projectNumber"),
            "parent": one.get("parent") or {},
            "project_id": one["projectId"],
        }
        async for one in ctx.api.pages(f"{ctx.kind.base}projects?filter={quote(wanted)}", "projects")
    ]
    return ctx.planned | {"id": wanted, "projects": found}


async def role(ctx: Context) -> State:
    """A role of a project or an organization, by its whole name. What Google's own roles hold isn't known here."""
    name = str(ctx.planned["name"])
    found = await ctx.api.get(ctx.kind.base + name)
    if found is None:
        raise ProviderError(f"{name} not found")
    permissions = list(found.get("includedPermissions") or [])
    told = {"title": found.get("title"), "stage": found.get("stage"), "included_permissions": permissions}
    return ctx.planned | told | {"id": found["name"]}


READ = {
    "google_active_folder": active_folder,
    "google_folder": folder,
    "google_folders": folders,
    "google_iam_role": role,
    "google_organization": organization,
    "google_projects": projects,
}
