"""The filter language of subscriptions, over the attributes of messages.

attributes:KEY   attributes.KEY = "v"   attributes.KEY != "v"   hasPrefix(attributes.KEY, "v")
NOT x   -x   x AND y   x OR y   (x)         AND and OR are not mixed without parentheses
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sandbox.control.errors import invalid_argument

Filter = Callable[[Mapping[str, str]], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op>!=|[():=.,-])|(?P<word>[A-Za-z_][\w-]*))""",
    re.ASCII,
)
_DEEPEST = 50


def parse(text: str) -> Filter:
    """A predicate from the text of a filter; 400 where it is none. An empty filter takes everything.

    >>> parse('attributes:a AND NOT attributes.b = "x"')({"a": "1"})
    True
    """
    if len(text.encode()) > 256:
        raise _invalid(text, "a filter has at most 256 bytes")
    if not text.strip():
        return lambda attributes: True
    parser = _Parser(text)
    found = parser.expression(0)
    if parser.peek() is not None:
        raise _invalid(text, f"unexpected '{parser.peek()}'")
    return found


def _invalid(text: str, why: str) -> Exception:
    return invalid_argument(f"Invalid filter provided (filter={text}): {why}.", {"filter": why})


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise _invalid(text, f"can't read '{text[position:].strip()[:20]}'")
            kind = str(match.lastgroup)
            self._tokens.append((kind, match[kind]))
            position = match.end()

    def peek(self) -> str | None:
        """The next token's text, or None at the end."""
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _invalid(self._text, "it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, text: str) -> None:
        kind, found = self._next()
        if found != text or kind == "string":
            raise _invalid(self._text, f"'{text}' expected, not '{found}'")

    def _is(self, text: str) -> bool:
        return (
            self._at < len(self._tokens) and self._tokens[self._at][1] == text and self._tokens[self._at][0] != "string"
        )

    def expression(self, depth: int) -> Filter:
        """Terms joined by AND, or by OR."""
        if depth > _DEEPEST:
            raise _invalid(self._text, "it is nested too deeply")
        terms = [self._term(depth)]
        joined = next((word for word in ("AND", "OR") if self._is(word)), None)
        if joined is None:
            return terms[0]
        while self._is("AND") or self._is("OR"):
            if not self._is(joined):
                raise _invalid(self._text, "AND and OR need parentheses between them")
            self._next()
            terms.append(self._term(depth))
        if joined == "AND":
            return lambda attributes: all(term(attributes) for term in terms)
        return lambda attributes: any(term(attributes) for term in terms)

    def _term(self, depth: int) -> Filter:
        if self._is("NOT") or self._is("-"):
            self._next()
            if depth > _DEEPEST:
                raise _invalid(self._text, "it is nested too deeply")
            inner = self._term(depth + 1)
            return lambda attributes: not inner(attributes)
        if self._is("("):
            self._next()
            group = self.expression(depth + 1)
            self._expect(")")
            return group
        if self._is("hasPrefix"):
            self._next()
            self._expect("(")
            self._expect("attributes")
            self._expect(".")
            key = self._key()
            self._expect(",")
            prefix = self._string()
            self._expect(")")
            return lambda attributes: key in attributes and attributes[key].startswith(prefix)
        self._expect("attributes")
        if self._is(":"):
            self._next()
            name = self._key()
            return lambda attributes: name in attributes
        self._expect(".")
        return self._comparison(self._key())

    def _comparison(self, key: str) -> Filter:
        _, operator = self._next()
        if operator not in ("=", "!="):
            raise _invalid(self._text, f"'=' or '!=' expected, not '{operator}'")
        value = self._string()
        if operator == "=":
            return lambda attributes: attributes.get(key) == value
        return lambda attributes: attributes.get(key) != value

    def _key(self) -> str:
        kind, text = self._next()
        if kind == "string":
            return _unquote(text)
        if kind != "word":
            raise _invalid(self._text, f"an attribute's key expected, not '{text}'")
        return text

    def _string(self) -> str:
        kind, text = self._next()
        if kind != "string":
            raise _invalid(self._text, f"a string in quotes expected, not '{text}'")
        return _unquote(text)


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
