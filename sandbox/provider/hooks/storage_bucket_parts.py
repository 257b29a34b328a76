"""What is in a bucket beside its objects: managed folders and notifications."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import Problem
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_FOLDER, _NOTIFICATION = "google_storage_managed_folder", "google_storage_notification"
_HOST = "//pubsub.googleapis.com/"
_FORMATS = ("JSON_API_V1", "NONE")
_EVENTS = ("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE")


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
    """The topic without its host. No events are null, even where [] was asked for: Terraform refuses that then."""
    state["topic"] = str(document["topic"]).removeprefix(_HOST)
    state["event_types"] = state.get("event_types") or None
    return state


@hook("validate", _NOTIFICATION)
def words(ctx: Context) -> None:
    """The words there are; this type is one of the plugin framework, which refuses with words of its own."""
    given, events = ctx.config.get("payload_format"), ctx.config.get("event_types")
    if isinstance(given, str) and given not in _FORMATS:
        text = f'Attribute payload_format value must be one of: {_listed(_FORMATS)}, got: "{given}"'
        ctx.problems.append(Problem("Invalid Attribute Value Match", text, ("payload_format",)))
    for event in events if isinstance(events, list) else []:
        if isinstance(event, str) and event not in _EVENTS:
            text = f'Element "{event}" is not a valid value. all elements must be one of: {_listed(_EVENTS)}.'
            ctx.problems.append(Problem("Invalid Set Element", text, ("event_types",)))


def _listed(words: tuple[str, ...]) -> str:
    return "[" + " ".join(f'"{word}"' for word in words) + "]"
