"""Cloud Asset v1: feeds of what changes in a project. They are kept; nothing is published to their topics here."""

from __future__ import annotations

from typing import Any

from sandbox.control import masks, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api
from sandbox.control.store import Resource

_PATH = "v1/projects/{project}/feeds"

feeds = Collection(
    path=f"{_PATH}/{{feed}}", create=None, update=(), listing=False, id_rule=r"[a-zA-Z][\w-]{0,62}", labels=()
)

API = Api("cloudasset.googleapis.com", "cloudasset", [feeds])


def _check(feed: dict[str, Any]) -> None:
    if not (feed.get("assetNames") or feed.get("assetTypes")):
        raise invalid_argument("A feed needs asset names or asset types.", {"feed.asset_types": "required"})
    topic = ((feed.get("feedOutputConfig") or {}).get("pubsubDestination") or {}).get("topic")
    if not topic:
        raise invalid_argument("A feed needs a topic.", {"feed.feed_output_config.pubsub_destination.topic": ""})


@feeds.shown_by
def shown(feed: Resource, call: Call) -> dict[str, Any]:
    """By the project's number."""
    return {**feed.document, "name": projects.by_number(feed.name)}


@API.route("POST", _PATH)
async def create(call: Call) -> Response:
    """`feeds.create`: `{feedId, feed}`."""
    body = call.body()
    feed, given = dict(body.get("feed") or {}), str(body.get("feedId") or call.query("feedId"))
    feeds.check_id(given)
    _check(feed)
    name = f"projects/{call.project}/feeds/{given}"
    if feeds.find(call.control, name) is not None:
        raise feeds.exists(name)
    moment = call.control.clock()
    made = Resource(feeds.key, name, {**feed, "name": name}, moment, moment)
    call.store.insert(made)
    return Response.of(shown(made, call))


@API.route("GET", _PATH)
async def every(call: Call) -> Response:
    """`feeds.list`."""
    found = call.store.select(feeds.key, f"projects/{call.project}")
    return Response.of({"feeds": [shown(feed, call) for feed in found]})


@API.route("PATCH", f"{_PATH}/{{feed}}")
async def patch(call: Call) -> Response:
    """`feeds.patch`: `{feed, updateMask}`."""
    body = call.body()
    feed = feeds.must(call.control, feeds.name(call.params))
    paths = masks.paths(str(body.get("updateMask") or call.query("updateMask")))
    feed.document = masks.apply(feed.document, body.get("feed") or {}, paths)
    _check(feed.document)
    feed.updated = call.control.clock()
    call.store.put(feed)
    return Response.of(shown(feed, call))
