"""Configurations of instances: Google's, of one region or of several, and custom ones with more read-only replicas."""

from __future__ import annotations

from typing import Any

from sandbox.apis.spanner import wrapped
from sandbox.control import crud, paging
from sandbox.control.collection import Collection, etag
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.http import Response
from sandbox.control.names import REGIONS
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
PACKAGE = "google.spanner.admin.instance.v1"
# Of several regions: (region, type, how many), that of the leader first.
_READ_WRITE, _READ_ONLY, _WITNESS = "READ_WRITE", "READ_ONLY", "WITNESS"
_SEVERAL: dict[str, tuple[str, tuple[str, str], str, tuple[str, ...]]] = {
    # name → what it is called, regions that read and write, that of the witness, those that read only
    "asia1": ("Asia (Tokyo/Osaka/Seoul)", ("asia-northeast1", "asia-northeast2"), "asia-northeast3", ()),
    "asia2": ("Asia (Mumbai/Delhi/Singapore)", ("asia-south1", "asia-south2"), "asia-southeast1", ()),
    "eur3": ("Europe (Belgium/Netherlands)", ("europe-west1", "europe-west4"), "europe-north1", ()),
    "eur5": ("Europe (London/Belgium/Netherlands)", ("europe-west2", "europe-west1"), "europe-west4", ()),
    "eur6": ("Europe (Netherlands, Frankfurt)", ("europe-west4", "europe-west3"), "europe-west6", ()),
    "nam3": ("United States (Northern Virginia/South Carolina)", ("us-east4", "us-east1"), "us-central1", ()),
    "nam6": (
        "United States (Iowa/South Carolina/Oregon/Los Angeles)",
        *(("us-central1", "us-east1"), "us-central2", ("us-west1", "us-west2")),
    ),
    "nam7": ("United States (Iowa/Northern Virginia/Oklahoma)", ("us-central1", "us-east4"), "us-central2", ()),
    "nam8": ("United States (Los Angeles/Oregon/Salt Lake City)", ("us-west2", "us-west1"), "us-west3", ()),
    "nam10": ("United States (Iowa/Salt Lake City/Oklahoma)", ("us-central1", "us-west3"), "us-central2", ()),
    "nam11": ("United States (Iowa/South Carolina/Oklahoma)", ("us-central1", "us-east1"), "us-central2", ()),
    "nam-eur-asia1": (
        "United States, Europe, and Asia (Iowa/Oklahoma/Belgium/Taiwan)",
        *(("us-central1", "us-central2"), "us-east1", ("europe-west1", "asia-east1")),
    ),
}

configs = Collection(
    path="v1/projects/{project}/instanceConfigs/{instanceConfig}",
    noun="InstanceConfig",
    type=f"{PACKAGE}.InstanceConfig",
    id_rule=r"custom-(?=.{1,57}$)[-a-z0-9]*[a-z0-9]",
    id_message="It must be 64 characters at most, custom- and lowercase letters, digits or hyphens, no hyphen last.",
    create=None,
    read=False,
    listing=False,
    update=(),
    delete=False,
    mask="required",
    shape={
        "displayName": str,
        "baseConfig": str,
        "replicas": [{"location": str, "type": str, "defaultLeaderLocation": bool}],
    },
    required=("displayName", "baseConfig", "replicas"),
    immutable=("baseConfig", "replicas", "configType"),
    output_only=("state", "leaderOptions", "optionalReplicas", "reconciling", "freeInstanceAvailability", "quorumType"),
    on_update_set={"etag": etag},
)


def managed(project: str, name: str) -> Json | None:
    """A configuration of Google's, or None."""
    region = name.removeprefix("regional-")
    replicas: list[Json]
    if name.startswith("regional-") and region in REGIONS:
        replicas = [{"location": region, "type": _READ_WRITE, "defaultLeaderLocation": True} for _ in range(3)]
        return _shown(project, name, region, replicas, "REGION")
    if name not in _SEVERAL:
        return None
    title, (leader, other), witness, readers = _SEVERAL[name]
    replicas = [
        {"location": leader, "type": _READ_WRITE, "defaultLeaderLocation": True},
        *({"location": place, "type": _READ_WRITE} for place in (leader, other, other)),
        {"location": witness, "type": _WITNESS},
        *({"location": place, "type": _READ_ONLY} for place in readers),
    ]
    return _shown(project, name, title, replicas, "MULTI_REGION")


