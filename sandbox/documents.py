"""Google's discovery documents, as they come with google-api-python-client."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=16)
def discovery_document(api: str, version: str) -> dict[str, Any] | None:
    """The document of an API, not to be changed; None where there is none.

    >>> discovery_document("pubsub", "v1")["rootUrl"]
    'https://pubsub.googleapis.com/'
    """
    from googleapiclient.discovery_cache import get_static_doc  # it costs at every start, and is seldom asked

    if not (api.isalnum() and version.isalnum()):
        return None
    text = get_static_doc(api, version)
    return None if text is None else dict(json.loads(text))
