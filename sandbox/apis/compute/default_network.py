"""The network that Google makes in a new project, with the firewall rules that come with it.

Google makes it when Compute Engine is enabled. So is it here in a project that was made. Any other project is there
because somebody names it, and so is its network: it is made when it is named (and not when networks are listed).
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis import orgpolicy
from sandbox.apis.compute.firewalls import firewalls
from sandbox.apis.compute.networks import DECIDED, networks
from sandbox.apis.compute.references import SPRINGING
from sandbox.apis.resourcemanager import projects
from sandbox.apis.resourcemanager.folders import folders
from sandbox.control.context import Call, Control
from sandbox.control.http import Request

_NAME = re.compile(r"projects/([^/]+)/(?:global/networks|regions/[^/]+/subnetworks)/default")
_CONSTRAINT = "compute.skipDefaultNetworkCreation"
_ALL = ["0-65535"]
# Name, description, where from, what: as Google has them.
_RULES: tuple[tuple[str, str, str, list[dict[str, Any]]], ...] = (
    ("icmp", "Allow ICMP from anywhere", "0.0.0.0/0", [{"IPProtocol": "icmp"}]),
    (
        "internal",
        "Allow internal traffic on the default network",
        "10.128.0.0/9",
        [{"IPProtocol": "tcp", "ports": _ALL}, {"IPProtocol": "udp", "ports": _ALL}, {"IPProtocol": "icmp"}],
    ),
    ("rdp", "Allow RDP from anywhere", "0.0.0.0/0", [{"IPProtocol": "tcp", "ports": ["3389"]}]),
    ("ssh", "Allow SSH from anywhere", "0.0.0.0/0", [{"IPProtocol": "tcp", "ports": ["22"]}]),
)


def make(control: Control, project: str) -> None:
    """Make it, unless the project had one or an organization's policy wants none."""
    if control.store.get(DECIDED, f"projects/{project}") is not None or _unwanted(control, project):
        return
    call = Call(control, Request.of("POST", "/"), {"project": project})
    place = f"projects/{project}/global"
    with control.store.transaction():
        body = {"name": "default", "description": "Default network for the project", "autoCreateSubnetworks": True}
        network = networks.insert(call, place, body).name
        for name, what, source, allowed in _RULES:
            rule = {"description": what, "network": network, "sourceRanges": [source], "priority": 65534}
            firewalls.insert(call, place, {"name": f"default-allow-{name}", "allowed": allowed, **rule})


def made(control: Control, project: str) -> None:
    """Compute Engine was enabled: a project that was made gets it now."""
    if projects.made(control, project):
        make(control, project)


def _unwanted(control: Control, project: str) -> bool:
    """Whether the nearest policy, of the project or above it, says so."""
    above, parent = f"projects/{project}", projects.made(control, project).get("parent") or {}
    while above:
        policy = control.store.get(orgpolicy.POLICIES, f"{above}/policies/{_CONSTRAINT}")
        if policy is not None and (rules := (policy.document.get("spec") or {}).get("rules")):
            return any(rule.get("enforce") for rule in rules)
        if above.startswith("projects/"):
            above = f"{parent['type']}s/{parent['id']}" if parent else ""
        else:
            folder = control.store.get(folders.key, above)
            above = str(folder.document["parent"]) if folder else ""
    return False


def _spring(control: Control, name: str) -> None:
    if found := _NAME.fullmatch(name):
        make(control, found[1])


SPRINGING.append(_spring)
