"""google.storage.control.v2: folders, managed folders and the layout of buckets, over Cloud Storage's JSON API."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import quote

from google.iam.v1 import iam_policy_pb2
from google.longrunning import operations_pb2
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]

from sandbox.control.errors import invalid_argument
from sandbox.rpc import transcoding
from sandbox.rpc.methods import IMPORTING
from sandbox.rpc.storage_buckets import POLICIES
from sandbox.rpc.storage_rest import Answer, Json, Rest, bucket_path, conditions


@cache
def types() -> ModuleType:
    """The messages, of google-cloud-storage-control. It imports: call it in a thread. Raises ImportError."""
    with IMPORTING:
        from google.cloud.storage_control_v2.types import storage_control

    return storage_control


def _path(name: str, kind: str) -> str:
    """Where `projects/_/buckets/b/folders/f/` is; `kind` is the collection."""
    bucket, found, folder = name.partition(f"/{kind}/")
    if not found or not folder:
        raise invalid_argument(f"Invalid name: '{name}'. It is projects/_/buckets/BUCKET/{kind}/NAME.")
    return f"{bucket_path(bucket)}/{kind}/{quote(folder, safe='')}"


def _message(document: Json, kind: str) -> Any:
    """A folder's message; `kind` is its collection."""
    made = {**document, "name": f"projects/_/buckets/{document['bucket']}/{kind}/{document['name']}"}
    message = {"folders": "Folder", "managedFolders": "ManagedFolder"}[kind]
    return json_format.ParseDict(made, getattr(types(), message).pb()(), ignore_unknown_fields=True)


async def _create_folder(rest: Rest, request: Any) -> Any:
    path = f"{bucket_path(request.parent)}/folders"
    found = await rest.ask("POST", path, {"recursive": request.recursive}, {"name": request.folder_id})
    return _message(found, "folders")


async def _get_folder(rest: Rest, request: Any) -> Any:
    return _message(await rest.ask("GET", _path(request.name, "folders"), conditions(request)), "folders")


async def _delete_folder(rest: Rest, request: Any) -> Any:
    await rest.send("DELETE", _path(request.name, "folders"), conditions(request))
    return empty_pb2.Empty()


async def _list_folders(rest: Rest, request: Any) -> Any:
    query = {
        "pageSize": request.page_size or None,
        "pageToken": request.page_token,
        "prefix": request.prefix,
        "delimiter": request.delimiter,
        "startOffset": request.lexicographic_start,
        "endOffset": request.lexicographic_end,
    }
    found = await rest.ask("GET", f"{bucket_path(request.parent)}/folders", query)
    made = types().ListFoldersResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.folders.extend(_message(item, "folders") for item in found.get("items", []))
    return made


async def _rename_folder(rest: Rest, request: Any) -> Any:
    target = f"renameTo/folders/{quote(request.destination_folder_id, safe='')}"
    given = {key.replace("if", "ifSource", 1): value for key, value in conditions(request).items()}
    return await _operation(rest, f"{_path(request.name, 'folders')}/{target}", given)


async def _delete_recursive(rest: Rest, request: Any) -> Any:
    return await _operation(rest, f"{_path(request.name, 'folders')}/deleteRecursive", conditions(request))


async def _operation(rest: Rest, path: str, query: Json) -> Any:
    types()  # what it carries is of these
    answer = await rest.send("POST", path, query)
    return transcoding.from_json(operations_pb2.Operation, answer.body)


async def _layout(rest: Rest, request: Any) -> Any:
    bucket = request.name.removesuffix("/storageLayout")
    found = await rest.ask("GET", f"{bucket_path(bucket)}/storageLayout", {"prefix": request.prefix})
    made = {**found, "name": f"{bucket}/storageLayout"}
    return json_format.ParseDict(made, types().StorageLayout.pb()(), ignore_unknown_fields=True)


async def _create_managed(rest: Rest, request: Any) -> Any:
    path = f"{bucket_path(request.parent)}/managedFolders"
    return _message(await rest.ask("POST", path, {}, {"name": request.managed_folder_id}), "managedFolders")


async def _get_managed(rest: Rest, request: Any) -> Any:
    path = _path(request.name, "managedFolders")
    return _message(await rest.ask("GET", path, conditions(request)), "managedFolders")


async def _delete_managed(rest: Rest, request: Any) -> Any:
    query = {**conditions(request), "allowNonEmpty": request.allow_non_empty}
    await rest.send("DELETE", _path(request.name, "managedFolders"), query)
    return empty_pb2.Empty()


async def _list_managed(rest: Rest, request: Any) -> Any:
    query = {"pageSize": request.page_size or None, "pageToken": request.page_token, "prefix": request.prefix}
    found = await rest.ask("GET", f"{bucket_path(request.parent)}/managedFolders", query)
    made = types().ListManagedFoldersResponse.pb()(next_page_token=found.get("nextPageToken", ""))
    made.managed_folders.extend(_message(item, "managedFolders") for item in found.get("items", []))
    return made


async def _list_caches(rest: Rest, request: Any) -> Any:
    await rest.send("GET", f"{bucket_path(request.parent)}/anywhereCaches", {})
    return types().ListAnywhereCachesResponse.pb()()


_CALLS: dict[str, Answer] = {
    "CreateFolder": _create_folder,
    "GetFolder": _get_folder,
    "DeleteFolder": _delete_folder,
    "ListFolders": _list_folders,
    "RenameFolder": _rename_folder,
    "DeleteFolderRecursive": _delete_recursive,
    "GetStorageLayout": _layout,
    "CreateManagedFolder": _create_managed,
    "GetManagedFolder": _get_managed,
    "DeleteManagedFolder": _delete_managed,
    "ListManagedFolders": _list_managed,
    "ListAnywhereCaches": _list_caches,
    **POLICIES,
}


def find(name: str) -> tuple[type[Any], Answer] | None:
    """The message that a call takes, and what answers it. It imports: call it in a thread."""
    if name not in _CALLS:
        return None
    module = types()
    return getattr(iam_policy_pb2, f"{name}Request", None) or getattr(module, f"{name}Request").pb(), _CALLS[name]
