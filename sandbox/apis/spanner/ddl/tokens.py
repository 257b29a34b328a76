"""The words of a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.control.errors import ApiError, invalid_argument

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|\#[^\n]*|/\*.*?\*/)
    |(?P<text>[rRbB]{0,2}(?:'{3}.*?'{3}|"{3}.*?"{3}|'(?:[^'\\\n]|\\.|'')*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<quoted>`[^`\n]+`)
    |(?P<number>\d[\w.]*)
    |(?P<word>[A-Za-z_][\w$]*)
    |(?P<mark>=>|::|[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a name in quotes, a text, a number or a mark; `key` is how it is compared."""

    kind: str
    text: str
    at: int

    @property
    def key(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text

    @property
    def is_name(self) -> bool:
        return self.kind in ("word", "quoted")

    @property
    def name(self) -> str:
        """An identifier without its quotes."""
        return self.text.strip('`"')


def wrong(statement: str, at: int, problem: str) -> ApiError:
    """The error of a statement that can't be read, with line and column."""
    line, column = statement.count("\n", 0, at) + 1, at - statement.rfind("\n", 0, at)
    return invalid_argument(
        f"Error parsing Spanner DDL statement: {statement} : Syntax error on line {line}, column {column}: {problem}"
    )


def tokens(statement: str, *, postgres: bool) -> list[Token]:
    """The words of a statement, its brackets balanced. Raises 400 for what is none."""
    found: list[Token] = []
    at, opened = 0, list[Token]()
    while at < len(statement):
        match = _TOKEN.match(statement, at)
        if match is None:
            raise wrong(statement, at, f"Encountered {statement[at]!r}")
        kind, at = str(match.lastgroup), match.end()
        if kind == "space":
            continue
        token = Token("quoted" if postgres and match[0][0] == '"' else kind, match[0], match.start())
        if kind == "mark" and token.text in "'\"`":
            raise wrong(statement, token.at, "Unclosed string literal")
        if token.text in _CLOSED_BY:
            opened.append(token)
        elif token.text in _CLOSED_BY.values() and (not opened or _CLOSED_BY[opened.pop().text] != token.text):
            raise wrong(statement, token.at, f"Encountered '{token.text}'")
        found.append(token)
    if opened:
        raise wrong(statement, len(statement), f"Expecting '{_CLOSED_BY[opened[-1].text]}' but found 'EOF'")
    return found


def split(words: list[Token], start: int) -> tuple[list[list[Token]], int]:
    """The parts between commas of the brackets that open at `start`, and the index behind them."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for at in range(start, len(words)):
        text = words[at].text
        # The brackets of ARRAY<STRUCT<…>> hold commas too.
        if text in "([{<" and not _compares(words, at):
            depth += 1
        elif text in ")]}>" and not _compares(words, at):
            depth -= 1
            if depth == 0:
                return [part for part in parts if part], at + 1
        if depth == 1 and text == ",":
            parts.append([])
        elif at > start:
            parts[-1].append(words[at])
    return [part for part in parts if part], len(words)


def _compares(words: list[Token], at: int) -> bool:
    """Whether an angle bracket is one of an expression: it opens a type only behind ARRAY or STRUCT."""
    if words[at].text == "<":
        return words[at - 1].key not in ("ARRAY", "STRUCT")
    if words[at].text == ">":
        opened = 0
        for back in range(at - 1, -1, -1):
            if words[back].text == ">":
                opened += 1
            elif words[back].text == "<" and words[back - 1].key in ("ARRAY", "STRUCT"):
                if opened == 0:
                    return False
                opened -= 1
        return True
    return False
