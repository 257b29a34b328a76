"""google-cloud-storage, unchanged, against the sandbox."""

from __future__ import annotations

import functools
import io
import os
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.integration.sandbox_process import Sandbox

PROJECT = "storage-client"


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return storage.Client(PROJECT, AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def bucket(client: Any) -> Any:
    made = client.create_bucket(f"b-{os.urandom(6).hex()}", location="asia-south1")
    yield made
    made.delete(force=True)


def test_new_bucket_has_googles_defaults(client: Any, bucket: Any) -> None:
    seen = client.get_bucket(bucket.name)
    assert (seen.location, seen.location_type, seen.storage_class) == ("ASIA-SOUTH1", "region", "STANDARD")
    assert seen.iam_configuration.public_access_prevention == "inherited"
    assert not seen.iam_configuration.uniform_bucket_level_access_enabled
    assert seen.soft_delete_policy.retention_duration_seconds == 604800
    assert (seen.metageneration, seen.etag, len(str(seen.project_number))) == (1, "CAE=", 12)


def test_bucket_patch_merges_labels_and_counts_metageneration(client: Any, bucket: Any) -> None:
    bucket.labels = {"team": "a", "tier": "b"}
    bucket.patch()
    bucket.labels = {"team": "c"}
    bucket.versioning_enabled = True
    bucket.add_lifecycle_delete_rule(age=30)
    bucket.patch()
    seen = client.get_bucket(bucket.name)
    assert seen.labels == {"team": "c"}
    assert seen.versioning_enabled
    assert next(iter(seen.lifecycle_rules))["condition"] == {"age": 30}
    assert seen.metageneration == 3


def test_object_bytes_round_trip_with_checksums_and_ranges(bucket: Any) -> None:
    data = os.urandom(300_000)
    blob = bucket.blob("dir/ä object.bin")
    blob.metadata = {"k": "v"}
    blob.upload_from_string(data, content_type="application/x-test")
    again = bucket.get_blob("dir/ä object.bin")
    assert again.download_as_bytes() == data
    assert again.download_as_bytes(start=10, end=19) == data[10:20]
    assert (again.size, again.content_type, again.metadata) == (300_000, "application/x-test", {"k": "v"})
    assert again.md5_hash and again.crc32c and again.generation


def test_resumable_upload_in_chunks(bucket: Any) -> None:
    data = os.urandom(700_000)
    blob = bucket.blob("big", chunk_size=262_144)
    blob.upload_from_file(io.BytesIO(data), size=len(data))
    assert bucket.blob("big").download_as_bytes() == data


def test_resumable_upload_of_unknown_size(bucket: Any) -> None:
    data = b"x" * 600_000
    with bucket.blob("stream", chunk_size=262_144).open("wb") as out:
        out.write(data)
    assert bucket.blob("stream").download_as_bytes() == data


@pytest.mark.parametrize("total", ["*", "600001"])
def test_upload_of_a_stream_as_nodes_library_sends_it(bucket: Any, sandbox: Sandbox, total: str) -> None:
    data = b"y" * 600_001
    begun = sandbox.request("POST", f"/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&name=stream", {})
    place = begun.headers["location"].removeprefix(sandbox.url)
    done = sandbox.request("PUT", place, body=data, headers={"content-range": f"bytes 0-*/{total}"})
    assert (done.status, bucket.blob("stream").download_as_bytes()) == (200, data)


def test_paths_of_nodes_library_behind_its_emulator_variable(bucket: Any, sandbox: Sandbox) -> None:
    bucket.blob("a/b").upload_from_string("x")
    assert sandbox.request("GET", f"/b/{bucket.name}/o/a%2Fb").json()["size"] == "1"
    assert sandbox.request("GET", f"/b?project={PROJECT}").json()["items"]


@pytest.mark.parametrize("versioned", [False, True])
def test_an_object_is_moved(bucket: Any, sandbox: Sandbox, versioned: bool) -> None:
    bucket.versioning_enabled = versioned
    bucket.patch()
    for name in ("from", "to"):
        blob = bucket.blob(name)
        blob.metadata = {"was": name}
        blob.upload_from_string(name)
    moving = f"/storage/v1/b/{bucket.name}/o/from/moveTo/o/to"
    assert sandbox.request("POST", f"{moving}?ifGenerationMatch=0", {}).status == 412
    moved = sandbox.request("POST", moving, {}).json()
    assert (moved["name"], moved["metadata"]) == ("to", {"was": "from"})
    assert bucket.blob("to").download_as_bytes() == b"from"
    assert not bucket.blob("from").exists()
    versions = sorted(blob.name for blob in bucket.list_blobs(versions=True))
    assert versions == (["from", "to", "to"] if versioned else ["to"])
    assert sandbox.request("POST", moving, {}).status == 404


def test_generation_preconditions_make_a_lock(bucket: Any) -> None:
    lock = bucket.blob("default.tflock")
    lock.upload_from_string("one", if_generation_match=0)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("default.tflock").upload_from_string("two", if_generation_match=0)
    lock.reload()
    with pytest.raises(exceptions.PreconditionFailed):
        lock.delete(if_generation_match=lock.generation + 1)
    assert lock.download_as_bytes() == b"one"
    lock.delete(if_generation_match=lock.generation)
    assert not lock.exists()


def test_list_with_prefix_delimiter_and_pages(client: Any, bucket: Any) -> None:
    for name in ("a/1", "a/2", "a/b/3", "b/4", "c"):
        bucket.blob(name).upload_from_string("x")
    top = client.list_blobs(bucket, delimiter="/", page_size=2)
    names = [blob.name for blob in top]
    assert names == ["c"]
    assert top.prefixes == {"a/", "b/"}
    inner = client.list_blobs(bucket, prefix="a/", delimiter="/")
    assert [blob.name for blob in inner] == ["a/1", "a/2"]
    assert inner.prefixes == {"a/b/"}
    assert [blob.name for blob in client.list_blobs(bucket, page_size=1)] == ["a/1", "a/2", "a/b/3", "b/4", "c"]


def test_a_batch_does_each_of_its_requests(client: Any, bucket: Any) -> None:
    blobs = [bucket.blob(f"é {number}") for number in range(3)]
    for blob in blobs:
        blob.upload_from_string("x")
    with client.batch():
        blobs[0].metadata = {"a": "b"}
        blobs[0].patch()
        blobs[1].delete()
    assert blobs[0].metageneration == 2
    assert [blob.name for blob in client.list_blobs(bucket)] == ["é 0", "é 2"]
    with pytest.raises(exceptions.NotFound), client.batch():
        blobs[1].delete()


def test_versioning_keeps_noncurrent_generations(client: Any, bucket: Any) -> None:
    bucket.versioning_enabled = True
    bucket.patch()
    blob = bucket.blob("v")
    blob.upload_from_string("one")
    first = blob.generation
    blob.upload_from_string("two")
    versions = list(client.list_blobs(bucket, versions=True, page_size=1))
    assert [each.generation for each in versions] == [first, blob.generation]
    assert bucket.blob("v", generation=first).download_as_bytes() == b"one"
    bucket.delete_blob("v")
    assert bucket.get_blob("v") is None
    for each in client.list_blobs(bucket, versions=True):
        each.delete()
    assert list(client.list_blobs(bucket, versions=True)) == []


def test_compose_copy_and_rewrite(bucket: Any) -> None:
    one, two, both = bucket.blob("one"), bucket.blob("two"), bucket.blob("both")
    one.upload_from_string("1", content_type="text/plain")
    two.upload_from_string("2")
    both.content_type = "text/plain"
    both.compose([one, two])
    assert both.download_as_bytes() == b"12"
    assert both.component_count == 2
    assert bucket.copy_blob(both, bucket, "copy").download_as_bytes() == b"12"
    moved = bucket.blob("rewritten")
    token, rewritten, total = moved.rewrite(both)
    assert (token, rewritten, total) == (None, 2, 2)
    assert moved.download_as_bytes() == b"12"


def test_bucket_iam_policy_round_trip_and_stale_etag(bucket: Any) -> None:
    policy = bucket.get_iam_policy(requested_policy_version=3)
    assert any(binding["role"] == "roles/storage.legacyBucketOwner" for binding in policy.bindings)
    stale = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {"user:a@example.com"}})
    bucket.set_iam_policy(policy)
    again = bucket.get_iam_policy(requested_policy_version=3)
    assert {"user:a@example.com"} in [binding["members"] for binding in again.bindings]
    with pytest.raises(exceptions.Conflict):
        bucket.set_iam_policy(stale)


