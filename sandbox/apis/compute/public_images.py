"""Public images: the newest of each well-known family, in a version of the sandbox's own, and others by name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from sandbox.apis.compute.links import HOST

Json = dict[str, Any]
_VERSION = "v20261110"
_MADE = "2026-11-10T00:00:00.000-08:00"
# Project → the size of its images in GB, and family → what its images are called before their version.
_FAMILIES: dict[str, tuple[int, dict[str, str]]] = {
    "debian-cloud": (
        10,
        {
            "debian-11": "debian-11-bullseye",
            "debian-12": "debian-12-bookworm",
            "debian-12-arm64": "debian-12-bookworm-arm64",
            "debian-13": "debian-13-trixie",
            "debian-13-arm64": "debian-13-trixie-arm64",
        },
    ),
    "ubuntu-os-cloud": (
        10,
        {
            "ubuntu-2004-lts": "ubuntu-2004-focal",
            "ubuntu-2204-lts": "ubuntu-2204-jammy",
            "ubuntu-2204-lts-arm64": "ubuntu-2204-jammy-arm64",
            "ubuntu-2404-lts-amd64": "ubuntu-2404-noble-amd64",
            "ubuntu-2404-lts-arm64": "ubuntu-2404-noble-arm64",
            "ubuntu-minimal-2204-lts": "ubuntu-minimal-2204-jammy",
            "ubuntu-minimal-2404-lts-amd64": "ubuntu-minimal-2404-noble-amd64",
        },
    ),
    "cos-cloud": (
        10,
        {
            "cos-stable": "cos-stable-125-19216-104-1",
            "cos-beta": "cos-beta-129-19400-1-1",
            "cos-dev": "cos-dev-133-19500-1-1",
            "cos-arm64-stable": "cos-arm64-stable-125-19216-104-1",
            "cos-113-lts": "cos-113-18244-448-1",
            "cos-117-lts": "cos-117-18613-339-1",
            "cos-121-lts": "cos-121-18867-199-1",
            "cos-125-lts": "cos-125-19216-104-1",
        },
    ),
    "rocky-linux-cloud": (
        20,
        {
            "rocky-linux-8": "rocky-linux-8",
            "rocky-linux-8-optimized-gcp": "rocky-linux-8-optimized-gcp",
            "rocky-linux-9": "rocky-linux-9",
            "rocky-linux-9-optimized-gcp": "rocky-linux-9-optimized-gcp",
            "rocky-linux-10": "rocky-linux-10",
        },
    ),
    "rhel-cloud": (20, {"rhel-8": "rhel-8", "rhel-9": "rhel-9", "rhel-10": "rhel-10"}),
    "windows-cloud": (
        50,
        {
            "windows-2016": "windows-server-2016-dc",
            "windows-2019": "windows-server-2019-dc",
            "windows-2022": "windows-server-2022-dc",
            "windows-2025": "windows-server-2025-dc",
            "windows-2019-core": "windows-server-2019-dc-core",
            "windows-2022-core": "windows-server-2022-dc-core",
        },
    ),
}
_FEATURES = ("UEFI_COMPATIBLE", "VIRTIO_SCSI_MULTIQUEUE", "GVNIC")


def _image(project: str, family: str, stem: str, size: int, version: str = _VERSION) -> Json:
    name = stem if project == "cos-cloud" else f"{stem}-{version}"
    number = int.from_bytes(hashlib.sha256(f"{project}/{name}".encode()).digest()[:8], "big") >> 1
    features = (*_FEATURES, "WINDOWS") if project == "windows-cloud" else _FEATURES
    return {
        "kind": "compute#image",
        "id": str(number),
        "creationTimestamp": _MADE,
        "name": name,
        "description": f"{family}, as the sandbox has it",
        "family": family,
        "status": "READY",
        "sourceType": "RAW",
        "diskSizeGb": str(size),
        "archiveSizeBytes": str(size << 27),
        "architecture": "ARM64" if "arm64" in family else "X86_64",
        "licenses": [f"{HOST}projects/{project}/global/licenses/{family}"],
        "guestOsFeatures": [{"type": feature} for feature in features],
        "labelFingerprint": "42WmSpB8rSM=",
        "storageLocations": ["us", "eu", "asia"],
        "selfLink": f"{HOST}projects/{project}/global/images/{name}",
    }


def every(project: str) -> Iterator[Json]:
    """The newest of each family of a project."""
    size, families = _FAMILIES.get(project, (0, {}))
    for family, stem in families.items():
        yield _image(project, family, stem, size)


def named(project: str, name: str) -> Json | None:
    """One by its name, which may be of another version than the newest."""
    for image in every(project):
        if image["name"] == name:
            return image
    stem, _, version = name.rpartition("-")
    size, families = _FAMILIES.get(project, (0, {}))
    family = next((family for family, known in families.items() if known == stem), None)
    if family is None or not re.fullmatch(r"v\d{8}", version):
        return None
    return _image(project, family, stem, size, version)


def newest(project: str, family: str) -> Json | None:
    """That of a family."""
    return next((image for image in every(project) if image["family"] == family), None)
