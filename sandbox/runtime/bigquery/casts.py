"""`CAST(… AS … FORMAT …)`, which the translator takes for PARSE_ functions or not at all, said by functions of ours.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements
"""

from __future__ import annotations

from typing import Any

from sandbox.runtime.bigquery.pipes import say_pipes
from sandbox.runtime.bigquery.tokens import tokens_of

_KINDS = {"STRING": "text", "BYTES": "bytes", "DATE": "date", "DATETIME": "datetime", "TIME": "time"}
_KINDS |= {"TIMESTAMP": "timestamp"}


def translatable(sql: str) -> str:
    """A statement as the translator can read it."""
    return say_casts(say_pipes(sql))


def say_casts(sql: str) -> str:
    """A statement without casts by formats, but those that aren't served.

    >>> say_casts("SAFE_CAST(CAST(b AS STRING FORMAT 'HEX') AS DATE FORMAT f)")
    "bq_date_by_format(bq_text_by_format(b, 'HEX', 'UTC', FALSE), f, 'UTC', TRUE)"
    >>> say_casts("CAST(t AS STRING FORMAT 'HH24' AT TIME ZONE z), CAST(x AS STRING), FORMAT('%t', x)")
    "bq_text_by_format(t, 'HH24', z, FALSE), CAST(x AS STRING), FORMAT('%t', x)"
    """
    upper = sql.upper()
    if "FORMAT" not in upper or "CAST" not in upper:
        return sql
    tokens = tokens_of(sql)
    for place in reversed(range(len(tokens) - 1)):  # the inner ones first: what is before them stays where it is
        if tokens[place].text.upper() in ("CAST", "SAFE_CAST") and tokens[place + 1].text == "(":
            said = _said(sql, tokens, place)
            if said:
                return say_casts(said)
    return sql


def _said(sql: str, tokens: list[Any], place: int) -> str:
    """The text with the cast of a place said otherwise; empty where it is none by a format."""
    depth, marks, end = 0, dict[str, int](), 0
    for number in range(place + 1, len(tokens)):
        text = tokens[number].text.upper()
        depth += (text in ("(", "[")) - (text in (")", "]"))
        if not depth:
            end = number
            break
        if depth == 1 and text in ("AS", "FORMAT", "AT"):
            marks[text] = number
    if not end or "FORMAT" not in marks or marks.get("AS", 0) != marks["FORMAT"] - 2:
        return ""
    kind = _KINDS.get(tokens[marks["AS"] + 1].text.upper())
    if kind is None:
        return ""

    def between(first: int, last: int) -> str:
        return sql[tokens[first].start : tokens[last].end + 1]

    zone = between(marks["AT"] + 3, end - 1) if marks.get("AT", 0) > marks["FORMAT"] else "'UTC'"
    form = between(marks["FORMAT"] + 1, (marks["AT"] if marks.get("AT", 0) > marks["FORMAT"] else end) - 1)
    safe = "TRUE" if tokens[place].text.upper() == "SAFE_CAST" else "FALSE"
    call = f"bq_{kind}_by_format({between(place + 2, marks['AS'] - 1)}, {form}, {zone}, {safe})"
    return f"{sql[: tokens[place].start]}{call}{sql[tokens[end].end + 1 :]}"
