"""What is dangerous about a change, in words; the order of the list is the order of the comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..plans.grants import PUBLIC, given_to_the_public, granted, is_grant
from ..plans.model import DANGER, Change
from ..plans.ranges import let_everybody_in

DESTROYS, REPLACES, FORGETS = "destroys", "replaces", "forgets"
WIDENS, EXPOSES, UNPROTECTS = "widens access", "exposes to the public", "lifts protection"
ORDER = (DESTROYS, REPLACES, FORGETS, WIDENS, EXPOSES, UNPROTECTS)
# Turned off, they let something be destroyed.
_PROTECTIONS = ("deletion_protection", "deletion_protection_enabled", "prevent_destroy")
_RELEASES = ("force_destroy", "delete_contents_on_destroy")


def dangers(change: Change) -> list[str]:
    """What is dangerous about a change, the worst first."""
    found = set(_dangers(change))
    return [danger for danger in ORDER if danger in found]


def order(change: Change) -> tuple[int, int, str]:
    """Sorts changes by danger, then by what is done, then by address."""
    worst = min((ORDER.index(danger) for danger in dangers(change)), default=len(ORDER))
    return worst, DANGER.index(change.action), change.address


def _dangers(change: Change) -> Iterator[str]:
    grant = is_grant(change.type)
    before, after = change.before or {}, change.after or {}
    # A grant that goes takes access away: it is told, not feared.
    if change.action == "delete" and not grant:
        yield DESTROYS
    if change.action == "replace" and not grant:
        yield REPLACES
    if change.action == "forget":
        yield FORGETS
    if change.action in ("create", "update", "replace"):
        if grant and _grants(change.type, after) - _grants(change.type, before):
            yield WIDENS
        if _public(change.type, after) and not _public(change.type, before):
            yield EXPOSES
    if change.action in ("update", "replace"):
        off = any(before.get(name) is True and after.get(name) is False for name in _PROTECTIONS)
        on = any(not before.get(name) and after.get(name) is True for name in _RELEASES)
        if off or on:
            yield UNPROTECTS


def _grants(type: str, values: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    found = granted(type, values) if values else []
    return {(str(role), str(member), str(condition or "")) for role, member, condition in found}


def _public(type: str, values: Mapping[str, Any]) -> bool:
    if is_grant(type):
        return bool({member for _, member, _ in _grants(type, values)} & set(PUBLIC))
    if type == "google_storage_bucket":
        return bool(values) and values.get("public_access_prevention") != "enforced"
    if type == "google_cloud_run_v2_service":
        return values.get("ingress") == "INGRESS_TRAFFIC_ALL" or values.get("invoker_iam_disabled") is True
    if type == "google_sql_database_instance":
        settings = (values.get("settings") or [{}])[0] or {}
        address = (settings.get("ip_configuration") or [{}])[0] or {}
        return bool(address.get("ipv4_enabled"))
    if type == "google_compute_firewall":
        open_to = values.get("direction") == "INGRESS" and values.get("allow")
        return bool(open_to) and let_everybody_in(values.get("source_ranges"))
    if type in ("google_compute_global_forwarding_rule", "google_compute_forwarding_rule"):
        return str(values.get("load_balancing_scheme", "")).startswith("EXTERNAL")
    return bool(given_to_the_public(type, values))
