"""The fields of a table: what a line of one may say.

A field's type is `string`, `number`, `bool`, `list(T)`, `set(T)`, `map(T)`, or for nested fields `list` or `set`, with
`[max]`, `[min..]` or `[min..max]`. Words after it: `required`, `computed` (alone: set by the server only; after
`optional`: either), `forces_new`, `sensitive`, `write_only`, `deprecated` (with what to use instead:
`deprecated=JSON`), `local` (not in the API), `from_provider` (defaults to the provider's setting of that name, at
plan), `keep_empty` (an empty block means something), `array` (an array in the API, though one block at most), `unread`
(taken by the API, not told), `stays` (as it was, where the API tells nothing or a zero), `told` (kept as the API tells
it, in full, though the id has its end), `lent` (where it lacks the provider's setting stands in, and is not kept),
`default=JSON`, `suppress=RULE`, `api=NAME` (where it is not the name in camelCase; a leading slash starts at the
document's root), `values=A|B` (an empty last one is the empty text; with `any_case` whatever their case),
`range=LEAST..MOST` (either may be left out; with a point where the number need not be whole), `matches=RE`,
`check=NAME` (those of `checks/`, bars between them) and the rules `conflicts=`, `exactly_one=`, `at_least_one=`,
`required_with=` with paths separated by bars; `exactly_one` and `at_least_one` without paths mean the fields beside it
that say the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_TYPE = re.compile(
    r"(string|number|bool|list|set|map|single)(?:\((string|number|bool|map)\))?(?:\[(?:(\d+)\.\.)?(\d*)\])?$"
)
_WORD = re.compile(r'(?:[^\s"]|"(?:\\.|[^"\\])*")+')
SIBLINGS = "*"
"""The fields of the same block that carry the same rule."""
_SNAKE = re.compile(r"_([a-z0-9])")


class TableError(ValueError):
    """A table does not follow the grammar."""


@dataclass(frozen=True, slots=True)
class Field:
    """One argument or attribute; a nested block where it has `fields`."""

    name: str
    kind: str
    element: str = ""
    required: bool = False
    optional: bool = True
    computed: bool = False
    forces_new: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: bool = False
    advice: str = ""
    """What to use in place of a deprecated argument."""
    from_provider: bool = False
    keep_empty: bool = False
    array: bool = False
    unread: bool = False
    stays: bool = False
    told: bool = False
    lent: bool = False
    default: Any = None
    min_items: int = 0
    max_items: int = 0
    api: tuple[str, ...] | None = None
    """Path in the API's document; from its root where `rooted`. None where the API does not know the field."""
    rooted: bool = False
    suppress: str = ""
    values: tuple[str, ...] = ()
    any_case: bool = False
    matches: str = ""
    checks: tuple[str, ...] = ()
    range: tuple[float | None, float | None] = (None, None)
    """The least and the most that a number may be: floats where the number need not be whole."""
    conflicts: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    required_with: tuple[str, ...] = ()
    fields: dict[str, Field] = field(default_factory=dict)
    nested: bool = False
    refused: bool = False
    """Known and not served: it must stay empty."""

    @property
    def single(self) -> bool:
        """One object in the API, a block that may be given once in Terraform."""
        return self.max_items == 1 and not self.array

    @property
    def output_only(self) -> bool:
        """Set by the server, never by the user."""
        return self.computed and not self.optional

    @property
    def block(self) -> bool:
        """A nested block in HCL; nested fields that only the server sets are an attribute instead."""
        return self.nested and not self.output_only


def camel_case(name: str) -> str:
    """The API's usual name of a field.

    >>> camel_case("max_instance_request_concurrency")
    'maxInstanceRequestConcurrency'
    """
    return _SNAKE.sub(lambda match: match[1].upper(), name)


def parse_fields(text: str) -> dict[str, Field]:
    """Field lines alone, without a header."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return fields_from(lines, 0, 0, "fields")[0]


def joined(fields: Mapping[str, Field], more: Mapping[str, Field], *, refused: bool = False) -> dict[str, Field]:
    """Fields and others besides, which may be known and not served; what stands on both sides is a block with more."""
    found = dict(fields)
    for name, added in more.items():
        base = found.get(name)
        if base is None:
            found[name] = replace(added, refused=refused, unread=refused or added.unread)
        else:
            found[name] = replace(base, fields=joined(base.fields, added.fields, refused=refused))
    return found


def indent(line: str) -> int:
    """How deep a line stands, in steps of two blanks."""
    return (len(line) - len(line.lstrip(" "))) // 2


def fields_from(lines: list[tuple[int, str]], at: int, depth: int, where: str) -> tuple[dict[str, Field], int]:
    """Fields at `depth` from line `at` on, and the line after them."""
    found: dict[str, Field] = {}
    while at < len(lines) and indent(lines[at][1]) >= depth:
        number, line = lines[at]
        if indent(line) != depth:
            raise TableError(f"{where}:{number}: indented too far: {line!r}")
        inner, after = fields_from(lines, at + 1, depth + 1, where)
        parsed = _field(_WORD.findall(line), inner, f"{where}:{number}")
        found[parsed.name] = parsed
        at = after
    return found, at


_FLAGS = {"forces_new", "sensitive", "write_only", "deprecated", "from_provider"}
_FLAGS |= {"keep_empty", "array", "unread", "stays", "told", "lent", "any_case"}
_PATHS = frozenset(("conflicts", "exactly_one", "at_least_one", "required_with", "values"))


def _field(words: list[str], inner: dict[str, Field], where: str) -> Field:
    if len(words) < 2 or not (match := _TYPE.match(words[1])):
        raise TableError(f"{where}: expected 'NAME TYPE …', found {' '.join(words)!r}")
    name, flags = words[0], words[2:]
    kind, element, low, high = match.groups()
    local = "local" in flags or name == "project"
    known: dict[str, Any] = {"api": None if local else (camel_case(name),)}
    for flag in flags:
        key, equals, value = flag.partition("=")
        if key in _FLAGS:
            known[key] = True
            if key == "deprecated" and value:
                known["advice"] = json.loads(value)
        elif key == "default":
            known[key] = json.loads(value)
        elif key == "range":
            known[key] = tuple(_number(end) if end else None for end in value.split(".."))
        elif key in ("suppress", "matches"):
            known[key] = value
        elif key == "check":
            known["checks"] = tuple(value.split("|"))
        elif key == "api":
            known["api"], known["rooted"] = tuple(value.lstrip("/").split(".")), value[0] == "/"
        elif key in _PATHS:
            known[key] = tuple(value.split("|")) if equals else (SIBLINGS,)
        elif equals or key not in ("required", "optional", "computed", "local"):
            raise TableError(f"{where}: unknown word {flag!r}")
    required, computed = "required" in flags, "computed" in flags
    return Field(
        name=name,
        kind=kind,
        element=element or "",
        required=required,
        computed=computed,
        optional=not required and (not computed or "optional" in flags),
        min_items=int(low or 0),
        max_items=int(high or 0),
        fields=inner,
        nested=kind in ("list", "set", "single") and not element,
        **known,
    )


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)
