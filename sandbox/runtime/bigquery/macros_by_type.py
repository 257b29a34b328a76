"""The texts of macros whose result's type depends on those of their arguments, by name (`by_type.py`).

DuckDB knows `typeof(x)` when it binds an expression, whatever that is: a column, an aggregate, a window, a parameter of
a query, function or lambda. So a field of a struct that is named by it is chosen then, and the fields needn't be of one
type. What isn't chosen is never evaluated: the optimizer finds its CASE to be false.
"""

from __future__ import annotations

_NUMERIC = "DECIMAL(38,9)"
ARGUMENTS = 16
"""How many values are joined by one macro."""


def _chosen(key: str, **cases: str) -> str:
    """The text of the case that a key names, which is evaluated for it alone."""
    fields = ", ".join(f"'{name}': CASE WHEN {key} = '{name}' THEN {text} END" for name, text in cases.items())
    return f"struct_extract({{{fields}}}, {key})"


def _when(pattern: str, name: str, text: str = "typeof(a) || '/' || typeof(b)") -> str:
    return f"WHEN regexp_full_match({text}, '{pattern}') THEN '{name}' "


_ANY_DECIMAL, _WHOLE = "DECIMAL[^/]*", '(?:BIGINT|INTEGER|HUGEINT|"NULL")'
_EITHER = f"{_ANY_DECIMAL}/(?:{_ANY_DECIMAL}|{_WHOLE})|{_WHOLE}/{_ANY_DECIMAL}"
_ZONED = "TIMESTAMP WITH TIME ZONE"
_SPAN = f"(CASE {_when('DATE/DATE', 'days')}{_when(f'TIMESTAMP/TIMESTAMP|{_ZONED}/{_ZONED}', 'time')}ELSE 'other' END)"
_BIG = "WHEN contains(typeof(a) || '/' || typeof(b), 'DECIMAL(38,19)') THEN 'big' "
_BIG_ONE = "WHEN typeof(x) = 'DECIMAL(38,19)' THEN 'big' "
_TIMES = f"(CASE {_BIG}{_when(f'{_ANY_DECIMAL}/{_ANY_DECIMAL}', 'numeric')}ELSE 'other' END)"
_OF_TWO = f"(CASE {_BIG}{_when(_EITHER, 'numeric')}ELSE 'other' END)"
_OF_ONE = f"(CASE {_BIG_ONE}{_when(_ANY_DECIMAL, 'numeric', 'typeof(x)')}ELSE 'other' END)"
_DIVIDED = f"(CASE {_BIG}{_when('INTERVAL/.*', 'span')}{_when(_EITHER, 'numeric')}ELSE 'other' END)"
_FAILED = "bq_fail('division by zero: ' || a || ' / ' || b)"
_CHECKED = f"(b + CASE WHEN b = 0 THEN {_FAILED} ELSE 0 END)"
# DuckDB divides DECIMALs as DOUBLEs and gives their product twice the scale; by 128 bits both take microseconds. So
# what is below a milliard is by whole billionths, of 64 bits.
_A, _B = "abs(CAST(a AS DOUBLE))", "abs(CAST(b AS DOUBLE))"
_NARROW = f"{_A} < 1e9 AND {_B} < 1e9 AND "
_UNIT = "1000000000"


def _units(name: str) -> str:
    """A DECIMAL's billionths, by its whole part as a DOUBLE has it and what is left to it, which are exact."""
    whole = f"CAST(trunc(CAST({name} AS DOUBLE)) AS BIGINT)"
    left = f"CAST(CAST({name} AS DECIMAL(18,9)) - CAST({whole} AS DECIMAL(18,9)) AS DOUBLE)"
    return f"{whole} * {_UNIT} + CAST(round({left} * 1e9) AS BIGINT)"


def _by_units(body: str) -> str:
    """NUMERIC of the billionths that `body` makes of those of both, `r['x']` and `r['y']`."""
    x, y = map(_units, ("a", "b"))
    whole = f"list_transform([{{'x': {x}, 'y': {y}}}], lambda r: {body})[1]"
    return f"CAST(CAST({whole} AS DECIMAL(38,0)) * CAST(0.000000001 AS DECIMAL(9,9)) AS {_NUMERIC})"


def _product() -> str:
    """NUMERIC of two. What is below a billionth is rounded away from zero at its half."""
    half = "CASE WHEN (r['x'] < 0) = (r['y'] < 0) THEN 500000000 ELSE -500000000 END"
    low = f"((r['x'] % {_UNIT}) * (r['y'] % {_UNIT}) + {half}) // {_UNIT}"
    body = f"r['x'] * (r['y'] // {_UNIT}) + (r['x'] // {_UNIT}) * (r['y'] % {_UNIT}) + {low}"
    return f"CASE WHEN {_NARROW}{_A} * {_B} < 9e9 THEN {_by_units(body)} ELSE CAST(a * b AS {_NUMERIC}) END"


