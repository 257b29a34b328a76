"""Analytics Hub v1 (BigQuery sharing): exchanges, and the datasets and topics that are listed in them.

They are kept and checked. Nobody subscribes here: the linked dataset that a subscription makes is not served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.control.asking import ask
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_PLACE = "v1/projects/{project}/locations/{location}/dataExchanges/{exchange}"
_COMMON: dict[str, Any] = {
    "id_rule": r"[A-Za-z0-9_]{1,100}",
    "id_message": "It must be up to 100 letters, digits or underscores.",
    "required": ("displayName",),
    "labels": (),
    "iam": True,
}
_DISCOVERIES = ("DISCOVERY_TYPE_PRIVATE", "DISCOVERY_TYPE_PUBLIC")
_ENVIRONMENTS = ("defaultExchangeConfig", "dcrExchangeConfig")


@dataclass(frozen=True, slots=True)
class _Source:
    """What a listing shares: its kind, the field that names it, and where it is found."""

    kind: str
    field: str
    collection: str
    api: str


_SOURCES = {
    "bigqueryDataset": _Source("BIGQUERY_DATASET", "dataset", "datasets", "bigquery/v2"),
    "pubsubTopic": _Source("PUBSUB_TOPIC", "topic", "topics", "pubsub/v1"),
}

exchanges = Collection(
    path=_PLACE,
    noun="DataExchange",
    id_param="dataExchangeId",
    defaults={"discoveryType": "DISCOVERY_TYPE_PRIVATE", "sharingEnvironmentConfig": {"defaultExchangeConfig": {}}},
    output_only=("listingCount",),
    immutable=("sharingEnvironmentConfig",),
    **_COMMON,
)
listings = Collection(
    path=f"{_PLACE}/listings/{{listing}}",
    noun="Listing",
    id_param="listingId",
    parents=(exchanges,),
    output_only=("resourceType", "commercialInfo"),
    on_create_set={"state": lambda listing, call: "ACTIVE"},
    immutable=("bigqueryDataset.dataset", "bigqueryDataset.selectedResources", "pubsubTopic.topic"),
    **_COMMON,
)


@exchanges.on_create
async def check_exchange(exchange: Resource, call: Call) -> None:
    """Of one environment, found by everyone or by who is told."""
    given = exchange.document["sharingEnvironmentConfig"]
    environment = {name: value for name, value in given.items() if value is not None}
    exchange.document["sharingEnvironmentConfig"] = environment
    if sum(name in environment for name in _ENVIRONMENTS) != 1:
        raise invalid_argument(
            f"A sharing environment is one of {', '.join(_ENVIRONMENTS)}.", {"sharing_environment_config": "not one"}
        )
    _discovery(exchange)


@exchanges.on_update
async def recheck_exchange(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _discovery(new)


def _discovery(resource: Resource) -> None:
    given = resource.document.get("discoveryType")
    if given not in _DISCOVERIES:
        raise invalid_argument(
            f"The discovery type '{given}' is none of {', '.join(_DISCOVERIES)}.", {"discovery_type": "unknown"}
        )


@exchanges.shown_by
def count(exchange: Resource, call: Call) -> dict[str, Any]:
    """With the number of its listings."""
    found = len(call.store.select(listings.key, exchange.name))
    return {**exchange.document, **({"listingCount": found} if found else {})}


@listings.on_create
async def check_listing(listing: Resource, call: Call) -> None:
    """Of a dataset or a topic that there is; in a clean room of single tables."""
    document = listing.document
    sources = [name for name in _SOURCES if document.get(name)]
    if len(sources) != 1:
        raise invalid_argument(f"A listing has one of {', '.join(_SOURCES)}.", {"listing": "not one source"})
    exchange = exchanges.must(call.control, listing.name.partition("/listings/")[0])
    clean = "dcrExchangeConfig" in exchange.document["sharingEnvironmentConfig"]
    if clean and not (document.get("bigqueryDataset") or {}).get("selectedResources"):
        raise invalid_argument(
            "A listing in a data clean room names the tables or routines that it shares.",
            {"bigquery_dataset.selected_resources": "required"},
        )
    document.setdefault("discoveryType", exchange.document["discoveryType"])
    source = _SOURCES[sources[0]]
    document["resourceType"] = source.kind
    await _there(call, source, str(document[sources[0]].get(source.field)))
    _complete(listing)


@listings.on_update
async def recheck_listing(old: Resource, new: Resource, call: Call) -> None:
    """The same for a change."""
    _complete(new)


def _complete(listing: Resource) -> None:
    _discovery(listing)
    if export := listing.document.get("restrictedExportConfig"):
        export["restrictDirectTableAccess"] = bool(export.get("enabled"))


async def _there(call: Call, source: _Source, name: str) -> None:
    """Raises ApiError where what a listing shares has no such name, or is not there."""
    parts = name.split("/")
    if len(parts) != 4 or parts[::2] != ["projects", source.collection] or not all(parts):
        raise invalid_argument(
            f"The {source.field} '{name}' is not projects/PROJECT/{source.collection}/NAME.",
            {source.field: "malformed"},
        )
    await ask(call.control, "GET", f"/{source.api}/{quote(name)}")


API = Api("analyticshub.googleapis.com", "analyticshub", [exchanges, listings])
