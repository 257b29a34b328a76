"""Images: a project's own, of a disk, a snapshot, another image or an archive, and Google's public ones."""

from __future__ import annotations

import re
import tarfile
import zlib
from typing import Any
from urllib.parse import quote

from sandbox.apis.compute import operations, public_images, storage_locations
from sandbox.apis.compute.documents import body_of
from sandbox.apis.compute.encryption import encrypted
from sandbox.apis.compute.errors import in_use, invalid, missing
from sandbox.apis.compute.filters import accepts
from sandbox.apis.compute.kinds import NAME, Kind
from sandbox.apis.compute.links import HOST
from sandbox.apis.compute.snapshots import copied, disk_of, snapshots
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Request, Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_FROM = ("sourceDisk", "sourceImage", "sourceSnapshot")
_STATES = ("ACTIVE", "DEPRECATED", "OBSOLETE", "DELETED")
_ARCHIVE = re.compile(r"(?:gs://|https?://(?:storage\.googleapis\.com|[^/]+/storage/v1/b)/)([^/]+)/(?:o/)?(.+)")
_GB = 1 << 30


def find(name: str, call: Call) -> Json:
    """An image by its name, or that of its family (`projects/p/global/images/family/f`), as it is shown. Raises 404."""
    parts = name.split("/")
    if len(parts) >= 5 and parts[3] == "images":
        project, wanted = parts[1], parts[-1]
        if parts[4] == "family" and len(parts) == 6:
            found = _newest(project, wanted, call) or public_images.newest(project, wanted)
        else:
            own = call.store.get(images.key, name)
            found = images.shown(own, call) if own else public_images.named(project, wanted)
        if found is not None:
            return found
    raise missing(name)


def usable(name: str, call: Call) -> Json:
    """An image that something is made from: not one that is obsolete or deleted."""
    found = find(name, call)
    if (state := (found.get("deprecated") or {}).get("state")) in ("OBSOLETE", "DELETED"):
        what = found["selfLink"].removeprefix(HOST)
        raise invalid_argument(f"The image resource '{what}' is {state.lower()}: nothing can be made from it.")
    return found


def _newest(project: str, family: str, call: Call) -> Json | None:
    """The newest of a project's own family that isn't deprecated."""
    found = [
        one
        for one in images.all(call.control, project)
        if one.document.get("family") == family
        and (one.document.get("deprecated") or {}).get("state", "ACTIVE") == "ACTIVE"
    ]
    return images.shown(max(found, key=lambda one: int(one.document["id"])), call) if found else None


def _check(document: Json, call: Call, old: Resource | None) -> None:
    if (family := document.get("family")) and not re.fullmatch(NAME, str(family)):
        raise invalid("family", family, f"Must be a match of regex '{NAME}'")
    if old is not None:
        return
    refuse(document, ("shieldedInstanceInitialState",), "images")
    given = [field for field in _FROM if document.get(field)]
    if len(given) + bool(document.get("rawDisk")) != 1:
        raise invalid_argument("An image has one source: a disk, an image, a snapshot or a raw disk.")
    size, origin = int(document.get("diskSizeGb") or 0), ""
    if given:
        source, least = _source(given[0], document, call)
        copied(document, source)
        origin = str(document[given[0]]) if given == ["sourceDisk"] else ""
        if size and size < least:
            raise invalid("diskSizeGb", size, f"An image is no smaller than its source ({least} GB).")
        size = size or least
    storage_locations.settle(document, origin)
    for field in _FROM:
        document.pop(f"{field}EncryptionKey", None)
    if key := encrypted(document.get("imageEncryptionKey"), "imageEncryptionKey"):
        document["imageEncryptionKey"] = key
    document.update(diskSizeGb=str(size), archiveSizeBytes="0", status="READY", sourceType="RAW")
    document.setdefault("architecture", "X86_64")


