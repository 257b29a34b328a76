"""A stand-in for `docker` on PATH: it records how it is called, and keeps tags as files instead of images."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    folder, words = Path(os.environ["FAKE_DOCKER"]), sys.argv[1:]
    stdin = sys.stdin.read() if "--password-stdin" in words else ""
    with (folder / "calls").open("a") as calls:
        calls.write(json.dumps({"words": words, "stdin": stdin, "epoch": os.environ.get("SOURCE_DATE_EPOCH")}) + "\n")
    refused = os.environ.get("FAKE_DOCKER_REFUSES", "")
    if refused and " ".join(words).startswith(refused):
        sys.stderr.write(f"refused: {refused} {stdin}\n")
        return 1
    last = words[-1]
    kept = folder / last.replace("/", "_")
    if words[0] == "version":
        sys.stdout.write("28.2.2\n")
    elif "build" in words[:2]:
        tag = next(word.partition("=")[2] for word in words if word.startswith("--tag="))
        (folder / tag.replace("/", "_")).touch()
    elif words[:2] == ["image", "inspect"]:
        if not kept.exists():
            return 1
        name, digest = last.rpartition(":")[0], last.encode().hex()[-64:].rjust(64, "0")
        sys.stdout.write(json.dumps(["other.example/x@sha256:0", f"{name}@sha256:{digest}"]))
    elif words[0] == "push" and words[1].startswith("--digestfile="):  # podman
        Path(words[1].partition("=")[2]).write_text(f"sha256:{'a' * 64}\n")
    elif words[0] == "scout":
        if "FAKE_SCOUT" not in os.environ:
            return 1  # docker without that plugin
        return 0 if words[1] == "version" else int(os.environ["FAKE_SCOUT"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
