"""Differences that mean nothing, of machines and disks: an image and its family, scopes by either name."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.suppress import relative_name, rule
from sandbox.provider.suppress.links import last_part

_IMAGE = re.compile(r"projects/([^/]+)/global/images/([^/]+)$")
_UBUNTU = re.compile(r"ubuntu-(minimal-)?(\d+)(?:.*(arm64|amd64))?")


@rule("disk_image")
def _disk_image(old: Any, new: Any, _: str) -> bool:
    """An image, and the family that it is of, by whatever spelling."""
    if not isinstance(old, str) or not isinstance(new, str) or not (image := _IMAGE.search(old)):
        return False
    wanted = new.partition("/compute/v1/")[2] or new
    project, family, name = "", False, wanted
    parts = wanted.split("/")
    if parts[0] == "projects" and len(parts) >= 5:
        project, family, name = parts[1], parts[4] == "family", parts[-1]
    elif len(parts) == 2 and parts[0] != "family":
        project, name = parts
        return image[1] == _IMAGE_PROJECTS.get(project, project) and (image[2] == name or _of_family(image[2], name))
    else:
        family, name = "family" in parts[:-1], parts[-1]
    if project and image[1] != _IMAGE_PROJECTS.get(project, project):
        return False
    if len(parts) > 1:
        return _of_family(image[2], name) if family else image[2] == name
    return image[2] == name or _of_family(image[2], name)


_IMAGE_PROJECTS = {
    "centos": "centos-cloud",
    "debian": "debian-cloud",
    "rhel": "rhel-cloud",
    "rocky-linux": "rocky-linux-cloud",
    "sles": "suse-cloud",
    "ubuntu": "ubuntu-os-cloud",
    "windows": "windows-cloud",
}


def _of_family(image: str, family: str) -> bool:
    """Whether an image is of a family, as far as names tell."""
    for ours, other in (("-amd64", "-arm64"), ("-arm64", "")):
        if (not other or other not in image) and family.removesuffix(ours) in image:
            return (ours in image) == family.endswith(ours)
    if ubuntu := _UBUNTU.match(image):
        return family == f"ubuntu-{ubuntu[1] or ''}{ubuntu[2]}-lts" + (f"-{ubuntu[3]}" if ubuntu[3] else "")
    if cos := re.match(r"cos-(\d+)-", image):
        return family == f"cos-{cos[1]}-lts"
    return family.replace("windows-", "windows-server-") in image.replace("-dc-", "-")


@rule("alias_range")
def _alias_range(old: Any, new: Any, _: str) -> bool:
    """A range that was asked for by its length."""
    return bool(old) and isinstance(new, str) and new.startswith("/") and f"/{old.rpartition('/')[2]}" == new


@rule("empty_account")
def _empty_account(old: Any, new: Any, _: str) -> bool:
    """No block, and one that names neither an account nor a scope."""
    before, after = old or [], new or []
    if len(before) == len(after):
        return False
    return all(not one.get("email") and not one.get("scopes") for one in [*before, *after])


@rule("scopes")
def _scopes(old: Any, new: Any, _: str) -> bool:
    """Scopes by their short names or their addresses."""
    return old is not None and sorted(map(scope, old)) == sorted(map(scope, new or []))


_SCOPES = {
    "cloud-source-repos": "source.full_control",
    "cloud-source-repos-ro": "source.read_only",
    "compute-ro": "compute.readonly",
    "compute-rw": "compute",
    "logging-write": "logging.write",
    "monitoring-read": "monitoring.read",
    "monitoring-write": "monitoring.write",
    "service-control": "servicecontrol",
    "service-management": "service.management.readonly",
    "sql": "sqlservice",
    "sql-admin": "sqlservice.admin",
    "storage-full": "devstorage.full_control",
    "storage-ro": "devstorage.read_only",
    "storage-rw": "devstorage.read_write",
    "trace": "trace.append",
    "useraccounts-ro": "cloud.useraccounts.readonly",
    "useraccounts-rw": "cloud.useraccounts",
    "userinfo-email": "userinfo.email",
    **{name: name for name in ("bigquery", "cloud-platform", "datastore", "monitoring", "pubsub", "taskqueue")},
}


def scope(name: str) -> str:
    """A scope's address, whose short name it may be.

    >>> scope("storage-ro")
    'https://www.googleapis.com/auth/devstorage.read_only'
    """
    return f"https://www.googleapis.com/auth/{_SCOPES[name]}" if name in _SCOPES else name


@rule("template")
def _template(old: Any, new: Any, _: str) -> bool:
    """The same template; its number counts where both say one."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    (before, _, first), (after, _, second) = old.partition("?uniqueId="), new.partition("?uniqueId=")
    return (not first or not second or first == second) and relative_name(before) == relative_name(after)


@rule("hourly")
def _hourly(old: Any, new: Any, _: str) -> bool:
    """`4:00` and `04:00`."""
    return bool(old) and bool(new) and str(old).zfill(5) == str(new).zfill(5)


@rule("short_names")
def _short_names(old: Any, new: Any, _: str) -> bool:
    """The same names in their order, in full or short."""
    return list(map(last_part, old or [])) == list(map(last_part, new or []))


@rule("image_reference")
def _image_reference(old: Any, new: Any, _: str) -> bool:
    """A link to an image or a family, and a shorter spelling of it."""
    if not isinstance(old, str) or not isinstance(new, str) or not old.startswith("projects/"):
        return False
    wanted = new[new.find("projects/") :] if "projects/" in new else new
    first, slash, last = wanted.rpartition("/")
    if wanted.startswith(("projects/", "global/")):
        return old.endswith(wanted)
    return old.rpartition("/")[2] == last and (not slash or first == "family" or old.split("/")[1] == first)
