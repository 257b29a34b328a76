"""Known vulnerabilities of images, by whichever scanner is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

_FINDINGS = 2


class Scanner(NamedTuple):
    """A scanner: what it is called, and how it is asked."""

    name: str
    command: tuple[str, ...]

    def scan(self, tag: str) -> bool | None:
        """Whether an image is clean; None where the scanner failed. What it found is on stderr."""
        sys.stderr.flush()
        done = subprocess.run([*self.command, tag], stdout=2, stdin=subprocess.DEVNULL)
        return {0: True, _FINDINGS: False}.get(done.returncode)


def find_scanner(severities: Sequence[str]) -> Scanner | None:
    """Trivy or Docker Scout, if either is there.

    Args:
        severities: what counts as a finding, such as `HIGH` and `CRITICAL`.
    """
    trivy = shutil.which("trivy")
    if trivy:
        options = ("--quiet", f"--exit-code={_FINDINGS}", f"--severity={','.join(severities)}", "--ignore-unfixed")
        return Scanner("trivy", (trivy, "image", *options, "--scanners=vuln,secret"))
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "scout", "version"], capture_output=True).returncode == 0:
        severity = f"--only-severity={','.join(one.lower() for one in severities)}"
        return Scanner("docker scout", (docker, "scout", "cves", "--exit-code", severity, "--only-fixed"))
    return None
