"""Secret versions: made by adding, read with their payload, ended by destroying."""

from __future__ import annotations

import base64
from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_VERSION = "google_secret_manager_secret_version"
_REGIONAL = "google_secret_manager_regional_secret_version"
_FORM_REGIONAL = "projects/{project}/locations/{location}/secrets/{secret}/versions/{version}"
_FORM = "projects/{project}/secrets/{secret}/versions/{version}"


@hook("create", _VERSION, _REGIONAL)
async def add(ctx: Context) -> None:
    """Add a version; a version that is to be disabled is disabled at once."""
    data = ctx.planned.get("secret_data")
    if data is None:
        data = ctx.config.get("secret_data_wo")
    payload = data if ctx.planned.get("is_secret_data_base64") else base64.b64encode(str(data or "").encode()).decode()
    secret, said = str(ctx.planned["secret"]), ctx.config.get("project")
    if ctx.kind.name == _REGIONAL:
        if match(_FORM_REGIONAL, f"{secret}/versions/1") is None:
            raise ProviderError(
                "secret does not fit the format `projects/{{project}}/locations/{{location}}/secrets/{{secret}}`"
            )
    elif "/" not in secret:
        ctx.planned["project"] = said or ctx.settings.project
        secret = ctx.planned["secret"] = f"projects/{ctx.planned['project']}/secrets/{secret}"
    elif said and said != (of := secret.split("/")[1]):
        raise ProviderError(
            f"project {of} was supplied on the secret and {said} supplied on the config, values conflict"
        )
    made = await ctx.api.call("POST", f"{ctx.kind.base}{secret}:addVersion", {"payload": {"data": payload}})
    ctx.planned["name"] = ctx.planned["id"] = made["name"]
    if ctx.planned.get("deletion_policy") in (None, UNKNOWN):
        ctx.planned["deletion_policy"] = ctx.settings.deletion_policy
    if ctx.planned.get("enabled") is False:
        await ctx.api.call("POST", f"{ctx.kind.base}{made['name']}:disable", {})


@hook("read", _VERSION, _REGIONAL)
async def read(ctx: Context) -> Json | None:
    """The version with its payload; a destroyed one is gone, a disabled one does not tell its payload."""
    url = f"{ctx.kind.base}{ctx.planned['name']}"
    document: Json | None = await ctx.api.get(url)
    if document is None or document.get("state") == "DESTROYED":
        return None
    document["enabled"] = document.get("state") == "ENABLED"
    if document["enabled"] and not ctx.planned.get("secret_data_wo_version"):
        try:
            document["payload"] = (await ctx.api.call("GET", f"{url}:access"))["payload"]
        except ApiError as error:
            if error.status not in (400, 403, 404):
                raise
    return document


@hook("flatten", _VERSION, _REGIONAL)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The version's number, and the payload as it was written."""
    parent, _, version = str(ctx.planned["name"]).partition("/versions/")
    state["version"] = version
    state["name"] = ctx.planned["name"]
    state["secret"] = state.get("secret") or parent
    if ctx.kind.name == _REGIONAL:
        state["location"] = parent.split("/")[3]
    # Told where the secret was given by its short name; else its full name says it.
    elif ctx.prior is not None:
        state["project"] = ctx.prior.get("project")
    elif "/" in str(ctx.config.get("secret")):
        state["project"] = ctx.config.get("project")
    state["is_secret_data_base64"] = bool(state.get("is_secret_data_base64"))
    if payload := document.get("payload"):
        data = payload.get("data", "")
        state["secret_data"] = data if state.get("is_secret_data_base64") else base64.b64decode(data).decode()
    return state


@hook("update", _VERSION, _REGIONAL)
async def update(ctx: Context) -> None:
    """Only enabling and disabling."""
    if ctx.changed("enabled"):
        verb = "enable" if ctx.planned["enabled"] else "disable"
        await ctx.api.call("POST", f"{ctx.kind.base}{ctx.planned['name']}:{verb}", {})


@hook("delete", _VERSION, _REGIONAL)
async def destroy(ctx: Context) -> None:
    """Destroy, or only disable where the deletion policy says so."""
    verb = "disable" if ctx.planned.get("deletion_policy") == "DISABLE" else "destroy"
    await ctx.api.call("POST", f"{ctx.kind.base}{ctx.planned['name']}:{verb}", {})


@hook("identify", _VERSION, _REGIONAL)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """Only by the full name."""
    form = _FORM_REGIONAL if kind.name == _REGIONAL else _FORM
    parts = match(form, given)
    if parts is None:
        raise refusal(given, [form])
    known = {"name": given, "id": given, "secret": given.partition("/versions/")[0], "version": parts["version"]}
    if kind.name == _REGIONAL:
        return {**known, "location": parts["location"], "deletion_policy": "DELETE"}
    return {**known, "enabled": True}
