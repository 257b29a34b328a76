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

What a field's line says is told in `fields.py`.

`imports` names more forms that an import id may have; `exact` means the id's own form only, `none` that the type
can't be imported. `strict` in a line of its own: Terraform holds what is applied to what was planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sandbox.provider.fields import Field, TableError, fields_from, indent, parse_fields


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
    deprecated: str = ""
    """Why nobody should make another."""
    called: str = ""
    """How the refusal to destroy it names it, where that isn't its name in capitals; `id` where it is the id."""
    strict: bool = False
    """Whether Terraform holds what is applied to what was planned: the few types that the plugin framework serves."""
    protected: str = ""
    """The words for it where `deletion_protection` refuses that, or their sentence."""

    @property
    def base(self) -> str:
        """The path every URL of the type is relative to."""
        return f"/{self.service}/"


def parse(text: str, where: str = "table") -> list[ResourceType]:
    """All types of a table file. Raises TableError with the line where it is wrong."""
    lines = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line.strip()[0] != "#"
    ]
    return list(_resources(lines, where))


def _resources(lines: list[tuple[int, str]], where: str) -> Iterator[ResourceType]:
    starts = [at for at, (_, line) in enumerate(lines) if indent(line) == 0] + [len(lines)]
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
            fields, rest = fields_from(lines, at + 1, 2, where)
            if rest != len(lines):
                raise TableError(f"{where}:{lines[rest][0]}: fields come last")
            break
        if indent(line) != 1 or not (words or key in ("iam", "strict")):
            raise TableError(f"{where}:{number}: expected 'KEY VALUE' indented by two, found {line!r}")
        if key in ("create", "read", "update", "delete"):
            wrap = next((word.removeprefix("wrap=") for word in words if word.startswith("wrap=")), "")
            header["calls"][key] = Call(words[0], words[1], "wait" in words, "mask" in words, wrap)
        elif key == "iam":
            flags = {word: word in words for word in ("query", "short", "whole", "lent", "slash", "bare")}
            header["grant"] = Grant(words[1], words[0], **flags)
        elif key in ("timeouts", "imports"):
            header[key] = tuple(words)
        elif key == "strict":
            header[key] = True
        elif key == "version":
            header[key] = int(words[0])
        elif key in ("service", "noun", "id", "mutex", "deprecated", "called", "protected"):
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


_GRANT_FIELDS = """\
role string required forces_new
member string required forces_new suppress=member
condition list[1] forces_new
  expression string required forces_new
  title string required forces_new
  description string forces_new
etag string computed
"""
