"""google-cloud-storage, unchanged: access control lists."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.integration.sandbox_process import Sandbox

PROJECT = "acl-client"


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Any:
    return storage.Client(PROJECT, AnonymousCredentials(), client_options={"api_endpoint": sandbox.url})


@pytest.fixture
def bucket(client: Any) -> Iterator[Any]:
    made = client.create_bucket(f"b-{os.urandom(6).hex()}", location="asia-south1")
    yield made
    made.delete(force=True)


def _of(acl: Any) -> set[tuple[str, str]]:
    acl.reload()
    return {(entry["entity"].rpartition("-")[0] or entry["entity"], entry["role"]) for entry in acl}


_PROJECT = {("project-owners", "OWNER"), ("project-editors", "OWNER"), ("project-viewers", "READER")}


def test_new_buckets_and_objects_are_their_projects(bucket: Any) -> None:
    bucket.blob("a").upload_from_string("x")
    assert _of(bucket.acl) == _of(bucket.default_object_acl) == _of(bucket.blob("a").acl) == _PROJECT


def test_a_buckets_list_is_what_its_policy_has_in_legacy_roles(bucket: Any) -> None:
    bucket.acl.user("ann@example.com").grant_write()
    bucket.acl.save()
    policy = bucket.get_iam_policy()
    assert policy["roles/storage.legacyBucketWriter"] == {"user:ann@example.com"}
    policy["roles/storage.legacyBucketReader"].add("group:all@example.com")
    bucket.set_iam_policy(policy)
    assert _of(bucket.acl) == _PROJECT | {("user", "WRITER"), ("group", "READER")}
    assert bucket.acl.get_entities()
    bucket.acl.user("ann@example.com").revoke_write()
    bucket.acl.save()
    assert ("user", "WRITER") not in _of(bucket.acl)


def test_an_object_gets_its_buckets_default_or_what_its_writer_says(client: Any, bucket: Any) -> None:
    bucket.default_object_acl.group("readers@example.com").grant_read()
    bucket.default_object_acl.save()
    bucket.blob("a").upload_from_string("x")
    assert _of(bucket.blob("a").acl) == _PROJECT | {("group", "READER")}
    bucket.blob("b").upload_from_string("x", predefined_acl="publicRead")
    assert _of(bucket.blob("b").acl) == {("project-owners", "OWNER"), ("allUsers", "READER")}
    bucket.copy_blob(bucket.blob("b"), bucket, "c", preserve_acl=False)
    assert ("allUsers", "READER") not in _of(bucket.blob("c").acl)
    bucket.default_object_acl.save_predefined("private")
    bucket.blob("d").upload_from_string("x")
    assert _of(bucket.blob("d").acl) == {("project-owners", "OWNER")}


def test_an_objects_list_is_changed_entry_by_entry_and_as_a_whole(bucket: Any, sandbox: Sandbox) -> None:
    blob = bucket.blob("dir/ä")
    blob.upload_from_string("x")
    blob.make_public()
    assert ("allUsers", "READER") in _of(blob.acl)
    at = f"/storage/v1/b/{bucket.name}/o/dir%2F%C3%A4/acl"
    made = sandbox.request("POST", at, {"entity": "user-Ann@example.com", "role": "READER"}).json()
    assert (made["entity"], made["email"], made["object"]) == ("user-ann@example.com", "ann@example.com", "dir/ä")
    assert sandbox.request("PATCH", f"{at}/user-ann@example.com", {"role": "OWNER"}).json()["role"] == "OWNER"
    assert sandbox.request("PATCH", f"{at}/user-ann@example.com", {"role": "WRITER"}).status == 400
    assert sandbox.request("DELETE", f"{at}/user-ann@example.com").status == 204
    assert sandbox.request("GET", f"{at}/user-ann@example.com").status == 404
    blob.acl.save_predefined("bucketOwnerRead")
    assert _of(blob.acl) == {("project-owners", "OWNER")}
    blob.reload(projection="full")
    assert blob.owner["entity"].startswith("project-owners-")
    assert blob.metageneration == 6


def test_where_access_is_uniform_there_are_no_lists(client: Any, bucket: Any) -> None:
    bucket.blob("a").upload_from_string("x")
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.patch()
    with pytest.raises(exceptions.BadRequest, match="Cannot get legacy ACL for a bucket when uniform bucket-level"):
        bucket.acl.reload()
    with pytest.raises(exceptions.BadRequest, match="Cannot update access control for an object when uniform"):
        client._connection.api_request(
            "POST", f"/b/{bucket.name}/o/a/acl", data={"entity": "allUsers", "role": "READER"}
        )
    with pytest.raises(exceptions.BadRequest, match="Cannot insert legacy ACL for an object when uniform"):
        bucket.blob("b").upload_from_string("x", predefined_acl="publicRead")
    assert "acl" not in client._connection.api_request("GET", f"/b/{bucket.name}?projection=full")


def test_nobody_is_let_in_where_public_access_is_prevented(client: Any, bucket: Any) -> None:
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    blob = bucket.blob("a")
    blob.upload_from_string("x")
    with pytest.raises(exceptions.PreconditionFailed, match="public access prevention"):
        blob.make_public()


def test_a_bucket_is_made_with_predefined_lists(client: Any) -> None:
    made = client.create_bucket(
        f"b-{os.urandom(6).hex()}", predefined_acl="publicReadWrite", predefined_default_object_acl="authenticatedRead"
    )
    assert _of(made.acl) == {("project-owners", "OWNER"), ("allUsers", "WRITER")}
    assert _of(made.default_object_acl) == {("allAuthenticatedUsers", "READER")}
    made.delete()
