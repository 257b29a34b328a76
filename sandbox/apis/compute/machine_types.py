"""Types of machines and disks: which there are, in every zone alike."""

from __future__ import annotations

import re

from sandbox.apis.compute import zones
from sandbox.apis.compute.errors import missing
from sandbox.apis.compute.links import HOST
from sandbox.control import names
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.router import Route

# What a disk of a type has where no size is said, in GB.
DISKS = {
    "pd-standard": 500,
    "pd-balanced": 100,
    "pd-ssd": 100,
    "pd-extreme": 1000,
    "hyperdisk-balanced": 100,
    "hyperdisk-extreme": 1000,
    "hyperdisk-throughput": 2048,
    "hyperdisk-ml": 100,
    "hyperdisk-balanced-high-availability": 100,
    "local-ssd": 375,
}
_SIZES = "standard|highmem|highcpu|megamem|ultramem|hypermem|ultragpu|highgpu|megagpu|edgegpu"
_MACHINE = re.compile(
    rf"f1-micro|g1-small|e2-(?:micro|small|medium)|(?:[a-z]\d[a-z]?-)?custom-\d+-\d+(?:-ext)?"
    rf"|(?:e2|n1|n2|n2d|n4|n4d|t2d|t2a|c2|c2d|c3|c3d|c4|c4a|c4d|m1|m2|m3|m4|a2|a3|g2|g4|h3|z3|x4)-(?:{_SIZES})-\d+g?"
    r"(?:-lssd|-metal|-highlssd|-standardlssd)?"
)


def machine(name: str) -> None:
    """That there is such a type of machine (`projects/p/zones/z/machineTypes/t`); raises 404."""
    if not _MACHINE.fullmatch(name.rpartition("/")[2]):
        raise missing(name)


def disk(name: str) -> str:
    """The short name of a disk's type, which there is; raises 404."""
    short = name.rpartition("/")[2]
    if short not in DISKS:
        raise missing(name)
    return short


async def _disk_type(call: Call) -> Response:
    """`diskTypes.get` and `regionDiskTypes.get`."""
    scope = "zones" if "zone" in call.params else "regions"
    place = call.params[scope[:-1]]
    name = f"projects/{call.project}/{scope}/{place}/diskTypes/{call.params['name']}"
    if place not in (zones.NAMES if scope == "zones" else names.REGIONS):
        raise missing(f"projects/{call.project}/{scope}/{place}")
    short = disk(name)
    link = {scope[:-1]: f"{HOST}projects/{call.project}/{scope}/{place}", "selfLink": HOST + name}
    return Response.of({"kind": "compute#diskType", "name": short, "defaultDiskSizeGb": str(DISKS[short]), **link})


ROUTES = [
    Route("GET", f"v1/projects/{{project}}/{scope}/diskTypes/{{name}}", _disk_type)
    for scope in ("zones/{zone}", "regions/{region}")
]
