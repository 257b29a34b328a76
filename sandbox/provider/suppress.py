"""Differences that mean nothing: two spellings of one value.

A field names its rule in the table (`suppress=duration`, with an argument `suppress=or_empty:180s`). A rule gets
the value in the state and the one in the configuration, None where there is none, and its argument.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

Rule = Callable[[Any, Any, str], bool]
_RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a rule under the name that tables use."""

    def register(function: Rule) -> Rule:
        _RULES[name] = function
        return function

    return register


def suppressed(name: str, old: Any, new: Any) -> bool:
    """Whether the difference between `old` and `new` is to be ignored. Raises KeyError for an unknown rule."""
    rule_name, _, argument = name.partition(":")
    return _RULES[rule_name](old, new, argument)


def names() -> frozenset[str]:
    """The rules there are."""
    return frozenset(_RULES)


@rule("duration")
def _duration(old: Any, new: Any, _: str) -> bool:
    """`1.5s` and `1.500s`."""
    return seconds(old) is not None and seconds(old) == seconds(new)


@rule("duration_or_zero")
def _duration_or_zero(old: Any, new: Any, _: str) -> bool:
    """As durations; the server doesn't tell one of zero."""
    return (not old and new == "0s") or _duration(old, new, "")


def seconds(value: Any) -> float | None:
    """A duration as Google writes it, in seconds; None where it is not one.

    >>> seconds("3600s")
    3600.0
    """
    if not isinstance(value, str) or not value:
        return None
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    total, digits = 0.0, ""
    for character in value:
        if character.isdigit() or character == ".":
            digits += character
        elif character in units and digits:
            total, digits = total + float(digits) * units[character], ""
        else:
            return None
    return None if digits else total


@rule("short_name")
def _short_name(old: Any, new: Any, _: str) -> bool:
    """`projects/p/topics/t` and `t`; two full names are compared whole."""
    if not old or not new or not isinstance(old, str) or not isinstance(new, str):
        return False
    if "/" in old and "/" in new:
        return relative_name(old) == relative_name(new)
    return old.rpartition("/")[2] == new.rpartition("/")[2]


def relative_name(link: str) -> str:
    """A resource's name without the host and version of a self link."""
    at = link.find("projects/")
    return link[at:] if at > 0 and "://" in link else link


@rule("links")
def _links(old: Any, new: Any, _: str) -> bool:
    """The same resources, each by whatever spelling of its name, in any order."""
    return sorted(map(relative_name, old or [])) == sorted(map(relative_name, new or []))


@rule("links_in_order")
def _links_in_order(old: Any, new: Any, _: str) -> bool:
    """The same resources in the same order, each by whatever spelling of its name."""
    return [relative_name(one) for one in old or []] == [relative_name(one) for one in new or []]


@rule("project_number")
def _project_number(old: Any, new: Any, _: str) -> bool:
    """`projects/123` and `projects/my-project`, whatever follows."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    before, after = old.split("/", 2), new.split("/", 2)
    if min(len(before), len(after)) < 2 or not before[0] == after[0] == "projects":
        return False
    return before[1].isdigit() != after[1].isdigit() and before[2:] == after[2:]


@rule("port_range")
def _port_range(old: Any, new: Any, _: str) -> bool:
    """`443` and `443-443`."""
    return bool(old) and bool(new) and _ports(old) == _ports(new)


def _ports(text: str) -> tuple[str, str]:
    low, _, high = text.partition("-")
    return low, high or low


@rule("domains")
def _domains(old: Any, new: Any, _: str) -> bool:
    """Domains, with and without the dot at their end."""
    return [d.rstrip(".") for d in old or []] == [d.rstrip(".") for d in new or []]


@rule("records")
def _records(old: Any, new: Any, _: str) -> bool:
    """DNS answers in any order; case and quotes mean nothing."""
    return sorted(map(_plain_record, old or [])) == sorted(map(_plain_record, new or []))


def _plain_record(data: str) -> str:
    return data.lower().strip('"')


@rule("case")
def _case(old: Any, new: Any, _: str) -> bool:
    return bool(old) and isinstance(new, str) and old.casefold() == new.casefold()


@rule("json")
def _json(old: Any, new: Any, _: str) -> bool:
    try:
        return bool(json.loads(old) == json.loads(new))
    except (TypeError, ValueError):
        return False


@rule("member")
def _member(old: Any, new: Any, _: str) -> bool:
    """IAM lower-cases the part after the kind of member."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    return normal_member(old) == normal_member(new)


@rule("members")
def _members(old: Any, new: Any, _: str) -> bool:
    """The same members, however they are spelt."""
    if not isinstance(old, list) or not isinstance(new, list) or not all(isinstance(one, str) for one in old + new):
        return False
    return {normal_member(one) for one in old} == {normal_member(one) for one in new}


