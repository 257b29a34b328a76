"""How NSE writes a symbol.

Source: NSE's security and contract files, "symbol": capitals, digits, `&` and `-` (`M&M`, `BAJAJ-AUTO`, `3MINDIA`,
`NIFTY26NOVFUT`).
"""

from __future__ import annotations

import re

_SYMBOL = re.compile(r"(?=.{0,29}[A-Z])[A-Z0-9][A-Z0-9&_-]{0,29}", re.ASCII)


def is_symbol(text: str) -> bool:
    """Whether a text has the form of an NSE symbol: 1 to 30 of A-Z, 0-9, `&`, `-`, `_`, with a letter in it.

    >>> is_symbol("M&M"), is_symbol("reliance"), is_symbol("RELIANCE ")
    (True, False, False)
    """
    return _SYMBOL.fullmatch(text) is not None
