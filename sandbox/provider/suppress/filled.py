"""What the server adds, fills in, or takes nothing for."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.suppress.registry import rule


@rule("or_empty")
def _or_empty(old: Any, new: Any, argument: str) -> bool:
    """Nothing and the server's default."""
    return {str(old or ""), str(new or "")} == {"", argument}


@rule("left_out")
def _left_out(old: Any, new: Any, argument: str) -> bool:
    """The server's default, and nothing after it; what is said on creation is planned as it is said."""
    return str(old or "") == argument and not new


@rule("once_said")
def _once_said(old: Any, new: Any, _: str) -> bool:
    """What is left out later stays as it was said."""
    return bool(old) and not new


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
    return sorted(repr(_filled(each)) for each in old or []) == sorted(repr(_filled(each)) for each in new or [])


def _filled(value: Any) -> Any:
    """Without what says nothing, as blocks are told apart."""
    if isinstance(value, dict):
        return sorted((name, _filled(inner)) for name, inner in value.items() if inner not in (None, False, "", 0, []))
    return [_filled(inner) for inner in value] if isinstance(value, list) else value


@rule("source_ranges")
def _source_ranges(old: Any, new: Any, argument: str) -> bool:
    """In any order; and from everywhere, which is what the server takes no source to mean."""
    everywhere = list(old or []) in (["0.0.0.0/0"], ["::/0"]) and not new
    return everywhere or _unordered(old, new, argument)


@rule("off_block")
def _off_block(old: Any, new: Any, argument: str) -> bool:
    """No block, and one that switches nothing on; `:later` once the resource is there, `:gone` where the block goes."""
    return _is_off(old) and (not new if argument == "gone" else _is_off(new))


def _is_off(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_off, value))
    if isinstance(value, dict):
        return all(map(_is_off, value.values()))
    return value in (None, False, "", 0, "Disabled", "VERSION_POLICY_UNSPECIFIED")


@rule("filled_by_server")
def _filled_by_server(old: Any, new: Any, _: str) -> bool:
    """A block whose arguments left out the server fills in."""
    if not old or not new:
        return False
    return all(old[0].get(name) == value for name, value in new[0].items() if value)


@rule("secondary_range")
def _secondary_range(old: Any, new: Any, _: str) -> bool:
    """`auto`, and the range that was chosen."""
    return bool(old) and isinstance(new, str) and new.lower() == "auto"


@rule("minor_version")
def _minor_version(old: Any, new: Any, _: str) -> bool:
    """MySQL 8.0 and a minor version that it was brought to by itself."""
    return new == "MYSQL_8_0" and isinstance(old, str) and old.startswith("MYSQL_8_0_")


@rule("maintenance_version")
def _maintenance_version(old: Any, new: Any, _: str) -> bool:
    """A release by its date, of whichever version of the engine: one that is not newer is there already."""
    dated = len("20260101.00_00")
    return all(isinstance(each, str) and len(each) > dated for each in (old, new)) and old[-dated:] >= new[-dated:]


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