def _source(field: str, document: Json, call: Call) -> tuple[Json, int]:
    """What an image is made of, and its size in GB."""
    if field == "sourceImage":
        found = usable(str(document[field]), call)
        document[field] = found["selfLink"].removeprefix(HOST)
        document["sourceImageId"] = found["id"]
        return {key: found[key] for key in found if key != "licenseCodes"}, int(found["diskSizeGb"])
    if field == "sourceSnapshot":
        snapshot = snapshots.must(call.control, str(document[field]))
        document["sourceSnapshotId"] = snapshot.document["id"]
        return snapshot.document, int(snapshot.document["diskSizeGb"])
    disk = disk_of(document[field], call)
    for machine in call.store.select("compute.zonal.instances"):
        modes = [one["mode"] for one in machine.document["disks"] if one.get("source") == disk.name]
        if "READ_WRITE" in modes and machine.document["status"] == "RUNNING" and not call.flag("forceCreate"):
            raise in_use("disk", disk.name, machine.name)
    document["sourceDiskId"] = disk.document["id"]
    return disk.document, int(disk.document["sizeGb"])


async def _raw_size(source: str, call: Call) -> int:
    """The size in GB of the disk in an archive, which is an object of Cloud Storage: tar, compressed by gzip."""
    match = _ARCHIVE.fullmatch(source)
    if match is None:
        raise invalid("rawDisk.source", source, "Must be the URL of an object of Cloud Storage.")
    url = f"/storage/v1/b/{match[1]}/o/{quote(match[2], safe='')}?alt=media"
    head = await call.control.dispatch(Request.of("GET", url, headers={"range": "bytes=0-65535"}))
    if head.status not in (200, 206):
        raise missing(source)
    try:
        first = tarfile.TarInfo.frombuf(zlib.decompressobj(31).decompress(head.body, 512), "utf-8", "surrogateescape")
    except (zlib.error, tarfile.HeaderError):
        raise invalid("rawDisk.source", source, "The object is no tar archive that is compressed by gzip.") from None
    if first.name.removeprefix("./") != "disk.raw":
        raise invalid("rawDisk.source", source, "The archive must begin with a file that is called disk.raw.")
    return max(1, -(-first.size // _GB))


class _Images(Kind):
    """A project's own, behind which are the public ones."""

    async def _insert(self, call: Call) -> Response:
        body = body_of(call)
        if raw := body.get("rawDisk"):
            least, given = await _raw_size(str(raw.get("source") or ""), call), int(body.get("diskSizeGb") or 0)
            if given and given < least:
                raise invalid("diskSizeGb", given, f"An image is no smaller than its source ({least} GB).")
            body["diskSizeGb"] = str(given or least)
        image = self.insert(call, self.parent(call), body)
        return operations.done(call, "insert", image.name, image.document["id"])

    async def _get(self, call: Call) -> Response:
        return Response.of(find(self.name(call), call))

    async def _list(self, call: Call) -> Response:
        passes = accepts(call.query("filter"))
        items = [image for image in public_images.every(call.project) if passes(image)]
        if not items:
            return await Kind._list(self, call)
        head = {"kind": "compute#imageList", "id": f"projects/{call.project}/global/images"}
        return Response.of({**head, "items": items})


def _deprecate(image: Resource, body: Json, call: Call) -> None:
    """`images.deprecate`: a state and what replaces it; without a state, none of it any more."""
    state = body.get("state")
    if not state:
        image.document.pop("deprecated", None)
        return
    if state not in _STATES:
        raise invalid("state", state, f"Must be one of {', '.join(_STATES)}.")
    image.document["deprecated"] = body


images = _Images(
    "images",
    "image",
    "compute#image",
    output_only=(
        "status",
        "deprecated",
        "archiveSizeBytes",
        "sourceType",
        "sourceDiskId",
        "sourceImageId",
        "sourceSnapshotId",
        "enableConfidentialCompute",
    ),
    immutable=("diskSizeGb", "licenses", "storageLocations", "guestOsFeatures", "rawDisk", "architecture", *_FROM),
    labelled=True,
    iam=True,
    check=_check,
    verbs={"deprecate": _deprecate},
)


async def _family(call: Call) -> Response:
    """`images.getFromFamily`."""
    return Response.of(find(f"projects/{call.project}/global/images/family/{call.params['family']}", call))


ROUTES = [Route("GET", "v1/projects/{project}/global/images/family/{family}", _family)]
