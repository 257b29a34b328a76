"""Statements that the engine doesn't know, read token by token: names, words, what stands in parentheses, options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sandbox.control.errors import ApiError, invalid_argument


class Reader:
    """A statement's tokens, and how far they are read.

    >>> reader = Reader("CREATE FUNCTION d.f(x INT64)")
    >>> reader.take("CREATE", "FUNCTION"), reader.name(), reader.parentheses()
    (True, ('d', 'f'), 'x INT64')
    """

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._tokens: list[Any] = import_module("sqlglot").tokenize(text, read="bigquery")

    def from_(self, position: int) -> str:
        """The text from a token on."""
        return self._text[self._tokens[position].start :]

    def __len__(self) -> int:
        return len(self._tokens)

    def ended(self) -> bool:
        """Whether all is read."""
        return self._at >= len(self._tokens)

    def rest(self) -> str:
        """The text that is not read yet."""
        return self.from_(self._at) if self._at < len(self._tokens) else ""

    def word(self) -> str:
        """The next word, in capitals; go past it."""
        self._at += 1
        return str(self._tokens[self._at - 1].text.upper())

    def words(self, *one: str) -> bool:
        """Whether the next word is one of these."""
        return self._at < len(self._tokens) and self._tokens[self._at].text.upper() in one

    def take(self, *words: str) -> bool:
        """Go past these words, if they are next."""
        ahead = [token.text.upper() for token in self._tokens[self._at : self._at + len(words)]]
        if ahead != list(words):
            return False
        self._at += len(words)
        return True

    def name(self) -> tuple[str, ...]:
        """A path of names, with or without backticks."""
        match = re.match(r"(?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))*", self.rest())
        if match is None:
            raise invalid_argument(f"Syntax error: Expected a name but got {self.rest()[:20]!r}", reason="invalidQuery")
        end = self._tokens[self._at].start + match.end()
        while self._at < len(self._tokens) and self._tokens[self._at].start < end:
            self._at += 1
        return tuple(match[0].replace("`", "").split("."))

    def parentheses(self) -> str:
        """The text between the parenthesis that is next and the one that closes it."""
        start, depth = self._at, 0
        while self._at < len(self._tokens):
            depth += {"(": 1, ")": -1}.get(self._tokens[self._at].text, 0)
            self._at += 1
            if depth == 0:
                return self._text[self._tokens[start].end + 1 : self._tokens[self._at - 1].start]
        raise invalid_argument('Syntax error: Expected ")" but got end of statement', reason="invalidQuery")


def place_of(name: Sequence[str], query: dict[str, Any], project: str) -> tuple[str, str, str]:
    """The project, the dataset and the id that a name of one to three parts means in a query.

    >>> place_of(("d", "t"), {}, "p"), place_of(["t"], {"defaultDataset": {"datasetId": "e"}}, "p")
    (('p', 'd', 't'), ('p', 'e', 't'))
    """
    default = query.get("defaultDataset") or {}
    last, dataset, owner = (*reversed(name), "", "")[:3]
    owner = owner or str(default.get("projectId") or project)
    return owner, dataset or str(default.get("datasetId") or ""), last


def carried_out(text: str) -> str:
    """What the engine runs of a statement that is carried out already, so that its job is there."""
    return f"SELECT 1 AS done LIMIT 0 /* {text.replace('*/', '* /')} */"


@contextmanager
def allowed(code: int) -> Iterator[None]:
    """Let a request be refused with this code: `IF EXISTS` allows 404."""
    try:
        yield
    except ApiError as error:
        if error.code != code:
            raise


def options(text: str) -> dict[str, Any]:
    """What stands in the parentheses of `OPTIONS`: constants, arrays of them, and pairs of them, by lower-case names.

    >>> options('a = 1, B = [("c", "d")]')
    {'a': 1, 'b': [('c', 'd')]}
    """
    sqlglot = import_module("sqlglot")
    exp = sqlglot.exp

    def value(node: Any) -> Any:
        if isinstance(node, exp.Array):
            return [value(each) for each in node.expressions]
        if isinstance(node, exp.Tuple):
            return tuple(value(each) for each in node.expressions)
        if isinstance(node, exp.Boolean):
            return bool(node.this)
        if isinstance(node, exp.Literal):
            return str(node.this) if node.is_string else int(node.this)
        raise invalid_argument(f"An option is a constant, not {node.sql(dialect='bigquery')}.", reason="invalidQuery")

    found = {}
    try:
        tree = sqlglot.parse_one(f"SELECT STRUCT({_as_struct(text)})", read="bigquery")
    except sqlglot.errors.SqlglotError as error:
        raise invalid_argument(f"Syntax error in OPTIONS: {str(error)[:200]}", reason="invalidQuery") from error
    for each in tree.find(exp.Struct).expressions:
        found[each.this.name.lower()] = value(each.expression)
    return found


def _as_struct(text: str) -> str:
    """`a = 1, b = 2` as `1 AS a, 2 AS b`."""
    tokens = import_module("sqlglot").tokenize(text, read="bigquery")
    starts = [i for i in range(len(tokens) - 1) if tokens[i + 1].text == "=" and re.match(r"[A-Za-z_]", tokens[i].text)]
    parts = []
    for start, following in zip(starts, [*starts[1:], len(tokens)], strict=True):
        last = tokens[following - 1] if following == len(tokens) else tokens[following - 2]
        parts.append(f"{text[tokens[start + 2].start : last.end + 1]} AS {tokens[start].text}")
    return ", ".join(parts)
