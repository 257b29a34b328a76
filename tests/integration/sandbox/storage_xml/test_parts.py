"""Cloud Storage's XML API: uploads in parts, which outlive the process, copied parts, Google's transfer manager."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from google.cloud.storage import transfer_manager

from tests.integration.sandbox_process import Sandbox

from .asking import PART, begin, code, completion, texts, tree


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
