"""What is above and around projects: folders, projects, tags, and organization policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import complete, match, refusal
from sandbox.provider.resource import document_of, fill, general_create, plan_deletion_policy, timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_FOLDER, _PROJECT, _LIEN = "google_folder", "google_project", "google_resource_manager_lien"
_KEY, _VALUE = "google_tags_tag_key", "google_tags_tag_value"
_POLICY = "google_org_policy_policy"


async def _waited(ctx: Context, method: str, url: str, document: Json, step: str) -> Json:
    answer = await ctx.api.call(method, ctx.kind.base + url, document)
    made: Json = await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, step))
    return made


@hook("create", _FOLDER, _KEY, _VALUE)
async def create_numbered(ctx: Context) -> None:
    """The server gives the number, which the operation tells."""
    made = await _waited(ctx, "POST", ctx.kind.calls["create"].url, document_of(ctx), "create")
    ctx.planned["name"] = made["name"] if ctx.kind.name == _FOLDER else made["name"].rpartition("/")[2]


@hook("flatten", _FOLDER)
def folder_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The number by itself, too."""
    protected = ctx.planned.get("deletion_protection")
    kept = {"deletion_protection": True if protected in (None, UNKNOWN) else protected}
    return {**state, **kept, "folder_id": str(document["name"]).removeprefix("folders/")}


