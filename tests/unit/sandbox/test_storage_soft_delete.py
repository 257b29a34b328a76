"""Soft-deleted objects and buckets over time: what is kept, for how long, and that its bytes really go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.storage import api as storage
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.soft_deleted import SoftDeleted
from sandbox.control.context import Control
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from sandbox.control.store import Store

_DAY = 86_400
_BUCKET = "/storage/v1/b/kept"


class Storage:
    """Cloud Storage over a state directory, with a clock that the test sets."""

    def __init__(self, path: Path, time: float = 1_800_000_000) -> None:
        self.time = time
        self.path = path
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.time)
        self.router = Router(self.control)
        self.router.add(storage.API)
        self.objects = Objects(self.control)
        self.control.provide(self.objects)

    def restarted(self) -> Storage:
        self.control.store.close()
        return Storage(self.path, self.time)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> Any:
        answer = await self.router.dispatch(Request.of(method, path, document))
        assert answer.status == status, answer.body
        return answer.json()

    async def upload(self, name: str, data: bytes) -> str:
        path = f"/upload{_BUCKET}/o"
        answer: Response = await self.router.dispatch(
            Request("POST", path, {"uploadType": ["media"], "name": [name]}, {}, data)
        )
        return str(answer.json()["generation"])

    async def soft(self, more: str = "") -> list[tuple[str, str]]:
        found = await self.ask("GET", f"{_BUCKET}/o?softDeleted=true{more}")
        return [(item["name"], item["generation"]) for item in found.get("items", [])]

    def files(self) -> int:
        return sum(path.is_file() for path in (self.path / "objects").rglob("*"))


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
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    assert await made.soft() == [("a", first), ("a", second)]
    shown = await made.ask("GET", f"{_BUCKET}/o/a?generation={second}&softDeleted=true")
    assert (shown["softDeleteTime"][:10], shown["hardDeleteTime"][:10]) == ("2027-01-15", "2027-01-22")
    await made.ask("GET", f"{_BUCKET}/o/a?generation={second}", status=404)

    made.time += 7 * _DAY - 1
    assert len(await made.soft()) == 2
    made.time += 1
    assert await made.soft() == []
    assert made.files() == 2
    made.objects.purge()
    assert made.files() == 0


async def test_restarts_keep_it_and_clear_away_what_expired_meanwhile(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    again = made.restarted()
    assert (await again.soft(), again.files()) == ([("a", generation)], 1)
    again.time += 8 * _DAY
    later = again.restarted()
    assert (await later.soft(), later.files()) == ([], 0)
    later.control.store.close()


async def test_the_oldest_goes_first_where_there_is_too_much(made: Storage) -> None:
    made.objects.soft = SoftDeleted(made.control, most_bytes=10)
    for name in ("a", "b", "c"):
        await made.upload(name, name.encode() * 5)
        await made.ask("DELETE", f"{_BUCKET}/o/{name}", status=204)
        made.time += 1
    made.objects.purge()
    assert [name for name, _ in await made.soft()] == ["b", "c"]
    assert made.files() == 2


async def test_a_bucket_without_soft_delete_keeps_nothing(made: Storage) -> None:
    await made.upload("a", b"one")
    await made.ask("PATCH", _BUCKET, {"softDeletePolicy": {"retentionDurationSeconds": 0}})
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    assert (await made.soft(), made.files()) == ([], 0)
    await made.ask("DELETE", _BUCKET, status=204)
    assert await made.ask("GET", "/storage/v1/b?project=soft-unit&softDeleted=true") == {"kind": "storage#buckets"}


async def test_a_changed_time_is_for_what_is_deleted_from_then_on(made: Storage) -> None:
    for name, days in (("a", 7), ("b", 30)):
        await made.ask("PATCH", _BUCKET, {"softDeletePolicy": {"retentionDurationSeconds": days * _DAY}})
        await made.upload(name, b"x")
        await made.ask("DELETE", f"{_BUCKET}/o/{name}", status=204)
    made.time += 8 * _DAY
    assert [name for name, _ in await made.soft()] == ["b"]


async def test_where_versions_are_kept_only_their_deletion_is_a_soft_one(made: Storage) -> None:
    await made.ask("PATCH", _BUCKET, {"versioning": {"enabled": True}})
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    assert await made.soft() == []
    await made.ask("DELETE", f"{_BUCKET}/o/a?generation={generation}", status=204)
    assert await made.soft() == [("a", generation)]
    restored = await made.ask("POST", f"{_BUCKET}/o/a/restore?generation={generation}")
    assert "timeDeleted" not in restored and "softDeleteTime" not in restored


async def test_a_hold_is_heeded_by_a_restore_that_would_overwrite(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.upload("a", b"two")
    await made.ask("PATCH", f"{_BUCKET}/o/a", {"temporaryHold": True})
    await made.ask("POST", f"{_BUCKET}/o/a/restore?generation={generation}", status=403)
    bulk = await made.ask("POST", f"{_BUCKET}/o/bulkRestore", {"allowOverwrite": True})
    assert (bulk["done"], bulk["metadata"]["failedCount"]) == (True, "1")


async def test_a_bulk_restore_takes_the_last_of_each_name_that_fits(made: Storage) -> None:
    for name, data in (("a/1", b"old"), ("a/1", b"new"), ("a/2", b"x"), ("b", b"y")):
        await made.upload(name, data)
    for name in ("a%2F1", "a%2F2", "b"):
        await made.ask("DELETE", f"{_BUCKET}/o/{name}", status=204)
    await made.upload("a/2", b"there")
    bulk = await made.ask("POST", f"{_BUCKET}/o/bulkRestore", {"matchGlobs": ["a/*"]})
    path = bulk["selfLink"].removeprefix("https://www.googleapis.com")
    assert (await made.ask("GET", path))["metadata"]["succeededCount"] == "1"
    assert (await made.ask("GET", f"{_BUCKET}/operations"))["operations"][0]["name"] == bulk["name"]
    listed = await made.ask("GET", f"{_BUCKET}/o")
    assert [(item["name"], item["size"]) for item in listed["items"]] == [("a/1", "3"), ("a/2", "5")]


async def test_the_objects_of_a_deleted_bucket_are_not_a_later_buckets_of_its_name(made: Storage) -> None:
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    old = await made.ask("GET", _BUCKET)
    await made.ask("PUT", f"{_BUCKET}/iam", {"bindings": [{"role": "roles/storage.admin", "members": ["allUsers"]}]})
    await made.ask("DELETE", _BUCKET, status=204)
    made.time += 1
    await made.ask("POST", "/storage/v1/b?project=soft-unit", {"name": "kept"})
    assert await made.soft() == []
    await made.ask("POST", f"{_BUCKET}/restore?generation={old['generation']}", status=409)
    await made.ask("DELETE", _BUCKET, status=204)

    await made.ask("POST", f"{_BUCKET}/restore?generation={old['generation']}")
    assert await made.soft() == [("a", generation)]
    assert (await made.ask("GET", f"{_BUCKET}/iam"))["bindings"][0]["members"] == ["allUsers"]
    await made.ask("DELETE", _BUCKET, status=204)
    made.time += 8 * _DAY
    made.objects.purge()
    await made.ask("POST", f"{_BUCKET}/restore?generation={old['generation']}", status=404)
    assert made.files() == 0


async def test_deletion_and_restoring_are_told(made: Storage) -> None:
    told: list[tuple[str, dict[str, str]]] = []
    made.control.provide(Objects(made.control, lambda _, event, shown, more: told.append((event, more))))
    generation = await made.upload("a", b"one")
    await made.ask("DELETE", f"{_BUCKET}/o/a", status=204)
    await made.ask("POST", f"{_BUCKET}/o/a/restore?generation={generation}")
    assert [event for event, _ in told] == ["OBJECT_FINALIZE", "OBJECT_DELETE", "OBJECT_FINALIZE"]