def test_bucket_that_holds_objects_is_not_deleted(bucket: Any) -> None:
    bucket.blob("x").upload_from_string("x")
    with pytest.raises(exceptions.Conflict, match="not empty"):
        bucket.delete()


def test_retention_policy_protects_objects(client: Any, sandbox: Sandbox) -> None:
    name = f"kept-{os.urandom(4).hex()}"
    bucket = client.create_bucket(name, location="us")
    bucket.retention_period = 3600
    bucket.patch()
    blob = bucket.blob("x")
    blob.upload_from_string("x")
    with pytest.raises(exceptions.Forbidden):
        blob.delete()
    with pytest.raises(exceptions.Forbidden):
        blob.upload_from_string("y")


@pytest.mark.parametrize("name", ["ab", "Upper", "goog-x", "192.168.1.1", "under_", "a..b", "x" * 64])
def test_bucket_names_google_refuses_are_refused(sandbox: Sandbox, name: str) -> None:
    answer = sandbox.request("POST", f"/storage/v1/b?project={PROJECT}", {"name": name})
    assert answer.status == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "invalid"


def test_bytes_that_do_not_match_their_checksum_are_refused(sandbox: Sandbox, bucket: Any) -> None:
    url = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=bad"
    answer = sandbox.request("POST", url, body=b"data", headers={"x-goog-hash": "crc32c=AAAAAA=="})
    assert answer.status == 400
    assert bucket.get_blob("bad") is None


