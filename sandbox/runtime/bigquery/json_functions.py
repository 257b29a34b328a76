"""Functions of JSON, of its texts.

https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from sandbox.runtime.bigquery import typed

_STEP = re.compile(r"\.(\w+)|\.\"((?:[^\"\\]|\\.)*)\"|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]")
_WIDE = 2**63


def indented(text: str) -> str:
    """A document on lines of its own, as TO_JSON_STRING makes it pretty."""
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


def keys(text: str, depth: int, mode: str) -> list[str]:
    """JSON_KEYS. Raises ValueError.

    >>> keys('{"a": {"b": 1}, "c": [{"d": 1}, [{"e": 1}]]}', 9, "strict")
    ['a', 'a.b', 'c']
    >>> keys('{"c": [{"d": 1}, [{"e": 1}]]}', 9, "lax"), keys('{"c": [{"d": 1}, [{"e": 1}]]}', 9, "lax recursive")
    (['c', 'c.d'], ['c', 'c.d', 'c.e'])
    """
    if mode.lower() not in ("strict", "lax", "lax recursive", "recursive lax") or depth <= 0:
        raise ValueError("JSON_KEYS wants a depth above 0, and strict, lax or lax recursive as its mode")
    found: set[str] = set()

    def look(value: Any, before: str, left: int, arrays: int) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                name = before + (key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key, ensure_ascii=False))
                found.add(name)
                if left > 1:
                    look(each, name + ".", left - 1, 0)
        elif isinstance(value, list) and mode.lower() != "strict" and (not arrays or "recursive" in mode.lower()):
            for each in value:
                look(each, before, left, arrays + 1)

    look(json.loads(text), "", depth, 0)
    return sorted(found)


def value(text: str, kind: str) -> str | None:
    """BOOL, INT64, FLOAT64 and STRING of JSON, which must be of that kind. Raises ValueError.

    >>> value("10.0", "int64"), value('"a"', "string"), value("null", "bool")
    ('10', 'a', None)
    """
    found = json.loads(text)
    if found is None:
        return None
    number = isinstance(found, int | float) and not isinstance(found, bool)
    if kind == "int64" and number and found == int(found) and -_WIDE <= found < _WIDE:
        return str(int(found))
    if kind == "float64" and number:
        return repr(float(found))
    if (kind == "bool" and isinstance(found, bool)) or (kind == "string" and isinstance(found, str)):
        return str(found)
    raise ValueError(f"The provided JSON input is not of the kind {kind.upper()}: {text}")


def lax(text: str, kind: str) -> str | None:
    """LAX_BOOL, LAX_INT64, LAX_FLOAT64 and LAX_STRING.

    >>> [lax(text, "int64") for text in ("3.14", '"10"', "true", '"1e2"', '"foo"', "[1]")]
    ['3', '10', '1', '100', None, None]
    >>> lax("true", "float64"), lax('"NaN"', "float64"), lax("3.140", "string"), lax("0", "bool")
    (None, 'nan', '3.14', 'False')
    """
    found = json.loads(text)
    if found is None or isinstance(found, dict | list):
        return None
    if kind == "string":
        if isinstance(found, bool):
            return str(found).lower()
        return found if isinstance(found, str) else typed.document_text(found)
    if kind == "bool":
        if isinstance(found, str):
            return found.lower() if found.lower() in ("true", "false") else None
        return str(bool(found))
    if isinstance(found, bool):
        return str(int(found)) if kind == "int64" else None
    try:
        if kind == "float64":
            return repr(float(found))
        number = int(found) if isinstance(found, str) and re.fullmatch(r"[+-]?\d+", found) else _whole(float(found))
    except (ValueError, OverflowError):
        return None
    return str(number) if -_WIDE <= number < _WIDE else None


def _whole(number: float) -> int:
    """Rounded, half away from zero."""
    return int(abs(number) + 0.5) * (-1 if number < 0 else 1)


def _steps(path: str) -> list[str | int]:
    """What a path says, one by one. Raises ValueError."""
    steps: list[str | int] = []
    end = 1
    while path.startswith("$") and end < len(path) and (found := _STEP.match(path, end)):
        steps.append(int(found[4]) if found[4] else found[1] or found[2] or found[3] or "")
        end = found.end()
    if not path.startswith("$") or end < len(path):
        raise ValueError(f"Invalid JSONPath: {path}")
    return steps


def put(text: str, path: str, new: str, made: bool) -> str:
    """JSON_SET, which makes what is missing only if `made`. Raises ValueError.

    >>> put('{"a":1}', "$.b.c", "2", True), put('{"a":1}', "$.b", "2", False), put("[1]", "$[2]", "3", True)
    ('{"a":1,"b":{"c":2}}', '{"a":1}', '[1,null,3]')
    """
    whole = [json.loads(text)]
    above: Any = whole
    place: str | int = 0
    for step in _steps(path):
        below = above[place]
        if below is None and made:
            below = above[place] = {} if isinstance(step, str) else []
        known = isinstance(below, dict) if isinstance(step, str) else isinstance(below, list)
        if not known:
            return _compact(whole[0])
        there = step in below if isinstance(below, dict) else int(step) < len(below)
        if not there and not made:
            return _compact(whole[0])
        if not there and isinstance(below, list):
            below.extend([None] * (int(step) + 1 - len(below)))
        elif not there:
            below[step] = None
        above, place = below, step
    above[place] = json.loads(new)
    return _compact(whole[0])


def appended(text: str, path: str, new: str) -> str:
    """JSON_ARRAY_APPEND: an array is appended by its elements. Raises ValueError.

    >>> appended('{"a":[1]}', "$.a", "2"), appended("[1]", "$", "[2,3]"), appended('{"a":1}', "$.a", "2")
    ('{"a":[1,2]}', '[1,2,3]', '{"a":1}')
    """
    whole: Any = json.loads(text)
    found: Any = whole
    for step in _steps(path):
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return _compact(whole)
    if isinstance(found, list):
        more = json.loads(new)
        found.extend(more if isinstance(more, list) else [more])
    return _compact(whole)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def contains(text: str, kind: str, wanted: str) -> bool:
    """CONTAINS_SUBSTR: whether a value, or one in it, has a text, whatever its case or form.

    >>> contains('"the Blue house"', "VARCHAR", "bLUE"), contains("[23,41]", "INTEGER[]", "4")
    (True, True)
    """
    looked = _folded(wanted)

    def has(value: Any, each: typed.Kind) -> bool:
        if value is None:
            return False
        if each[0] == "ARRAY":
            return any(has(one, each[1]) for one in value)
        if each[0] == "STRUCT":
            return any(has(one, inner) for (_, one), (_, inner) in zip(typed.pairs(value), each[1], strict=True))
        if each[0] in ("DOUBLE", "FLOAT"):
            return looked in _folded(typed.number_text(value))
        if each[0] == "JSON":
            return looked in _folded(typed.document_text(value))
        return looked in _folded(str(value).lower() if isinstance(value, bool) else str(value))

    return has(typed.read(text), typed.kind_of(kind))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
