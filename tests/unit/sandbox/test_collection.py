"""The general case of a collection, over a table made for the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.control import operations
from sandbox.control.collection import Collection, etag, now
from sandbox.control.context import Call, Control
from sandbox.control.errors import failed_precondition
from sandbox.control.http import Request, Response
from sandbox.control.router import Api, Router
from sandbox.control.store import Resource, Store

PLACE = "/shelf/v1/projects/some-project/locations/asia-south1"


class Shelf:
    """A router over one API with books in shelves."""

    def __init__(self, directory: Path) -> None:
        self.control = Control(Store(directory / "sandbox.db"), directory)
        self.router = Router(self.control)
        shelves = Collection(path="v1/projects/{project}/locations/{location}/shelves/{shelf}", id_param="shelfId")
        books = Collection(
            path="v1/projects/{project}/locations/{location}/shelves/{shelf}/books/{book}",
            id_param="bookId",
            id_rule=r"[a-z-]{3,20}",
            parents=(shelves,),
            defaults={"pages": 1},
            output_only=("state",),
            on_create_set={"createTime": now},
            on_update_set={"etag": etag},
            immutable=("title",),
            enums={"cover.kind": ("KIND_UNSPECIFIED", "HARD", "SOFT")},
            location="region",
            iam=True,
            lro=True,
        )

        @books.on_delete
        async def refuse(book: Resource, call: Call) -> None:
            if book.document.get("locked"):
                raise failed_precondition("locked")

        @books.verb("open")
        async def open_book(book: Resource, call: Call) -> dict[str, Any]:
            return {"opened": book.id}

        api = Api("shelf.googleapis.com", "shelf", [shelves, books], operations.routes("v1"))

        @api.route("GET", "v1/crash")
        async def crash(call: Call) -> Response:
            raise RuntimeError("something private")

        self.router.add(api)

    async def ask(self, method: str, path: str, document: Any = None) -> Response:
        url = path if path.startswith(("/shelf/", "/v")) else PLACE + path
        return await self.router.dispatch(Request.of(method, url, document))

    async def ok(self, method: str, path: str, document: Any = None) -> Any:
        response = await self.ask(method, path, document)
        assert response.status == 200, response.body
        return response.json()


@pytest.fixture
async def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    await shelf.ok("POST", "/shelves?shelfId=s", {})
    yield shelf
    shelf.control.store.close()


async def test_create_keeps_the_request_and_fills_in_the_rest(shelf: Shelf) -> None:
    body = {"title": "t", "state": "MINE", "extra": {"kept": True}, "cover": {"kind": 1}, "createTime": "no"}
    operation = await shelf.ok("POST", "/shelves/s/books?bookId=one", body)
    book = operation["response"]
    assert operation["done"] is True
    assert (book["extra"], book["pages"], book["cover"]) == ({"kept": True}, 1, {"kind": "HARD"})
    assert "state" not in book
    assert book["createTime"] != "no"
    assert (await shelf.ok("GET", f"/v1/{operation['name']}"))["done"] is True


async def test_every_path_answers_flat_and_under_its_prefix(shelf: Shelf) -> None:
    flat = PLACE.removeprefix("/shelf") + "/shelves/s"
    assert await shelf.ok("GET", flat) == await shelf.ok("GET", "/shelves/s")


async def test_update_by_mask_clears_defaults_and_refuses_immutables(shelf: Shelf) -> None:
    await shelf.ok("POST", "/shelves/s/books?book_id=one", {"title": "t", "pages": 9, "note": "n"})
    path = "/shelves/s/books/one"
    await shelf.ok("PATCH", path + "?update_mask=pages,note", {})
    book = await shelf.ok("GET", path)
    assert (book["pages"], "note" in book) == (1, False)
    refused = await shelf.ask("PATCH", path + "?updateMask=title", {"title": "other"})
    assert refused.json()["error"]["details"][0]["fieldViolations"][0]["field"] == "title"
    await shelf.ok("PATCH", path, {"title": "t", "pages": 3})
    stale = await shelf.ask("PATCH", path, {"etag": book["etag"], "pages": 4})
    assert (stale.status, stale.json()["error"]["status"]) == (409, "ABORTED")


async def test_an_update_makes_and_a_deletion_forgives_what_is_missing_where_it_may_be(shelf: Shelf) -> None:
    path = "/shelves/s/books/new"
    assert (await shelf.ask("PATCH", path, {"title": "t"})).status == 404
    await shelf.ok("PATCH", path + "?allowMissing=true&updateMask=title", {"title": "t"})
    made = await shelf.ok("GET", path)
    assert (made["title"], made["pages"], "createTime" in made) == ("t", 1, True)
    await shelf.ok("PATCH", path + "?allowMissing=true", {"pages": 2})
    assert (await shelf.ok("GET", path))["pages"] == 2
    assert (await shelf.ask("PATCH", "/shelves/s/books/N?allowMissing=true", {})).status == 400
    await shelf.ok("DELETE", path + "?allowMissing=true")
    await shelf.ok("DELETE", path + "?allowMissing=true")
    assert (await shelf.ask("DELETE", path)).status == 404


async def test_missing_parent_duplicate_and_bad_id(shelf: Shelf) -> None:
    assert (await shelf.ask("POST", "/shelves/none/books?bookId=one", {})).status == 404
    await shelf.ok("POST", "/shelves/s/books?bookId=one", {})
    assert (await shelf.ask("POST", "/shelves/s/books?bookId=one", {})).status == 409
    assert (await shelf.ask("POST", "/shelves/s/books?bookId=A", {})).status == 400
    assert (await shelf.ask("POST", "/shelves/s/books", {})).status == 400
    assert (await shelf.ask("POST", "/shelves/s/books?bookId=two", {"cover": {"kind": "GOLD"}})).status == 400
    lower = await shelf.ask("POST", "/shelves/s/books?bookId=low", {"cover": {"kind": "soft"}})
    assert lower.json()["response"]["cover"] == {"kind": "SOFT"}


async def test_lists_page_and_span_locations(shelf: Shelf) -> None:
    for name in ("aaa", "bbb", "ccc"):
        await shelf.ok("POST", f"/shelves/s/books?bookId={name}", {})
    first = await shelf.ok("GET", "/shelves/s/books?pageSize=2")
    second = await shelf.ok("GET", f"/shelves/s/books?pageSize=2&pageToken={first['nextPageToken']}")
    assert [book["name"][-3:] for book in first["books"] + second["books"]] == ["aaa", "bbb", "ccc"]
    assert "nextPageToken" not in second
    anywhere = await shelf.ok("GET", "/shelf/v1/projects/some-project/locations/-/shelves")
    assert len(anywhere["shelves"]) == 1
    assert (await shelf.ask("GET", "/shelves?pageToken=%00")).status == 400


async def test_lists_are_filtered_and_ordered_page_by_page(shelf: Shelf) -> None:
    for name, pages in (("aaa", 3), ("bbb", 1), ("ccc", 2), ("ddd", 9)):
        await shelf.ok("POST", f"/shelves/s/books?bookId={name}", {"pages": pages, "tags": {"k": name}})
    asked = "/shelves/s/books?filter=pages%3C9%20AND%20NOT%20tags.k:bb&orderBy=pages%20desc&pageSize=1"
    first = await shelf.ok("GET", asked)
    second = await shelf.ok("GET", f"{asked}&pageToken={first['nextPageToken']}")
    assert [book["pages"] for book in first["books"] + second["books"]] == [3, 2]
    assert "nextPageToken" not in second
    assert (await shelf.ask("GET", "/shelves/s/books?filter=pages%3C")).status == 400
    assert (await shelf.ask("GET", "/shelves/s/books?orderBy=pages%20up")).status == 400


async def test_delete_runs_hooks_and_takes_children_and_policies(shelf: Shelf) -> None:
    await shelf.ok("POST", "/shelves/s/books?bookId=one", {"locked": True})
    assert (await shelf.ask("DELETE", "/shelves/s/books/one")).status == 400
    policy = {"policy": {"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]}}
    await shelf.ok("POST", "/shelves/s/books/one:setIamPolicy", policy)
    await shelf.ok("DELETE", "/shelves/s")
    assert (await shelf.ask("GET", "/shelves/s/books/one")).status == 404
    await shelf.ok("POST", "/shelves?shelfId=s", {})
    await shelf.ok("POST", "/shelves/s/books?bookId=one", {})
    assert "bindings" not in await shelf.ok("GET", "/shelves/s/books/one:getIamPolicy")


async def test_verbs_head_options_and_unknown(shelf: Shelf) -> None:
    await shelf.ok("POST", "/shelves/s/books?bookId=one", {})
    assert await shelf.ok("POST", "/shelves/s/books/one:open") == {"opened": "one"}
    head = await shelf.ask("HEAD", "/shelves/s/books/one")
    assert (head.status, head.body) == (200, b"")
    options = await shelf.ask("OPTIONS", "/shelves/s/books/one")
    assert "PATCH" in options.headers["allow"]
    assert (await shelf.ask("POST", "/shelves/s/books/one:fly")).status == 501


async def test_number_and_id_name_the_same_project(shelf: Shelf) -> None:
    from sandbox.control.projects import number

    path = f"/v1/projects/{number('some-project')}/locations/asia-south1/shelves/s"
    assert (await shelf.ok("GET", path))["name"].startswith("projects/some-project/")


async def test_a_crash_is_an_incident_without_its_insides(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    answer = await shelf.ask("GET", "/v1/crash")
    assert answer.status == 500
    assert "private" not in answer.body.decode()
    assert "something private" in caplog.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_no_object_is_refused(shelf: Shelf, body: bytes) -> None:
    request = Request("POST", PLACE + "/shelves", {"shelfId": ["x"]}, {}, body)
    assert (await shelf.router.dispatch(request)).status == 400
