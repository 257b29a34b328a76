"""The language in which time series and descriptors are asked for.

    metric.type = "custom.googleapis.com/orders" AND metric.labels.side = one_of("buy", "sell")

Paths are `metric.type`, `resource.type`, `metric.labels.KEY`, `resource.labels.KEY` and `project`. NOT binds closest,
then OR, then AND, which may be left out. Functions: starts_with, ends_with, has_substring, one_of and
monitoring.regex.full_match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.control.errors import invalid_argument, unimplemented

Matches = Callable[[dict[str, Any]], bool]

_STRING = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
_TOKEN = re.compile(rf"\s*(?P<token>!=|>=|<=|[=<>():,]|{_STRING}|-?[\w/*-]+(?:\.[\w/*-]+)*(?:\.(?:{_STRING}))?)")
_PATH = re.compile(r"(metric|resource)\.(?:type|labels?\.(?:\"([^\"]+)\"|(\w+)))|project")
_FUNCTIONS: dict[str, Callable[[str, list[str]], bool]] = {
    "starts_with": lambda text, given: text.startswith(given[0]),
    "ends_with": lambda text, given: text.endswith(given[0]),
    "has_substring": lambda text, given: given[0] in text,
    "one_of": lambda text, given: text in given,
    "monitoring.regex.full_match": lambda text, given: re.fullmatch(given[0], text) is not None,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What matches, and the metric types that are asked for by `metric.type = "…"`."""

    matches: Matches
    types: tuple[str, ...]


def compile_filter(text: str) -> Filter:
    """A filter; everything matches the empty one. Raises 400 where the text is none of the language.

    >>> found = compile_filter('metric.type = "a" AND NOT metric.labels.side = starts_with("b")')
    >>> found.matches({"metric": {"type": "a", "labels": {"side": "sell"}}}), found.types
    (True, ('a',))
    """
    if not text.strip():
        return Filter(lambda series: True, ())
    parser = _Parser(text)
    matches = parser.all_of()
    if parser.peek():
        raise parser.wrong(f"unexpected '{parser.peek()}'")
    return Filter(matches, tuple(parser.types))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        self._at = 0
        self.types: list[str] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.wrong(f"at '{text[at : at + 20]}'")
            self._tokens.append(match["token"])
            at = match.end()

    def wrong(self, why: str) -> Exception:
        return invalid_argument(f'Field filter had an invalid value of "{self._text}": {why}.', {"filter": why})

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.peek()
        if not token:
            raise self.wrong("it ends too early")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        if (token := self._take()) != wanted:
            raise self.wrong(f"'{wanted}' is expected, not '{token}'")

    def all_of(self) -> Matches:
        parts = [self._any_of()]
        while self.peek() not in ("", ")"):
            if self.peek() == "AND":
                self._at += 1
            parts.append(self._any_of())
        return lambda series: all(part(series) for part in parts)

    def _any_of(self) -> Matches:
        parts = [self._one()]
        while self.peek() == "OR":
            self._at += 1
            parts.append(self._one())
        return lambda series: any(part(series) for part in parts)

    def _one(self) -> Matches:
        word = self._take()
        if word == "NOT" or (word.startswith("-") and len(word) > 1):
            if word != "NOT":
                self._at -= 1
                self._tokens[self._at] = word[1:]
            inner = self._one()
            return lambda series: not inner(series)
        if word == "(":
            found = self.all_of()
            self._expect(")")
            return found
        return self._comparison(word)

    def _comparison(self, path: str) -> Matches:
        match = _PATH.fullmatch(path)
        if match is None:
            if re.match(r"(group|metadata)\.", path):
                raise unimplemented(f"The sandbox does not implement {path} in filters of Cloud Monitoring.")
            raise self.wrong(f"unknown '{path}'")
        operator, value = self._take(), self._take()
        if operator not in ("=", "!=", ":", "<", "<=", ">", ">="):
            raise self.wrong(f"unknown operator '{operator}'")
        test = self._test(operator, value)
        if path == "metric.type" and operator == "=" and self.peek() != "(" and value not in _FUNCTIONS:
            self.types.append(_text(value))
        part, key = match[1] or "", match[2] or match[3]

        def compare(series: dict[str, Any]) -> bool:
            if not part:
                return test(str(series.get("project", "")))
            found = series.get(part) or {}
            return test(str((found.get("labels") or {}).get(key, "") if key else found.get("type", "")))

        return compare

    def _test(self, operator: str, value: str) -> Callable[[str], bool]:
        if value in _FUNCTIONS:
            if operator not in ("=", "!="):
                raise self.wrong(f"'{operator}' with a function")
            function, given = _FUNCTIONS[value], self._arguments()
            if value == "monitoring.regex.full_match":
                self._check_pattern(given[0])
            return lambda text: function(text, given) is (operator == "=")
        wanted = _text(value)
        tests: dict[str, Callable[[str], bool]] = {
            "=": lambda text: text == wanted,
            "!=": lambda text: text != wanted,
            ":": lambda text: wanted in text,
            "<": lambda text: _order(text) < _order(wanted),
            "<=": lambda text: _order(text) <= _order(wanted),
            ">": lambda text: _order(text) > _order(wanted),
            ">=": lambda text: _order(text) >= _order(wanted),
        }
        return tests[operator]

    def _check_pattern(self, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise self.wrong(f"the expression '{pattern}' is none: {error}") from error

    def _arguments(self) -> list[str]:
        self._expect("(")
        found = [_text(self._take())]
        while self.peek() == ",":
            self._at += 1
            found.append(_text(self._take()))
        self._expect(")")
        return found


def _text(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "\"'" else token


def _order(text: str) -> tuple[int, float, str]:
    """Numbers by their value, before what is none."""
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)
