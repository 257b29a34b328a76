"""Lifecycle rules over time: what they delete, archive and move, and what they leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.storage import lifecycle
from sandbox.apis.storage.part_uploads import PartUploads
from tests.unit.sandbox.storage_over_time import BUCKET, DAY, Storage

DELETE = {"type": "Delete"}


@pytest.fixture
async def made(tmp_path: Path) -> Storage:
    found = Storage(tmp_path)
    document = {"name": "kept", "softDeletePolicy": {"retentionDurationSeconds": 0}}
    await found.ask("POST", "/storage/v1/b?project=life-unit", document)
    return found


@pytest.fixture(autouse=True)
def closed(made: Storage) -> Iterator[None]:
    yield
    made.control.store.close()


async def rules(made: Storage, *given: tuple[dict[str, Any], dict[str, Any]], **more: Any) -> None:
    rule = [{"action": action, "condition": condition} for action, condition in given]
    await made.ask("PATCH", BUCKET, {"lifecycle": {"rule": rule}, **more})


async def left(made: Storage, *days: float, versions: bool = False) -> list[str]:
    """The names of what is there when so many days more have passed, a look at the rules after each."""
    for each in days or (0,):
        made.time += each * DAY
        await lifecycle.carry_out(made.control, made.objects)
    found = await made.ask("GET", f"{BUCKET}/o?versions={str(versions).lower()}")
    return [item["name"] for item in found.get("items", [])]


async def test_objects_are_deleted_when_they_are_old_enough_and_meet_all_that_a_rule_says(made: Storage) -> None:
    condition = {"age": 30, "matchesPrefix": ["logs/", "tmp/"], "matchesSuffix": [".txt"]}
    await rules(made, (DELETE, condition))
    for name in ("logs/a.txt", "logs/a.csv", "tmp/b.txt", "other/c.txt"):
        await made.upload(name, b"x")
    assert len(await left(made, 29.99)) == 4
    assert await left(made, 0.01) == ["logs/a.csv", "other/c.txt"]
    assert made.files() == 1  # their bytes are alike


async def test_a_bucket_with_versions_archives_the_live_one_and_deletes_the_others_for_good(made: Storage) -> None:
    await rules(
        made,
        (DELETE, {"age": 10, "isLive": True}),
        (DELETE, {"daysSinceNoncurrentTime": 5}),
        versioning={"enabled": True},
    )
    await made.upload("a", b"one")
    assert await left(made, 9.5) == ["a"]
    assert (await left(made, 1), await left(made, versions=True)) == ([], ["a"])
    assert await left(made, 4.5, versions=True) == ["a"]
    assert await left(made, 0.5, versions=True) == []
    assert made.files() == 0


async def test_versions_beyond_a_number_go_and_the_newest_stay(made: Storage) -> None:
    await rules(made, (DELETE, {"numNewerVersions": 2}), versioning={"enabled": True})
    generations = [await made.upload("a", str(number).encode()) for number in range(5)]
    await lifecycle.carry_out(made.control, made.objects)
    found = await made.ask("GET", f"{BUCKET}/o?versions=true")
    assert [item["generation"] for item in found["items"]] == generations[3:]


async def test_deleting_comes_first_and_then_the_cheapest_class_never_a_dearer_one(made: Storage) -> None:
    await rules(
        made,
        ({"type": "SetStorageClass", "storageClass": "NEARLINE"}, {"age": 10}),
        ({"type": "SetStorageClass", "storageClass": "COLDLINE"}, {"age": 10, "matchesStorageClass": ["STANDARD"]}),
        ({"type": "SetStorageClass", "storageClass": "STANDARD"}, {"age": 10}),
        (DELETE, {"age": 20}),
    )
    generation = await made.upload("a", b"x")
    for _ in range(2):
        assert await left(made, 5) == ["a"]
    shown = await made.ask("GET", f"{BUCKET}/o/a")
    assert (shown["storageClass"], shown["generation"]) == ("COLDLINE", generation)
    assert shown["timeStorageClassUpdated"] > shown["timeCreated"] == shown["updated"]
    assert await left(made, 5) == ["a"]
    assert (await made.ask("GET", f"{BUCKET}/o/a"))["timeStorageClassUpdated"] == shown["timeStorageClassUpdated"]
    assert await left(made, 5) == []


async def test_days_are_days_of_utc_and_custom_times_are_the_writers(made: Storage) -> None:
    await rules(
        made,
        (DELETE, {"createdBefore": "2027-01-16"}),
        (DELETE, {"daysSinceCustomTime": 1}),
        (DELETE, {"customTimeBefore": "2027-01-01"}),
    )
    made.time = 1_800_057_600 - 1  # the last second of 2027-01-15
    await made.upload("old", b"x")
    made.time += 1
    for name, custom in (("new", None), ("marked", "2027-01-16T00:00:00Z"), ("long ago", "2026-12-31T23:59:59Z")):
        await made.upload(name, b"x")
        if custom:
            await made.ask("PATCH", f"{BUCKET}/o/{name.replace(' ', '%20')}", {"customTime": custom})
    assert await left(made) == ["marked", "new"]
    assert await left(made, 1) == ["new"]


async def test_what_is_held_or_has_to_be_kept_stays_until_it_need_not(made: Storage) -> None:
    await rules(made, (DELETE, {"age": 1}))
    for name in ("free", "held"):
        await made.upload(name, b"x")
    await made.ask("PATCH", f"{BUCKET}/o/held", {"temporaryHold": True})
    assert await left(made, 2) == ["held"]
    await made.ask("PATCH", f"{BUCKET}/o/held", {"temporaryHold": False})
    assert await left(made) == []


async def test_what_a_rule_deletes_is_soft_deleted_where_the_bucket_keeps_it(made: Storage) -> None:
    await rules(made, (DELETE, {"age": 1}), softDeletePolicy={"retentionDurationSeconds": 7 * DAY})
    generation = await made.upload("a", b"x")
    assert await left(made, 1) == []
    assert await made.soft() == [("a", generation)]


@pytest.mark.parametrize(
    ("action", "condition", "said"),
    [
        ({"type": "Erase"}, {"age": 1}, "Invalid lifecycle action: Erase"),
        ({}, {"age": 1}, "Invalid lifecycle action: None"),
        ({"type": "SetStorageClass", "storageClass": "FREE"}, {"age": 1}, "storageClass must be one of ARCHIVE, "),
        (DELETE, {"age": -1}, "Invalid lifecycle condition age: -1"),
        (DELETE, {"createdBefore": "31.12.2026"}, "Invalid lifecycle condition createdBefore: 31.12.2026"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(
    made: Storage, action: dict[str, Any], condition: dict[str, Any], said: str
) -> None:
    document = {"lifecycle": {"rule": [{"action": action, "condition": condition}]}}
    answer = await made.ask("PATCH", BUCKET, document, status=400)
    assert said in answer["error"]["message"]


async def test_uploads_in_parts_are_aborted_when_they_are_too_old(made: Storage) -> None:
    await rules(made, ({"type": "AbortIncompleteMultipartUpload"}, {"age": 7, "matchesPrefix": ["tmp/"]}))
    uploads = made.control.part(PartUploads)
    old, other = (uploads.begin("kept", name, {}) for name in ("tmp/a", "kept/a"))
    await uploads.put(old, 1, b"x", "9dd4e461268c8034f5c8564e155c67a6")
    await made.upload("tmp/whole", b"x")
    assert await left(made, 6.99) == ["tmp/whole"]
    assert uploads.of_bucket("kept") == [other, old]
    assert await left(made, 0.01) == ["tmp/whole"]  # the rule is of uploads, never of objects
    assert uploads.of_bucket("kept") == [other]
    assert [path.name for path in (made.path / "parts").iterdir()] == [other.id]
