"""The tables of resource types: parsed into `ResourceType` and `Field`.

A table is an indented text file. The first line names the type; indented header lines say where it
lives and how it is called; under `fields` comes one line a field, nested fields indented further::

    resource google_pubsub_topic
      service pubsub/v1
      noun Topic
      id projects/{project}/topics/{name}
      update PATCH projects/{project}/topics/{name} mask
      fields
        name string required forces_new
        message_storage_policy list[1] optional computed
          allowed_persistence_regions set(string) required

A field's type is `string`, `number`, `bool`, `list(T)`, `set(T)`, `map(T)`, or for nested fields `list` or `set`,
with `[max]`, `[min..]` or `[min..max]`. Words after it: `required`, `computed` (alone: set by the server only; after
`optional`: either), `forces_new`, `sensitive`, `write_only`, `deprecated`, `local` (not in the API), `from_provider`
(defaults to the provider's setting of that name, at plan), `keep_empty` (an empty block means something), `array` (an
array in the API, though one block at most), `unread` (taken by the API, not told), `stays` (as it was, where the API
tells nothing or a zero), `told` (kept as the API tells it, in full, though the id has its end), `lent` (where it
lacks the provider's setting stands in, and is not kept), `default=JSON`, `suppress=RULE`, `api=NAME` (where it is not
the name in camelCase; a leading slash starts at the document's root), `values=A|B`, `range=LEAST..MOST` (either may be
left out), `matches=RE` and the rules `conflicts=`, `exactly_one=`, `at_least_one=`, `required_with=` with paths
separated by bars; `exactly_one` and `at_least_one` without paths mean the fields beside it that say the same.

`imports` names more forms that an import id may have; `exact` means the id's own form only, `none` that the type
can't be imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
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
    matches: str = ""
    range: tuple[float | None, float | None] = (None, None)
    """The least and the most that a number may be."""
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


@dataclass(frozen=True, slots=True)
class Call:
    """How one operation is called.

    `wait` polls the long-running operation, `mask` sends `updateMask`, `wrap=NAME` puts the document into a field.
    """

    method: str
    url: str
    wait: bool = False
    mask: bool = False
    wrap: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """How a type that adds one member to an IAM policy reaches the policy of its resource.

    `get` is the method of getIamPolicy; with `query` it takes the policy's version in the query; with `short`
    the state keeps the parent's name as it was given; with `whole` that name may hold slashes; with `lent` a project
    that the provider's settings stand in for is not kept; with `slash` the method is a segment of the path, as Compute
    has it; with `bare` ids name the parent without its collections (`project/instance`).
    """

    resource: str
    get: str = "GET"
    query: bool = False
    short: bool = False
    whole: bool = False
    lent: bool = False
    slash: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type or data source, as its table says."""

    name: str
    service: str
    noun: str
    id: str
    fields: dict[str, Field]
    calls: dict[str, Call] = field(default_factory=dict)
    timeouts: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    version: int = 0
    grant: Grant | None = None
    mutex: str = ""

    @property
    def base(self) -> str:
        """The path every URL of the type is relative to."""
        return f"/{self.service}/"


def camel_case(name: str) -> str:
    """The API's usual name of a field.

    >>> camel_case("max_instance_request_concurrency")
    'maxInstanceRequestConcurrency'
    """
    return _SNAKE.sub(lambda match: match[1].upper(), name)


def parse(text: str, where: str = "table") -> list[ResourceType]:
    """All types of a table file. Raises TableError with the line where it is wrong."""
    lines = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line.strip()[0] != "#"
    ]
    return list(_resources(lines, where))


def _indent(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // 2


def _resources(lines: list[tuple[int, str]], where: str) -> Iterator[ResourceType]:
    starts = [at for at, (_, line) in enumerate(lines) if _indent(line) == 0] + [len(lines)]
    if lines and starts[0] != 0:
        raise TableError(f"{where}:{lines[0][0]}: a table starts with 'resource NAME'")
    for start, end in pairwise(starts):
        number, line = lines[start]
        words = line.split()
        if len(words) != 2 or words[0] != "resource":
            raise TableError(f"{where}:{number}: expected 'resource NAME', found {line.strip()!r}")
        yield _resource(words[1], lines[start + 1 : end], where)


def _resource(name: str, lines: list[tuple[int, str]], where: str) -> ResourceType:
    header: dict[str, Any] = {"calls": {}}
    fields: dict[str, Field] = {}
    for at, (number, line) in enumerate(lines):
        key, *words = line.split()
        if key == "fields":
            fields, rest = _fields(lines, at + 1, 2, where)
            if rest != len(lines):
                raise TableError(f"{where}:{lines[rest][0]}: fields come last")
            break
        if _indent(line) != 1 or not (words or key == "iam"):
            raise TableError(f"{where}:{number}: expected 'KEY VALUE' indented by two, found {line!r}")
        if key in ("create", "read", "update", "delete"):
            wrap = next((word.removeprefix("wrap=") for word in words if word.startswith("wrap=")), "")
            header["calls"][key] = Call(words[0], words[1], "wait" in words, "mask" in words, wrap)
        elif key == "iam":
            flags = {word: word in words for word in ("query", "short", "whole", "lent", "slash", "bare")}
            header["grant"] = Grant(words[1], words[0], **flags)
        elif key in ("timeouts", "imports"):
            header[key] = tuple(words)
        elif key == "version":
            header[key] = int(words[0])
        elif key in ("service", "noun", "id", "mutex"):
            header[key] = " ".join(words)
        else:
            raise TableError(f"{where}:{number}: unknown key {key!r}")
    if header.get("grant"):
        fields |= parse_fields(_GRANT_FIELDS)
    header.setdefault("noun", name.removeprefix("google_"))
    header.setdefault("id", "")
    if "service" not in header:
        raise TableError(f"{where}: {name} has no service")
    return ResourceType(name=name, fields=fields, **header)


def parse_fields(text: str) -> dict[str, Field]:
    """Field lines alone, without a header."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return _fields(lines, 0, 0, "fields")[0]


def _fields(lines: list[tuple[int, str]], at: int, depth: int, where: str) -> tuple[dict[str, Field], int]:
    """Fields at `depth` from line `at` on, and the line after them."""
    found: dict[str, Field] = {}
    while at < len(lines) and _indent(lines[at][1]) >= depth:
        number, line = lines[at]
        if _indent(line) != depth:
            raise TableError(f"{where}:{number}: indented too far: {line!r}")
        inner, after = _fields(lines, at + 1, depth + 1, where)
        parsed = _field(_WORD.findall(line), inner, f"{where}:{number}")
        found[parsed.name] = parsed
        at = after
    return found, at


_FLAGS = {"forces_new", "sensitive", "write_only", "deprecated", "from_provider"}
_FLAGS |= {"keep_empty", "array", "unread", "stays", "told", "lent"}
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
        elif key == "default":
            known[key] = json.loads(value)
        elif key == "range":
            known[key] = tuple(float(end) if end else None for end in value.split(".."))
        elif key in ("suppress", "matches"):
            known[key] = value
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


_GRANT_FIELDS = """\
role string required forces_new
member string required forces_new suppress=member
condition list[1] forces_new
  expression string required forces_new
  title string required forces_new
  description string forces_new
etag string computed
"""
