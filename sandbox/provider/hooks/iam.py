"""Service accounts: their address follows from their id."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import complete, match, refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType


@hook("plan", "google_service_account")
def know_email(ctx: Context) -> None:
    """`email` and `member` are known before the account exists."""
    account, project = ctx.planned["account_id"], ctx.planned["project"]
    if account is UNKNOWN or project is UNKNOWN:
        return
    email = email_of(account, project)
    ctx.planned["email"], ctx.planned["member"] = email, f"serviceAccount:{email}"


def email_of(account_id: str, project: str) -> str:
    """The address of a service account; a project of a domain is turned around.

    >>> email_of("runner", "example.com:lab")
    'runner@lab.example.com.iam.gserviceaccount.com'
    """
    domain, colon, name = project.partition(":")
    host = f"{name}.{domain}" if colon else project
    return f"{account_id}@{host}.iam.gserviceaccount.com"


_ACCOUNT = "google_service_account"


def _name(ctx: Context) -> str:
    return f"{ctx.kind.base}projects/{ctx.planned['project']}/serviceAccounts/{ctx.planned['email']}"


@hook("create", _ACCOUNT)
async def create(ctx: Context) -> None:
    """Create, or take over an account that exists where that is allowed; then disable it if it is to be."""
    state = ctx.planned
    account = {key: state[name] for key, name in _WRITABLE if state.get(name)}
    body = {"accountId": state["account_id"], "serviceAccount": account}
    try:
        made = await ctx.api.call("POST", f"{ctx.kind.base}projects/{state['project']}/serviceAccounts", body)
    except ApiError as error:
        if error.status != 409 or not state.get("create_ignore_already_exists"):
            raise
        made = {"email": email_of(state["account_id"], state["project"])}
    state["email"] = made["email"]
    state["id"] = f"projects/{state['project']}/serviceAccounts/{state['email']}"
    if state.get("disabled"):
        await ctx.api.call("POST", f"{_name(ctx)}:disable", {})


_WRITABLE = (("displayName", "display_name"), ("description", "description"))


@hook("update", _ACCOUNT)
async def update(ctx: Context) -> None:
    """Description and display name in one call, the switch in another."""
    changed = {key: ctx.planned.get(name) or "" for key, name in _WRITABLE if ctx.changed(name)}
    if changed:
        mask = ",".join(name for key, name in _WRITABLE if key in changed)
        await ctx.api.call("PATCH", _name(ctx), {"serviceAccount": changed, "updateMask": mask})
    if ctx.changed("disabled"):
        await ctx.api.call("POST", f"{_name(ctx)}:{'disable' if ctx.planned['disabled'] else 'enable'}", {})


@hook("delete", _ACCOUNT)
async def delete(ctx: Context) -> None:
    """Delete by name."""
    await ctx.api.call("DELETE", _name(ctx))


@hook("flatten", _ACCOUNT)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What follows from the address."""
    email = str(document["email"])
    return state | {
        "account_id": email.partition("@")[0],
        "project": document.get("projectId") or state["project"],
        "member": f"serviceAccount:{email}",
        "create_ignore_already_exists": ctx.planned.get("create_ignore_already_exists"),
    }


@hook("identify", _ACCOUNT)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By full name, `PROJECT/EMAIL` or the address, which names the project."""
    forms = ["projects/{project}/serviceAccounts/{email}", "{project}/{email}", "{email}"]
    for form in forms:
        if parts := match(form, given):
            host = parts["email"].partition("@")[2].removesuffix(".iam.gserviceaccount.com")
            return complete(kind, {"project": host or settings.project, **parts}, settings)
    raise refusal(given, forms)
