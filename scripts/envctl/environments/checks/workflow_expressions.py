"""The syntax of expressions of Workflows, `${…}`, and which functions they call."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>//|==|!=|<=|>=|[-+*/%<>()\[\]{},.:]))"""
)
_INFIX = {"or", "and", "in", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "//", "%"}
FUNCTIONS = {"default", "double", "get_type", "if", "int", "keys", "len", "not", "string", "type"}
"""Functions of Workflows that stand in no module."""


class ExpressionError(ValueError):
    """What is wrong with an expression."""


def inner(text: object) -> str | None:
    """What stands in `${…}`, where a text is one expression; else None.

    >>> inner("${a + 1}"), inner("plain"), inner("from ${a} to ${b}")
    ('a + 1', None, None)
    """
    if isinstance(text, str) and text.startswith("${") and text.endswith("}"):
        return text[2:-1] if "${" not in text[2:] else None
    return None


def called(expression: str) -> list[str]:
    """The names of the functions that an expression calls. Raises ExpressionError.

    >>> called("len(items) + map.get(a, 'b')")
    ['len', 'map.get']
    """
    return _parsed(expression).calls


def variables(expression: str) -> list[str]:
    """The names of what an expression reads, the modules of the library among them. Raises ExpressionError.

    >>> variables("len(items) + map.get(a.b[i], 'b')")
    ['items', 'i', 'a']
    """
    return _parsed(expression).reads


def _parsed(expression: str) -> _Parser:
    parser = _Parser(list(_tokens(expression)))
    parser.expression()
    parser.end()
    return parser


def _tokens(expression: str) -> Iterator[str]:
    """The words and signs; operators may be in capitals."""
    at = 0
    while expression[at:].strip():
        found = _TOKEN.match(expression, at)
        if found is None:
            raise ExpressionError(f"{expression[at:].strip()[:12]!r} is no part of an expression")
        word = found[0].strip()
        yield word.lower() if word in ("AND", "OR", "NOT", "IN") else word
        at = found.end()


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self.calls: list[str] = []
        self.reads: list[str] = []

    def expression(self) -> None:
        """Operands with operators between them; how tightly they bind doesn't matter to the syntax."""
        self._operand()
        while self._peek() in _INFIX or (self._peek() == "not" and self._peek(1) == "in"):
            self._at += 2 if self._peek() == "not" else 1
            self._operand()

    def end(self) -> None:
        """Nothing is left."""
        if self._peek():
            raise ExpressionError(f"{self._peek()!r} is not expected here")

    def _operand(self) -> None:
        lexeme = self._take("an expression ends too early")
        if lexeme in ("-", "+", "not"):
            self._operand()
            return
        name = ""
        if lexeme == "(":
            self.expression()
            self._expect(")")
        elif lexeme == "[":
            self._items("]", self.expression)
        elif lexeme == "{":
            self._items("}", self._pair)
        elif lexeme[0].isalpha() or lexeme[0] == "_":
            name = lexeme
        elif not (lexeme[0].isdigit() or lexeme[0] in "\"'"):
            raise ExpressionError(f"{lexeme!r} is not expected here")
        if not self._suffixes(name) and name:
            self.reads.append(name)

    def _suffixes(self, name: str) -> bool:
        """What follows a name; whether the name, with what stands after dots, is a function's."""
        is_function = False
        while (sign := self._peek()) in (".", "[", "("):
            self._at += 1
            if sign == ".":
                part = self._take("a name is missing after the dot")
                if not (part[0].isalpha() or part[0] == "_"):
                    raise ExpressionError(f"a name is missing after the dot, before {part!r}")
                name = f"{name}.{part}" if name else ""
            elif sign == "[":
                self.expression()
                self._expect("]")
                name = ""
            else:
                if not name:
                    raise ExpressionError("only what has a name can be called")
                self.calls.append(name)
                is_function = True
                self._items(")", self.expression)
                name = ""
        return is_function

    def _pair(self) -> None:
        self.expression()
        self._expect(":")
        self.expression()

    def _items(self, close: str, item: object) -> None:
        if self._peek() == close:
            self._at += 1
            return
        while True:
            assert callable(item)
            item()
            lexeme = self._take(f"{close!r} is missing")
            if lexeme == close:
                return
            if lexeme != ",":
                raise ExpressionError(f"{lexeme!r} is not expected here: , or {close}")

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _take(self, missing: str) -> str:
        lexeme = self._peek()
        if not lexeme:
            raise ExpressionError(missing)
        self._at += 1
        return lexeme

    def _expect(self, lexeme: str) -> None:
        if self._take(f"{lexeme!r} is missing") != lexeme:
            raise ExpressionError(f"{lexeme!r} is missing")
