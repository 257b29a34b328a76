"""What is in a bucket beside its objects: managed folders and notifications."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_FOLDER, _NOTIFICATION = "google_storage_managed_folder", "google_storage_notification"
_HOST = "//pubsub.googleapis.com/"


@hook("identify", _FOLDER)
def identify_folder(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By `BUCKET/managedFolders/NAME` or `BUCKET/NAME`; the name has slashes."""
    forms = ["{bucket}/managedFolders/{name}", "{bucket}/{name}"]
    for form in forms:
        if parts := match(form, given, whole=True):
            return {**parts, "id": f"{parts['bucket']}/{parts['name']}"}
    raise refusal(given, forms)


@hook("create", _NOTIFICATION)
async def create(ctx: Context) -> None:
    """The server gives the id, which is part of Terraform's."""
    bucket, document = ctx.planned["bucket"], expand(ctx.kind.fields, ctx.planned, ctx.config)
    document["topic"] = _HOST + str(ctx.planned["topic"]).removeprefix(_HOST)
    made = await ctx.api.call("POST", f"{ctx.kind.base}b/{bucket}/notificationConfigs", document)
    ctx.planned["notification_id"] = made["id"]
    ctx.planned["id"] = f"{bucket}/notificationConfigs/{made['id']}"


@hook("flatten", _NOTIFICATION)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The topic without its host; what is empty is absent."""
    state["topic"] = str(document["topic"]).removeprefix(_HOST)
    for name in ("object_name_prefix", "custom_attributes", "event_types"):
        state[name] = state.get(name) or None
    return state
