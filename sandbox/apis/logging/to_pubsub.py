"""Log entries as messages of Pub/Sub topics: the entry as JSON, its time as an attribute."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from sandbox.apis.logging.destination import OWNERS, Destination, Entry, Refused, ask, denied, writer
from sandbox.control import iam
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.store import Resource

PREFIX = "pubsub.googleapis.com/"
_PUBLISHES = OWNERS | {"roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin"}


class Topics(Destination):
    """Topics as destinations."""

    most = 500
    window = 0.2

    async def deliver(self, control: Control, sink: Resource, entries: Sequence[Entry]) -> None:
        """Publish them."""
        topic = str(sink.document["destination"]).removeprefix(PREFIX)
        if control.store.get("pubsub.topics", topic) is None:
            raise Refused("topic_not_found", f"There is no topic {topic}.")
        on = [f"//pubsub.googleapis.com/{topic}", iam.project(topic.split("/")[1])]
        if not iam.holds(control, writer(sink), _PUBLISHES, on, "pubsub.topics.publish"):
            raise denied(sink, "topic", "roles/pubsub.publisher", topic)
        messages = [
            {
                "data": base64.b64encode(json.dumps(entry).encode()).decode(),
                "attributes": {"logging.googleapis.com/timestamp": entry["timestamp"]},
            }
            for entry in entries
        ]
        await ask(control, "topic", Request.of("POST", f"/pubsub/v1/{topic}:publish", {"messages": messages}))
