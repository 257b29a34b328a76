"""`local_file` and `local_sensitive_file`: a file that Terraform writes, and the data sources that read one."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import files
from sandbox.provider.local.files import checksums
from sandbox.provider.local.kind import DataSource, Kind, Run, State, fields, set_by_provider

_SUMS = """
content_base64sha256 string computed
content_base64sha512 string computed
content_md5 string computed
content_sha1 string computed
content_sha256 string computed
content_sha512 string computed
id string computed
"""
_WRITTEN = fields(
    """
filename string required forces_new
content string forces_new exactly_one
content_base64 string forces_new exactly_one
sensitive_content string forces_new sensitive deprecated exactly_one
source string forces_new exactly_one
directory_permission string optional computed forces_new default="0777"
file_permission string optional computed forces_new default="0777"
"""
    + _SUMS
)
_SENSITIVE = fields(
    """
filename string required forces_new
content string forces_new sensitive exactly_one
content_base64 string forces_new sensitive exactly_one
source string forces_new exactly_one
directory_permission string optional computed forces_new default="0700"
file_permission string optional computed forces_new default="0700"
"""
    + _SUMS
)
_READ = "filename string required\ncontent string computed{0}\ncontent_base64 string computed{0}" + _SUMS


def _failed(what: str, error: Exception) -> ProviderError:
    return ProviderError(Problem(f"{what} local file error", str(error), ("filename",)))


def _content(planned: State, run: Run) -> bytes:
    for name in ("content", "sensitive_content"):
        if planned.get(name) is not None:
            return str(planned[name]).encode()
    if planned.get("content_base64") is not None:
        return base64.b64decode(planned["content_base64"], validate=True)
    return run.path(planned["source"]).read_bytes()


async def _create(planned: State, run: Run) -> State:
    path = run.path(planned["filename"])
    try:
        content = _content(planned, run)
        files.write(path, content, int(planned["file_permission"], 8), int(planned["directory_permission"], 8))
    except (OSError, binascii.Error, ValueError) as error:
        raise _failed("Create", error) from error
    made = checksums(content, "content_", "sha1")
    return {**planned, **made, "id": made["content_sha1"]}


def _there(state: State, run: Run) -> State | None:
    """Gone where the file is gone or holds something else, so that it is written again."""
    try:
        content = run.path(state["filename"]).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed("Read", error) from error
    return state if hashlib.sha1(content, usedforsecurity=False).hexdigest() == state["id"] else None


async def _delete(state: State, run: Run) -> None:
    with contextlib.suppress(OSError):
        run.path(state["filename"]).unlink()


async def _read(config: State, run: Run) -> State:
    try:
        content = run.path(config["filename"]).read_bytes()
    except OSError as error:
        raise _failed("Read", error) from error
    made = checksums(content, "content_", "sha1")
    told = {"content": content.decode(errors="replace"), "content_base64": base64.b64encode(content).decode()}
    return {**config, **told, **made, "id": made["content_sha1"]}


FILE = Kind("local_file", _WRITTEN, _create, settled=set_by_provider(_WRITTEN), read=_there, delete=_delete)
SENSITIVE_FILE = Kind(
    "local_sensitive_file", _SENSITIVE, _create, settled=set_by_provider(_SENSITIVE), read=_there, delete=_delete
)
FILE_SOURCE = DataSource("local_file", fields(_READ.format("")), _read)
SENSITIVE_FILE_SOURCE = DataSource("local_sensitive_file", fields(_READ.format(" sensitive")), _read)
