"""What stands in the brackets of CREATE TABLE: columns with their types, keys, references."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from sandbox.apis.spanner.ddl.tokens import Token, split, wrong

_LENGTHS = ("STRING", "BYTES")
_PLAIN = (
    *("BOOL", "INT64", "FLOAT32", "FLOAT64", "NUMERIC", "DATE", "TIMESTAMP", "JSON", "UUID", "INTERVAL", "TOKENLIST"),
)
_RULES = ("CONSTRAINT", "FOREIGN", "CHECK", "PRIMARY", "SYNONYM", "UNIQUE", "LIKE", "INTERLEAVE")


@dataclass(slots=True)
class Table:
    """A table: its columns by their names in small letters, its key, whose rows it lies among."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    parent: str = ""
    references: list[tuple[str, list[str]]] = field(default_factory=list)
    constraints: set[str] = field(default_factory=set)


def read(table: Table, parts: list[list[Token]], statement: str, *, postgres: bool) -> None:
    """Fill in a table from the parts of its brackets."""
    for part in parts:
        if part[0].kind == "word" and part[0].key in _RULES:
            rule(table, part)
        else:
            column(table, part, statement, postgres=postgres)


def rule(table: Table, part: list[Token]) -> None:
    """A constraint of a table."""
    words = [token.key for token in part]
    if words[0] == "CONSTRAINT" and len(part) > 1:
        table.constraints.add(part[1].name.lower())
    if "FOREIGN" in words:
        table.references.append(_referred(part, words))
    if words[:2] == ["PRIMARY", "KEY"] or ("PRIMARY" in words and words[0] == "CONSTRAINT"):
        table.key = names(part, words.index("PRIMARY") + 2)


def _referred(part: list[Token], words: list[str]) -> tuple[str, list[str]]:
    at = words.index("REFERENCES") + 1 if "REFERENCES" in words else len(part)
    name = []
    while at < len(part) and (part[at].is_name or part[at].text == "."):
        name.append(part[at].name)
        at += 1
    return "".join(name), names(part, at) if at < len(part) and part[at].text == "(" else []


def names(words: list[Token], at: int) -> list[str]:
    """The first word of each part of the brackets at `at`."""
    if at >= len(words) or words[at].text != "(":
        return []
    return [part[0].name for part in split(words, at)[0]]


def column(table: Table, part: list[Token], statement: str, *, postgres: bool) -> str:
    """A column's name, which is then the table's; 400 for one that can't be read."""
    if not part[0].is_name:
        raise wrong(statement, part[0].at, f"Encountered '{part[0].text}' while parsing: column_def")
    name = part[0].name
    if len(part) < 2:
        raise wrong(statement, part[0].at + len(part[0].text), "Encountered 'EOF' while parsing: column_type")
    if not postgres:
        _type(part, 1, statement)
    table.columns[name.lower()] = name
    words = [token.key for token in part]
    if any(pair == ("PRIMARY", "KEY") for pair in pairwise(words)):
        table.key = [name]
    if "REFERENCES" in words:
        table.references.append(_referred(part, words))
    return name


def _type(part: list[Token], at: int, statement: str) -> int:
    """The index behind a type of GoogleSQL."""
    token = part[at]
    following = part[at + 1].text if at + 1 < len(part) else ""
    if token.key in _LENGTHS:
        length = part[at + 2].key if following == "(" and at + 2 < len(part) else ""
        if length != "MAX" and not length.removeprefix("0X").isalnum():
            raise wrong(statement, token.at, f"Expecting a length behind {token.key}, such as {token.key}(MAX)")
        return at + 4
    if token.key == "ARRAY":
        if following != "<":
            raise wrong(statement, token.at, "Expecting '<' behind ARRAY")
        return _type(part, at + 2, statement) + 1
    if token.key in _PLAIN:
        return at + 1
    if following == "." or token.kind == "quoted":
        return len(part)  # a message or an enum of a proto bundle, by its full name
    raise wrong(statement, token.at, f"Encountered '{token.text}' while parsing: column_type")
