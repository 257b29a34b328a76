"""APIs of a project: enabled, and left enabled unless told otherwise."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import complete, match, refusal
from sandbox.provider.resource import timeout
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_SERVICE = "google_project_service"
_IDENTITY = "google_project_service_identity"


def _url(ctx: Context) -> str:
    project = str(ctx.planned["project"]).rpartition("/")[2]
    return f"{ctx.kind.base}projects/{project}/services"


@hook("create", _SERVICE)
async def enable(ctx: Context) -> None:
    """Enable through the batch call, as the real provider does."""
    project = str(ctx.planned["project"]).rpartition("/")[2]
    operation = await ctx.api.call("POST", f"{_url(ctx)}:batchEnable", {"serviceIds": [ctx.planned["service"]]})
    await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "create"))
    ctx.planned["id"] = f"{project}/{ctx.planned['service']}"


@hook("read", _SERVICE)
async def find(ctx: Context) -> Json | None:
    """A service that is not enabled is not there."""
    document = await ctx.api.get(f"{_url(ctx)}/{ctx.planned['service']}")
    if document is None or document.get("state") != "ENABLED":
        return None
    # Nothing but its being enabled is told by the API.
    return {name: ctx.planned.get(key) for name, key in _SAME}


_SAME = (
    ("service", "service"),
    ("disableDependentServices", "disable_dependent_services"),
    ("disableOnDestroy", "disable_on_destroy"),
)


@hook("flatten", _SERVICE)
def as_planned(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """How it is to be disabled is known to Terraform only."""
    return state | {key: ctx.planned.get(key) for _, key in _SAME}


@hook("update", _SERVICE)
async def update(ctx: Context) -> None:
    """Nothing to tell the API: only how to destroy has changed."""


@hook("delete", _SERVICE)
async def disable(ctx: Context) -> None:
    """Disable only where `disable_on_destroy` says so."""
    if ctx.planned.get("disable_on_destroy") is not True:
        return
    dependent = ctx.planned.get("disable_dependent_services") is True
    url = f"{_url(ctx)}/{ctx.planned['service']}:disable"
    operation = await ctx.api.call("POST", url, {"disableDependentServices": dependent})
    await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "delete"))


@hook("identify", _SERVICE)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """Only `PROJECT/SERVICE`."""
    parts = match("{project}/{service}", given)
    if parts is None:
        raise refusal(given, ["{project}/{service}"])
    return complete(kind, parts, settings)


@hook("create", _IDENTITY)
async def generate(ctx: Context) -> None:
    """Its email is told by the operation alone."""
    url = f"{ctx.kind.base}projects/{ctx.planned['project']}/services/{ctx.planned['service']}:generateServiceIdentity"
    operation = await ctx.api.call("POST", url, {})
    answer = await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "create"))
    email = answer.get("email")
    ctx.planned |= {"email": email, "member": f"serviceAccount:{email}" if email else None}


@hook("read", _IDENTITY)
async def as_generated(ctx: Context) -> Json:
    """No API tells it again."""
    return {name: ctx.planned.get(name) for name in ("service", "email", "member")}


@hook("delete", _IDENTITY)
async def keep(ctx: Context) -> None:
    """An agent stays."""
