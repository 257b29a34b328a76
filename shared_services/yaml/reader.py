"""Strict YAML: one document of mappings, lists and scalars, each with its place.

Refused, each with file, line and column: duplicate keys, keys that are not text, anchors, aliases, merge keys, tags,
directives, several documents, tabs as indentation, anything that is not UTF-8, and scalars that versions of YAML read
differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from typing import Any

import yaml

from .nodes import Mapping, Node, Scalar, Sequence
from .paths import Path, format_path
from .problems import Location, Problem
from .scalars import Ambiguous, resolve

MAXIMUM_BYTES = 2 * 1024 * 1024
MAXIMUM_DEPTH = 40
MAXIMUM_PROBLEMS = 100  # of one file; what follows is noise

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times as fast
# Line breaks to YAML 1.1 and letters to YAML 1.2; and what the standard doesn't allow at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def read_file(path: FilePath, name: str) -> tuple[Node | None, list[Problem]]:
    """Read a YAML file.

    Args:
        path: the file.
        name: what problems call it, such as `envs/prod.yaml`.

    Returns:
        The document (None when it has none, or none that can be used), and what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        return None, [Problem(name, 1, 1, "", f"can't be read: {error.strerror or error}")]
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> tuple[Node | None, list[Problem]]:
    """Read a YAML document from bytes, as `read_file` does."""
    if len(data) > MAXIMUM_BYTES:
        return None, [Problem(name, 1, 1, "", f"is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB", "split it up")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        return None, [
            Problem(name, line, column, "", f"byte 0x{data[error.start]:02x} is not UTF-8", "save it as UTF-8")
        ]
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        line, column = _position(text[: forbidden.start()])
        code = f"U+{ord(forbidden.group()):04X}"
        message = f"the character {code} can't stand in YAML as it is"
        return None, [Problem(name, line, column, "", message, f'write "\\u{code[2:]}" in double quotes, or remove it')]
    return _Builder(name, text).document()


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class _Builder:
    """Builds nodes from the parser's events. Events, unlike PyYAML's nodes, tell anchors, tags and styles apart."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._problems: list[Problem] = []

    def document(self) -> tuple[Node | None, list[Problem]]:
        events: Iterator[yaml.Event] = iter(())
        root: Node | None = None
        try:
            events = iter(yaml.parse(self._text, Loader=_LOADER))
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if event.version or event.tags:
                        self._say(event, (), "directives (%YAML, %TAG) are not used here", "remove the line")
                    if root is not None:
                        self._say(event, (), "has a second document", "remove --- and what follows it")
                        break
                    root = self._node(next(events), events, ())
        except yaml.YAMLError as error:
            self._problems.append(self._syntax(error))
        except _Stop:
            pass
        if root is None and not self._problems:
            self._problems.append(
                Problem(self._name, 1, 1, "", "is empty", "write at least one key, or delete the file")
            )
        return root, self._problems

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Node:
        if len(path) > MAXIMUM_DEPTH:
            self._say(event, path[:3], f"is nested more than {MAXIMUM_DEPTH} levels deep")
            raise _Stop
        if getattr(event, "anchor", None) is not None:
            self._anchor(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            self._refuse_tag(event, path)
            items: list[Node] = []
            for item in _until(yaml.SequenceEndEvent, events):
                items.append(self._node(item, events, (*path, len(items))))
            return Sequence(items, self._at(event))
        if isinstance(event, yaml.MappingStartEvent):
            self._refuse_tag(event, path)
            return self._mapping(event, events, path)
        return Scalar(None, self._at(event))  # an alias, reported above

    def _mapping(self, start: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Mapping:
        mapping = Mapping({}, {}, self._at(start))
        for event in _until(yaml.MappingEndEvent, events):
            key = self._key(event, events, path)
            value = self._node(next(events), events, (*path, key if key is not None else "?"))
            if key is None:
                continue
            if key in mapping.items:
                first = mapping.keys[key]
                self._say(
                    event, (*path, key), f"the key stands twice: first in line {first.line}", "keep one of the two"
                )
                continue
            mapping.items[key] = value
            mapping.keys[key] = self._at(event)
        return mapping

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.AliasEvent):
                self._anchor(event, path)
            else:
                self._say(event, path, "a list or a mapping can't be a key", "put it in quotes if it is text")
                _skip(events)
            return None
        if event.anchor is not None:
            self._anchor(event, path)
        if event.value == "<<" and not event.style:
            self._say(event, path, "merge keys (<<) are not used here", "write the keys out, or put them in base.yaml")
            return None
        scalar = self._scalar(event, path)
        if isinstance(scalar.value, str):
            return scalar.value
        if not (not event.style and self._problems and self._problems[-1].location == scalar.at):
            what = "an empty key" if event.value == "" else f"the key {event.value}"
            self._say(event, path, f"{what} is {describe(scalar.value)}; keys are text", "put it in quotes")
        return None

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Scalar:
        at = self._at(event)
        if not (event.implicit[0] or event.implicit[1]) or (event.tag is not None):
            self._tag(event, path)
        if event.style:  # empty for plain scalars, or None by the parser in Python
            return Scalar(event.value, at)
        try:
            return Scalar(resolve(event.value), at)
        except Ambiguous as error:
            self._say(event, path, str(error), error.hint)
            return Scalar(None, at)

    def _refuse_tag(self, event: yaml.Event, path: Path) -> None:
        if getattr(event, "tag", None) is not None:
            self._tag(event, path)

    def _tag(self, event: yaml.Event, path: Path) -> None:
        tag = str(getattr(event, "tag", "!")).replace("tag:yaml.org,2002:", "!!")
        self._say(event, path, f"tags ({tag[:40]}) are not used here", "remove it; quotes make a value text")

    def _anchor(self, event: yaml.Event, path: Path) -> None:
        kind, mark = ("aliases", "*") if isinstance(event, yaml.AliasEvent) else ("anchors", "&")
        name = str(getattr(event, "anchor", ""))[:40]
        self._say(
            event, path, f"{kind} ({mark}{name}) are not used here", "write the value out, or put it in base.yaml"
        )

    def _at(self, event: yaml.Event) -> Location:
        mark: Any = event.start_mark
        return Location(self._name, mark.line + 1, mark.column + 1)

    def _say(self, event: yaml.Event, path: Path, message: str, hint: str = "") -> None:
        self._problems.append(Problem.at(self._at(event), format_path(path), message, hint))
        if len(self._problems) >= MAXIMUM_PROBLEMS:
            raise _Stop

    def _syntax(self, error: yaml.YAMLError) -> Problem:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = self._text.split("\n")
        text = lines[line - 1] if line <= len(lines) else ""
        if "\t" in text[: len(text) - len(text.lstrip())]:
            return Problem(self._name, line, text.index("\t") + 1, "", "a tab indents the line", "indent with spaces")
        what = str(getattr(error, "problem", None) or "is not YAML")
        context = str(getattr(error, "context", None) or "")
        return Problem(
            self._name, line, column, "", f"is not YAML: {what}" + (f" {context}" if context else ""), _why(text)
        )


def _why(line: str) -> str:
    if re.search(r":\s+[^\"'\s][^\"']*:\s", line):
        return 'a value that holds ": " stands in quotes'
    if re.search(r":\s+[@`%*&!|>{\[]", line):
        return "a value that begins with a special character stands in quotes"
    return ""


class _Stop(Exception):
    pass


def _until(end: type[yaml.Event], events: Iterator[yaml.Event]) -> Iterable[yaml.Event]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _skip(events: Iterator[yaml.Event]) -> None:
    """Pass over the rest of a list or mapping whose start was read."""
    depth = 1
    while depth:
        event = next(events)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def describe(value: object) -> str:
    """What a value is, in words: `text "no"`, `the whole number 8080`, `nothing`.

    >>> describe(8080), describe(None), describe(["a"])
    ('the whole number 8080', 'nothing', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the whole number {value}"
    if isinstance(value, float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'text "{value}"' if len(value) <= 60 else f'text "{value[:57]}…"'
    return "a list" if isinstance(value, list) else "a mapping"
