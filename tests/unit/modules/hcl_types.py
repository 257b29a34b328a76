"""Terraform's type expressions, read into trees that can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TOKEN = re.compile(r'\s+|#[^\n]*|(?P<token>"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[(){}\[\]=,])')
_VARIABLE = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_TYPE = re.compile(r"^  type += ", re.MULTILINE)
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Type:
    """A type: `kind` is string, number, bool, list, set, map or object.

    Args:
        of: what lists, sets and maps hold.
        fields: what objects hold.
        optional: whether the field may be left out, in which case it is `default`.
    """

    kind: str
    of: Type | None = None
    fields: Mapping[str, Type] = field(default_factory=dict)
    optional: bool = False
    default: Any = None


def variables(*files: Path) -> dict[str, Type]:
    """The types of the variables of some files, by name."""
    result = {}
    for file in files:
        for name, body in _VARIABLE.findall(file.read_text(encoding="utf-8")):
            begin = _TYPE.search(body)
            assert begin, f"{file}: variable {name} has no type"
            result[name] = parse(body[begin.end() :])
    return result


def parse(text: str) -> Type:
    """The type that a text begins with.

    >>> parse("map(object({ a = optional(string, \\"x\\") }))").of.fields["a"].default
    'x'
    """
    return _Parser(_tokens(text)).type()


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while found := _TOKEN.match(text, at):
        at = found.end()
        if found["token"]:
            yield found["token"]


class _Parser:
    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens
        self._ahead: str | None = None

    def type(self) -> Type:
        kind = self._next()
        if kind in ("string", "number", "bool"):
            return Type(kind)
        self._expect("(")
        if kind == "object":
            result = Type("object", fields=self._fields())
        elif kind in ("list", "set", "map"):
            result = Type(kind, of=self.type())
        else:
            raise AssertionError(f"{kind} is not a type that modules use")
        self._expect(")")
        return result

    def _fields(self) -> dict[str, Type]:
        result = {}
        self._expect("{")
        while (name := self._next()) != "}":
            if name == ",":
                continue
            self._expect("=")
            result[name] = self._field()
        return result

    def _field(self) -> Type:
        if self._peek() != "optional":
            return self.type()
        self._next()
        self._expect("(")
        inner, default = self.type(), None
        if self._next_is(","):
            default = self._value()
        self._expect(")")
        return Type(inner.kind, inner.of, inner.fields, optional=True, default=default)

    def _value(self) -> Any:
        token = self._next()
        if token == "[":
            found = []
            while (self._peek()) != "]":
                found.append(self._value())
                self._next_is(",")
            self._next()
            return found
        if token == "{":
            self._expect("}")
            return {}
        return _CONSTANTS[token] if token in _CONSTANTS else json.loads(token)

    def _peek(self) -> str:
        if self._ahead is None:
            self._ahead = next(self._tokens)
        return self._ahead

    def _next(self) -> str:
        token = self._peek()
        self._ahead = None
        return token

    def _next_is(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._next()
        return True

    def _expect(self, token: str) -> None:
        found = self._next()
        assert found == token, f"{found} where {token} belongs"
