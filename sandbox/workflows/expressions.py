"""Expressions of workflows, `${…}`: from text to a tree.

The order of operations is that of Google's "Data types" page: `not` and the minus sign bind closer than `*`,
comparisons and `in` are one level, `and` binds closer than `or`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.workflows.errors import SourceError

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>//|==|!=|<=|>=|[-+*/%<>()\[\]{},.:]))""",
    re.DOTALL,
)
_LEVELS = (("or",), ("and",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "//", "%"))
_WORDS = {word: lower for lower in ("and", "or", "not", "in") for word in (lower, lower.upper())}
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False, "null": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/"}
_LONGEST = 400
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a subworkflow or a module of the library."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of[key]`, and `of.key`, whose key is a constant."""

    of: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Function:
    """A call: `text.split(a, ",")`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """`not x`, `-x`."""

    sign: str
    of: Node


@dataclass(frozen=True, slots=True)
class Infix:
    """`a + b` and its like."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class ListNode:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """`{"a": b}`."""

    items: tuple[tuple[Node, Node], ...]


Node = Constant | Name | Member | Function | Prefix | Infix | ListNode | MapNode


def inner(text: str) -> str | None:
    """What stands in `${…}` where a text is an expression as a whole; any other text is only a text.

    >>> inner("${a + 1}"), inner("from ${a}")
    ('a + 1', None)
    """
    stripped = text.strip()
    return stripped[2:-1] if stripped.startswith("${") and stripped.endswith("}") else None


def parse(text: str) -> Node:
    """The tree of an expression. Raises SourceError.

    >>> parse("a.b")
    Member(of=Name(name='a'), key=Constant(value='b'))
    >>> parse("1 +")
    Traceback (most recent call last):
    sandbox.workflows.errors.SourceError: error in expression '1 +': it ends too early
    """
    if len(text) > _LONGEST:
        raise SourceError(f"an expression may have {_LONGEST} characters, this one has {len(text)}")
    parser = _Parser(text)
    node = parser.expression()
    if parser.kind:
        raise parser.refused(f"unexpected {parser.token!r}")
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.kind = self.token = ""
        self._step()

    def refused(self, reason: str) -> SourceError:
        return SourceError(f"error in expression '{self._text.strip()}': {reason}")

    def _step(self) -> None:
        if not self._text[self._at :].strip():
            self.kind = self.token = ""
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            raise self.refused(f"{self._text[self._at :].strip()[:12]!r} is no part of an expression")
        self._at, self.kind = found.end(), found.lastgroup
        self.token = found[self.kind]
        if self.kind == "name" and self.token in _WORDS:
            self.kind, self.token = "sign", _WORDS[self.token]

    def _take(self, sign: str) -> bool:
        if self.kind == "sign" and self.token == sign:
            self._step()
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._take(sign):
            raise self.refused(f"expected {sign!r} before {self.token!r}" if self.kind else "it ends too early")

    def expression(self, level: int = 0) -> Node:
        """All operators from a level of binding on."""
        if level == len(_LEVELS):
            return self._prefix()
        self._depth += level == 0
        if self._depth > _DEEPEST:
            raise self.refused("it is nested too deeply")
        left = self.expression(level + 1)
        while self.kind == "sign" and self.token in _LEVELS[level]:
            sign = self.token
            self._step()
            left = Infix(sign, left, self.expression(level + 1))
        self._depth -= level == 0
        return left

    def _prefix(self) -> Node:
        for sign in ("not", "-"):
            if self._take(sign):
                self._depth += 1
                if self._depth > _DEEPEST:
                    raise self.refused("it is nested too deeply")
                of = self._prefix()
                self._depth -= 1
                if sign == "-" and isinstance(of, Constant) and isinstance(of.value, int | float):
                    return Constant(-of.value)
                return Prefix(sign, of)
        return self._postfix()

    def _postfix(self) -> Node:
        node = self._primary()
        while True:
            if self._take("."):
                if self.kind != "name":
                    raise self.refused("a name must follow the dot")
                node = Member(node, Constant(self.token))
                self._step()
            elif self._take("["):
                node = Member(node, self.expression())
                self._must("]")
            elif (name := _dotted(node)) and self._take("("):
                node = Function(name, tuple(self._until(")")))
            else:
                return node

    def _until(self, end: str) -> list[Node]:
        found: list[Node] = []
        while not self._take(end):
            if found:
                self._must(",")
            found.append(self.expression())
        return found

    def _primary(self) -> Node:
        kind, text = self.kind, self.token
        if not kind:
            raise self.refused("it ends too early")
        self._step()
        match kind, text:
            case "number", _:
                return Constant(int(text) if text.isdigit() else float(text))
            case "text", _:
                return Constant(_unescaped(text[1:-1]))
            case "name", _:
                return Constant(_CONSTANTS[text]) if text in _CONSTANTS else Name(text)
            case _, "(":
                node = self.expression()
                self._must(")")
                return node
            case _, "[":
                return ListNode(tuple(self._until("]")))
            case _, "{":
                return self._map()
            case _, "in" if self._take("("):  # `in(key, map)`
                return Function("in", tuple(self._until(")")))
        raise self.refused(f"unexpected {text!r}")

    def _map(self) -> Node:
        items: list[tuple[Node, Node]] = []
        while not self._take("}"):
            if items:
                self._must(",")
            key = self.expression()
            self._must(":")
            items.append((key, self.expression()))
        return MapNode(tuple(items))


def _dotted(node: Node) -> str:
    """`a.b` of names, for a call; else empty."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Member) and isinstance(node.key, Constant) and isinstance(node.key.value, str):
        of = _dotted(node.of)
        return f"{of}.{node.key.value}" if of else ""
    return ""


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] == "u" and len(code) == 5 else _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", one, text, flags=re.DOTALL)
