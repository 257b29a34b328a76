"""YAML and JSON as nodes with their places. Scalars are YAML 1.2's: `yes` and `2025-01-31` are texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from sandbox.workflows.errors import Position, SourceError

_MOST_NODES = 20_000


class _Loader(yaml.SafeLoader):
    """Resolves null, booleans and numbers, and nothing else.

    In a list or map of brackets an expression is one scalar with its braces and commas, as Google reads it:
    `[${database}]`, which is no YAML.
    """

    def scan_plain(self) -> yaml.ScalarToken:
        length = self._expression() if self.flow_level and self.prefix(2) == "${" else 0
        if not length:
            return super().scan_plain()
        start, text = self.get_mark(), self.prefix(length)
        self.forward(length)
        return yaml.ScalarToken(text, True, start, self.get_mark())

    def _expression(self) -> int:
        """How long the expression is that begins here; 0 where it doesn't end on its line."""
        depth, quote, length = 0, "", 0
        while (character := self.peek(length)) not in "\0\r\n":
            length += 2 if quote and character == "\\" else 1
            if quote:
                quote = "" if character == quote else quote
            elif character in "\"'":
                quote = character
            elif character in "{}":
                depth += 1 if character == "{" else -1
                if not depth:
                    return length
        return 0


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?\d+", list("-+0123456789")),
    ("float", r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?", list("-+0123456789.")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: yaml.Node
    value: yaml.Node


def at(node: yaml.Node) -> Position:
    """Where a node begins."""
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def compose(source: str) -> yaml.Node:
    """The root of a document. Raises SourceError."""
    try:
        root = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Position(mark.line + 1, mark.column + 1) if mark else None
        raise SourceError(error.problem or "not YAML", place) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(str(error).strip() or "nested too deeply") from error
    if root is None:
        raise SourceError("the source is empty")
    _count(root)
    return root


def _count(root: yaml.Node) -> None:
    """Refuse aliases that make a huge document of a small one, or one without an end."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MOST_NODES:
            raise SourceError("the source has too many values", Position(1, 1))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]


def entries(node: yaml.MappingNode) -> dict[str, Entry]:
    """The entries of a mapping by their keys. Raises SourceError for a key that is given twice, or is no text."""
    found: dict[str, Entry] = {}
    for key, value in node.value:
        name = text_of(key)
        if name in found:
            raise SourceError(f"duplicate key '{name}'", at(key))
        found[name] = Entry(key, value)
    return found


def items(node: yaml.Node) -> list[yaml.Node]:
    """The items of a list. Raises SourceError."""
    if not isinstance(node, yaml.SequenceNode):
        raise SourceError("a list was expected", at(node))
    return list(node.value)


def text_of(node: yaml.Node) -> str:
    """The text of a key, whatever it looks like: `1` is the key "1". Raises SourceError."""
    if not isinstance(node, yaml.ScalarNode):
        raise SourceError("a key must be a text", at(node))
    return str(node.value)


def scalar(node: yaml.Node) -> str | int | float | bool | None:
    """The value of a scalar. Raises SourceError for a list or a mapping."""
    if not isinstance(node, yaml.ScalarNode):
        raise SourceError("a single value was expected", at(node))
    kind, text = node.tag.rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text)
    return float(text) if kind == "float" else text
