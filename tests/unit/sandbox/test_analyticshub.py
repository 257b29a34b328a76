"""What Analytics Hub refuses, and what it counts."""

from __future__ import annotations

from pathlib import Path

from sandbox.apis import analyticshub
from sandbox.apis.pubsub import api as pubsub
from tests.unit.sandbox.routing import ask, routing

EXCHANGES = "/analyticshub/v1/projects/prices/locations/asia-south1/dataExchanges"


async def test_a_listing_shares_one_thing_that_is_there(tmp_path: Path) -> None:
    with routing(tmp_path, analyticshub.API, pubsub.API) as router:
        both = {"defaultExchangeConfig": {}, "dcrExchangeConfig": {}}
        refused = {"displayName": "Main", "sharingEnvironmentConfig": both}
        await ask(router, "POST", f"{EXCHANGES}?dataExchangeId=main", refused, 400)
        await ask(router, "POST", f"{EXCHANGES}?dataExchangeId=ma-in", {"displayName": "Main"}, 400)
        made = await ask(router, "POST", f"{EXCHANGES}?dataExchangeId=main", {"displayName": "Main"})
        assert made["discoveryType"] == "DISCOVERY_TYPE_PRIVATE"
        assert "listingCount" not in made

        place = f"{EXCHANGES}/main/listings?listingId=ticks"
        topic = {"displayName": "Ticks", "pubsubTopic": {"topic": "projects/prices/topics/ticks"}}
        await ask(router, "POST", place, {"displayName": "Ticks"}, 400)
        await ask(router, "POST", place, {"displayName": "Ticks", "pubsubTopic": {"topic": "ticks"}}, 400)
        await ask(router, "POST", place, topic, 404)
        await ask(router, "PUT", "/pubsub/v1/projects/prices/topics/ticks", {})
        assert (await ask(router, "POST", place, topic))["state"] == "ACTIVE"
        assert (await ask(router, "GET", f"{EXCHANGES}/main"))["listingCount"] == 1
        await ask(router, "POST", f"{EXCHANGES}/main/listings/ticks:subscribe", {}, 501)


async def test_a_clean_room_shares_named_tables_only(tmp_path: Path) -> None:
    with routing(tmp_path, analyticshub.API) as router:
        room = {"displayName": "Room", "sharingEnvironmentConfig": {"dcrExchangeConfig": {}}}
        await ask(router, "POST", f"{EXCHANGES}?dataExchangeId=room", room)
        whole = {"displayName": "All", "bigqueryDataset": {"dataset": "projects/prices/datasets/all"}}
        answer = await ask(router, "POST", f"{EXCHANGES}/room/listings?listingId=all", whole, 400)
        assert "names the tables" in answer["error"]["message"]