@rule("policy")
def _policy(old: Any, new: Any, _: str) -> bool:
    """The same grants and audit configurations, in whatever order and spelling."""
    if not old and not new:
        return True
    try:
        return bool(old) and bool(new) and _granted(json.loads(old)) == _granted(json.loads(new))
    except (TypeError, ValueError, AttributeError, KeyError):
        return False


def _granted(policy: dict[str, Any]) -> tuple[Any, ...]:
    members: dict[tuple[str, ...], set[str]] = {}
    for binding in policy.get("bindings") or []:
        condition = binding.get("condition") or {}
        key = (binding["role"], *(condition.get(part) or "" for part in ("title", "description", "expression")))
        members.setdefault(key, set()).update(map(normal_member, binding.get("members") or []))
    exempted: dict[tuple[str, str], set[str]] = {}
    for config in policy.get("auditConfigs") or []:
        for log in config.get("auditLogConfigs") or []:
            exempted.setdefault((config["service"], log["logType"]), set()).update(log.get("exemptedMembers") or [])
    granted = {key: held for key, held in members.items() if held}
    return granted, exempted, policy.get("etag") or "", policy.get("version") or 0


def normal_member(member: str) -> str:
    """A member as IAM writes it: case counts only in federated identities.

    >>> normal_member("user:Ann@Example.com")
    'user:ann@example.com'
    """
    if member.startswith(("principal:", "principalSet:", "principalHierarchy:", "iamMember:")) or ":" not in member:
        return member
    kind, _, rest = member.partition(":")
    if kind == "deleted":
        inner, _, rest = rest.partition(":")
        kind = f"{kind}:{inner}"
    return f"{kind}:{rest.lower()}"


@rule("or_empty")
def _or_empty(old: Any, new: Any, argument: str) -> bool:
    """Nothing and the server's default."""
    return {str(old or ""), str(new or "")} == {"", argument}


@rule("prefix")
def _prefix(old: Any, new: Any, argument: str) -> bool:
    """With and without what it may begin with."""
    return str(new) == f"{argument}{old}" or str(old) == f"{argument}{new}"


