"""Cloud Storage over gRPC: Google's generated client and google-cloud-storage's asynchronous one, unchanged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import Any

import google_crc32c
import pytest
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import _storage_v2 as v2
from google.cloud.storage.asyncio.async_appendable_object_writer import AsyncAppendableObjectWriter
from google.cloud.storage.asyncio.async_grpc_client import AsyncGrpcClient
from google.cloud.storage.asyncio.async_multi_range_downloader import AsyncMultiRangeDownloader

from tests.integration.sandbox_process import Sandbox

_PROJECT = "projects/storage-grpc"


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return sandbox.over_grpc(v2.StorageClient)


@pytest.fixture
def bucket(client: Any) -> Iterator[str]:
    name = f"b-{os.urandom(6).hex()}"
    made = v2.Bucket(project=_PROJECT, location="asia-south1", labels={"team": "a"})
    yield client.create_bucket(parent="projects/_", bucket_id=name, bucket=made).name
    for found in client.list_objects(v2.ListObjectsRequest(parent=f"projects/_/buckets/{name}", versions=True)):
        client.delete_object(bucket=found.bucket, object_=found.name, generation=found.generation)
    client.delete_bucket(name=f"projects/_/buckets/{name}")


def _spec(bucket: str, name: str, **more: Any) -> v2.WriteObjectSpec:
    fields = {key: more.pop(key) for key in list(more) if key in ("content_type", "metadata")}
    return v2.WriteObjectSpec(resource=v2.Object(bucket=bucket, name=name, **fields), **more)


def _part(data: bytes, offset: int = 0, **more: Any) -> v2.WriteObjectRequest:
    sent = v2.ChecksummedData(content=data, crc32c=google_crc32c.value(data))
    return v2.WriteObjectRequest(checksummed_data=sent, write_offset=offset, **more)


def _write(client: Any, bucket: str, name: str, data: bytes, **more: Any) -> v2.Object:
    request = _part(data, write_object_spec=_spec(bucket, name, **more), finish_write=True)
    found: v2.Object = client.write_object(iter([request])).resource
    return found


def _read(client: Any, **fields: Any) -> bytes:
    found = client.read_object(v2.ReadObjectRequest(**fields))
    return b"".join(part.checksummed_data.content for part in found)


def test_a_bucket_is_made_read_changed_and_listed(client: Any, bucket: str, sandbox: Sandbox) -> None:
    seen = client.get_bucket(name=bucket)
    assert (seen.location, seen.labels, seen.metageneration) == ("ASIA-SOUTH1", {"team": "a"}, 1)
    assert (seen.soft_delete_policy.retention_duration.days, list(seen.acl)) == (7, [])
    assert client.get_bucket(v2.GetBucketRequest(name=bucket, read_mask="*")).acl[0].role == "OWNER"
    condition = {"age_days": 30, "created_before": {"year": 2026, "month": 1, "day": 31}}
    wanted = v2.Bucket(
        name=bucket,
        labels={"tier": "b"},
        versioning={"enabled": True},
        lifecycle={"rule": [{"action": {"type_": "Delete"}, "condition": condition}]},
        soft_delete_policy={"retention_duration": {"seconds": 0}},
    )
    mask = {"paths": ["labels", "versioning", "lifecycle", "soft_delete_policy"]}
    changed = client.update_bucket(bucket=wanted, update_mask=mask)
    assert (changed.labels, changed.versioning.enabled) == ({"tier": "b"}, True)
    assert changed.lifecycle.rule[0].condition.created_before.day == 31
    path = f"/storage/v1/b/{bucket.rpartition('/')[2]}"
    document = sandbox.request("GET", path).json()
    assert document["lifecycle"]["rule"][0]["condition"] == {"age": 30, "createdBefore": "2026-01-31"}
    assert document["softDeletePolicy"]["retentionDurationSeconds"] == "0"
    assert bucket in [found.name for found in client.list_buckets(parent=_PROJECT)]


def test_policies_and_refusals_of_buckets(client: Any, bucket: str) -> None:
    policy = client.get_iam_policy(request={"resource": bucket})
    policy.bindings.add(role="roles/storage.objectViewer", members=["user:ann@example.com"])
    client.set_iam_policy(request={"resource": bucket, "policy": policy})
    assert len(client.get_iam_policy(request={"resource": bucket}).bindings) == 3
    with pytest.raises(exceptions.AlreadyExists):
        client.create_bucket(parent="projects/_", bucket_id=bucket[19:], bucket=v2.Bucket(project=_PROJECT))
    _write(client, bucket, "a", b"x")
    with pytest.raises(exceptions.FailedPrecondition, match="not empty"):
        client.delete_bucket(name=bucket)
    with pytest.raises(exceptions.NotFound):
        client.get_object(bucket=bucket, object_="none")
    with pytest.raises(exceptions.FailedPrecondition):
        client.get_bucket(v2.GetBucketRequest(name=bucket, if_metageneration_match=7))


def test_an_object_is_written_and_read_in_parts_with_checksums(client: Any, bucket: str) -> None:
    data = os.urandom(5_000_000)
    parts = [_part(data[at : at + 2**20], at) for at in range(0, len(data), 2**20)]
    parts[0].write_object_spec = _spec(bucket, "dir/ä", content_type="application/x-test", metadata={"k": "v"})
    parts[-1].finish_write = True
    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    parts[-1].object_checksums = v2.ObjectChecksums(crc32c=google_crc32c.value(data), md5_hash=md5)
    made = client.write_object(iter(parts)).resource
    assert (made.size, made.content_type, made.metadata) == (len(data), "application/x-test", {"k": "v"})
    assert made.checksums.crc32c == google_crc32c.value(data)
    answers = list(client.read_object(bucket=bucket, object_="dir/ä"))
    assert b"".join(answer.checksummed_data.content for answer in answers) == data
    assert all(a.checksummed_data.crc32c == google_crc32c.value(a.checksummed_data.content) for a in answers)
    assert answers[0].object_checksums.md5_hash == md5
    ranged = next(iter(client.read_object(v2.ReadObjectRequest(bucket=bucket, object_="dir/ä", read_offset=-10))))
    assert (ranged.checksummed_data.content, ranged.content_range.start) == (data[-10:], len(data) - 10)
    assert _read(client, bucket=bucket, object_="dir/ä", read_offset=7, read_limit=9) == data[7:16]
    with pytest.raises(exceptions.OutOfRange):
        _read(client, bucket=bucket, object_="dir/ä", read_offset=len(data) + 1)


def test_wrong_checksums_and_conditions_are_refused_and_leave_nothing(client: Any, bucket: str) -> None:
    for wrong in (
        v2.WriteObjectRequest(
            write_object_spec=_spec(bucket, "a"), checksummed_data={"content": b"x", "crc32c": 1}, finish_write=True
        ),
        _part(b"x", write_object_spec=_spec(bucket, "a"), object_checksums={"crc32c": 1}, finish_write=True),
        _part(b"x", write_object_spec=_spec(bucket, "a")),
    ):
        with pytest.raises(exceptions.InvalidArgument):
            client.write_object(iter([wrong]))
    _write(client, bucket, "b", b"x", if_generation_match=0)
    with pytest.raises(exceptions.FailedPrecondition):
        _write(client, bucket, "b", b"x", if_generation_match=0)
    assert [found.name for found in client.list_objects(parent=bucket)] == ["b"]


def test_a_resumable_write_goes_on_in_another_stream(client: Any, bucket: str) -> None:
    data = os.urandom(600_000)
    begun = client.start_resumable_write(v2.StartResumableWriteRequest(write_object_spec=_spec(bucket, "a")))
    first = _part(data[:262_144], upload_id=begun.upload_id)
    assert client.write_object(iter([first])).persisted_size == 262_144
    assert client.query_write_status(upload_id=begun.upload_id).persisted_size == 262_144
    again = _part(data[200_000:], 200_000, upload_id=begun.upload_id, finish_write=True)
    made = client.write_object(iter([again])).resource
    assert client.query_write_status(upload_id=begun.upload_id).resource.generation == made.generation
    assert _read(client, bucket=bucket, object_="a", generation=made.generation) == data
    gone = client.start_resumable_write(v2.StartResumableWriteRequest(write_object_spec=_spec(bucket, "b")))
    client.cancel_resumable_write(upload_id=gone.upload_id)
    with pytest.raises(exceptions.NotFound):
        client.query_write_status(upload_id=gone.upload_id)


def test_objects_are_listed_changed_composed_copied_moved_and_restored(client: Any, bucket: str) -> None:
    for name in ("a/1", "a/2", "b"):
        _write(client, bucket, name, name.encode(), metadata={"old": "1"})
    listed = client.list_objects(v2.ListObjectsRequest(parent=bucket, delimiter="/", page_size=1))
    assert [(list(page.prefixes), [o.name for o in page.objects]) for page in listed.pages] == [
        (["a/"], []),
        ([], ["b"]),
    ]
    changed = client.update_object(
        object_=v2.Object(bucket=bucket, name="b", metadata={"new": "2"}, content_type="text/x"),
        update_mask={"paths": ["metadata", "content_type"]},
    )
    assert (changed.metadata, changed.content_type, changed.metageneration) == ({"new": "2"}, "text/x", 2)
    composed = client.compose_object(
        v2.ComposeObjectRequest(
            destination=v2.Object(bucket=bucket, name="c"), source_objects=[{"name": "a/1"}, {"name": "a/2"}]
        )
    )
    assert (composed.component_count, _read(client, bucket=bucket, object_="c")) == (2, b"a/1a/2")
    copied = client.rewrite_object(
        v2.RewriteObjectRequest(
            destination_bucket=bucket, destination_name="d", source_bucket=bucket, source_object="c"
        )
    )
    assert (copied.done, copied.resource.size) == (True, 6)
    moved = client.move_object(bucket=bucket, source_object="d", destination_object="e")
    client.delete_object(bucket=bucket, object_="e")
    (kept,) = client.list_objects(v2.ListObjectsRequest(parent=bucket, soft_deleted=True, prefix="e"))
    assert (kept.generation, kept.hard_delete_time > kept.soft_delete_time) == (moved.generation, True)
    client.restore_object(bucket=bucket, object_="e", generation=moved.generation)
    assert _read(client, bucket=bucket, object_="e") == b"a/1a/2"


async def _async_client(sandbox: Sandbox) -> AsyncGrpcClient:
    options = ClientOptions(api_endpoint=str(sandbox.document["grpc"]))
    return AsyncGrpcClient(AnonymousCredentials(), client_options=options)


async def test_the_asynchronous_client_reads_many_ranges_at_once(client: Any, bucket: str, sandbox: Sandbox) -> None:
    data = os.urandom(3_000_000)
    _write(client, bucket, "a", data)
    reader = await AsyncMultiRangeDownloader.create_mrd(await _async_client(sandbox), bucket[19:], "a")
    ranges = [(0, 10), (2_500_000, 500_000), (1, 2_300_000)]
    buffers = [bytearray() for _ in ranges]

    class Sink:
        def __init__(self, into: bytearray) -> None:
            self.into = into

        def write(self, part: bytes) -> int:
            self.into += part
            return len(part)

    await reader.download_ranges([(at, n, Sink(into)) for (at, n), into in zip(ranges, buffers, strict=True)])
    await reader.close()
    assert [bytes(buffer) for buffer in buffers] == [data[at : at + n] for at, n in ranges]


async def test_the_asynchronous_client_appends_to_an_object(client: Any, bucket: str, sandbox: Sandbox) -> None:
    grpc_client = await _async_client(sandbox)
    writer = AsyncAppendableObjectWriter(grpc_client, bucket[19:], "grown")
    await writer.open()
    await writer.append(b"one ")
    assert await writer.flush() == 4
    assert _read(client, bucket=bucket, object_="grown") == b"one "
    await writer.close()
    again = AsyncAppendableObjectWriter(grpc_client, bucket[19:], "grown", generation=writer.generation)
    await again.open()
    await again.append(b"two" * 1_000_000)
    made = await again.finalize()
    assert (made.size, made.generation) == (3_000_004, writer.generation)
    assert _read(client, bucket=bucket, object_="grown") == b"one " + b"two" * 1_000_000
    last = AsyncAppendableObjectWriter(grpc_client, bucket[19:], "grown", generation=writer.generation)
    with pytest.raises(exceptions.FailedPrecondition):
        await last.open()
    lost = AsyncAppendableObjectWriter(grpc_client, bucket[19:], "lost")
    await lost.open()
    client.delete_object(bucket=bucket, object_="lost")
    await lost.append(b"x")
    with pytest.raises(exceptions.NotFound):
        await lost.flush()
