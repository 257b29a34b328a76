"""The provider's own functions: what an id says of where a thing is, and a zone of its region.

They are called as `provider::google::project_from_id(google_pubsub_topic.orders.id)`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tf.gen import tfplugin_pb2 as pb


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one text that gives a text, or raises ValueError with what is wrong with the argument."""

    parameter: str
    call: Callable[[str], str]


def _from_id(pattern: str, says: str) -> Function:
    wanted = re.compile(pattern)

    def call(text: str) -> str:
        found = wanted.search(text)
        if found is None:
            raise ValueError(f'The input string "{text}" doesn\'t contain the expected pattern "{says}".')
        return found[1]

    return Function("id", call)


def _region_of(zone: str) -> str:
    if not zone:
        raise ValueError("The input string cannot be empty.")
    region, dash, _ = zone.rpartition("-")
    if not dash or "-" not in region:
        raise ValueError(f'The input string "{zone}" is not a valid zone name.')
    return region


FUNCTIONS: dict[str, Function] = {
    "location_from_id": _from_id(r"locations/([^/]+)/", "locations/{location}/"),
    "name_from_id": _from_id(r"/([^/]+)\Z", "resourceType/{name}$"),
    "project_from_id": _from_id(r"projects/([^/]+)/", "projects/{project}/"),
    "region_from_id": _from_id(r"regions/([^/]+)/", "regions/{region}/"),
    "region_from_zone": Function("zone", _region_of),
    "zone_from_id": _from_id(r"zones/([^/]+)/", "zones/{zone}/"),
}
_TEXT = json.dumps("string").encode()


def signatures() -> dict[str, pb.Function]:
    """The functions as the plugin protocol tells them, by name."""
    return {
        name: pb.Function(
            parameters=[pb.Function.Parameter(name=function.parameter, type=_TEXT)],
            **{"return": pb.Function.Return(type=_TEXT)},
        )
        for name, function in FUNCTIONS.items()
    }


def function_bytes() -> bytes:
    """What the answer to GetProviderSchema has of them: messages are merged by putting one behind the other.

    Terraform makes the functions of a schema anew for each expression that it evaluates, which costs a plan of 300
    resources 0.2 s. So they are told where one is called.
    """
    made: bytes = pb.GetProviderSchema.Response(functions=signatures()).SerializeToString()
    return made
