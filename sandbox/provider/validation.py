"""What the provider refuses before anything is planned: rules between arguments, and values that cannot be.

The order is the one of Terraform's SDK: an argument that breaks a rule isn't looked at further, nor is one that holds
anything unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sandbox.provider.checks import checked
from sandbox.provider.codec import UNKNOWN, is_known
from sandbox.provider.diagnostics import Path, Problem
from sandbox.provider.fields import SIBLINGS, Field
from sandbox.provider.plan import number

Body = Mapping[str, Any]
Root = tuple[Mapping[str, Field], Body]


def problems(fields: Mapping[str, Field], config: Body) -> list[Problem]:
    """Everything wrong with a resource's configuration."""
    return list(_body(fields, config, (fields, config), (), ""))


def _body(fields: Mapping[str, Field], body: Body, root: Root, path: Path, dotted: str) -> Iterator[Problem]:
    for name, f in fields.items():
        here, full, value = (*path, name), f"{dotted}{name}", _given(f, body)
        if wrong := _group_rule(f, fields, body, root, full):
            yield Problem(*wrong, path=here)
        elif value is None:
            continue
        elif wrong := _required_with(f, root, full):
            yield Problem(*wrong, path=here)
        elif not is_known(value):
            continue
        elif wrong := _conflict(f, root, full):
            yield Problem(*wrong, path=here)
        else:
            yield from _value(f, value, root, here, full)
            if f.advice:
                yield Problem("Argument is deprecated", f.advice, here, warning=True)


def _value(f: Field, value: Any, root: Root, path: Path, full: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        inside = f.nested and isinstance(value, Mapping)
        yield from _body(f.fields, value, root, path, f"{full}.") if inside else _wrong(f, value, path, full)
        return
    if 0 < f.max_items < len(value):
        detail = f"Attribute {full} supports {f.max_items} item maximum, but config has {len(value)} declared."
        yield Problem("Too many list items", detail, path)
        return
    if len(value) < f.min_items:
        detail = f"Attribute {full} requires {f.min_items} item minimum, but config has only {len(value)} declared."
        yield Problem("Not enough list items", detail, path)
        return
    for at, one in enumerate(value):
        here: Path = (*path, at) if f.kind == "list" else path
        if f.nested and isinstance(one, Mapping):
            found = _body(f.fields, one, root, here, f"{full}.{at}.")
        else:
            found = _wrong(f, one, here, f"{full}.{at}")
        # The members of a set have no number: of several none can be pointed at.
        nameless = f.kind == "set" and len(value) > 1
        yield from (replace(problem, path=path) for problem in found) if nameless else found


def _wrong(f: Field, value: Any, path: Path, full: str) -> Iterator[Problem]:
    if "number" in (f.kind, f.element):
        value = number(value)
    if f.values and isinstance(value, str) and not _is_one_of(f, value):
        allowed = " ".join(f'"{allowed}"' for allowed in f.values)
        yield Problem(f"expected {full} to be one of [{allowed}], got {value}", path=path)
    if f.range != (None, None):
        yield from _number(f, value, path, full)
    if f.matches and isinstance(value, str) and not _as_go(f.matches).search(value):
        shown = f.matches.replace("\\", "\\\\")
        yield Problem(f'"{full}" ("{value}") doesn\'t match regexp "{shown}"', path=path)
    for name in f.checks:
        for sentence, warning in checked(name, value, full):
            yield Problem(sentence, path=path, warning=warning)


def _is_one_of(f: Field, value: str) -> bool:
    return value in f.values or (f.any_case and value.casefold() in map(str.casefold, f.values))


@cache
def _as_go(pattern: str) -> re.Pattern[str]:
    """As Go matches: a dollar is the end of the text, and not before its last line break."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))


def _number(f: Field, value: float, path: Path, full: str) -> Iterator[Problem]:
    least, most = f.range
    if (least is None or value >= least) and (most is None or value <= most):
        return
    ends = [end for end in f.range if end is not None]
    whole = not any(isinstance(end, float) for end in ends)
    shown = " - ".join(_spelt(end, whole) for end in ends)
    words = "at least" if most is None else "at most" if least is None else "in the range"
    wanted = f"{words} ({shown})"
    yield Problem(f"expected {full} to be {wanted}, got {_spelt(value, whole)}", path=path)


def _spelt(number: float, whole: bool) -> str:
    """As Go writes it: six places, or none where the number is to be whole."""
    return str(int(number)) if whole and number == int(number) else f"{number:.10g}" if whole else f"{number:f}"


Wrong = tuple[str, str] | None


def _group_rule(f: Field, siblings: Mapping[str, Field], body: Body, root: Root, full: str) -> Wrong:
    """The rules of a group: each argument that has one reports, given or not."""
    if f.exactly_one:
        group = _group(f, "exactly_one", siblings, body, root, full)
        listed = ",".join(sorted(group))
        given = sorted(name for name, value in group.items() if value is not None and is_known(value))
        if len(given) > 1:
            what = f'"{full}": only one of `{listed}` can be specified, but `{",".join(given)}` were specified.'
            return "Invalid combination of arguments", what
        if all(value is None for value in group.values()):
            return "Invalid combination of arguments", f'"{full}": one of `{listed}` must be specified'
    if f.at_least_one:
        group = _group(f, "at_least_one", siblings, body, root, full)
        if all(value is None for value in group.values()):
            listed = ",".join(sorted(group))
            return "Missing required argument", f'"{full}": one of `{listed}` must be specified'
    return None


def _required_with(f: Field, root: Root, full: str) -> Wrong:
    if all(_find(root, other) is not None for other in f.required_with):
        return None
    together = ",".join(sorted({full, *(_numbered(root, other) for other in f.required_with)}))
    return "Missing required argument", f'"{full}": all of `{together}` must be specified'


def _conflict(f: Field, root: Root, full: str) -> Wrong:
    for other in f.conflicts:
        if _find(root, other) not in (None, UNKNOWN):  # what is unknown may turn out to be absent
            return "Conflicting configuration arguments", f'"{full}": conflicts with {_numbered(root, other)}'
    return None


def _group(f: Field, rule: str, siblings: Mapping[str, Field], body: Body, root: Root, full: str) -> dict[str, Any]:
    """The values of a group by their names."""
    paths = getattr(f, rule)
    if paths == (SIBLINGS,):
        parent = full.removesuffix(f.name)
        members = {name: other for name, other in siblings.items() if getattr(other, rule) == paths}
        return {parent + name: _given(other, body) for name, other in members.items()}
    return {full: _given(f, body), **{_numbered(root, path): _find(root, path) for path in paths}}


def _given(f: Field, body: Body) -> Any:
    """An argument's value, None where it isn't given: an empty list is, no blocks of a type are not."""
    value = body.get(f.name)
    return None if f.nested and value == [] else value


def _find(root: Root, dotted: str) -> Any:
    """The value at a path, through the first element of each block."""
    fields: Mapping[str, Field] = root[0]
    found: Any = root[1]
    for step in dotted.split("."):
        if found is UNKNOWN:
            return UNKNOWN
        if isinstance(found, list):
            found = found[0]
        if not isinstance(found, Mapping) or step not in fields:
            return None
        found, fields = _given(fields[step], found), fields[step].fields
    return found


def _numbered(root: Root, dotted: str) -> str:
    """A path as errors spell it: with the number of each block on the way, which is the first."""
    fields, spelt = root[0], []
    *way, last = dotted.split(".")
    for step in way:
        spelt += [step, "0"] if step in fields and fields[step].kind != "single" else [step]
        fields = fields[step].fields if step in fields else {}
    return ".".join((*spelt, last))
