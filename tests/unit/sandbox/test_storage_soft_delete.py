"""Soft-deleted objects and buckets over time: what is kept, for how long, and that its bytes really go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.soft_deleted import SoftDeleted
from tests.unit.sandbox.storage_over_time import BUCKET, DAY, Storage


@pytest.fixture
async def made(tmp_path: Path) -> Storage:
    found = Storage(tmp_path)
    await found.ask("POST", "/storage/v1/b?project=soft-unit", {"name": "kept"})
    return found


@pytest.fixture(autouse=True)
def closed(made: Storage) -> Iterator[None]:
    yield
    made.control.store.close()


async def test_what_is_deleted_or_overwritten_is_kept_for_the_buckets_time_and_then_its_bytes_go(made: Storage) -> None:
    first = await made.upload("a", b"one")
    second = await made.upload("a", b"two")
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    assert await made.soft() == [("a", first), ("a", second)]
    shown = await made.ask("GET", f"{BUCKET}/o/a?generation={second}&softDeleted=true")
    assert (shown["softDeleteTime"][:10], shown["hardDeleteTime"][:10]) == ("2027-01-15", "2027-01-22")
    await made.ask("GET", f"{BUCKET}/o/a?generation={second}", status=404)

    made.time += 7 * DAY - 1
    assert len(await made.soft()) == 2
    made.time += 1
    assert await made.soft() == []
    assert made.files() == 2
    made.objects.purge()
    assert made.files() == 0


async def test_restarts_keep_it_and_clear_away_what_expired_meanwhile(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    again = made.restarted()
    assert (await again.soft(), again.files()) == ([("a", generation)], 1)
    again.time += 8 * DAY
    later = again.restarted()
    assert (await later.soft(), later.files()) == ([], 0)
    later.control.store.close()


async def test_the_oldest_goes_first_where_there_is_too_much(made: Storage) -> None:
    made.objects.soft = SoftDeleted(made.control, most_bytes=10)
    for name in ("a", "b", "c"):
        await made.upload(name, name.encode() * 5)
        await made.ask("DELETE", f"{BUCKET}/o/{name}", status=204)
        made.time += 1
    made.objects.purge()
    assert [name for name, _ in await made.soft()] == ["b", "c"]
    assert made.files() == 2


async def test_a_bucket_without_soft_delete_keeps_nothing(made: Storage) -> None:
    await made.upload("a", b"one")
    await made.ask("PATCH", BUCKET, {"softDeletePolicy": {"retentionDurationSeconds": 0}})
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    assert (await made.soft(), made.files()) == ([], 0)
    await made.ask("DELETE", BUCKET, status=204)
    assert await made.ask("GET", "/storage/v1/b?project=soft-unit&softDeleted=true") == {"kind": "storage#buckets"}


async def test_a_changed_time_is_for_what_is_deleted_from_then_on(made: Storage) -> None:
    for name, days in (("a", 7), ("b", 30)):
        await made.ask("PATCH", BUCKET, {"softDeletePolicy": {"retentionDurationSeconds": days * DAY}})
        await made.upload(name, b"x")
        await made.ask("DELETE", f"{BUCKET}/o/{name}", status=204)
    made.time += 8 * DAY
    assert [name for name, _ in await made.soft()] == ["b"]


async def test_where_versions_are_kept_only_their_deletion_is_a_soft_one(made: Storage) -> None:
    await made.ask("PATCH", BUCKET, {"versioning": {"enabled": True}})
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    assert await made.soft() == []
    await made.ask("DELETE", f"{BUCKET}/o/a?generation={generation}", status=204)
    assert await made.soft() == [("a", generation)]
    restored = await made.ask("POST", f"{BUCKET}/o/a/restore?generation={generation}")
    assert "timeDeleted" not in restored and "softDeleteTime" not in restored


async def test_a_hold_is_heeded_by_a_restore_that_would_overwrite(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.upload("a", b"two")
    await made.ask("PATCH", f"{BUCKET}/o/a", {"temporaryHold": True})
    await made.ask("POST", f"{BUCKET}/o/a/restore?generation={generation}", status=403)
    bulk = await made.ask("POST", f"{BUCKET}/o/bulkRestore", {"allowOverwrite": True})
    assert (bulk["done"], bulk["metadata"]["failedCount"]) == (True, "1")


async def test_a_bulk_restore_takes_the_last_of_each_name_that_fits(made: Storage) -> None:
    for name, data in (("a/1", b"old"), ("a/1", b"new"), ("a/2", b"x"), ("b", b"y")):
        await made.upload(name, data)
    for name in ("a%2F1", "a%2F2", "b"):
        await made.ask("DELETE", f"{BUCKET}/o/{name}", status=204)
    await made.upload("a/2", b"there")
    bulk = await made.ask("POST", f"{BUCKET}/o/bulkRestore", {"matchGlobs": ["a/*"]})
    path = bulk["selfLink"].removeprefix("https://www.googleapis.com")
    assert (await made.ask("GET", path))["metadata"]["succeededCount"] == "1"
    assert (await made.ask("GET", f"{BUCKET}/operations"))["operations"][0]["name"] == bulk["name"]
    listed = await made.ask("GET", f"{BUCKET}/o")
    assert [(item["name"], item["size"]) for item in listed["items"]] == [("a/1", "3"), ("a/2", "5")]


async def test_the_objects_of_a_deleted_bucket_are_not_a_later_buckets_of_its_name(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    old = await made.ask("GET", BUCKET)
    await made.ask("PUT", f"{BUCKET}/iam", {"bindings": [{"role": "roles/storage.admin", "members": ["allUsers"]}]})
    await made.ask("DELETE", BUCKET, status=204)
    made.time += 1
    await made.ask("POST", "/storage/v1/b?project=soft-unit", {"name": "kept"})
    assert await made.soft() == []
    await made.ask("POST", f"{BUCKET}/restore?generation={old['generation']}", status=409)
    await made.ask("DELETE", BUCKET, status=204)

    await made.ask("POST", f"{BUCKET}/restore?generation={old['generation']}")
    assert await made.soft() == [("a", generation)]
    assert (await made.ask("GET", f"{BUCKET}/iam"))["bindings"][0]["members"] == ["allUsers"]
    await made.ask("DELETE", BUCKET, status=204)
    made.time += 8 * DAY
    made.objects.purge()
    await made.ask("POST", f"{BUCKET}/restore?generation={old['generation']}", status=404)
    assert made.files() == 0


async def test_deletion_and_restoring_are_told(made: Storage) -> None:
    told: list[tuple[str, dict[str, str]]] = []
    made.control.provide(Objects(made.control, lambda _, event, shown, more: told.append((event, more))))
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{BUCKET}/o/a", status=204)
    await made.ask("POST", f"{BUCKET}/o/a/restore?generation={generation}")
    assert [event for event, _ in told] == ["OBJECT_FINALIZE", "OBJECT_DELETE", "OBJECT_FINALIZE"]
