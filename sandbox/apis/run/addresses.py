"""Addresses that follow from a service's name: https://[TAG---]SERVICE-PROJECT_NUMBER.REGION.run.app is here, if it is.

By https://cloud.google.com/run/docs/triggering/https-request#deterministic
"""

from __future__ import annotations

import re

from sandbox.apis.run.rollout import SERVICES
from sandbox.control.context import Control
from sandbox.control.outgoing import NotServed

DOMAIN = ".run.app"
_HOST = re.compile(
    r"(?:(?P<tag>[a-z0-9-]+?)---)?(?P<service>[a-z](?:[a-z0-9-]*[a-z0-9])?)-(?P<number>\d+)\.(?P<region>[a-z0-9-]+)\.run\.app"
)


def here(control: Control, host: str) -> str | None:
    """Where a service of a project of this sandbox answers, by its host at Google; None for a host of anybody else's.

    Raises:
        NotServed: the project has no such service here, or the service no such address.
    """
    parts = _HOST.fullmatch(host)
    if parts is None:
        return None
    project = control.projects.resolve(parts["number"], control.clock())
    if not control.projects.known(project):
        return None
    name = f"projects/{project}/locations/{parts['region']}/services/{parts['service']}"
    found = control.store.get(SERVICES, name)
    if found is None:
        raise NotServed(f"there is no service {parts['service']} in {parts['region']} of {project}")
    document = found.document
    if parts["tag"]:
        tagged = (one.get("uri") for one in document.get("trafficStatuses") or () if one.get("tag") == parts["tag"])
        address = next(tagged, None)
    else:
        address = document.get("uri")
    if not address:
        tag = f" for the tag {parts['tag']}" if parts["tag"] else ""
        raise NotServed(f"the service {parts['service']} of {project} has no address of its own{tag}")
    return str(address)