def test_xml_download_as_the_go_client_reads(sandbox: Sandbox, bucket: Any) -> None:
    bucket.blob("a/b").upload_from_string("hello")
    answer = sandbox.request("GET", f"/{bucket.name}/a/b", headers={"range": "bytes=1-2"})
    assert (answer.status, answer.body) == (206, b"el")
    assert answer.headers["content-range"] == "bytes 1-2/5"
    assert sandbox.request("GET", f"/{bucket.name}/none").status == 404


def test_changes_of_objects_are_told_to_a_topic(sandbox: Sandbox) -> None:
    project, bucket = "notified-project", "notified-bucket"
    topic = f"projects/{project}/topics/changes"
    call = functools.partial(_answered, sandbox)
    call("POST", f"/storage/v1/b?project={project}", {"name": bucket, "location": "asia-south1"})
    call("PUT", f"/v1/{topic}", {})
    call("PUT", f"/v1/projects/{project}/subscriptions/changes", {"topic": topic})
    config = {"topic": f"//pubsub.googleapis.com/{topic}", "payload_format": "JSON_API_V1", "object_name_prefix": "a/"}

    refused = sandbox.request("POST", f"/storage/v1/b/{bucket}/notificationConfigs", config)
    assert refused.status == 400
    assert b"does not have permission to publish messages" in refused.body

    agent = call("GET", f"/storage/v1/projects/{project}/serviceAccount")["email_address"]
    binding = {"role": "roles/pubsub.publisher", "members": [f"serviceAccount:{agent}"]}
    call("POST", f"/v1/{topic}:setIamPolicy", {"policy": {"bindings": [binding]}})
    call("POST", f"/storage/v1/b/{bucket}/notificationConfigs", config)
    for name in ("a/1", "b/1", "a/1"):
        path = f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name.replace('/', '%2F')}"
        assert sandbox.request("POST", path, body=b"x").status == 200
    call("DELETE", f"/storage/v1/b/{bucket}/o/a%2F1")

    pulled = call("POST", f"/v1/projects/{project}/subscriptions/changes:pull", {"maxMessages": 10})
    told = [message["message"]["attributes"] for message in pulled["receivedMessages"]]
    assert [(each["eventType"], each["objectId"]) for each in told] == [
        ("OBJECT_FINALIZE", "a/1"),
        ("OBJECT_DELETE", "a/1"),
        ("OBJECT_FINALIZE", "a/1"),
        ("OBJECT_DELETE", "a/1"),
    ]
    assert told[1]["overwrittenByGeneration"] == told[2]["objectGeneration"]


def _answered(sandbox: Sandbox, method: str, path: str, document: Any = None) -> Any:
    answer = sandbox.request(method, path, document)
    assert answer.status in (200, 204), answer.body
    return answer.json() if answer.body else {}


def test_what_gcloud_asks_before_it_copies_and_lists(client: Any) -> None:
    bucket = client.bucket(f"b-{os.urandom(6).hex()}")
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.create(location="asia-south1")
    ask = functools.partial(client._connection.api_request, "GET")
    layout = ask(path=f"/b/{bucket.name}/storageLayout")
    assert (layout["location"], layout["hierarchicalNamespace"]) == ("ASIA-SOUTH1", {"enabled": False})
    for name in ("a.txt", "m/one", "z/one"):
        bucket.blob(name).upload_from_string(b"x")
    for folder in ("k/", "m/", "m/inner/"):
        client._connection.api_request("POST", path=f"/b/{bucket.name}/managedFolders", data={"name": folder})
    assert [blob.name for blob in bucket.list_blobs(match_glob="?/{one,two}")] == ["m/one", "z/one"]
    query, found = {"delimiter": "/", "includeFoldersAsPrefixes": "true", "maxResults": 2}, []
    while True:
        page = ask(path=f"/b/{bucket.name}/o", query_params=query)
        found += [item["name"] for item in page.get("items", [])] + page.get("prefixes", [])
        if "nextPageToken" not in page:
            break
        query["pageToken"] = page["nextPageToken"]
    assert found == ["a.txt", "k/", "m/", "z/"]
    bucket.delete(force=True)


def test_a_policys_etag_survives_a_client_that_takes_it_for_bytes(client: Any, bucket: Any) -> None:
    """gcloud decodes it and sends it back in the other base64 alphabet."""
    for number in range(8):
        policy = bucket.get_iam_policy(requested_policy_version=3)
        policy.bindings.append({"role": "roles/storage.objectViewer", "members": {f"user:u{number}@example.com"}})
        policy.etag = policy.etag.replace("+", "-").replace("/", "_")
        bucket.set_iam_policy(policy)
