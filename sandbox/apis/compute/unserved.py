"""What the sandbox would have to pass over in a request."""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import unimplemented

Json = dict[str, Any]


def refuse(document: Json, unserved: tuple[str, ...], what: str) -> None:
    """501 for the first field that the sandbox would have to pass over."""
    for name in unserved:
        if document.get(name) not in (None, "", False, [], {}):
            raise unimplemented(f"The sandbox does not implement {name} of {what}.")
    if ((document.get("params") or {}).get("resourceManagerTags")) or document.get("resourceManagerTags"):
        raise unimplemented(
            f"The sandbox does not implement resourceManagerTags of {what}; bind tags with a tagBinding."
        )
