"""Cloud Storage's XML API: lists of objects and of versions, page by page, in both forms of S3's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .asking import code, texts, tree


@pytest.fixture(scope="module")
def listed(client: Any, web: httpx.Client) -> str:
    client.create_bucket("xml-listed", location="asia-south1")
    for name in ("a", "b/1", "b/2", "c", "d/1", "e ü"):
        web.put(f"/xml-listed/{name}", content=b"x")
    return "/xml-listed"


def pages(web: httpx.Client, path: str, by: str, following: str, **query: str) -> list[list[str | None]]:
    found: list[list[str | None]] = []
    while True:
        root = tree(web.get(path, params=query))
        found.append(texts(root, "Contents/Key") + texts(root, "CommonPrefixes/Prefix"))
        if root.findtext("IsTruncated") == "false":
            return found
        query = {**query, by: root.findtext(following, "")}


@pytest.mark.parametrize(
    ("by", "following", "more"),
    [("marker", "NextMarker", {}), ("continuation-token", "NextContinuationToken", {"list-type": "2"})],
)
def test_a_list_goes_on_where_it_ended(
    web: httpx.Client, listed: str, by: str, following: str, more: dict[str, str]
) -> None:
    assert pages(web, listed, by, following, **more) == [["a", "b/1", "b/2", "c", "d/1", "e ü"]]
    assert pages(web, listed, by, following, **more, **{"max-keys": "2", "delimiter": "/"}) == [
        ["a", "b/"],
        ["c", "d/"],
        ["e ü"],
    ]
    assert pages(web, listed, by, following, **more, prefix="b/", delimiter="/") == [["b/1", "b/2"]]


def test_a_list_begins_after_a_name(web: httpx.Client, listed: str) -> None:
    second = tree(web.get(listed, params={"list-type": "2", "start-after": "b/1", "fetch-owner": "true"}))
    assert texts(second, "Contents/Key") == ["b/2", "c", "d/1", "e ü"]
    assert (second.findtext("KeyCount"), second.findtext("StartAfter")) == ("4", "b/1")
    assert second.find("Contents/Owner/ID") is not None
    assert texts(tree(web.get(listed, params={"marker": "b/1"})), "Contents/Key") == ["b/2", "c", "d/1", "e ü"]
    encoded = tree(web.get(listed, params={"encoding-type": "url", "prefix": "e"}))
    assert texts(encoded, "Contents/Key") == ["e%20%C3%BC"]
    assert texts(tree(web.get(listed, params={"max-keys": "0"})), "Contents/Key") == []
    assert code(web.get(listed, params={"max-keys": "many"})) == (400, "InvalidArgument")
    assert code(web.get("/xml-no-such-bucket?list-type=2")) == (404, "NoSuchBucket")


def test_a_list_of_versions_has_the_noncurrent_ones(web: httpx.Client, client: Any) -> None:
    client.create_bucket("xml-versions", location="asia-south1")
    on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    assert tree(web.get("/xml-versions?versioning")).find("Status") is None
    assert web.put("/xml-versions?versioning", content=on).status_code == 200
    assert tree(web.get("/xml-versions?versioning")).findtext("Status") == "Enabled"
    first, second = (web.put("/xml-versions/x", content=text).headers["x-goog-generation"] for text in (b"1", b"2"))
    root = tree(web.get("/xml-versions?versions"))
    assert list(zip(texts(root, "Version/Generation"), texts(root, "Version/IsLatest"), strict=True)) == [
        (first, "false"),
        (second, "true"),
    ]
    root = tree(web.get("/xml-versions", params={"versions": "", "key-marker": "x", "generation-marker": first}))
    assert texts(root, "Version/Generation") == [second]
    assert web.delete(f"/xml-versions/x?generation={first}").status_code == 204
    assert texts(tree(web.get("/xml-versions?versions")), "Version/Generation") == [second]
