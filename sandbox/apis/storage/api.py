"""Cloud Storage v1 (JSON), and the XML API behind it: buckets and objects with real bytes.

Not served: caches (`anywhereCaches`), relocation.
"""

from __future__ import annotations

import asyncio
import itertools

from sandbox.apis.storage import (
    access_routes,
    buckets,
    download,
    folders,
    hierarchy,
    hmac_keys,
    lifecycle,
    notifications,
    object_routes,
    operations,
    restores,
    upload,
)
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.part_uploads import PartUploads
from sandbox.apis.storage.xml_api import answer as xml_api
from sandbox.control.context import Control
from sandbox.control.router import Api, Handler, Route

_SWEEP = 60.0  # seconds from one look at what has expired to the next
_RULES = 60  # of them, the one in which lifecycle rules are carried out


async def _start(control: Control) -> None:
    store = Objects(control, notifications.tell)
    control.provide(store)
    control.provide(PartUploads(control))
    control.spawn(_sweep(control, store), "the end of objects")


async def _sweep(control: Control, store: Objects) -> None:
    for turn in itertools.count():
        await asyncio.sleep(_SWEEP)
        store.purge()
        if turn % _RULES == 0:
            await lifecycle.carry_out(control, store)


API = Api("storage.googleapis.com", "storage", flat=False, error_style="legacy", start=_start, fallback=xml_api.answer)

_BUCKETS = "storage/v1/b"
_BUCKET = _BUCKETS + "/{bucket}"
_OBJECTS = _BUCKET + "/o"
_OBJECT = _OBJECTS + "/{object}"
_COPY = "/b/{target_bucket}/o/{target}"
_UPLOAD = "upload/storage/v1/b/{bucket}/o"


def _serve(method: str, path: str, handler: Handler, *, data: bool = False) -> None:
    API.routes.append(Route(method, path, handler, root=True, data=data))
    if path.startswith("storage/v1/"):  # left out by Node's library where STORAGE_EMULATOR_HOST leads it
        API.routes.append(Route(method, path.removeprefix("storage/v1/"), handler, root=True, data=data))


_serve("GET", "storage/v1/projects/{project}/serviceAccount", buckets.service_account)
_serve("POST", _BUCKETS, buckets.insert)
_serve("GET", _BUCKETS, buckets.list_buckets)
_serve("GET", _BUCKET, buckets.get)
_serve("PATCH", _BUCKET, buckets.patch)
_serve("PUT", _BUCKET, buckets.update)
_serve("DELETE", _BUCKET, buckets.delete)
_serve("POST", _BUCKET + "/restore", restores.restore_bucket)
_serve("GET", _BUCKET + "/operations", operations.list_operations)
_serve("GET", _BUCKET + "/operations/{operation}", operations.get)
_serve("POST", _BUCKET + "/operations/{operation}/cancel", operations.cancel)
_serve("POST", _BUCKET + "/lockRetentionPolicy", buckets.lock_retention)
_serve("GET", _BUCKET + "/iam", buckets.get_policy)
_serve("PUT", _BUCKET + "/iam", buckets.set_policy)
_serve("GET", _BUCKET + "/iam/testPermissions", buckets.permissions)
_serve("GET", _BUCKET + "/anywhereCaches", buckets.anywhere_caches)
_serve("GET", _BUCKET + "/storageLayout", buckets.storage_layout)

for _path, _kind in (
    (_BUCKET + "/acl", access_routes.of_bucket),
    (_BUCKET + "/defaultObjectAcl", access_routes.default_of_bucket),
    (_OBJECT + "/acl", access_routes.of_object),
):
    for (_method, _below), _handler in access_routes.handlers(_kind).items():
        _serve(_method, _path + _below, _handler)

_NOTIFICATIONS = _BUCKET + "/notificationConfigs"
_serve("POST", _NOTIFICATIONS, notifications.insert)
_serve("GET", _NOTIFICATIONS, notifications.list_notifications)
_serve("GET", _NOTIFICATIONS + "/{notification}", notifications.get)
_serve("DELETE", _NOTIFICATIONS + "/{notification}", notifications.delete)

_KEYS = "storage/v1/projects/{project}/hmacKeys"
_serve("POST", _KEYS, hmac_keys.create)
_serve("GET", _KEYS, hmac_keys.list_keys)
_serve("GET", _KEYS + "/{key}", hmac_keys.get)
_serve("PUT", _KEYS + "/{key}", hmac_keys.update)
_serve("DELETE", _KEYS + "/{key}", hmac_keys.delete)

_FOLDERS = _BUCKET + "/managedFolders"
_serve("POST", _FOLDERS, folders.insert)
_serve("GET", _FOLDERS, folders.list_folders)
_serve("GET", _FOLDERS + "/{folder}", folders.get)
_serve("DELETE", _FOLDERS + "/{folder}", folders.delete)
_serve("GET", _FOLDERS + "/{folder}/iam", folders.get_policy)
_serve("PUT", _FOLDERS + "/{folder}/iam", folders.set_policy)

_serve("PATCH", _FOLDERS + "/{folder}", folders.update)
_serve("GET", _FOLDERS + "/{folder}/iam/testPermissions", folders.permissions)

_HIERARCHY = _BUCKET + "/folders"
_serve("POST", _HIERARCHY, hierarchy.insert)
_serve("GET", _HIERARCHY, hierarchy.list_folders)
_serve("GET", _HIERARCHY + "/{folder}", hierarchy.get)
_serve("DELETE", _HIERARCHY + "/{folder}", hierarchy.delete)
_serve("POST", _HIERARCHY + "/{folder}/deleteRecursive", hierarchy.delete_recursive)
_serve("POST", _HIERARCHY + "/{source}/renameTo/folders/{destination}", hierarchy.rename)

_serve("GET", _OBJECTS, object_routes.list_objects, data=True)
_serve("GET", _OBJECT, object_routes.get, data=True)
_serve("PATCH", _OBJECT, object_routes.patch, data=True)
_serve("PUT", _OBJECT, object_routes.update, data=True)
_serve("DELETE", _OBJECT, object_routes.delete, data=True)
_serve("POST", _OBJECT + "/compose", object_routes.compose, data=True)
_serve("POST", _OBJECT + "/restore", restores.restore_object, data=True)
_serve("POST", _OBJECT + "/copyTo" + _COPY, object_routes.copy_to, data=True)
_serve("POST", _OBJECT + "/rewriteTo" + _COPY, object_routes.rewrite, data=True)
_serve("POST", _OBJECT + "/moveTo/o/{target}", object_routes.move, data=True)
_serve("POST", _OBJECTS + "/bulkRestore", restores.bulk_restore, data=True)
_serve("POST", _OBJECTS, upload.insert_without_bytes, data=True)
_serve("GET", "download/" + _OBJECT, download.media, data=True)
for _method in ("POST", "PUT"):
    _serve(_method, _UPLOAD, upload.upload, data=True)
_serve("DELETE", _UPLOAD, upload.cancel, data=True)