@hook("identify", _FOLDER)
def identify_folder(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """With or without `folders/`."""
    name = f"folders/{given.removeprefix('folders/')}"
    return {**complete(kind, {"name": name}, settings), "id": name}


@hook("update", _FOLDER)
async def update_folder(ctx: Context) -> None:
    """Its name by a PATCH, its place by a move."""
    name = str(ctx.planned["name"])
    if ctx.changed("display_name"):
        wanted = {"displayName": ctx.planned["display_name"]}
        await _waited(ctx, "PATCH", f"{name}?updateMask=displayName", wanted, "update")
    if ctx.changed("parent"):
        await _waited(ctx, "POST", f"{name}:move", {"destinationParent": ctx.planned["parent"]}, "update")


@hook("flatten", _KEY, _VALUE)
def tag_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The number alone is the name."""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}


# Projects


def _parent(ctx: Context) -> Json:
    if ctx.planned.get("org_id"):
        return {"parent": {"type": "organization", "id": ctx.planned["org_id"]}}
    if ctx.planned.get("folder_id"):
        return {"parent": {"type": "folder", "id": str(ctx.planned["folder_id"]).removeprefix("folders/")}}
    return {}


async def _bill(ctx: Context) -> None:
    account = ctx.planned.get("billing_account")
    name = f"billingAccounts/{str(account).removeprefix('billingAccounts/')}" if account else ""
    url = f"/cloudbilling/v1/{fill(ctx.kind.id, ctx.planned)}/billingInfo"
    await ctx.api.call("PUT", url, {"billingAccountName": name})


@hook("plan", _PROJECT)
def kept(ctx: Context) -> None:
    """Where nothing else is said, a project stays."""
    plan_deletion_policy(ctx, "PREVENT")


@hook("create", _PROJECT)
async def create_project(ctx: Context) -> None:
    """With its billing account, and without the default network where none is wanted."""
    await _waited(ctx, "POST", "projects", {**document_of(ctx), **_parent(ctx)}, "create")
    if ctx.planned.get("billing_account"):
        await _bill(ctx)
    if not ctx.planned.get("auto_create_network"):
        project = ctx.planned["project_id"]
        await ctx.api.call("POST", f"/serviceusage/v1/projects/{project}/services/compute.googleapis.com:enable", {})
        await _without_network(ctx, f"/compute/v1/projects/{project}/global")


async def _without_network(ctx: Context, place: str) -> None:
    """The default network goes, after its firewall rules; where there is none, that is well too."""
    network = await ctx.api.get(f"{place}/networks/default")
    if network is None:
        return
    query = quote(f"network eq {network['selfLink']}")
    rules = (await ctx.api.call("GET", f"{place}/firewalls?filter={query}")).get("items") or []
    for url in (*(f"{place}/firewalls/{rule['name']}" for rule in rules), f"{place}/networks/default"):
        answer = await ctx.api.call("DELETE", url)
        await ctx.api.wait("/compute/v1/", answer, timeout(ctx.planned, "create"))


@hook("expand", _PROJECT)
def project_document(ctx: Context, document: Json) -> Json:
    """Labels are those in effect."""
    labels = ctx.planned.get("effective_labels")
    return {**document, "labels": labels if isinstance(labels, dict) else {}}


@hook("read", _PROJECT)
async def read_project(ctx: Context) -> Json | None:
    """One that is to be deleted is gone; its account is told by another API."""
    name = fill(ctx.kind.id, ctx.planned)
    document: Json | None = await ctx.api.get(ctx.kind.base + name)
    if document is None or document.get("lifecycleState") != "ACTIVE":
        return None
    billing = await ctx.api.get(f"/cloudbilling/v1/{name}/billingInfo")
    return {**document, "billing": (billing or {}).get("billingAccountName") or ""}


@hook("flatten", _PROJECT)
def project_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Its parent under the name of its kind."""
    parent = document.get("parent") or {}
    of = {"organization": "org_id", "folder": "folder_id"}.get(str(parent.get("type")))
    found = {"org_id": "", "folder_id": ""} | ({of: str(parent["id"])} if of else {})
    account = str(document.get("billing") or "").removeprefix("billingAccounts/")
    # Taken away it is empty; where somebody else took it away it stays, as hashicorp/google doesn't look.
    gone = state["billing_account"] or ("" if (ctx.prior or {}).get("billing_account") is not None else None)
    policy = ctx.planned.get("deletion_policy")
    kept = policy if policy not in (None, UNKNOWN) else ctx.settings.declared_deletion_policy or "PREVENT"
    network = ctx.planned.get("auto_create_network")
    return {
        **state,
        **found,
        "number": str(document["projectNumber"]),
        "billing_account": account or gone,
        "deletion_policy": kept,
        "auto_create_network": True if network in (None, UNKNOWN) else network,
    }


@hook("update", _PROJECT)
async def update_project(ctx: Context) -> None:
    """As a whole, and its account by itself."""
    name = fill(ctx.kind.id, ctx.planned)
    if any(ctx.changed(field) for field in ("name", "org_id", "folder_id", "effective_labels")):
        current = await ctx.api.call("GET", ctx.kind.base + name)
        await ctx.api.call("PUT", ctx.kind.base + name, {**current, **document_of(ctx), **_parent(ctx)})
    if ctx.changed("billing_account"):
        await _bill(ctx)


@hook("identify", _PROJECT)
def identify_project(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """Its id, with or without `projects/`."""
    parts = match("{project_id}", given.removeprefix("projects/"))
    if parts is None:
        raise refusal(given, ["projects/{project_id}", "{project_id}"])
    return complete(kind, parts, settings)


# Liens: the name in the state is the end of the real one.


@hook("create", _LIEN)
async def create_lien(ctx: Context) -> None:
    """The server makes the name."""
    made = await ctx.api.call("POST", f"{ctx.kind.base}liens", document_of(ctx))
    ctx.planned["name"] = ctx.planned["id"] = made["name"].removeprefix("liens/")


@hook("flatten", _LIEN)
def lien_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The end of the name."""
    return {**state, "name": str(document["name"]).removeprefix("liens/")}


# Organization policies


def _rules(document: Json) -> Iterator[Json]:
    for field in ("spec", "dryRunSpec"):
        yield from (document.get(field) or {}).get("rules") or []


@hook("expand", _POLICY)
def policy_document(ctx: Context, document: Json) -> Json:
    """The name in full; words for true and false, and parameters, as what they are."""
    for rule in _rules(document):
        for key in ("allowAll", "denyAll", "enforce"):
            if isinstance(rule.get(key), str):
                rule[key] = rule[key].lower() in ("true", "t", "1")
        if isinstance(rule.get("parameters"), str):
            rule["parameters"] = json.loads(rule["parameters"] or "{}")
    name = str(ctx.planned["name"]).rpartition("/")[2]
    return {**document, "name": f"{ctx.planned['parent']}/policies/{name}"}


@hook("flatten", _POLICY)
def policy_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The other way round."""
    for field, told in (("spec", "spec"), ("dry_run_spec", "dryRunSpec")):
        for block in state.get(field) or []:
            rules = (document.get(told) or {}).get("rules") or []
            for rule, given in zip(block.get("rules") or [], rules, strict=False):
                for key, api in (("allow_all", "allowAll"), ("deny_all", "denyAll"), ("enforce", "enforce")):
                    rule[key] = "" if api not in given else str(given[api]).upper()
                parameters = given.get("parameters")
                rule["parameters"] = json.dumps(parameters, separators=(",", ":")) if parameters else ""
    return {**state, "name": str(document["name"]).rpartition("/")[2]}


@hook("create", _POLICY)
async def create_policy(ctx: Context) -> None:
    """Its id has the end of the name, however that is given."""
    await general_create(ctx)
    ctx.planned["id"] = f"{ctx.planned['parent']}/policies/{str(ctx.planned['name']).rpartition('/')[2]}"


@hook("read", _POLICY)
async def read_policy(ctx: Context) -> Json | None:
    """By the end of its name, which may be given in full."""
    name = str(ctx.planned["name"]).rpartition("/")[2]
    found: Json | None = await ctx.api.get(f"{ctx.kind.base}{ctx.planned['parent']}/policies/{name}")
    return found


@hook("update", _POLICY)
async def update_policy(ctx: Context) -> None:
    """What changed, under the etag that stands."""
    url = f"{ctx.kind.base}{ctx.planned['parent']}/policies/{str(ctx.planned['name']).rpartition('/')[2]}"
    mask = [api for field, api in (("spec", "spec"), ("dry_run_spec", "dryRunSpec")) if ctx.changed(field)]
    if mask:
        await ctx.api.call("PATCH", f"{url}?updateMask={','.join(mask)}", policy_document(ctx, document_of(ctx)))


@hook("delete", _POLICY)
async def delete_policy(ctx: Context) -> None:
    """By the end of its name."""
    name = str(ctx.planned["name"]).rpartition("/")[2]
    try:
        await ctx.api.call("DELETE", f"{ctx.kind.base}{ctx.planned['parent']}/policies/{name}")
    except ApiError as error:
        if error.status != 404:
            raise


@hook("identify", _POLICY)
def identify_policy(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """`PARENT/policies/NAME`."""
    parent, _, name = given.rpartition("/policies/")
    if not parent:
        raise refusal(given, ["{parent}/policies/{name}"])
    return complete(kind, {"parent": parent, "name": name}, settings)
