"""Files that a configuration has written, and what the providers tell of their bytes."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

_MASK = 0o022
"""What Terraform is run with nearly everywhere; the sandbox's own keeps its state from everybody."""


def checksums(content: bytes, prefix: str, sha1: str) -> dict[str, str]:
    """The attributes, `prefix` before each; `sha1` is what the provider calls that one.

    >>> checksums(b"", "content_", "sha1")["content_md5"]
    'd41d8cd98f00b204e9800998ecf8427e'
    """
    sha256, sha512 = hashlib.sha256(content).digest(), hashlib.sha512(content).digest()
    return {
        f"{prefix}md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        f"{prefix}{sha1}": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        f"{prefix}sha256": sha256.hex(),
        f"{prefix}base64sha256": base64.b64encode(sha256).decode(),
        f"{prefix}sha512": sha512.hex(),
        f"{prefix}base64sha512": base64.b64encode(sha512).decode(),
    }


def write(path: Path, content: bytes, mode: int = 0o644, folder_mode: int = 0o755) -> None:
    """Write a file as a process of Terraform would, with the folders that lack. Raises OSError."""
    for folder in [*reversed([one for one in path.parents if not one.exists()])]:
        folder.mkdir()
        folder.chmod(folder_mode & ~_MASK)
    fresh = not path.exists()
    path.touch(0o600)  # what is secret is never readable in between
    path.write_bytes(content)
    if fresh:
        path.chmod(mode & ~_MASK)