@rule("leading_slash")
def _leading_slash(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and old == f"/{new}"


@rule("blanks")
def _blanks(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and isinstance(new, str) and old.strip() == new.strip()


@rule("once_on")
def _once_on(old: Any, new: Any, _: str) -> bool:
    """What can't be switched off again."""
    return old is True and not new


@rule("missing_project")
def _missing_project(old: Any, new: Any, _: str) -> bool:
    """Labels to which the server adds the project where they don't tell it."""
    standing, wanted = old or {}, new or {}
    return "project_id" not in wanted and {k: v for k, v in standing.items() if k != "project_id"} == wanted


@rule("dashboard")
def _dashboard(old: Any, new: Any, _: str) -> bool:
    """A dashboard to which the server adds fields of its own, such as its name and etag."""
    try:
        return bool(_pruned(json.loads(old), json.loads(new)) == json.loads(new))
    except (TypeError, ValueError):
        return False


def _pruned(standing: Any, wanted: Any) -> Any:
    """What stands, without the keys that nobody wants."""
    if isinstance(standing, dict) and isinstance(wanted, dict):
        return {key: _pruned(value, wanted[key]) for key, value in standing.items() if key in wanted}
    if isinstance(standing, list) and isinstance(wanted, list):
        pairs = zip(standing, wanted, strict=False)
        return [_pruned(a, b) for a, b in pairs] + standing[len(wanted) :]
    return standing


@rule("last_slash")
def _last_slash(old: Any, new: Any, _: str) -> bool:
    return isinstance(old, str) and isinstance(new, str) and bool(old) and old.rstrip("/") == new.rstrip("/")


@rule("missing_key")
def _missing_key(old: Any, new: Any, argument: str) -> bool:
    """A map with a key that the server does not tell."""
    return argument in (new or {}) and {k: v for k, v in new.items() if k != argument} == (old or {})


@rule("server_key")
def _server_key(old: Any, new: Any, argument: str) -> bool:
    """A map with a key that the server adds."""
    return bool(old) and argument not in (new or {}) and {k: v for k, v in old.items() if k != argument} == (new or {})


@rule("index_fields")
def _index_fields(old: Any, new: Any, _: str) -> bool:
    """Fields of an index, to which the server adds the document's name."""
    before, after = old or [], new or []
    if len(before) != len(after) + 1 or before[-1].get("field_path") != "__name__":
        return False
    pairs = zip(before[:-1], after, strict=True)
    return all(known.get(key) == value for known, given in pairs for key, value in given.items() if value)


@rule("unordered")
def _unordered(old: Any, new: Any, _: str) -> bool:
    return sorted(map(repr, old or [])) == sorted(map(repr, new or []))


@rule("source_ranges")
def _source_ranges(old: Any, new: Any, argument: str) -> bool:
    """In any order; and from everywhere, which is what the server takes no source to mean."""
    everywhere = list(old or []) in (["0.0.0.0/0"], ["::/0"]) and not new
    return everywhere or _unordered(old, new, argument)


@rule("off_block")
def _off_block(old: Any, new: Any, _: str) -> bool:
    """No block, and a block that switches nothing on; with `:later` only once the resource is there."""
    return _is_off(old) and _is_off(new)


def _is_off(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_off, value))
    if isinstance(value, dict):
        return all(map(_is_off, value.values()))
    return value in (None, False, "", 0, "Disabled")


@rule("filled_by_server")
def _filled_by_server(old: Any, new: Any, _: str) -> bool:
    """A block whose arguments left out the server fills in."""
    if not old or not new:
        return False
    return all(old[0].get(name) == value for name, value in new[0].items() if value)


@rule("kms_version")
def _kms_version(old: Any, new: Any, _: str) -> bool:
    """A key, and the version of it that was used."""
    return bool(old) and bool(new) and old.partition("/cryptoKeyVersions")[0] == new.partition("/cryptoKeyVersions")[0]


@rule("bigquery_connection")
def _bigquery_connection(old: Any, new: Any, _: str) -> bool:
    """`projects/p/locations/l/connections/c` and `p.l.c`."""
    return bool(old) and bool(new) and _connection(old) == _connection(new)


def _connection(name: str) -> list[str]:
    parts = name.split("/")
    return [part.lower() for part in (parts[1::2] if len(parts) == 6 else name.split("."))]


@rule("secondary_range")
def _secondary_range(old: Any, new: Any, _: str) -> bool:
    """`auto`, and the range that was chosen."""
    return bool(old) and isinstance(new, str) and new.lower() == "auto"


@rule("iam_user")
def _iam_user(old: Any, new: Any, _: str) -> bool:
    """MySQL knows an account by what stands before the @."""
    return bool(old) and bool(new) and old == new.partition("@")[0]


@rule("minor_version")
def _minor_version(old: Any, new: Any, _: str) -> bool:
    """MySQL 8.0 and a minor version that it was brought to by itself."""
    return new == "MYSQL_8_0" and isinstance(old, str) and old.startswith("MYSQL_8_0_")


@rule("limits")
def _limits(old: Any, new: Any, _: str) -> bool:
    """Amounts of cpu and memory in other units; those left out are the server's."""
    if not old or not new:
        return False
    # An amount of null is one that is left out.
    given = {name: value for name, value in new.items() if value is not None}
    return all(name in old and amount(old[name]) == amount(value) for name, value in given.items())


_UNITS = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def amount(quantity: str) -> float | str:
    """A Kubernetes quantity as a number; unchanged where it is none.

    >>> amount("1000m") == amount("1"), amount("1Gi")
    (True, 1073741824.0)
    """
    for unit in sorted(_UNITS, key=len, reverse=True):
        if quantity.endswith(unit):
            number, factor = quantity.removesuffix(unit), _UNITS[unit]
            break
    else:
        number, factor = quantity, 1
    try:
        return float(number) * factor
    except ValueError:
        return quantity


@rule("link")
def _link(old: Any, new: Any, _: str) -> bool:
    """The same resource by two spellings of its name, whether its project is told by name or number."""
    if not isinstance(old, str) or not isinstance(new, str) or "projects/" not in old or "projects/" not in new:
        return False
    before, after = relative_name(old), relative_name(new)
    return before == after or _project_number(before, after, "")


@rule("optional_name")
def _optional_name(old: Any, new: Any, _: str) -> bool:
    """As names; what the server chose stays where nothing is said."""
    return not new or _short_name(old, new, "")


@rule("blank")
def _blank(old: Any, new: Any, _: str) -> bool:
    """A blank means that there is none."""
    return {old or "", new or ""} == {"", " "}


@rule("internal_ip")
def _internal_ip(old: Any, new: Any, _: str) -> bool:
    """An address by another spelling, or by the name of what is reserved, which tells no number."""
    before, _, mask = str(old or "").partition("/")
    after, _, other = str(new or "").partition("/")
    try:
        standing = ip_address(before)
    except ValueError:
        return False
    try:
        return standing == ip_address(after) and (not mask or not other or mask == other)
    except ValueError:
        return True


@rule("revision_annotations")
def _revision_annotations(old: Any, new: Any, _: str) -> bool:
    """What Cloud Run adds to a revision's annotations, and what the sandbox's v1 tells of v2's defaults."""
    run = "run.googleapis.com/"
    theirs = {f"{run}sandbox", "autoscaling.knative.dev/maxScale", f"{run}cpu-throttling", f"{run}startup-cpu-boost"}
    return _added(old, new) <= theirs


@rule("revision_labels")
def _revision_labels(old: Any, new: Any, _: str) -> bool:
    """What Cloud Run adds to a revision's labels."""
    return _added(old, new) <= {"run.googleapis.com/startupProbeType"}


def _added(old: Any, new: Any) -> set[str]:
    """The keys that a map has besides another's, where it has the other's values; else all of both."""
    before, after = old or {}, new or {}
    if any(before.get(key) != value for key, value in after.items()):
        return {*before, *after}
    return before.keys() - after.keys()
