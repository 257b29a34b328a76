"""What git says of a checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .errors import UserError

_SECONDS = 120


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, whatever comes of it. Raises UserError where git is not installed."""
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S607
    except OSError as error:
        raise UserError("git is not installed", why=str(error)) from None


def told(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails, isn't installed, or the folder is no checkout."""
    try:
        done = git(root, *arguments)
    except (UserError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