def _quotient(of_zero: str) -> str:
    """NUMERIC; `of_zero` is what it is where the divisor is 0. A DOUBLE has it where it is small enough."""
    rest = f"CAST(r['x'] % r['y'] AS DOUBLE) / CAST(r['y'] AS DOUBLE) * {_UNIT}"
    exact = f"(CAST(r['x'] % r['y'] AS HUGEINT) * {_UNIT})"
    near = (  # to half of a billionth
        f"CAST({exact} // r['y'] AS BIGINT) + CASE WHEN 2 * abs({exact} % r['y']) < abs(r['y']) THEN 0 "
        "WHEN (r['x'] < 0) = (r['y'] < 0) THEN 1 ELSE -1 END"
    )
    doubtful = f"abs({rest} - trunc({rest})) BETWEEN 0.49 AND 0.51"
    last = f"CASE WHEN {doubtful} THEN {near} ELSE CAST(round({rest}) AS BIGINT) END"
    body = f"(r['x'] // r['y']) * {_UNIT} + {last}"
    real = "CAST(a AS DOUBLE) / CAST(b AS DOUBLE)"
    sure = f"abs({real}) < 1e4 AND abs({real} * 1e9 - trunc({real} * 1e9)) NOT BETWEEN 0.49 AND 0.51"
    return (
        f"CAST(CASE WHEN b = 0 THEN {of_zero} WHEN {sure} THEN CAST({real} AS {_NUMERIC}) "
        f"WHEN {_NARROW}{_A} < 9e9 * {_B} THEN {_by_units(body)} "
        f"ELSE bq_quotient_py(CAST(a AS {_NUMERIC}), CAST(b AS {_NUMERIC})) END AS {_NUMERIC})"
    )


def _joins() -> list[str]:
    """Joined values; of BYTES and STRING at once there is no function."""
    said = []
    for count in range(1, ARGUMENTS + 1):
        names = [f"v{place}" for place in range(count)]
        kinds = " || ',' || ".join(f"typeof({name})" for name in names)
        key = (
            f"(CASE WHEN contains({kinds}, ']') THEN 'lists' WHEN NOT contains({kinds}, 'BLOB') THEN 'text' "
            f"WHEN contains({kinds}, 'VARCHAR') THEN 'mixed' ELSE 'bytes' END)"
        )
        whole = " || ".join(names)
        refusal = "CAST(bq_fail('No matching signature for operator ||: STRING, BYTES') AS VARCHAR)"
        cases = {"lists": whole, "text": f"CAST({whole} AS VARCHAR)", "bytes": f"CAST({whole} AS BLOB)"}
        said.append(f"({', '.join(names)}) AS {_chosen(key, **cases, mixed=refusal)}")
    return said


_REFUSED = "CAST(bq_fail('Products, quotients, means and powers of BIGNUMERIC are not served here') AS DECIMAL(38,19))"
_AS_NUMERIC = {"big": _REFUSED, "numeric": f"CAST(v AS {_NUMERIC})", "other": "v"}
_TAKING = {
    "minus": (
        "a, b",
        _chosen(
            _SPAN,
            days="to_days(CAST(a - b AS INTEGER))",
            time="to_microseconds(epoch_us(CAST(a - b AS INTERVAL)))",
            other="a - b",
        ),
    ),
    "times": ("a, b", _chosen(_TIMES, big=_REFUSED, numeric=_product(), other="a * b")),
    "divided": (
        "a, b",
        _chosen(
            _DIVIDED, big=_REFUSED, span="a / b", numeric=_quotient(_FAILED), other=f"CAST(a AS DOUBLE) / {_CHECKED}"
        ),
    ),
    "safe_divided": (
        "a, b",
        _chosen(
            _DIVIDED, big=_REFUSED, span="a / b", numeric=_quotient("NULL"), other="CASE WHEN b <> 0 THEN a / b END"
        ),
    ),
    "whole_quotient": (
        "a, b",
        _chosen(
            _OF_TWO, big=_REFUSED, numeric=f"CAST(trunc({_quotient(_FAILED)}) AS {_NUMERIC})", other=f"a // {_CHECKED}"
        ),
    ),
    "as_numeric": ("v, x", _chosen(_OF_ONE, **_AS_NUMERIC)),
    "as_numeric_of_two": ("v, a, b", _chosen(_OF_TWO, **_AS_NUMERIC)),
    "as_date": (
        "v, x",
        _chosen("(CASE typeof(x) WHEN 'DATE' THEN 'date' ELSE 'other' END)", date="CAST(v AS DATE)", other="v"),
    ),
    "as_text": (
        "v, x",
        _chosen(
            "(CASE typeof(x) WHEN 'BLOB' THEN 'bytes' ELSE 'other' END)",
            bytes="CAST(bq_fail('STRING_AGG of BYTES is not served here') AS VARCHAR)",
            other="v",
        ),
    ),
}


def _once(name: str, given: str) -> str:
    """The macro by a lambda, which evaluates each argument once, and has its text once."""
    names = given.split(", ")
    fields = ", ".join(f"'{each}': {each}" for each in names)
    passed = ", ".join(f"r['{each}']" for each in names)
    return f"({given}) AS list_transform([{{{fields}}}], lambda r: bq_{name}({passed}))[1]"


BY_TYPE: dict[str, list[str]] = {
    **{name: [f"({given}) AS {text}"] for name, (given, text) in _TAKING.items()},
    **{f"{name}_once": [_once(name, given)] for name, (given, _) in _TAKING.items()},
    "joined": _joins(),
}
