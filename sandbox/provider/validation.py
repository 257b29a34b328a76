"""What the provider refuses before anything is planned: rules between arguments, and values that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Path, Problem
from sandbox.provider.table import SIBLINGS, Field

Body = Mapping[str, Any]


def problems(fields: Mapping[str, Field], config: Body) -> list[Problem]:
    """Everything wrong with a resource's configuration."""
    return list(_body(fields, config, config, (), ""))


def _body(fields: Mapping[str, Field], body: Body, root: Body, path: Path, dotted: str) -> Iterator[Problem]:
    for name, f in fields.items():
        value = body.get(name)
        here, full = (*path, name), f"{dotted}{name}"
        yield from _rules(f, fields, body, root, here, full)
        if value is None or value is UNKNOWN:
            continue
        if f.values and isinstance(value, str) and value not in (*f.values, ""):
            allowed = " ".join(f'"{allowed}"' for allowed in f.values)
            yield Problem(f"expected {full} to be one of [{allowed}], got {value}", path=here)
        if f.matches and isinstance(value, str) and not re.search(f.matches, value):
            yield Problem(f'"{full}" ("{value}") doesn\'t match regexp "{f.matches}"', path=here)
        if f.nested and isinstance(value, list):
            for at, inner in enumerate(value):
                if isinstance(inner, Mapping):
                    step: Path = (*here, at) if f.kind == "list" else here
                    yield from _body(f.fields, inner, root, step, f"{full}.")


def _rules(f: Field, siblings: Mapping[str, Field], body: Body, root: Body, path: Path, full: str) -> Iterator[Problem]:
    present = _is_set(body.get(f.name))
    if present:
        for other in f.conflicts:
            against = _find(root, other)
            if against is not UNKNOWN and _is_set(against):  # what is unknown may turn out to be absent
                yield Problem("Conflicting configuration arguments", f'"{full}": conflicts with {other}', path)
        if any(_find(root, other) is None for other in f.required_with):
            together = ",".join(sorted({full, *f.required_with}))
            yield Problem("Missing required argument", f'"{full}": all of `{together}` must be specified', path)
    if f.exactly_one and _first(f, "exactly_one", siblings):
        names, values = _group(f, "exactly_one", siblings, body, root, full)
        given = [name for name, value in zip(names, values, strict=True) if _is_set(value)]
        listed = ",".join(sorted(names))
        if len(given) > 1 and UNKNOWN not in values:
            both = ",".join(sorted(given))
            yield Problem(
                "Invalid combination of arguments",
                f'"{full}": only one of `{listed}` can be specified, but `{both}` were specified.',
                path,
            )
        if not given:
            yield Problem("Invalid combination of arguments", f'"{full}": one of `{listed}` must be specified', path)
    if f.at_least_one and _first(f, "at_least_one", siblings):
        names, values = _group(f, "at_least_one", siblings, body, root, full)
        if not any(map(_is_set, values)):
            listed = ",".join(sorted(names))
            yield Problem("Missing required argument", f'"{full}": one of `{listed}` must be specified', path)


def _first(f: Field, rule: str, siblings: Mapping[str, Field]) -> bool:
    """Whether this field is the one of its group that reports."""
    return f.name == next(name for name, other in siblings.items() if getattr(other, rule) == getattr(f, rule))


def _group(
    f: Field, rule: str, siblings: Mapping[str, Field], body: Body, root: Body, full: str
) -> tuple[list[str], list[Any]]:
    paths = getattr(f, rule)
    if paths == (SIBLINGS,):
        names = [name for name, other in siblings.items() if getattr(other, rule)]
        parent = full.removesuffix(f.name)
        return [parent + name for name in names], [body.get(name) for name in names]
    return list(paths), [_find(root, path) for path in paths]


def _is_set(value: Any) -> bool:
    """Whether an argument counts as given; what is unknown does."""
    return value is UNKNOWN or (value is not None and value != [])


def _find(root: Body, dotted: str) -> Any:
    """The value at a path, through the first element of each block."""
    value: Any = root
    for step in dotted.split("."):
        if isinstance(value, list):
            value = value[0] if value else None
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(step) if isinstance(value, Mapping) else None
    return None if value == [] else value
