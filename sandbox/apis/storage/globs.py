"""`matchGlob` of lists of objects: https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob"""

from __future__ import annotations

import re

from sandbox.control.errors import invalid_argument

_TOKEN = re.compile(
    r"\*\*|\*|\?|\[(?P<not>[!^]?)(?P<set>\]?[^\]]*)\]|(?P<open>\{)|(?P<close>\})|(?P<or>,)|\\(?P<plain>.)"
)


def compile_glob(glob: str) -> re.Pattern[str]:
    """The names that a glob stands for. `*` and `?` don't pass a slash, `**` does. Raises ApiError 400.

    >>> [bool(compile_glob(glob).fullmatch("a/b/d.csv")) for glob in ("a/**.{csv,json}", "*.csv")]
    [True, False]
    """
    made, at, depth = "", 0, 0
    for match in _TOKEN.finditer(glob):
        made += re.escape(glob[at : match.start()])
        at = match.end()
        text = match[0]
        if match["set"] is not None:
            inner = re.sub(r"([\\\[\]^&~|])", r"\\\1", match["set"])
            made += f"[{'^' if match['not'] else ''}{inner}]"
        elif match["open"]:
            depth += 1
            made += "(?:"
        elif match["close"]:
            depth -= 1
            made += ")" if depth >= 0 else ""
        elif match["or"]:
            made += "|" if depth > 0 else ","
        elif match["plain"] is not None:
            made += re.escape(match["plain"])
        else:
            made += {"**": ".*", "*": "[^/]*", "?": "[^/]"}[text]
    try:
        if depth:
            raise ValueError("a brace has no other")
        return re.compile(made + re.escape(glob[at:]), re.DOTALL)
    except (re.error, ValueError) as error:
        raise invalid_argument(f"Invalid matchGlob '{glob}': {error}.") from error
