"""The language in which lists are filtered (AIP-160): comparisons with AND, OR, NOT and parentheses.

    state=ENABLED AND labels.tier:("gold" OR "silver") AND NOT name:old

A comparison has a path into the document, `=`, `!=`, `<`, `<=`, `>`, `>=` or `:` (has), and a value or several in
parentheses; a value alone is looked for in all of the document. An API may have more of it: a `Dialect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sandbox.control import masks
from sandbox.control.errors import invalid_argument, unimplemented

Document = dict[str, Any]
Matches = Callable[[Document], bool]
Comparison = tuple[list[str], str, str]
T = TypeVar("T")

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<op>=~|!~|!=|<=|>=|=|<|>|:)|(?P<text>\"(?:\\.|[^\"\\])*\")"
    r"|(?P<word>(?:\"(?:\\.|[^\"\\])*\"|[^\s()=<>!:\"~])+))"
)
_SEGMENT = re.compile(r'"((?:\\.|[^"\\])*)"|([^."]+)')


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an API has beside the general case.

    name         the first step of a path as the document spells it
    compare      a comparison (path, operator, value) that is not the general one, or None
    functions    what `name(argument, …)` matches; ValueError or TypeError where they are none of it
    expressions  whether there are `=~` and `!~`
    wildcards    whether `*` at either end of a value of `=` stands for any text
    """

    name: Callable[[str], str] = masks.camel
    compare: Callable[[list[str], str, str], Matches | None] = lambda path, operator, value: None
    functions: Mapping[str, Callable[..., Matches]] = field(default_factory=dict)
    expressions: bool = False
    wildcards: bool = True


GENERAL = Dialect()


def compile_filter(text: str, dialect: Dialect = GENERAL) -> Matches:
    """What tells whether a document is asked for. Raises ApiError 400 where the text is none of the language.

    >>> compile_filter('state=ENABLED AND labels.tier:*')({"state": "ENABLED", "labels": {"tier": "gold"}})
    True
    """
    return parse(text, dialect)[0]


def parse(text: str, dialect: Dialect = GENERAL) -> tuple[Matches, list[Comparison]]:
    """The same, with the comparisons that hold for whatever is found: those that are neither an alternative nor denied.

    >>> parse("size>1 AND (state=A OR state=B) AND NOT done=true")[1]
    [(['size'], '>', '1')]
    """
    text = text.strip()
    if not text:
        return (lambda document: True), []
    parser = _Parser(text, dialect)
    found = parser.any_of()
    if parser.peek()[0]:
        raise wrong(text, f"unexpected '{parser.peek()[1]}'")
    return found, parser.certain


def values(path: str, dialect: Dialect = GENERAL) -> Callable[[Document], list[str]]:
    """What tells the values at a path of a document, as text.

    >>> values("legs.qty")({"legs": [{"qty": 1}, {"qty": 2}]})
    ['1', '2']
    """
    steps = _steps(path)
    steps[0] = dialect.name(steps[0])
    return lambda document: [_text(value) for value in _find(document, steps)]


def wrong(text: str, why: str) -> Exception:
    """400 for a filter."""
    return invalid_argument(f"Unparseable filter: {why}: {text}", {"filter": why})


