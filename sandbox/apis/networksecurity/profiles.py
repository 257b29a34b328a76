"""Security profiles and their groups, which rules of firewall policies name."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.address_groups import POLICIES
from sandbox.apis.networksecurity.common import everywhere, must, one_of, only_global
from sandbox.control import above
from sandbox.control.collection import etag
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.referring import keep_used, relative
from sandbox.control.store import Resource

Json = dict[str, Any]
KINDS = {
    "THREAT_PREVENTION": "threatPreventionProfile",
    "URL_FILTERING": "urlFilteringProfile",
    "CUSTOM_MIRRORING": "customMirroringProfile",
    "CUSTOM_INTERCEPT": "customInterceptProfile",
}
"""What each type of a profile says more of, and which field of a group names one."""
_ACTIONS = ("ALERT", "ALLOW", "DEFAULT_ACTION", "DENY")
_OVERRIDES = {
    "severityOverrides": ("severity", ("CRITICAL", "HIGH", "INFORMATIONAL", "LOW", "MEDIUM")),
    "antivirusOverrides": ("protocol", ("SMTP", "SMB", "POP3", "IMAP", "HTTP2", "HTTP", "FTP")),
    "threatOverrides": ("threatId", ()),
}

profiles, organization_profiles = everywhere(
    "securityProfiles/{profile}",
    "SecurityProfile",
    "securityProfileId",
    required=("type",),
    immutable=("type",),
    output_only=("etag",),
)
groups, organization_groups = everywhere(
    "securityProfileGroups/{group}",
    "SecurityProfileGroup",
    "securityProfileGroupId",
    output_only=("etag", "dataPathId"),
)


@profiles.checked
@organization_profiles.checked
async def check_profile(profile: Resource, call: Call) -> None:
    """Of one type, with what that type says."""
    above.check_number(call)
    only_global(call)
    one_of(profile.document, "type", tuple(KINDS))
    _check_profile(profile, call)


def _check_profile(profile: Resource, call: Call) -> None:
    document = profile.document
    document["etag"] = etag(profile, call)
    own = KINDS[document["type"]]
    for field in KINDS.values():
        if field != own and document.get(field):
            raise invalid_argument(f"{field} is not of the type {document['type']}.", {field: "another type"})
    said = document.get(own) or {}
    if own == "threatPreventionProfile":
        _check_threats(said)
    elif own == "urlFilteringProfile":
        _check_filters(said)
    else:
        kind = "mirroring" if own.startswith("customMirroring") else "intercept"
        group = must(said.get(f"{kind}EndpointGroup"), f"networksecurity.{kind}EndpointGroups", call, "endpoint group")
        if kind == "mirroring":
            said["mirroringEndpointGroupType"] = group.document["type"]


def _check_threats(said: Json) -> None:
    for field, (key, known) in _OVERRIDES.items():
        seen = []
        for override in said.get(field) or []:
            one_of(override, "action", _ACTIONS)
            if known:
                one_of(override, key, known)
            seen.append(override.get(key))
        if len(set(seen)) < len(seen) or not all(seen):
            raise invalid_argument(f"{field} has each {key} once.", {field: "repeated"})


def _check_filters(said: Json) -> None:
    seen = []
    for one in said.get("urlFilters") or []:
        one_of(one, "filteringAction", ("ALLOW", "DENY"))
        seen.append(int(one.get("priority") or 0))
    if len(set(seen)) < len(seen):
        raise invalid_argument("urlFilters have priorities of their own.", {"urlFilters.priority": "repeated"})


@profiles.on_delete
@organization_profiles.on_delete
async def keep_profile(profile: Resource, call: Call) -> None:
    """One that a group has can't go."""
    keep_used(profile, call, groups.key)


@groups.checked
@organization_groups.checked
async def check_group(group: Resource, call: Call) -> None:
    """One profile of each type, of those that are there."""
    above.check_number(call)
    only_global(call)
    group.document.setdefault("dataPathId", str(int(call.control.hex(5), 16)))
    _check_group(group, call)


def _check_group(group: Resource, call: Call) -> None:
    document = group.document
    document["etag"] = etag(group, call)
    named = {field: kind for kind, field in KINDS.items() if document.get(field)}
    if not named:
        raise invalid_argument(f"One of {', '.join(KINDS.values())} is needed.")
    for field, kind in named.items():
        found = must(document[field], profiles.key, call, "security profile")
        if found.document["type"] != kind:
            raise invalid_argument(f"'{document[field]}' is of the type {found.document['type']}.", {field: kind})
        if relative(found.name, call).split("/")[:2] != group.name.split("/")[:2]:
            raise invalid_argument(f"'{document[field]}' is of another parent.", {field: "another parent"})


@groups.on_delete
@organization_groups.on_delete
async def keep_group(group: Resource, call: Call) -> None:
    """One that a rule of a firewall policy names can't go."""
    keep_used(group, call, *POLICIES)
