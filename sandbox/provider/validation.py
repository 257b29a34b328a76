"""What the provider refuses before anything is planned: rules between arguments, and values that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Path, Problem
from sandbox.provider.fields import SIBLINGS, Field

Body = Mapping[str, Any]
Root = tuple[Mapping[str, Field], Body]


def problems(fields: Mapping[str, Field], config: Body) -> list[Problem]:
    """Everything wrong with a resource's configuration."""
    return list(_body(fields, config, (fields, config), (), ""))


def _body(fields: Mapping[str, Field], body: Body, root: Root, path: Path, dotted: str) -> Iterator[Problem]:
    for name, f in fields.items():
        value = body.get(name)
        here, full = (*path, name), f"{dotted}{name}"
        yield from _rules(f, fields, body, root, here, full)
        if value is None or value is UNKNOWN:
            continue
        if f.values:
            yield from _words(f, value, here, full)
        if f.range != (None, None):
            yield from _number(f, float(value), here, full)
        if f.matches and isinstance(value, str) and not re.search(f.matches, value):
            yield Problem(f'"{full}" ("{value}") doesn\'t match regexp "{f.matches}"', path=here)
        if f.nested and isinstance(value, list):
            for at, inner in enumerate(value):
                if isinstance(inner, Mapping):
                    step: Path = (*here, at) if f.kind == "list" else here
                    yield from _body(f.fields, inner, root, step, f"{full}.")


def _words(f: Field, value: Any, path: Path, full: str) -> Iterator[Problem]:
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, str) and one not in (*f.values, ""):
            allowed = " ".join(f'"{allowed}"' for allowed in f.values)
            yield Problem(f"expected {full} to be one of [{allowed}], got {one}", path=path)


def _number(f: Field, value: float, path: Path, full: str) -> Iterator[Problem]:
    least, most = f.range
    if (least is None or value >= least) and (most is None or value <= most):
        return
    if most is None:
        wanted = f"at least ({least:.10g})"
    elif least is None:
        wanted = f"at most ({most:.10g})"
    else:
        wanted = f"in the range ({least:.10g} - {most:.10g})"
    yield Problem(f"expected {full} to be {wanted}, got {value:.10g}", path=path)


def _rules(f: Field, siblings: Mapping[str, Field], body: Body, root: Root, path: Path, full: str) -> Iterator[Problem]:
    if _given(f, body) is not None:
        for other in f.conflicts:
            if _find(root, other) not in (None, UNKNOWN):  # what is unknown may turn out to be absent
                yield Problem("Conflicting configuration arguments", f'"{full}": conflicts with {other}', path)
        if any(_find(root, other) is None for other in f.required_with):
            together = ",".join(sorted({full, *f.required_with}))
            yield Problem("Missing required argument", f'"{full}": all of `{together}` must be specified', path)
    if f.exactly_one and _first(f, "exactly_one", siblings):
        names, values = _group(f, "exactly_one", siblings, body, root, full)
        given = [name for name, value in zip(names, values, strict=True) if value not in (None, UNKNOWN)]
        listed = ",".join(sorted(names))
        if len(given) > 1:
            both = ",".join(sorted(given))
            yield Problem(
                "Invalid combination of arguments",
                f'"{full}": only one of `{listed}` can be specified, but `{both}` were specified.',
                path,
            )
        if not given and UNKNOWN not in values:
            yield Problem("Invalid combination of arguments", f'"{full}": one of `{listed}` must be specified', path)
    if f.at_least_one and _first(f, "at_least_one", siblings):
        names, values = _group(f, "at_least_one", siblings, body, root, full)
        if all(value is None for value in values):
            listed = ",".join(sorted(names))
            yield Problem("Missing required argument", f'"{full}": one of `{listed}` must be specified', path)


def _first(f: Field, rule: str, siblings: Mapping[str, Field]) -> bool:
    """Whether this field is the one of its group that reports."""
    return f.name == next(name for name, other in siblings.items() if getattr(other, rule) == getattr(f, rule))


def _group(
    f: Field, rule: str, siblings: Mapping[str, Field], body: Body, root: Root, full: str
) -> tuple[list[str], list[Any]]:
    paths = getattr(f, rule)
    if paths == (SIBLINGS,):
        names = [name for name, other in siblings.items() if getattr(other, rule)]
        parent = full.removesuffix(f.name)
        return [parent + name for name in names], [_given(siblings[name], body) for name in names]
    return list(paths), [_find(root, path) for path in paths]


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
