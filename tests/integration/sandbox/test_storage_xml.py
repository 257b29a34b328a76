"""Cloud Storage's XML API: what S3's tools, Rust's object_store and Google's transfer manager ask of it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.cloud.storage import transfer_manager

from tests.integration.sandbox_process import Sandbox

PROJECT = "xml-project"
PART = 5 * 1024 * 1024
KEY = {"authorization": "AWS4-HMAC-SHA256 Credential=GOOG1EUNKNOWN/20260131/auto/s3/aws4_request, Signature=00"}


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return storage.Client(PROJECT, AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture(scope="module")
def bucket(client: Any) -> Any:
    return client.create_bucket("xml-bucket", location="asia-south1")


@pytest.fixture(scope="module")
def web(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, timeout=60) as found:
        yield found


def code(answer: httpx.Response) -> tuple[int, str]:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return answer.status_code, found[1] if found else ""


def tree(answer: httpx.Response) -> ElementTree.Element:
    """The document of an answer, without its namespace."""
    assert answer.status_code == 200, answer.text
    text = answer.text.replace(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', "")
    return ElementTree.fromstring(text)  # noqa: S314


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [element.text for element in root.findall(path)]


def begin(web: httpx.Client, path: str, **headers: str) -> str:
    return tree(web.post(f"{path}?uploads", headers=headers)).findtext("UploadId", "")


def completion(*parts: tuple[int, str]) -> str:
    inner = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag></Part>" for n, etag in parts)
    return f"<CompleteMultipartUpload>{inner}</CompleteMultipartUpload>"


# ---------------------------------------------------------------- objects


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


# ---------------------------------------------------------------- lists


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


# ---------------------------------------------------------------- buckets


def test_a_bucket_is_made_listed_and_deleted(web: httpx.Client, client: Any) -> None:
    body = "<CreateBucketConfiguration><LocationConstraint>asia-south1</LocationConstraint></CreateBucketConfiguration>"
    of = {"x-goog-project-id": PROJECT}
    assert code(web.put("/xml-made", content=body)) == (501, "")  # by whom, and that it is the XML API's, isn't said
    assert code(web.put("/xml-made", content=body, headers=KEY)) == (400, "InvalidRequest")
    assert web.put("/xml-made", content=body, headers=of).status_code == 200
    assert client.get_bucket("xml-made").location == "ASIA-SOUTH1"
    assert tree(web.get("/xml-made?location")).text == "ASIA-SOUTH1"
    assert web.head("/xml-made").status_code == 200
    assert "xml-made" in texts(tree(web.get("/", headers={**KEY, **of})), "Buckets/Bucket/Name")
    assert "xml-made" in texts(tree(web.get("/", headers=KEY)), "Buckets/Bucket/Name")
    assert web.get("/").json()["health"] == "/sandbox/health"
    web.put("/xml-made/x", content=b"x")
    assert code(web.delete("/xml-made")) == (409, "BucketNotEmpty")
    web.delete("/xml-made/x")
    assert web.delete("/xml-made").status_code == 204


def test_what_is_signed_by_a_key_is_of_its_project(sandbox: Sandbox, web: httpx.Client) -> None:
    account = sandbox.request("POST", "/iam/v1/projects/xml-of-key/serviceAccounts", {"accountId": "tool-user"}).json()
    made = sandbox.request("POST", f"/storage/v1/projects/xml-of-key/hmacKeys?serviceAccountEmail={account['email']}")
    access = made.json()["metadata"]["accessId"]
    signed = {"authorization": KEY["authorization"].replace("GOOG1EUNKNOWN", access)}
    assert web.put("/xml-by-key", headers=signed).status_code == 200
    assert texts(tree(web.get("/", headers=signed)), "Buckets/Bucket/Name") == ["xml-by-key"]


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


# ---------------------------------------------------------------- uploads in parts


def test_parts_become_an_object_in_the_order_of_their_numbers(web: httpx.Client, bucket: Any) -> None:
    path = "/xml-bucket/parts/ü"
    upload = begin(web, path, **{"content-type": "text/p", "x-goog-meta-a": "b"})
    last = web.put(path, params={"uploadId": upload, "partNumber": 7}, content=b"end").headers["etag"]
    first = [
        web.put(path, params={"uploadId": upload, "partNumber": 2}, content=fill * PART).headers["etag"]
        for fill in (b"x", b"y")
    ][-1]  # a part that comes again is in place of the first
    shown = tree(web.get(path, params={"uploadId": upload, "max-parts": 1}))
    assert (texts(shown, "Part/PartNumber"), shown.findtext("NextPartNumberMarker")) == (["2"], "2")
    shown = tree(web.get(path, params={"uploadId": upload, "part-number-marker": 2}))
    assert (texts(shown, "Part/Size"), shown.findtext("IsTruncated")) == (["3"], "false")
    assert bucket.get_blob("parts/ü") is None
    done = web.post(path, params={"uploadId": upload}, content=completion((2, first), (7, last)))
    assert tree(done).findtext("Key") == "parts/ü"
    made = bucket.get_blob("parts/ü")
    assert (made.size, made.md5_hash, made.content_type, made.metadata) == (PART + 3, None, "text/p", {"a": "b"})
    assert made.download_as_bytes()[-5:] == b"yyend"
    assert code(web.get(path, params={"uploadId": upload})) == (404, "NoSuchUpload")


def test_parts_that_do_not_fit_are_refused(web: httpx.Client, bucket: Any) -> None:
    path = "/xml-bucket/refused"
    upload = begin(web, path)

    def put(number: Any, content: bytes, **headers: str) -> httpx.Response:
        return web.put(path, params={"uploadId": upload, "partNumber": number}, content=content, headers=headers)

    def complete(*parts: tuple[int, str], **headers: str) -> tuple[int, str]:
        return code(web.post(path, params={"uploadId": upload}, content=completion(*parts), headers=headers))

    one, two = (put(number, text).headers["etag"] for number, text in ((1, b"small"), (2, b"other")))
    assert code(put(0, b"x")) == code(put(10_001, b"x")) == code(put("one", b"x")) == (400, "InvalidArgument")
    assert code(put(3, b"x", **{"content-md5": "XUFAKrxLKna5cZ2REBfFkg=="})) == (400, "BadDigest")
    assert code(put(3, b"x", **{"x-goog-hash": "crc32c=?"})) == (400, "BadDigest")
    assert complete((1, one), (2, two)) == (400, "EntityTooSmall")
    assert complete((2, two), (1, one)) == (400, "InvalidPartOrder")
    assert complete((1, two)) == complete((9, one)) == (400, "InvalidPart")
    assert complete() == (400, "MalformedXML")
    web.put(path, content=b"there")
    assert complete((1, one), **{"x-goog-if-generation-match": "0"}) == (412, "PreconditionFailed")
    assert complete((1, one)) == (200, "")
    assert bucket.blob("refused").download_as_bytes() == b"small"


def test_uploads_under_way_are_listed_and_aborted(web: httpx.Client, client: Any) -> None:
    client.create_bucket("xml-uploads", location="asia-south1")
    ids = {name: begin(web, f"/xml-uploads/{name}") for name in ("a/1", "a/2", "b")}
    root = tree(web.get("/xml-uploads", params={"uploads": "", "delimiter": "/"}))
    assert (texts(root, "Upload/Key"), texts(root, "CommonPrefixes/Prefix")) == (["b"], ["a/"])
    root = tree(web.get("/xml-uploads", params={"uploads": "", "max-uploads": 1}))
    assert (texts(root, "Upload/UploadId"), root.findtext("NextKeyMarker")) == ([ids["a/1"]], "a/1")
    after = {"key-marker": "a/1", "upload-id-marker": root.findtext("NextUploadIdMarker", "")}
    assert texts(tree(web.get("/xml-uploads", params={"uploads": "", **after})), "Upload/Key") == ["a/2", "b"]
    assert web.delete("/xml-uploads/b", params={"uploadId": ids["b"]}).status_code == 204
    late = web.put("/xml-uploads/b", params={"uploadId": ids["b"], "partNumber": 1}, content=b"x")
    assert code(late) == (404, "NoSuchUpload")
    # The bucket has no object: what is under way goes with it.
    client.get_bucket("xml-uploads").delete()


def test_googles_transfer_manager_uploads_in_parts_and_downloads_in_pieces(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(bytes(range(256)) * 48 * 1024)
    blob = bucket.blob("chunks")
    blob.metadata = {"by": "manager"}
    transfer_manager.upload_chunks_concurrently(
        str(source), blob, chunk_size=PART, max_workers=2, worker_type=transfer_manager.THREAD
    )
    assert bucket.get_blob("chunks").metadata == {"by": "manager"}
    transfer_manager.download_chunks_concurrently(
        bucket.blob("chunks"), str(back), chunk_size=PART, max_workers=2, worker_type=transfer_manager.THREAD
    )
    assert back.read_bytes() == source.read_bytes()


def test_parts_that_were_acknowledged_outlive_kill_nine(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    sandbox.request("POST", "/storage/v1/b?project=xml-killed", {"name": "xml-killed", "location": "asia-south1"})
    with httpx.Client(base_url=sandbox.url, timeout=60) as web:
        upload = begin(web, "/xml-killed/x")
        put = web.put("/xml-killed/x", params={"uploadId": upload, "partNumber": 1}, content=b"kept")
    sandbox.kill()
    litter = next((own_sandbox.state / "parts").iterdir()) / "2.left-over"
    litter.write_bytes(b"of a part that was never acknowledged")
    sandbox.start()
    assert not litter.exists()
    with httpx.Client(base_url=sandbox.url, timeout=60) as web:
        assert texts(tree(web.get("/xml-killed/x", params={"uploadId": upload})), "Part/PartNumber") == ["1"]
        tree(web.post("/xml-killed/x", params={"uploadId": upload}, content=completion((1, put.headers["etag"]))))
        assert web.get("/xml-killed/x").content == b"kept"


def test_a_part_is_copied_from_an_object_or_a_range_of_it(web: httpx.Client, bucket: Any) -> None:
    data = bytes(range(256)) * (PART // 256)
    bucket.blob("source").upload_from_string(data)
    upload = begin(web, "/xml-bucket/copied")
    etags = []
    for number, span in ((1, None), (2, "bytes=10-19")):
        given = {"x-amz-copy-source": "/xml-bucket/source", **({"x-amz-copy-source-range": span} if span else {})}
        made = web.put(f"/xml-bucket/copied?partNumber={number}&uploadId={upload}", headers=given)
        etags.append(tree(made).findtext("ETag", "").strip('"'))
    body = completion(*enumerate(etags, 1))
    tree(web.post(f"/xml-bucket/copied?uploadId={upload}", content=body))
    assert bucket.blob("copied").download_as_bytes() == data + bytes(range(10, 20))

    upload = begin(web, "/xml-bucket/copied")
    place = f"/xml-bucket/copied?partNumber=1&uploadId={upload}"
    for given in (
        {"x-goog-copy-source-range": f"bytes=0-{PART}"},
        {"x-goog-copy-source-range": "bytes=-5"},
    ):
        refused = web.put(place, headers={"x-goog-copy-source": "/xml-bucket/source", **given})
        assert code(refused) == (400, "InvalidArgument")
    missing = web.put(place, headers={"x-goog-copy-source": "/xml-bucket/none"})
    assert code(missing) == (404, "NoSuchKey")
    other = {"x-goog-copy-source": "/xml-bucket/source", "x-goog-copy-source-if-none-match": "*"}
    assert code(web.put(place, headers=other))[0] == 412
    assert web.delete(f"/xml-bucket/copied?uploadId={upload}").status_code == 204


# ---------------------------------------------------------------- buckets' settings, several objects


def test_several_objects_are_deleted_by_one_request(web: httpx.Client, client: Any) -> None:
    made = client.create_bucket("xml-deletions")
    made.versioning_enabled = True
    made.patch()
    for name in ("a", "b&c", "held"):
        made.blob(name).upload_from_string(name)
    held = made.blob("held")
    held.temporary_hold = True
    held.patch()
    generation = made.get_blob("b&c").generation
    inner = "<Object><Key>a</Key></Object><Object><Key>held</Key></Object><Object><Key>none</Key></Object>"
    inner += f"<Object><Key>b&amp;c</Key><VersionId>{generation}</VersionId></Object>"
    answer = tree(web.post("/xml-deletions?delete", content=f"<Delete>{inner}</Delete>"))
    assert texts(answer, "Deleted/Key") == ["a", "b&c"]
    assert texts(answer, "Deleted/VersionId")[1] == str(generation)
    failed = dict(zip(texts(answer, "Error/Key"), texts(answer, "Error/Code"), strict=True))
    assert failed == {"held": "AccessDenied", "none": "NoSuchKey"}
    assert [(blob.name, blob.time_deleted is None) for blob in made.list_blobs(versions=True)] == [
        ("a", False),
        ("held", True),
    ]
    quiet = "<Delete><Quiet>true</Quiet><Object><Key>held</Key></Object></Delete>"
    held.temporary_hold = False
    held.patch()
    assert list(tree(web.post("/xml-deletions?delete", content=quiet))) == []
    assert code(web.post("/xml-deletions?delete", content="<Delete/>")) == (400, "MalformedXML")
    wrong = web.post("/xml-deletions?delete", content=quiet, headers={"content-md5": "AAAA"})
    assert code(wrong) == (400, "BadDigest")


RULES = (
    "<LifecycleConfiguration><Rule><Action><SetStorageClass>NEARLINE</SetStorageClass></Action>"
    "<Condition><Age>30</Age><IsLive>true</IsLive><MatchesPrefix>a/</MatchesPrefix><MatchesPrefix>b/</MatchesPrefix>"
    "</Condition></Rule></LifecycleConfiguration>"
)
CORS = (
    "<CorsConfig><Cors><Origins><Origin>https://a.example</Origin></Origins><Methods><Method>GET</Method></Methods>"
    "<ResponseHeaders><ResponseHeader>content-type</ResponseHeader></ResponseHeaders><MaxAgeSec>60</MaxAgeSec>"
    "</Cors></CorsConfig>"
)
WEBSITE = (
    "<WebsiteConfiguration><MainPageSuffix>index.html</MainPageSuffix><NotFoundPage>404.html</NotFoundPage>"
    "</WebsiteConfiguration>"
)


@pytest.mark.parametrize(
    ("name", "body", "field", "expected", "empty"),
    [
        (
            "lifecycle",
            RULES,
            "lifecycle",
            {
                "rule": [
                    {
                        "action": {"type": "SetStorageClass", "storageClass": "NEARLINE"},
                        "condition": {"age": 30, "isLive": True, "matchesPrefix": ["a/", "b/"]},
                    }
                ]
            },
            "<LifecycleConfiguration/>",
        ),
        (
            "cors",
            CORS,
            "cors",
            [
                {
                    "origin": ["https://a.example"],
                    "method": ["GET"],
                    "responseHeader": ["content-type"],
                    "maxAgeSeconds": 60,
                }
            ],
            "<CorsConfig/>",
        ),
        (
            "website",
            WEBSITE,
            "website",
            {"mainPageSuffix": "index.html", "notFoundPage": "404.html"},
            "<WebsiteConfiguration/>",
        ),
        (
            "logging",
            "<Logging><LogBucket>logs-of-x</LogBucket><LogObjectPrefix>x/</LogObjectPrefix></Logging>",
            "logging",
            {"logBucket": "logs-of-x", "logObjectPrefix": "x/"},
            "<Logging/>",
        ),
    ],
)
def test_a_setting_is_written_read_and_taken_away(
    web: httpx.Client, bucket: Any, name: str, body: str, field: str, expected: Any, empty: str
) -> None:
    place = f"/{bucket.name}?{name}"
    assert web.put(place, content=body).status_code == 200
    assert web.get(f"/storage/v1/b/{bucket.name}").json()[field] == expected
    shown = web.get(place).text.replace(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', "")
    assert shown.endswith(body)
    assert web.put(place, content=empty).status_code == 200
    assert field not in web.get(f"/storage/v1/b/{bucket.name}").json()
    assert len(tree(web.get(place))) == 0


def test_a_setting_that_is_no_setting_is_refused(web: httpx.Client, bucket: Any) -> None:
    place = f"/{bucket.name}"
    for name, body in (
        ("lifecycle", "<LifecycleConfiguration><Rule><Status>Enabled</Status></Rule></LifecycleConfiguration>"),
        ("lifecycle", RULES.replace("30", "thirty")),
        ("cors", "<CORSConfiguration/>"),
        ("website", "<WebsiteConfiguration><IndexDocument/></WebsiteConfiguration>"),
        ("billing", "<BillingConfiguration><RequesterPays>yes</RequesterPays></BillingConfiguration>"),
    ):
        assert code(web.put(f"{place}?{name}", content=body)) == (400, "MalformedXML"), name
    assert code(web.put(f"{place}?location", content="<LocationConstraint/>"))[0] == 400
    assert web.put(f"{place}?storageClass", content="<StorageClass>NEARLINE</StorageClass>").status_code == 200
    assert tree(web.get(f"{place}?storageClass")).text == "NEARLINE"
    assert web.put(f"{place}?storageClass", content="<StorageClass>STANDARD</StorageClass>").status_code == 200


def test_lists_of_access_are_read_and_written(web: httpx.Client, bucket: Any) -> None:
    bucket.blob("listed").upload_from_string(b"x")
    place = f"/{bucket.name}/listed?acl"
    body = (
        "<AccessControlList><Entries><Entry><Scope type='UserByEmail'><EmailAddress>ann@example.com</EmailAddress>"
        "</Scope><Permission>READ</Permission></Entry></Entries></AccessControlList>"
    )
    assert web.put(place, content=body).status_code == 200
    root = tree(web.get(place))
    scopes = {entry.find("Scope").get("type"): entry.findtext("Permission") for entry in root.iter("Entry")}  # type: ignore[union-attr]
    assert scopes == {"UserByEmail": "READ", "GroupById": "FULL_CONTROL"}
    assert web.put(place, headers={"x-amz-acl": "public-read"}).status_code == 200
    theirs = tree(web.get(place, headers={"x-amz-date": "20260131T000000Z"}))
    assert "http://acs.amazonaws.com/groups/global/AllUsers" in texts(theirs, "AccessControlList/Grant/Grantee/URI")
    assert web.put(f"/{bucket.name}?acl", headers={"x-goog-acl": "public-read"}).status_code == 200
    roles = {entry["entity"]: entry["role"] for entry in bucket.acl}
    assert roles["allUsers"] == "READER"
    assert code(web.put(place, content="<AccessControlPolicy/>")) == (501, "NotImplemented")