class _Parser:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._dialect = dialect
        self._tokens = list(self._split(text))
        self._at = 0
        self.certain: list[Comparison] = []

    def _split(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None or match.end() == at:
                raise wrong(text, f"at '{text[at : at + 20]}'")
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
        return lambda document: all(term(document) for term in terms)

    def _term(self) -> Matches:
        known = len(self.certain)
        choices = [self._factor()]
        while self._take("word", "OR"):
            choices.append(self._factor())
        if len(choices) > 1:
            del self.certain[known:]
        return choices[0] if len(choices) == 1 else lambda document: any(choice(document) for choice in choices)

    def _factor(self) -> Matches:
        if self._take("word", "NOT"):
            return self._denied()
        if self._take("open"):
            inner = self.any_of()
            self._close()
            return inner
        kind, path = self.peek()
        if kind not in ("word", "text") or (kind == "word" and path in ("AND", "OR")):
            raise wrong(self._text, f"unexpected '{path}'")
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
            return lambda document: wanted in " ".join(_texts(document)).lower()
        if "~" in operator and not self._dialect.expressions:
            raise wrong(self._text, f"unexpected '{operator}'")
        steps = _steps(path)
        steps[0] = self._dialect.name(steps[0])
        values = self._values()
        if len(values) == 1:
            self.certain.append((steps, operator, values[0]))
        tests = [
            self._dialect.compare(steps, operator, value)
            or _compare(steps, operator, value, self._text, wildcards=self._dialect.wildcards)
            for value in values
        ]
        negative = operator.startswith("!")
        return lambda document: (all if negative else any)(test(document) for test in tests)

    def _denied(self) -> Matches:
        known = len(self.certain)
        inner = self._factor()
        del self.certain[known:]
        return lambda document: not inner(document)

    def _function(self, name: str) -> Matches:
        function = self._dialect.functions.get(name.lower())
        if function is None:
            raise unimplemented(f"The sandbox does not implement the function {name}() of filters.")
        self._take("open")
        given = []
        while self.peek()[0] in ("word", "text"):
            given.append(_plain((self._take() or "").rstrip(",")))
        self._close()
        try:
            return function(*(argument for argument in given if argument))
        except (TypeError, ValueError) as error:
            raise wrong(self._text, f"{name}({', '.join(given)})") from error

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
            raise wrong(self._text, "a value is missing")
        self._at += 1
        while kind == "word" and self.peek() == ("op", ":"):  # a moment written without quotes
            value += ":" + self.peek(1)[1]
            self._at += 2
        return _plain(value)

    def _close(self) -> None:
        if self._take("close") is None:
            raise wrong(self._text, "')' is missing")


def _plain(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token


def _steps(path: str) -> list[str]:
    steps = [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in _SEGMENT.findall(path)]
    return steps or [path]


def _find(document: Any, steps: list[str]) -> list[Any]:
    """What stands at a path: of a list, each of its elements."""
    found = [document]
    for step in steps:
        found = [one[step] for one in _flat(found) if isinstance(one, dict) and step in one]
    return _flat(found)


def _flat(values: list[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _compare(steps: list[str], operator: str, wanted: str, text: str, *, wildcards: bool) -> Matches:
    if operator in ("=~", "!~"):
        try:
            pattern = re.compile(wanted)
        except re.error as error:
            raise wrong(text, f"'{wanted}' is no regular expression") from error
        has = operator == "=~"
        return lambda document: any(pattern.search(_text(value)) for value in _find(document, steps)) is has
    if wildcards and operator in ("=", "!=") and "*" in wanted:
        glob = re.compile(".*".join(re.escape(part) for part in wanted.split("*")), re.DOTALL)
        same = operator == "="
        return lambda document: any(glob.fullmatch(_text(value)) for value in _find(document, steps)) is same
    if operator == "!=":
        return lambda document: all(_key(value, wanted) != _key(wanted, wanted) for value in _find(document, steps))
    if operator == ":":
        if wanted == "*":
            return lambda document: bool(_find(document, steps))
        return lambda document: any(wanted.lower() in _text(value).lower() for value in _find(document, steps))
    return lambda document: any(
        ordered(operator, *_alike(_key(value, wanted), _key(wanted, wanted))) for value in _find(document, steps)
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
        return moment(text) or text


def moment(text: str) -> str | None:
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


def ordered(operator: str, left: Any, right: Any) -> bool:
    """Whether a comparison holds."""
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


def sort(documents: list[T], order: str, view: Callable[[T], Document]) -> list[T]:
    """Documents by `orderBy`: fields with `asc` or `desc`, the first weighs most. Raises ApiError 400.

    >>> sort([{"a": 1}, {"a": 3}], "a desc", lambda document: document)
    [{'a': 3}, {'a': 1}]
    """
    found = list(documents)
    for part in reversed(order.split(",")):
        match = re.fullmatch(r"\s*([\w.]+)(?:\s+(asc|desc))?\s*", part, re.IGNORECASE)
        if match is None:
            raise invalid_argument(f"Invalid orderBy '{order}'.", {"orderBy": "fields, each with asc or desc"})
        steps = [masks.camel(step) for step in match[1].split(".")]
        found.sort(key=lambda item: _sortable(_find(view(item), steps)), reverse=(match[2] or "").lower() == "desc")
    return found


def _sortable(values: list[Any]) -> tuple[int, float, str]:
    if not values:
        return (0, 0.0, "")
    if isinstance(values[0], int | float):
        return (1, float(values[0]), "")
    return (2, 0.0, moment(_text(values[0])) or _text(values[0]))
