"""Folders of buckets with hierarchical namespace, by google-cloud-storage-control over gRPC and by the JSON API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.cloud import storage_control_v2 as control

from tests.integration.sandbox_process import Sandbox


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return sandbox.over_grpc(control.StorageControlClient)


@pytest.fixture(scope="module")
def objects(sandbox: Sandbox) -> Any:
    return storage.Client("folders", AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def bucket(objects: Any) -> Iterator[Any]:
    made = objects.bucket(f"b-{os.urandom(6).hex()}")
    made.iam_configuration.uniform_bucket_level_access_enabled = True
    made.hierarchical_namespace_enabled = True
    made.create(location="asia-south1")
    yield made
    made.delete(force=True)


def _name(bucket: Any, folder: str = "") -> str:
    return f"projects/_/buckets/{bucket.name}" + (f"/folders/{folder}" if folder else "")


def _names(client: Any, bucket: Any, **more: Any) -> list[str]:
    found = client.list_folders(control.ListFoldersRequest(parent=_name(bucket), **more))
    return [folder.name.partition("/folders/")[2] for folder in found]


def test_folders_are_made_listed_and_deleted(client: Any, bucket: Any) -> None:
    with pytest.raises(exceptions.NotFound, match="parent folder"):
        client.create_folder(parent=_name(bucket), folder_id="a/b/")
    request = control.CreateFolderRequest(parent=_name(bucket), folder_id="a/b", recursive=True)
    made = client.create_folder(request)
    assert (made.name, made.metageneration) == (_name(bucket, "a/b/"), 1)
    with pytest.raises(exceptions.AlreadyExists):
        client.create_folder(request)
    client.create_folder(parent=_name(bucket), folder_id="c/")
    assert _names(client, bucket, page_size=1) == ["a/", "a/b/", "c/"]
    assert _names(client, bucket, delimiter="/") == ["a/", "c/"]
    assert _names(client, bucket, prefix="a/") == ["a/", "a/b/"]
    assert client.get_folder(name=_name(bucket, "c/")).create_time
    with pytest.raises(exceptions.FailedPrecondition, match="not empty"):
        client.delete_folder(name=_name(bucket, "a/"))
    client.delete_folder(name=_name(bucket, "c/"))
    with pytest.raises(exceptions.NotFound):
        client.get_folder(name=_name(bucket, "c/"))


def test_objects_make_their_folders_and_a_rename_takes_them_along(client: Any, bucket: Any, objects: Any) -> None:
    for name in ("a/b/one", "a/two", "ab"):
        bucket.blob(name).upload_from_string(name)
    generation = bucket.get_blob("a/two").generation
    assert _names(client, bucket) == ["a/", "a/b/"]
    client.create_folder(parent=_name(bucket), folder_id="new/")
    done = client.rename_folder(name=_name(bucket, "a/"), destination_folder_id="new/c/").result(timeout=5)
    assert (done.name, done.metageneration) == (_name(bucket, "new/c/"), 2)
    assert _names(client, bucket) == ["new/", "new/c/", "new/c/b/"]
    assert [blob.name for blob in objects.list_blobs(bucket)] == ["ab", "new/c/b/one", "new/c/two"]
    assert bucket.get_blob("new/c/two").generation == generation
    assert bucket.blob("new/c/b/one").download_as_text() == "a/b/one"
    with pytest.raises(exceptions.InvalidArgument):
        client.rename_folder(name=_name(bucket, "new/c/"), destination_folder_id="new/c/d/")
    listed = objects.list_blobs(bucket, delimiter="/", include_folders_as_prefixes=True)
    assert ([blob.name for blob in listed], listed.prefixes) == (["ab"], {"new/"})
    client.delete_folder_recursive(name=_name(bucket, "new/")).result(timeout=5)
    assert (_names(client, bucket), [blob.name for blob in objects.list_blobs(bucket)]) == ([], ["ab"])


def test_a_flat_bucket_has_no_folders(client: Any, objects: Any, sandbox: Sandbox) -> None:
    flat = objects.create_bucket(f"b-{os.urandom(6).hex()}")
    with pytest.raises(exceptions.FailedPrecondition, match="hierarchical namespace"):
        client.create_folder(parent=_name(flat), folder_id="a/")
    layout = client.get_storage_layout(name=f"{_name(flat)}/storageLayout")
    assert (layout.location, layout.hierarchical_namespace.enabled) == ("US", False)
    flat.delete()


def test_managed_folders_and_their_policies(client: Any, bucket: Any) -> None:
    made = client.create_managed_folder(
        parent=_name(bucket), managed_folder_id="m/", managed_folder=control.ManagedFolder()
    )
    assert made.name == f"{_name(bucket)}/managedFolders/m/"
    policy = client.get_iam_policy(request={"resource": made.name})
    policy.bindings.add(role="roles/storage.objectViewer", members=["user:ann@example.com"])
    client.set_iam_policy(request={"resource": made.name, "policy": policy})
    assert client.get_iam_policy(request={"resource": made.name}).bindings[0].members == ["user:ann@example.com"]
    assert [found.name for found in client.list_managed_folders(parent=_name(bucket))] == [made.name]
    client.delete_managed_folder(name=made.name)
    with pytest.raises(exceptions.NotFound):
        client.get_managed_folder(name=made.name)
