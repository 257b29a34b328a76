"""Snapshots, images of one's own and what disks are made from."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.compute import api as compute
from sandbox.apis.compute import images
from sandbox.control.context import Call
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

PROJECT = "/compute/v1/projects/prices"
ZONE, GLOBAL = f"{PROJECT}/zones/asia-south1-a", f"{PROJECT}/global"
DISK = "zones/asia-south1-a/disks/data"
Json = dict[str, Any]


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, compute.API) as made:
        yield made


async def disk(router: Router, name: str = "data", **more: Any) -> None:
    source = {"sourceImage": "projects/debian-cloud/global/images/family/debian-12", "sizeGb": "20"}
    await ask(router, "POST", f"{ZONE}/disks", {"name": name, **(more or source)})


async def test_a_snapshot_has_what_its_disk_has_and_outlives_it(router: Router) -> None:
    await disk(router)
    await ask(router, "POST", f"{PROJECT}/{DISK}/createSnapshot?guestFlush=true", {"name": "s"})
    made = await ask(router, "GET", f"{GLOBAL}/snapshots/s")
    assert (made["status"], made["diskSizeGb"], made["storageLocations"]) == ("READY", "20", ["asia"])
    assert made["licenses"] and made["guestFlush"] is True
    await ask(router, "DELETE", f"{PROJECT}/{DISK}")
    await ask(router, "POST", f"{GLOBAL}/snapshots/s/setLabels", {"labels": {"a": "b"}})
    await disk(router, "copy", sourceSnapshot="global/snapshots/s")
    copy = await ask(router, "GET", f"{ZONE}/disks/copy")
    assert (copy["sizeGb"], copy["sourceSnapshotId"]) == ("20", made["id"])
    await ask(router, "DELETE", f"{GLOBAL}/snapshots/s")
    assert (await ask(router, "GET", f"{ZONE}/disks/copy"))["sourceSnapshot"].endswith("/snapshots/s")


async def test_an_instant_snapshot_goes_with_its_disk_and_is_used_where_it_is(router: Router) -> None:
    await disk(router)
    place = f"{ZONE}/instantSnapshots"
    elsewhere = f"{PROJECT}/zones/asia-south1-b"
    await ask(router, "POST", f"{elsewhere}/instantSnapshots", {"name": "i", "sourceDisk": DISK}, 400)
    await ask(router, "POST", place, {"name": "i", "sourceDisk": DISK})
    link = {"sourceInstantSnapshot": "zones/asia-south1-a/instantSnapshots/i"}
    await ask(router, "POST", f"{elsewhere}/disks", {"name": "d", **link}, 400)
    await disk(router, "copy", **link)
    await ask(router, "POST", f"{GLOBAL}/snapshots", {"name": "s", **link})
    await ask(router, "DELETE", f"{PROJECT}/{DISK}")
    await ask(router, "GET", f"{place}/i", status=404)
    await ask(router, "GET", f"{GLOBAL}/snapshots/s")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"sourceDisk": "zones/asia-south1-a/disks/none"}, 404),
        ({"sourceDisk": DISK, "snapshotType": "QUICK"}, 400),
        ({"sourceDisk": DISK, "storageLocations": ["moon"]}, 400),
        ({"sourceDisk": DISK, "sourceInstantSnapshot": "zones/asia-south1-a/instantSnapshots/i"}, 400),
        ({"sourceDisk": DISK, "snapshotEncryptionKey": {"rawKey": "a"}}, 501),
    ],
)
async def test_a_snapshot_of_what_can_t_be_is_refused(router: Router, body: Json, status: int) -> None:
    await disk(router)
    await ask(router, "POST", f"{GLOBAL}/snapshots", {"name": "s", **body}, status)


async def test_a_family_leads_to_its_newest_image_that_is_not_deprecated(router: Router) -> None:
    await disk(router)
    for name in ("one", "two"):
        await ask(router, "POST", f"{GLOBAL}/images", {"name": name, "family": "mine", "sourceDisk": DISK})
    assert (await ask(router, "GET", f"{GLOBAL}/images/family/mine"))["name"] == "two"
    await ask(
        router, "POST", f"{GLOBAL}/images/two/deprecate", {"state": "OBSOLETE", "replacement": "global/images/one"}
    )
    assert (await ask(router, "GET", f"{GLOBAL}/images/family/mine"))["name"] == "one"
    made = await ask(router, "GET", f"{GLOBAL}/images/two")
    assert made["deprecated"]["state"] == "OBSOLETE" and made["deprecated"]["replacement"].endswith("/images/one")
    body = {"name": "copy", "sourceImage": "global/images/two"}
    await ask(router, "POST", f"{ZONE}/disks", body, 400)
    await ask(router, "POST", f"{GLOBAL}/images/two/deprecate", {})
    await ask(router, "POST", f"{ZONE}/disks", body)
    assert [image["name"] for image in (await ask(router, "GET", f"{GLOBAL}/images"))["items"]] == ["one", "two"]
    await ask(router, "PATCH", f"{GLOBAL}/images/one", {"family": "theirs"})
    assert (await ask(router, "GET", f"{GLOBAL}/images/family/theirs"))["name"] == "one"


async def test_an_image_has_one_source_and_no_machine_writes_to_it(router: Router) -> None:
    await disk(router)
    place = f"{GLOBAL}/images"
    await ask(router, "POST", place, {"name": "i"}, 400)
    await ask(router, "POST", place, {"name": "i", "sourceDisk": DISK, "sourceSnapshot": "global/snapshots/s"}, 400)
    await ask(router, "POST", place, {"name": "i", "sourceDisk": DISK, "diskSizeGb": "10"}, 400)
    await ask(router, "POST", f"{ZONE}/instances", {
        "name": "m",
        "machineType": "zones/asia-south1-a/machineTypes/e2-micro",
        "disks": [{"boot": True, "source": DISK}],
        "networkInterfaces": [{}],
    })  # fmt: skip
    await ask(router, "POST", place, {"name": "i", "sourceDisk": DISK}, 400)
    await ask(router, "POST", f"{place}?forceCreate=true", {"name": "i", "sourceDisk": DISK})
    await ask(router, "POST", f"{ZONE}/instances/m/stop")
    await ask(router, "POST", place, {"name": "j", "sourceDisk": DISK})


def archive(name: str, size: int) -> bytes:
    head = tarfile.TarInfo(name)
    head.size = size
    return gzip.compress(head.tobuf() + bytes(2048))


@pytest.mark.parametrize(
    ("data", "size"),
    [(archive("disk.raw", 3 << 30), "3"), (archive("other", 1), ""), (b"no archive", "")],
    ids=["a disk", "another file", "no archive"],
)
async def test_an_image_of_an_archive_is_as_large_as_the_disk_in_it(router: Router, data: bytes, size: str) -> None:
    async def answer(request: Request) -> Response:
        assert request.path == "/storage/v1/b/disks/o/a%2Fdisk.tar.gz"
        return Response(200, {}, data)

    router.control.dispatch = answer
    body = {"name": "i", "rawDisk": {"source": "https://storage.googleapis.com/disks/a/disk.tar.gz"}}
    await ask(router, "POST", f"{GLOBAL}/images", body, 200 if size else 400)
    if size:
        assert (await ask(router, "GET", f"{GLOBAL}/images/i"))["diskSizeGb"] == size
        call = Call(router.control, Request.of("GET", "/"), {"project": "prices"})
        assert images.find("projects/prices/global/images/i", call)["sourceType"] == "RAW"


async def test_a_disk_is_copied_to_another_region_until_it_is_stopped(router: Router) -> None:
    await disk(router)
    other = f"{PROJECT}/zones/asia-southeast1-a"
    primary = {"asyncPrimaryDisk": {"disk": DISK}}
    await ask(router, "POST", f"{ZONE}/disks", {"name": "second", **primary}, 400)
    await ask(router, "POST", f"{other}/disks", {"name": "second", "sizeGb": "10", **primary}, 400)
    await ask(router, "POST", f"{other}/disks", {"name": "second", **primary})
    await ask(router, "POST", f"{other}/disks", {"name": "stranger"})
    body = {"asyncSecondaryDisk": "zones/asia-southeast1-a/disks/stranger"}
    await ask(router, "POST", f"{PROJECT}/{DISK}/startAsyncReplication", body, 400)
    body = {"asyncSecondaryDisk": "zones/asia-southeast1-a/disks/second"}
    await ask(router, "POST", f"{PROJECT}/{DISK}/startAsyncReplication", body)
    name = "projects/prices/zones/asia-southeast1-a/disks/second"
    status = (await ask(router, "GET", f"{PROJECT}/{DISK}"))["resourceStatus"]
    assert status == {"asyncSecondaryDisks": {name: {"state": "ACTIVE"}}}
    await ask(router, "DELETE", f"{PROJECT}/{DISK}", status=400)
    await ask(router, "DELETE", f"{other}/disks/second", status=400)
    await ask(router, "POST", f"{other}/disks/second/stopAsyncReplication")
    status = (await ask(router, "GET", f"{PROJECT}/{DISK}"))["resourceStatus"]
    assert status == {"asyncSecondaryDisks": {name: {"state": "STOPPED"}}}
    await ask(router, "DELETE", f"{other}/disks/second")


async def test_a_project_s_metadata_is_replaced_under_its_fingerprint(router: Router) -> None:
    place = f"{PROJECT}/setCommonInstanceMetadata"
    items = [{"key": "colour", "value": "blue"}]
    before = (await ask(router, "GET", PROJECT))["commonInstanceMetadata"]["fingerprint"]
    await ask(router, "POST", place, {"items": items, "fingerprint": before})
    await ask(router, "POST", place, {"items": [], "fingerprint": before}, 412)
    await ask(router, "POST", place, {"items": []}, 412)
    standing = (await ask(router, "GET", PROJECT))["commonInstanceMetadata"]
    assert standing["items"] == items
    await ask(router, "POST", place, {"items": [*items, *items], "fingerprint": standing["fingerprint"]}, 400)
