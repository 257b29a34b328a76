"""Cloud Storage's XML API: objects and their conditions, copies, compositions, as S3's tools and object_store ask."""

from __future__ import annotations

import gzip
from typing import Any

import httpx

from tests.integration.sandbox_process import Sandbox

from .asking import KEY, code, tree


def test_an_object_has_the_etag_of_its_bytes_and_conditions_are_kept(web: httpx.Client, bucket: Any) -> None:
    made = web.put("/xml-bucket/a%20b/ü.txt", content=b"hello", headers={"x-goog-meta-k": "v"})
    assert (made.status_code, made.headers["etag"]) == (200, '"5d41402abc4b2a76b9719d911017c592"')
    assert made.headers["x-goog-generation"].isdigit()
    assert bucket.blob("a b/ü.txt").download_as_bytes() == b"hello"
    read = web.get("/xml-bucket/a%20b/ü.txt")
    assert (read.content, read.headers["etag"], read.headers["x-goog-meta-k"]) == (b"hello", made.headers["etag"], "v")
    path, etag = "/xml-bucket/a%20b/ü.txt", made.headers["etag"]
    assert web.get(path, headers={"if-none-match": etag}).status_code == 304
    assert web.get(path, headers={"if-match": etag}).status_code == 200
    assert code(web.get(path, headers={"if-match": '"0"'})) == (412, "PreconditionFailed")
    assert web.get(path, headers={"if-modified-since": read.headers["last-modified"]}).status_code == 304
    assert code(web.get(path, headers={"if-modified-since": "yesterday"})) == (400, "InvalidArgument")
    assert code(web.put(path, content=b"x", headers={"if-none-match": "*"})) == (412, "PreconditionFailed")
    assert code(web.put("/xml-bucket/none", headers={"if-match": "*"})) == (412, "PreconditionFailed")
    head = web.head(path)
    assert (head.headers["content-length"], head.content) == ("5", b"")
    assert web.delete(path).status_code == 204
    assert code(web.get(path)) == (404, "NoSuchKey")


def test_bytes_that_are_compressed_already_are_kept_as_they_came(web: httpx.Client, bucket: Any) -> None:
    packed = gzip.compress(b'{"a": 1}')
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    assert web.put("/xml-bucket/packed.json", content=packed, headers=headers).status_code == 200
    assert bucket.blob("packed.json").download_as_bytes(raw_download=True) == packed
    assert bucket.blob("packed.json").download_as_bytes() == b'{"a": 1}'


def test_a_copy_takes_the_sources_metadata_or_its_own(web: httpx.Client, bucket: Any) -> None:
    web.put("/xml-bucket/src/1", content=b"one", headers={"content-type": "text/x", "x-goog-meta-a": "b"})
    source = {"x-goog-copy-source": "/xml-bucket/src%2F1"}
    copied = web.put("/xml-bucket/copies/1", headers=source)
    assert tree(copied).findtext("ETag") == '"f97c5d29941bfb1b2fdab0874906ab82"'
    found = bucket.get_blob("copies/1")
    assert (found.content_type, found.metadata, copied.headers["x-goog-generation"]) == (
        "text/x",
        {"a": "b"},
        str(found.generation),
    )
    replaced = {**source, "x-goog-metadata-directive": "REPLACE", "x-goog-meta-c": "d", "content-type": "text/y"}
    tree(web.put("/xml-bucket/copies/1", headers=replaced))
    found = bucket.get_blob("copies/1")
    assert (found.content_type, found.metadata) == ("text/y", {"c": "d"})
    tree(web.put("/xml-bucket/copies/1", headers={**source, "x-goog-storage-class": "NEARLINE"}))
    found = bucket.get_blob("copies/1")
    assert (found.storage_class, found.metadata) == ("NEARLINE", {"a": "b"})
    new = {**source, "x-goog-if-generation-match": "0"}
    assert code(web.put("/xml-bucket/copies/1", headers=new)) == (412, "PreconditionFailed")
    other = {**source, "x-goog-copy-source-if-match": '"0"'}
    assert code(web.put("/xml-bucket/copies/2", headers=other)) == (412, "PreconditionFailed")
    assert code(web.put("/xml-bucket/src/1", headers=source)) == (400, "InvalidRequest")
    gone = {"x-goog-copy-source": "/xml-bucket/nothing"}
    assert code(web.put("/xml-bucket/copies/2", headers=gone)) == (404, "NoSuchKey")
    # As S3's tools say it; what they set they read again.
    theirs = {"x-amz-copy-source": "xml-bucket/src/1", "x-amz-metadata-directive": "REPLACE", "x-amz-meta-e": "f"}
    tree(web.put("/xml-bucket/copies/3", headers={**KEY, **theirs}))
    assert (
        web.head("/xml-bucket/copies/3", headers={**KEY, "x-amz-date": "20260131T000000Z"}).headers["x-amz-meta-e"]
        == "f"
    )


def test_a_composition_is_of_the_objects_it_names(web: httpx.Client, bucket: Any) -> None:
    for name in ("1", "2"):
        web.put(f"/xml-bucket/pieces/{name}", content=name.encode())
    body = "".join(f"<Component><Name>pieces/{name}</Name></Component>" for name in "121")
    made = web.put(
        "/xml-bucket/pieces/all?compose",
        content=f"<ComposeRequest>{body}</ComposeRequest>",
        headers={"content-type": "text/z"},
    )
    assert (made.status_code, made.headers["etag"][:2]) == (200, '"-')
    assert bucket.blob("pieces/all").download_as_bytes() == b"121"
    assert code(web.put("/xml-bucket/pieces/all?compose", content=b"<Compose")) == (400, "MalformedXML")
    assert code(web.put("/xml-bucket/pieces/all?compose", content=b"<Other/>")) == (400, "MalformedXML")
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><ComposeRequest>&b;</ComposeRequest>'
    assert code(web.put("/xml-bucket/pieces/all?compose", content=bomb)) == (400, "MalformedXML")


def test_a_body_may_be_null(sandbox: Sandbox, web: httpx.Client, bucket: Any) -> None:
    """As rclone's, by Google's client for Go, when it copies."""
    web.put("/xml-bucket/nulls", content=b"x", headers={"content-type": "text/n"})
    path = "/storage/v1/b/xml-bucket/o/nulls/rewriteTo/b/xml-bucket/o/nulls-2"
    answer = sandbox.request("POST", path, body=b"null\n", headers={"content-type": "application/json"})
    assert (answer.status, answer.json()["resource"]["contentType"]) == (200, "text/n")
    assert sandbox.request("POST", path, body=b"[]", headers={"content-type": "application/json"}).status == 400


def test_what_is_not_served_is_refused_by_name(web: httpx.Client, bucket: Any) -> None:
    assert code(web.get(f"/{bucket.name}?tagging")) == (501, "NotImplemented")
    assert code(web.delete(f"/{bucket.name}?lifecycle")) == (501, "NotImplemented")
    chunked = web.put(f"/{bucket.name}/x", content=b"1\r\nx\r\n0\r\n", headers={"content-encoding": "aws-chunked"})
    assert code(chunked) == (501, "NotImplemented")
    assert web.put("/no-such-bucket/x", content=b"x").status_code == 501