def _shown(project: str, name: str, title: str, replicas: list[Json], quorum: str) -> Json:
    return {
        "name": f"projects/{project}/instanceConfigs/{name}",
        "displayName": title,
        "configType": "GOOGLE_MANAGED",
        "replicas": replicas,
        "leaderOptions": _leaders(replicas),
        "freeInstanceAvailability": "AVAILABLE" if quorum == "REGION" else "UNSUPPORTED",
        "quorumType": quorum,
        "state": "READY",
    }


def _leaders(replicas: list[Json]) -> list[str]:
    return sorted({one["location"] for one in replicas if one["type"] == _READ_WRITE})


def find(call: Call, name: str) -> Json:
    """The configuration of a name, full or short. Raises 404 where there is none."""
    short = name.rpartition("/")[2]
    shown = managed(call.project, short)
    own = configs.find(call.control, f"projects/{call.project}/instanceConfigs/{short}")
    if shown is None and own is not None:
        shown = own.document
    if shown is None:
        raise not_found(f"Instance config not found: projects/{call.project}/instanceConfigs/{short}")
    return shown


async def _get(call: Call) -> Response:
    return Response.of(find(call, call.params["instanceConfig"]))


async def _list(call: Call) -> Response:
    project, after = call.project, paging.after(call.query("pageToken"))
    names = sorted([*(f"regional-{region}" for region in REGIONS), *_SEVERAL])
    found = [one for name in names if (one := managed(project, name)) is not None]
    found += [one.document for one in call.store.select(configs.key, f"projects/{project}")]
    found = [one for one in sorted(found, key=lambda one: str(one["name"])) if one["name"] > after]
    size = call.integer("pageSize", 1000, 1000) or 1000
    return Response.of(paging.page("instanceConfigs", found, size, lambda one: str(one["name"])))


@configs.on_create
async def check(config: Resource, call: Call) -> None:
    """All replicas of its base, and at least one more that only reads."""
    document = config.document
    base = find(call, str(document["baseConfig"]))
    if base["configType"] != "GOOGLE_MANAGED":
        raise invalid_argument("The base of a configuration is one of Google's.", {"baseConfig": "not Google's"})
    wanted = [_key(one) for one in base["replicas"]]
    more = []
    for one in document["replicas"]:
        if _key(one) in wanted:
            wanted.remove(_key(one))
        else:
            more.append(one)
    if wanted:
        raise invalid_argument("replicas must have all those of the base configuration.", {"replicas": "incomplete"})
    if not more or any(one.get("type") != _READ_ONLY or one.get("defaultLeaderLocation") for one in more):
        raise invalid_argument(
            "What a configuration has besides its base is one or more replicas of type READ_ONLY.",
            {"replicas": "READ_ONLY"},
        )
    if unknown := sorted({str(one.get("location")) for one in more} - REGIONS):
        raise invalid_argument(f"No replica can be in {', '.join(unknown)}.", {"replicas.location": "unknown"})
    document |= {
        "baseConfig": base["name"],
        "configType": "USER_MANAGED",
        "leaderOptions": base["leaderOptions"],
        "quorumType": base["quorumType"],
        "freeInstanceAvailability": "UNSUPPORTED",
        "state": "READY",
    }


def _key(replica: Json) -> tuple[str, str, bool]:
    return str(replica.get("location")), str(replica.get("type")), bool(replica.get("defaultLeaderLocation"))


@configs.on_delete
async def keep_used(config: Resource, call: Call) -> None:
    """Not while an instance is placed by it."""
    for instance in call.store.select("spanner.instances", config.parent):
        if instance.document["config"] == config.name:
            raise failed_precondition(f"Cannot delete the instance config, it is used by the instance {instance.name}.")


async def _create(call: Call) -> Response:
    return await wrapped.create(configs, call, "instanceConfig")


async def _update(call: Call) -> Response:
    return await wrapped.update(configs, call, "instanceConfig", "updateMask")


async def _delete(call: Call) -> Response:
    return await crud.delete(configs, call)


_PLACE, _ONE = configs.path.rpartition("/")[0], configs.path
ROUTES = [
    Route("GET", _PLACE, _list),
    Route("POST", _PLACE, _create),
    Route("GET", _ONE, _get),
    Route("PATCH", _ONE, _update),
    Route("DELETE", _ONE, _delete),
]
