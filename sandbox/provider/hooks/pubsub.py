"""Pub/Sub: names are sent in full."""

from __future__ import annotations

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook


@hook("expand", "google_pubsub_topic", "google_pubsub_subscription", "google_pubsub_schema")
def full_name(ctx: Context, document: Json) -> Json:
    """The document carries the resource's full name; a subscription's topic may be given by its short one."""
    collection = f"{ctx.kind.noun.lower()}s"
    document["name"] = f"projects/{ctx.planned['project']}/{collection}/{ctx.planned['name']}"
    topic = document.get("topic")
    if topic and "/" not in topic:
        document["topic"] = f"projects/{ctx.planned['project']}/topics/{topic}"
    return document
