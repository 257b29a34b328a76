"""Cloud Asset v1: feeds of what changes in a project, a folder or an organization. Kept; nothing is published."""

from __future__ import annotations

from typing import Any

from sandbox.control import above, masks, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api, Route
from sandbox.control.store import Resource


class _Feeds:
    """The feeds of projects, folders or organizations."""

    def __init__(self, place: str) -> None:
        self.path = f"v1/{place}/feeds"
        self.kept = Collection(
            path=f"{self.path}/{{feed}}",
            create=None,
            update=(),
            listing=False,
            id_rule=r"[a-zA-Z][\w-]{0,62}",
            labels=(),
        )
        self.kept.shown_by(_shown)

    def routes(self) -> list[Route]:
        """Those that aren't the general case."""
        one = f"{self.path}/{{feed}}"
        return [
            Route("POST", self.path, self.create),
            Route("GET", self.path, self.every),
            Route("PATCH", one, self.patch),
        ]

    def _parent(self, call: Call) -> str:
        above.check_number(call)
        return self.kept.parent(call.params)

    async def create(self, call: Call) -> Response:
        """`feeds.create`: `{feedId, feed}`."""
        body = call.body()
        feed, given = dict(body.get("feed") or {}), str(body.get("feedId") or call.query("feedId"))
        self.kept.check_id(given)
        _check(feed)
        name = f"{self._parent(call)}/feeds/{given}"
        if self.kept.find(call.control, name) is not None:
            raise self.kept.exists(name)
        moment = call.control.clock()
        made = Resource(self.kept.key, name, {**feed, "name": name}, moment, moment)
        call.store.insert(made)
        return Response.of(_shown(made, call))

    async def every(self, call: Call) -> Response:
        """`feeds.list`."""
        found = call.store.select(self.kept.key, self._parent(call))
        return Response.of({"feeds": [_shown(feed, call) for feed in found]})

    async def patch(self, call: Call) -> Response:
        """`feeds.patch`: `{feed, updateMask}`."""
        body = call.body()
        feed = self.kept.must(call.control, self.kept.name(call.params))
        paths = masks.paths(str(body.get("updateMask") or call.query("updateMask")))
        feed.document = masks.apply(feed.document, body.get("feed") or {}, paths)
        _check(feed.document)
        feed.updated = call.control.clock()
        call.store.put(feed)
        return Response.of(_shown(feed, call))


def _check(feed: dict[str, Any]) -> None:
    if not (feed.get("assetNames") or feed.get("assetTypes")):
        raise invalid_argument("A feed needs asset names or asset types.", {"feed.asset_types": "required"})
    topic = ((feed.get("feedOutputConfig") or {}).get("pubsubDestination") or {}).get("topic")
    if not topic:
        raise invalid_argument("A feed needs a topic.", {"feed.feed_output_config.pubsub_destination.topic": ""})


def _shown(feed: Resource, call: Call) -> dict[str, Any]:
    """By the project's number, where it is a project's."""
    name = projects.by_number(feed.name) if feed.name.startswith("projects/") else feed.name
    return {**feed.document, "name": name}


_EVERY = [_Feeds(place) for place in above.PLACES]
API = Api(
    "cloudasset.googleapis.com",
    "cloudasset",
    [feeds.kept for feeds in _EVERY],
    [route for feeds in _EVERY for route in feeds.routes()],
)
