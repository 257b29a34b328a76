"""`archive_file`: a ZIP or a tar.gz of files or texts, as a data source and, deprecated there, as a resource.

The same content makes the same bytes each time. They are not those of the real provider, whose deflate is Go's.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local import files
from sandbox.provider.local.files import checksums
from sandbox.provider.local.kind import DataSource, Kind, Run, State, fields, set_by_provider

_ARGUMENTS = """
type string required{0} values=zip|tar.gz
output_path string required{0}
exclude_symlink_directories bool{0}
excludes set(string){0}
output_file_mode string{0}
source_content string{0}
source_content_filename string{0}
source_dir string{0}
source_file string{0}
source set{0}
  content string required{0}
  filename string required{0}
id string computed
output_base64sha256 string computed
output_base64sha512 string computed
output_md5 string computed
output_sha string computed
output_sha256 string computed
output_sha512 string computed
output_size number computed
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can say
# Name in the archive, content, and the file's mode where a file is behind it.
_Entry = tuple[str, bytes, int | None]


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """`*` and `?` don't pass a slash, `**` does, `{a,b}` is either.

    >>> [bool(_pattern("**/*.{pyc,pyo}").fullmatch(name)) for name in ("a/b.pyc", "b.pyo", "b.py")]
    [True, True, False]
    """
    made, braces = "", 0
    for piece in re.findall(r"\\.|\*\*/|\*\*|\[[^\]]+\]|.", glob, re.DOTALL):
        if piece == "**/":
            made += "(?:.*/)?"
        elif piece == "**":
            made += ".*"
        elif piece in ("*", "?"):
            made += "[^/]*" if piece == "*" else "[^/]"
        elif len(piece) > 2 and piece[0] == "[":
            made += piece.replace("[!", "[^", 1)
        elif piece == "{":
            made, braces = made + "(?:", braces + 1
        elif braces and piece in ",}":
            made, braces = made + ("|" if piece == "," else ")"), braces - (piece == "}")
        else:
            made += re.escape(piece[-1])
    return re.compile(made, re.DOTALL)


def _entries(config: State, run: Run) -> Iterator[_Entry]:
    if config.get("source_dir") is not None:
        folder = run.path(config["source_dir"])
        if not folder.is_dir():
            raise ValueError(f"could not archive missing directory: {config['source_dir']}")
        patterns = [_pattern(one) for one in config.get("excludes") or [] if one]
        yield from _walk(folder, "", patterns, not config.get("exclude_symlink_directories"))
    elif config.get("source_file") is not None:
        path = run.path(config["source_file"])
        yield path.name, path.read_bytes(), path.stat().st_mode
    elif config.get("source_content_filename") is not None:
        yield config["source_content_filename"], str(config.get("source_content") or "").encode(), None
    else:
        for one in sorted(config.get("source") or [], key=lambda one: str(one["filename"])):
            yield one["filename"], one["content"].encode(), None


def _walk(folder: Path, below: str, patterns: list[re.Pattern[str]], linked: bool) -> Iterator[_Entry]:
    """The files of a folder in the order of their names; what is excluded has nothing below it either."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        name = f"{below}{path.name}"
        if any(pattern.fullmatch(name) for pattern in patterns):
            continue
        if path.is_dir():
            if linked or not path.is_symlink():
                yield from _walk(path, f"{name}/", patterns, linked)
        else:
            yield name, path.read_bytes(), path.stat().st_mode


def _zip(entries: list[_Entry], mode: int | None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, own in entries:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = ((own if mode is None else mode | 0o100000) if own is not None else 0) << 16
            archive.writestr(info, content)
    return made.getvalue()


def _tar(entries: list[_Entry], mode: int | None) -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content, own in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = mode if mode is not None else (own if own is not None else 0o600) & 0o777
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


async def _read(config: State, run: Run) -> State:
    try:
        given = config.get("output_file_mode")
        mode = int(str(given), 8) if given else None
        entries = list(_entries(config, run))
        if not entries:
            raise ValueError("archive has not been created as it would be empty")
        content = (_zip if config["type"] == "zip" else _tar)(entries, mode)
        files.write(run.path(config["output_path"]), content)
    except (OSError, ValueError) as error:
        raise ProviderError(Problem("Archive creation error", f"error creating archive: {error}")) from error
    made = checksums(content, "output_", "sha")
    return {**config, **made, "output_size": len(content), "id": made["output_sha"]}


SOURCE = DataSource("archive_file", fields(_ARGUMENTS.format("")), _read)
_FIELDS = fields(_ARGUMENTS.format(" forces_new"))
KIND = Kind("archive_file", _FIELDS, _read, settled=set_by_provider(_FIELDS))
