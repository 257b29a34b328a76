"""One resource named in two ways."""

from __future__ import annotations

from typing import Any

from sandbox.provider.suppress.registry import rule


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


@rule("short_names_in_any_order")
def _short_names_in_any_order(old: Any, new: Any, _: str) -> bool:
    """Resources of the same names, wherever they are told to be, in any order."""
    return sorted(map(last_part, old or [])) == sorted(map(last_part, new or []))


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


def without_version(key: str) -> str:
    """A key's name, of one that may say the version of it that was used."""
    return key.partition("/cryptoKeyVersions")[0]


@rule("kms_version")
def _kms_version(old: Any, new: Any, _: str) -> bool:
    """A key, and the version of it that was used."""
    return bool(old) and bool(new) and without_version(old) == without_version(new)


def last_part(name: Any) -> str:
    """The end of a name that may be a full one."""
    return str(name or "").rpartition("/")[2]


@rule("last_part")
def _last_part(old: Any, new: Any, _: str) -> bool:
    """Names that end alike, whatever they are below."""
    return last_part(old) == last_part(new)


@rule("monitored_project")
def _monitored_project(old: Any, new: Any, _: str) -> bool:
    """As by their ends, and a project told by its id and by a number: which one it is isn't looked at."""
    if not old or not new:
        return False
    before, after = last_part(old), last_part(new)
    return before == after or before.isdigit() != after.isdigit()


@rule("bigquery_connection")
def _bigquery_connection(old: Any, new: Any, _: str) -> bool:
    """`projects/p/locations/l/connections/c` and `p.l.c`."""
    return bool(old) and bool(new) and _connection(old) == _connection(new)


def _connection(name: str) -> list[str]:
    parts = name.split("/")
    return [part.lower() for part in (parts[1::2] if len(parts) == 6 else name.split("."))]


@rule("replica_name")
def _replica_name(old: Any, new: Any, _: str) -> bool:
    """`PROJECT:INSTANCE`, of which the project may be left out."""
    texts = [str(old or ""), str(new or "")]
    if all(":" in text for text in texts):
        return texts[0] == texts[1]
    return texts[0].rpartition(":")[2] == texts[1].rpartition(":")[2]
