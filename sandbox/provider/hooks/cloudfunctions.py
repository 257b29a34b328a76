"""Functions of the first generation: a source by bucket and object, a trigger that may be named by its end."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, document_of, fill, identity

_FUNCTION = "google_cloudfunctions_function"
# What an event's resource is below a project, where it is named by its end alone.
_PLACES = {
    "google.storage.object.": "projects/{project}/buckets/",
    "google.pubsub.topic.": "projects/{project}/topics/",
    "providers/cloud.storage/eventTypes/": "projects/{project}/buckets/",
    "providers/cloud.pubsub/eventTypes/": "projects/{project}/topics/",
    "providers/cloud.firestore/eventTypes/": "projects/{project}/databases/(default)/documents/",
}
_ARCHIVE = ("source_archive_bucket", "source_archive_object")


@hook("expand", _FUNCTION)
def expand(ctx: Context, document: Json) -> Json:
    """As the API has it. Raises ProviderError without a source or a trigger."""
    planned = ctx.planned
    document["name"] = identity(ctx.kind.id, planned)
    if planned.get("timeout") is not None:
        document["timeout"] = f"{planned['timeout']}s"
    bucket, name = (planned.get(field) for field in _ARCHIVE)
    if bucket and name:
        document["sourceArchiveUrl"] = f"gs://{bucket}/{name}"
    elif not document.get("sourceRepository"):
        raise ProviderError(
            "either source_repository or both of source_archive_bucket+source_archive_object must be set"
        )
    document.pop("versionId", None)
    https = document.pop("httpsTrigger", None) or {}
    if trigger := document.get("eventTrigger"):
        _complete(ctx, trigger)
    elif planned.get("trigger_http"):
        level = https.get("securityLevel")
        document["httpsTrigger"] = {"securityLevel": level} if level else {}
    else:
        raise ProviderError(
            "One of `event_trigger` or `trigger_http` is required: You must specify a trigger when deploying a new "
            "function."
        )
    return document


def _complete(ctx: Context, trigger: Json) -> None:
    if not str(trigger["resource"]).startswith("projects/"):
        kind = str(trigger["eventType"])
        place = next((known for start, known in _PLACES.items() if kind.startswith(start)), "")
        trigger["resource"] = fill(place, ctx.planned) + str(trigger["resource"])
    block = (ctx.planned.get("event_trigger") or [{}])[0].get("failure_policy")
    policy = block[0] if isinstance(block, list) and block else None
    trigger.pop("failurePolicy", None)
    if policy is None:
        trigger["failurePolicy"] = {}
    elif policy.get("retry"):
        trigger["failurePolicy"] = {"retry": {}}


@hook("flatten", _FUNCTION)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """As the configuration has it."""
    state["name"] = str(document["name"]).rpartition("/")[2]
    state["timeout"] = int(str(document["timeout"]).removesuffix("s"))
    state["version_id"] = str(document.get("versionId", 0))
    archive = str(document.get("sourceArchiveUrl") or "")
    if archive:
        bucket, _, name = archive.removeprefix("gs://").partition("/")
        state |= {"source_archive_bucket": bucket, "source_archive_object": name}
    if "httpsTrigger" in document:
        state["trigger_http"] = True
    for block in state.get("event_trigger") or []:
        policy = document["eventTrigger"].get("failurePolicy")
        block["failure_policy"] = [] if policy is None else [{"retry": "retry" in policy}]
    return state


@hook("update", _FUNCTION)
async def update(ctx: Context) -> None:
    """What changed, by the mask."""
    changed = [".".join(field.api or ()) for field in changed_fields(ctx)]
    if any(ctx.changed(name) for name in _ARCHIVE):
        changed.append("sourceArchiveUrl")
    if ctx.changed("timeout"):
        changed.append("timeout")
    if not changed:
        return
    document, mask = document_of(ctx), "%2C".join(dict.fromkeys(changed))
    await waited(ctx, "PATCH", f"{fill(ctx.kind.id, ctx.planned)}?updateMask={mask}", document)
