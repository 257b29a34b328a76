"""Texts and bytes with escapes, said without those that the engine's parser doesn't know.

https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#escape_sequences
"""

from __future__ import annotations

import re

from sandbox.runtime.bigquery.jobs import TEXTS

_ESCAPE = re.compile(
    r"\\(?:[uU](?P<point>[0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})"
    r"|[xX](?P<hex>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{3})|(?s:(?P<one>.)))"
)
_NAMED = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_QUOTED = re.compile(r"(?P<prefix>[rRbB]{0,2})(?P<quote>'''|\"\"\"|'|\")(?P<text>.*)(?P=quote)", re.S)
_TEXTS = re.compile(TEXTS, re.S)


def plainly(sql: str) -> str:
    r"""A statement without such escapes.

    >>> plainly(r"SELECT '\u0041\x27', b'\xff', r'\u0041', b'abc' -- '\x41'")
    "SELECT 'A\\'', FROM_HEX('ff'), r'\\u0041', b'abc' -- '\\x41'"
    """
    return _TEXTS.sub(_said, sql) if "\\" in sql else sql


def _said(found: re.Match[str]) -> str:
    text = _QUOTED.fullmatch(found[0])
    if text is None or "\\" not in text["text"] or "r" in text["prefix"].lower():
        return found[0]
    if "b" in text["prefix"].lower():
        return f"FROM_HEX('{_bytes(text['text']).hex()}')"

    def plain(escape: re.Match[str]) -> str:
        code = escape["point"] or escape["hex"]
        if not code and not escape["octal"]:
            return escape[0]
        sign = chr(int(code, 16) if code else int(escape["octal"], 8))
        return {"\n": "\\n", "\r": "\\r"}.get(sign, "\\" + sign if sign in "\\'\"`" else sign)

    return f"{text['quote']}{_ESCAPE.sub(plain, text['text'])}{text['quote']}"


def _bytes(text: str) -> bytes:
    made, end = b"", 0
    for escape in _ESCAPE.finditer(text):
        made += text[end : escape.start()].encode()
        end = escape.end()
        if escape["hex"] or escape["octal"]:
            made += bytes([int(escape["hex"], 16) if escape["hex"] else int(escape["octal"], 8)])
        elif escape["point"]:
            made += escape[0].encode()
        else:
            one = escape["one"]
            made += bytes([_NAMED[one]]) if one in _NAMED else one.encode()
    return made + text[end:].encode()
