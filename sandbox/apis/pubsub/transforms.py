"""Message transforms: stored as Google checks them. No JavaScript runs here, so nothing is published through one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

_MOST = 5
_SIZE_MOST = 20 * 1024
_FUNCTION = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def check(document: dict[str, Any]) -> None:
    """400 for a transform that Google would refuse, 501 for a kind that isn't JavaScript."""
    transforms = document.get("messageTransforms")
    if not transforms:
        document.pop("messageTransforms", None)
        return
    if len(transforms) > _MOST:
        raise invalid_argument(f"At most {_MOST} message transforms.", {"message_transforms": "too many"})
    for transform in transforms:
        udf = transform.get("javascriptUdf")
        if udf is None:
            raise unimplemented("The sandbox implements messageTransforms.javascriptUdf only.")
        name, code = str(udf.get("functionName") or ""), str(udf.get("code") or "")
        if not _FUNCTION.fullmatch(name) or not re.search(rf"\b{re.escape(name)}\b", code):
            raise invalid_argument(
                f"The code has no function '{name}'.", {"message_transforms.javascript_udf.function_name": "not there"}
            )
        if len(code.encode()) > _SIZE_MOST:
            raise invalid_argument(
                "The code is longer than 20 KB.", {"message_transforms.javascript_udf.code": "too long"}
            )


def refuse_to_publish(things: Iterable[Resource]) -> None:
    """501 where a message would go through a transform, which is said rather than left out."""
    for thing in things:
        for transform in thing.document.get("messageTransforms") or []:
            if not transform.get("disabled"):
                raise unimplemented(
                    f"The sandbox does not run JavaScript: {thing.name} has a message transform that is not disabled."
                )
