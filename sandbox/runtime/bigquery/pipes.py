"""Steps of pipe syntax that the translator lacks, said by the one that it has: SET, DROP and RENAME are a SELECT.

https://cloud.google.com/bigquery/docs/reference/standard-sql/pipe-syntax
"""

from __future__ import annotations

from typing import Any

from sandbox.runtime.bigquery.tokens import tokens_of

_STEPS = ("SET", "DROP", "RENAME")
_OPEN, _CLOSE = ("L_PAREN", "L_BRACKET", "L_BRACE"), ("R_PAREN", "R_BRACKET", "R_BRACE")


def say_pipes(sql: str) -> str:
    """A statement without such steps. What isn't as it should be stays, for the translator to refuse.

    >>> say_pipes("FROM t |> SET a = f(1, 2), b = 3 |> DROP c, d |> RENAME a AS x")
    'FROM t |> SELECT * REPLACE (f(1, 2) AS a, 3 AS b) |> SELECT * EXCEPT (c, d) |> SELECT * RENAME (a AS x)'
    >>> say_pipes("SELECT '|> SET a = 1'")
    "SELECT '|> SET a = 1'"
    """
    if "|>" not in sql:
        return sql
    tokens = tokens_of(sql)
    for place in reversed(range(len(tokens) - 1)):
        word = tokens[place + 1].text.upper()
        if tokens[place].token_type.name == "PIPE_GT" and word in _STEPS:
            inside = tokens[place + 2 : _end(tokens, place + 2)]
            said = _said(sql, word, inside) if inside else ""
            if said:
                sql = f"{sql[: tokens[place + 1].start]}SELECT * {said}{sql[inside[-1].end + 1 :]}"
    return sql


def _end(tokens: list[Any], place: int) -> int:
    """Where a step ends: at the next one, at a semicolon, or at the bracket around all."""
    depth = 0
    for number in range(place, len(tokens)):
        name = tokens[number].token_type.name
        depth += (name in _OPEN) - (name in _CLOSE)
        if depth < 0 or (not depth and name in ("PIPE_GT", "SEMICOLON")):
            return number
    return len(tokens)


def _said(sql: str, word: str, inside: list[Any]) -> str:
    items: list[list[Any]] = [[]]
    depth = 0
    for token in inside:
        name = token.token_type.name
        depth += (name in _OPEN) - (name in _CLOSE)
        if name == "COMMA" and not depth:
            items.append([])
        else:
            items[-1].append(token)
    if not items[-1]:  # a comma at the end
        items.pop()
    if not all(items):
        return ""

    def text(tokens: list[Any]) -> str:
        return sql[tokens[0].start : tokens[-1].end + 1]

    if word == "DROP":
        return f"EXCEPT ({', '.join(map(text, items))})"
    if word == "SET":
        if any(len(each) < 3 or each[1].token_type.name != "EQ" for each in items):
            return ""
        return f"REPLACE ({', '.join(f'{text(each[2:])} AS {text(each[:1])}' for each in items)})"
    if any(len(each) not in (2, 3) for each in items):
        return ""
    return f"RENAME ({', '.join(f'{text(each[:1])} AS {text(each[-1:])}' for each in items)})"
