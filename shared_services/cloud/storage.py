"""Storage: objects by name, whole, with the generation that makes changes safe."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared_services.config.layers import RemoteObject

from .clients import find_project, options, quiet_imports
from .errors import CloudNotFound, translated
from .objects import ObjectReader


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What is known of an object without reading it.

    Args:
        name: its name in the bucket.
        size: bytes.
        generation: its version; a new one for each change.
        updated: when, in UTC.
        content_type: such as `application/json`.
    """

    name: str
    size: int
    generation: int
    updated: datetime
    content_type: str


class Bucket:
    """A bucket of Cloud Storage.

    >>> reports = Bucket("atm-local-reports")
    >>> reports.write("2026-01-02.json", b"{}", content_type="application/json")  # doctest: +SKIP
    >>> reports.read("2026-01-02.json")  # doctest: +SKIP
    b'{}'

    Args:
        name: the bucket's whole name.
        project: the project; by default `GOOGLE_CLOUD_PROJECT`.
        environ: the variables.
        client: a `google.cloud.storage.Client`, instead of one made here.
    """

    def __init__(
        self,
        name: str,
        *,
        project: str | None = None,
        environ: Mapping[str, str] | None = None,
        client: Any = None,
    ) -> None:
        self.name = name
        self._project = project
        self._environ = os.environ if environ is None else environ
        self._client = client
        self._lock = threading.Lock()

    def read(self, name: str, *, generation: int | None = None) -> bytes:
        """An object's bytes.

        Args:
            name: the object.
            generation: an earlier version, where the bucket keeps them; by default the present one.

        Raises:
            CloudNotFound: there is no such object.
            CloudForbidden: this account lacks `storage.objects.get`.
        """
        return self.read_with_generation(name, generation=generation)[0]

    def read_with_generation(self, name: str, *, generation: int | None = None) -> tuple[bytes, int]:
        """An object's bytes and the generation they are of.

        Raises:
            CloudNotFound, CloudForbidden: as `read`.
        """
        try:
            blob = self._bucket().blob(name, generation=generation)
            data = blob.download_as_bytes()
            return data, int(blob.generation)
        except Exception as error:
            raise self._said(error, f"the object {name} can't be read", name, "storage.objects.get") from error

    def write(
        self,
        name: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        if_generation: int | None = None,
    ) -> int:
        """Write an object; its new generation.

        Args:
            name: the object.
            data: its bytes.
            content_type: its media type.
            if_generation: write only over this generation; 0: only where there is none.

        Raises:
            PreconditionFailed: the object is of another generation.
            CloudForbidden: this account lacks `storage.objects.create`.
        """
        try:
            blob = self._bucket().blob(name)
            blob.upload_from_string(data, content_type=content_type, if_generation_match=if_generation)
            return int(blob.generation)
        except Exception as error:
            raise self._said(error, f"the object {name} can't be written", name, "storage.objects.create") from error

    def delete(self, name: str, *, missing_ok: bool = False) -> None:
        """Delete an object.

        Raises:
            CloudNotFound: there is none, unless `missing_ok`.
        """
        try:
            self._bucket().blob(name).delete()
        except Exception as error:
            said = self._said(error, f"the object {name} can't be deleted", name, "storage.objects.delete")
            if not (missing_ok and isinstance(said, CloudNotFound)):
                raise said from error

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """The objects whose names begin with a prefix, in the order of their names.

        Raises:
            CloudForbidden: this account lacks `storage.objects.list`.
        """
        try:
            for blob in self._bucket().list_blobs(prefix=prefix or None):
                yield ObjectInfo(blob.name, int(blob.size), int(blob.generation), blob.updated, blob.content_type or "")
        except Exception as error:
            raise self._said(error, f"the bucket {self.name} can't be listed", "", "storage.objects.list") from error

    def _bucket(self) -> Any:
        with self._lock:
            if self._client is None:
                with quiet_imports():
                    from google.cloud.storage import Client

                self._client = Client(
                    project=find_project(self._project, self._environ), **options("storage", self._environ, rest=False)
                )
        return self._client.bucket(self.name)

    def _said(self, error: Exception, what: str, name: str, permission: str) -> Exception:
        return translated(error, what, permission=permission, where=f"gs://{self.name}/{name}")


class ConfigBucket:
    """The configuration's objects, named as the files in `config/` are.

    Every service reads them before it answers, so they are read without Google's client, whose import takes longer
    than all the rest of a start.

    Args:
        bucket: the bucket's whole name.
        prefix: what stands before the names.
    """

    def __init__(
        self,
        bucket: str | Bucket,
        *,
        prefix: str = "",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.bucket = bucket if isinstance(bucket, Bucket) else Bucket(bucket, environ=environ)
        self.prefix = prefix
        self._read = (
            self.bucket.read_with_generation if isinstance(bucket, Bucket) else ObjectReader(bucket, environ=environ)
        )

    def read(self, name: str) -> RemoteObject | None:
        """The object of a configuration, or None where there is none."""
        try:
            data, generation = self._read(self.prefix + name)
        except CloudNotFound:
            return None
        return RemoteObject(f"gs://{self.bucket.name}/{self.prefix}{name}", generation, data)
