"""google-cloud-storage, unchanged: soft-deleted objects and buckets."""

from __future__ import annotations

import os
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.integration.sandbox_process import Sandbox


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return storage.Client("soft-client", AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


def test_an_object_is_listed_looked_at_and_restored(client: Any) -> None:
    bucket = client.create_bucket(f"b-{os.urandom(6).hex()}", location="asia-south1")
    blob = bucket.blob("dir/a")
    blob.metadata = {"k": "v"}
    blob.upload_from_string("one", content_type="text/x-test")
    generation = blob.generation
    blob.delete()
    assert not blob.exists()
    (listed,) = client.list_blobs(bucket, soft_deleted=True, prefix="dir/")
    seen = bucket.get_blob("dir/a", generation=generation, soft_deleted=True)
    assert listed.generation == seen.generation == generation
    assert (seen.hard_delete_time - seen.soft_delete_time).days == 7
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.restore_blob("dir/a", generation=generation, if_generation_match=generation)
    restored = bucket.restore_blob("dir/a", generation=generation)
    assert restored.generation > generation
    again = bucket.get_blob("dir/a")
    assert (again.download_as_text(), again.metadata, again.content_type) == ("one", {"k": "v"}, "text/x-test")
    assert again.soft_delete_time is None
    with pytest.raises(exceptions.NotFound):
        bucket.restore_blob("dir/a", generation=1)
    bucket.delete(force=True)


def test_a_bucket_with_nothing_but_soft_deleted_objects_is_deleted_and_restored(client: Any) -> None:
    bucket = client.create_bucket(f"b-{os.urandom(6).hex()}", location="asia-south1")
    bucket.labels = {"team": "a"}
    bucket.patch()
    blob = bucket.blob("a")
    blob.upload_from_string("one")
    blob.delete()
    bucket.delete()
    assert client.lookup_bucket(bucket.name) is None
    (kept,) = [found for found in client.list_buckets(soft_deleted=True) if found.name == bucket.name]
    assert client.get_bucket(bucket.name, generation=kept.generation, soft_deleted=True).soft_delete_time
    restored = client.restore_bucket(bucket.name, generation=kept.generation)
    assert (restored.labels, restored.soft_delete_time) == ({"team": "a"}, None)
    assert bucket.restore_blob("a", generation=blob.generation).download_as_text() == "one"
    restored.delete(force=True)
