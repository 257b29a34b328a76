"""The language in which log entries are asked for: comparisons with AND, OR, NOT and parentheses.

    severity>=ERROR AND resource.type="cloud_run_revision" AND jsonPayload.symbol:("TCS" OR "INFY")

A comparison has a path into the entry, `=`, `!=`, `<`, `<=`, `>`, `>=`, `:` (has), `=~` or `!~`, and a value or several
in parentheses; a value alone is looked for in all of the entry. Functions (`log_id()` but for) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.control.errors import invalid_argument, unimplemented

Entry = dict[str, Any]
Matches = Callable[[Entry], bool]

SEVERITIES = {
    "DEFAULT": 0,
    "DEBUG": 100,
    "INFO": 200,
    "NOTICE": 300,
    "WARNING": 400,
    "ERROR": 500,
    "CRITICAL": 600,
    "ALERT": 700,
    "EMERGENCY": 800,
}
_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<op>=~|!~|!=|<=|>=|=|<|>|:)|(?P<text>\"(?:\\.|[^\"\\])*\")"
    r"|(?P<word>(?:\"(?:\\.|[^\"\\])*\"|[^\s()=<>!:\"~])+))"
)
_SEGMENT = re.compile(r'"((?:\\.|[^"\\])*)"|([^."]+)')
_NAMES = {"log_name": "logName", "insert_id": "insertId", "text_payload": "textPayload", "json_payload": "jsonPayload"}


def compile_filter(text: str) -> Matches:
    """What tells whether an entry is asked for. Raises 400 where the text is none of the language.

    >>> compile_filter('severity>=WARNING AND NOT textPayload:"retry"')({"severity": "ERROR", "textPayload": "lost"})
    True
    """
    return _parse(text)[0]


def moments(text: str) -> tuple[str, str]:
    """Between which moments all entries are that a filter finds, as they are ordered; empty where it doesn't say.

    >>> moments('timestamp>="2026-11-26T09:00:00Z" severity=ERROR')
    ('2026-11-26T09:00:00.000000000', '')
    """
    bounds = _parse(text)[1]
    least = [moment for operator, moment in bounds if operator in (">", ">=", "=")]
    most = [moment for operator, moment in bounds if operator in ("<", "<=", "=")]
    return max(least, default=""), min(most, default="")


def _parse(text: str) -> tuple[Matches, list[tuple[str, str]]]:
    text = re.sub(r"--[^\n]*", "", text).strip()
    if not text:
        return (lambda entry: True), []
    parser = _Parser(text)
    found = parser.any_of()
    if parser.peek()[0]:
        raise _wrong(text, f"unexpected '{parser.peek()[1]}'")
    return found, parser.bounds


def _wrong(text: str, why: str) -> Exception:
    return invalid_argument(f"Unparseable filter: {why}: {text}", {"filter": why})


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split(text))
        self._at = 0
        # Comparisons of `timestamp` that hold for whatever is found: neither an alternative nor denied.
        self.bounds: list[tuple[str, str]] = []

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None or match.end() == at:
                raise _wrong(text, f"at '{text[at : at + 20]}'")
            yield str(match.lastgroup), match[match.lastgroup or 0]
            at = match.end()

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("", "")

    def _take(self, kind: str = "", value: str = "") -> str | None:
        found = self.peek()
        if not found[0] or (kind and found[0] != kind) or (value and found[1] != value):
            return None
        self._at += 1
        return found[1]

    def any_of(self) -> Matches:
        """Terms with OR, which binds tighter than the AND between them in this language."""
        terms = [self._term()]
        while self.peek()[0] and self.peek()[0] != "close":
            self._take("word", "AND")
            terms.append(self._term())
        return lambda entry: all(term(entry) for term in terms)

    def _term(self) -> Matches:
        known = len(self.bounds)
        choices = [self._factor()]
        while self._take("word", "OR"):
            choices.append(self._factor())
        if len(choices) > 1:
            del self.bounds[known:]
        return choices[0] if len(choices) == 1 else lambda entry: any(choice(entry) for choice in choices)

    def _factor(self) -> Matches:
        if self._take("word", "NOT"):
            return self._denied()
        if self._take("open"):
            inner = self.any_of()
            self._close()
            return inner
        kind, path = self.peek()
        if kind not in ("word", "text"):
            raise _wrong(self._text, f"unexpected '{path}'")
        self._at += 1
        if kind == "word" and path.startswith("-") and len(path) > 1:
            self._at -= 1
            self._tokens[self._at] = (kind, path[1:])
            return self._denied()
        if self.peek()[0] == "open" and kind == "word":
            return self._function(path)
        operator = self._take("op")
        if operator is None:
            wanted = _plain(path).lower()
            return lambda entry: wanted in " ".join(_texts(entry)).lower()
        steps = _steps(path)
        values = self._values()
        if steps == ["timestamp"] and len(values) == 1 and (moment := _moment(values[0])):
            self.bounds.append((operator, moment))
        tests = [_compare(steps, operator, value, self._text) for value in values]
        negative = operator.startswith("!")
        return lambda entry: (all if negative else any)(test(entry) for test in tests)

    def _denied(self) -> Matches:
        known = len(self.bounds)
        inner = self._factor()
        del self.bounds[known:]
        return lambda entry: not inner(entry)

    def _function(self, name: str) -> Matches:
        if name != "log_id":
            raise unimplemented(f"The sandbox does not implement the function {name}() of log filters.")
        self._take("open")
        wanted = _plain(self._take() or "")
        self._close()
        ending = "/logs/" + wanted.replace("/", "%2F")
        return lambda entry: str(entry.get("logName", "")).endswith(ending)

    def _values(self) -> list[str]:
        if not self._take("open"):
            return [self._value()]
        values = [self._value()]
        while self._take("word", "OR"):
            values.append(self._value())
        self._close()
        return values

    def _value(self) -> str:
        kind, value = self.peek()
        if kind not in ("word", "text"):
            raise _wrong(self._text, "a value is missing")
        self._at += 1
        while kind == "word" and self.peek() == ("op", ":"):  # a moment written without quotes
            value += ":" + self.peek(1)[1]
            self._at += 2
        return _plain(value)

    def _close(self) -> None:
        if self._take("close") is None:
            raise _wrong(self._text, "')' is missing")


def _plain(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token


def _steps(path: str) -> list[str]:
    steps = [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in _SEGMENT.findall(path)]
    return [_NAMES.get(steps[0], steps[0]), *steps[1:]]


def _find(entry: Any, steps: list[str]) -> list[Any]:
    """What stands at a path: of a list, each of its elements."""
    found = [entry]
    for step in steps:
        found = [one[step] for one in _flat(found) if isinstance(one, dict) and step in one]
    return _flat(found)


def _flat(values: list[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _compare(steps: list[str], operator: str, wanted: str, text: str) -> Matches:
    if steps == ["severity"]:
        if wanted.upper() not in SEVERITIES:
            raise _wrong(text, f"'{wanted}' is no severity")
        level = SEVERITIES[wanted.upper()]
        return lambda entry: _ordered(operator, SEVERITIES.get(str(entry.get("severity", "DEFAULT")), 0), level)
    if operator in ("=~", "!~"):
        try:
            pattern = re.compile(wanted)
        except re.error as error:
            raise _wrong(text, f"'{wanted}' is no regular expression") from error
        has = operator == "=~"
        return lambda entry: any(pattern.search(_text(value)) for value in _find(entry, steps)) is has
    if operator == "!=":
        return lambda entry: all(_key(value, wanted) != _key(wanted, wanted) for value in _find(entry, steps))
    if operator == ":":
        if wanted == "*":
            return lambda entry: bool(_find(entry, steps))
        return lambda entry: any(wanted.lower() in _text(value).lower() for value in _find(entry, steps))
    return lambda entry: any(
        _ordered(operator, *_alike(_key(value, wanted), _key(wanted, wanted))) for value in _find(entry, steps)
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(_texts(value)) if isinstance(value, dict) else str(value)


def _key(value: Any, wanted: str) -> Any:
    """A value as it is compared: as a number where both are one, else as text; moments to the same length."""
    text = _text(value)
    try:
        float(wanted)
        return float(text)
    except ValueError:
        return _moment(text) or text


def _moment(text: str) -> str | None:
    """A moment in UTC, so written that the order is that of the text; None where it is none."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d))?", text)
    if match is None:
        return None
    day, clock, part, zone = match.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{'+00:00' if zone in (None, 'Z') else zone}")
    except ValueError:
        return None
    return f"{whole.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{(part or '').ljust(9, '0')}"


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    return (left, right) if isinstance(left, type(right)) else (str(left), str(right))


def _ordered(operator: str, left: Any, right: Any) -> bool:
    if operator in ("=", ":"):
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    else:
        yield _text(value)
