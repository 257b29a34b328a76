"""The usual collection of a newer API: below a location, named like a host, changed by operations, with its times."""

from __future__ import annotations

from typing import Any

from sandbox.control.collection import Collection, now


def located(
    package: str, path: str, type_: str, id_param: str, *, above: str = "projects/{project}", **more: Any
) -> Collection:
    """A collection of version 1.

    Args:
        package: such as "google.cloud.certificatemanager.v1".
        path: below the location, such as "certificateMaps/{map}".
        type_: the message's name, such as "CertificateMap".
        id_param: the parameter that names a new one, such as "certificateMapId".
        above: what the location is of, such as "organizations/{organization}".
        more: as `Collection` has it, in place of what is usual where both say it.

    >>> located("google.cloud.example.v1", "things/{thing}", "Thing", "thingId").type
    'google.cloud.example.v1.Thing'
    """
    usual: dict[str, Any] = {
        "operation_metadata": f"{package}.OperationMetadata",
        "id_rule": r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
        "id_message": "It must be up to 63 lowercase letters, digits or hyphens, a letter first and no hyphen last.",
        "on_create_set": {"createTime": now},
        "on_update_set": {"updateTime": now},
        "lro": True,
    }
    return Collection(
        path=f"v1/{above}/locations/{{location}}/{path}",
        type=f"{package}.{type_}",
        id_param=id_param,
        **{**usual, **more},
    )
