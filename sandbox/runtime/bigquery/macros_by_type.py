"""The texts of macros that DuckDB chooses by the types of their arguments, by name (`by_type.py`)."""

from __future__ import annotations

_NUMERIC = "DECIMAL(38, 9)"
_WHOLE = [f"(v, x {kind}) AS v" for kind in ("BIGINT", "INTEGER", "HUGEINT")]
_WHOLE_IF = [f"(v, x {kind}, w) AS v" for kind in ("BIGINT", "INTEGER", "HUGEINT", _NUMERIC)]


def _either(of_bytes: str, of_text: str, *more: str) -> list[str]:
    """A function of BYTES and the same of all else."""
    names = "".join(f", {name}" for name in more)
    return [f"(x BLOB{names}) AS {of_bytes}", f"(x{names}) AS {of_text}"]


BY_TYPE: dict[str, list[str]] = {
    "minus": ["(a DATE, b DATE) AS to_days(CAST(a - b AS INTEGER))", "(a, b) AS a - b"],
    "joined": ["(a BLOB, b BLOB) AS a || b", "(a, b) AS a || b"],
    "as_numeric": [f"(v, x {_NUMERIC}) AS CAST(v AS {_NUMERIC})", *_WHOLE, "(v, x DOUBLE) AS v", "(v, x) AS v"],
    "float_if": ["(v, x DOUBLE, w) AS w", *_WHOLE_IF, "(v, x, w) AS v"],
    "any_reverse": _either("bq_reverse_bytes(x)", "reverse(x)"),
    "any_lower": _either("bq_lower_bytes(x)", "lower(x)"),
    "any_upper": _either("bq_upper_bytes(x)", "bqemu_upper_unicode(x)"),
    "any_left": _either("bq_left_bytes(x, n)", "left(x, n)", "n"),
    "any_right": _either("bq_right_bytes(x, n)", "right(x, n)", "n"),
    "any_substr": [
        *_either("bq_substr_bytes(x, p)", "bq_substr(x, p)", "p"),
        *_either("bq_substr_bytes(x, p, n)", "bq_substr(x, p, n)", "p", "n"),
    ],
    "any_to_code_points": _either(
        "bq_to_code_points_bytes(x)", "list_transform(string_split(x, ''), lambda c: ord(c))"
    ),
    "any_farm_fingerprint": _either("bq_farm_fingerprint_bytes(x)", "bqemu_farm_fingerprint(x)"),
    "any_bit_count": ["(x BLOB) AS bq_bit_count_bytes(x)", "(x) AS bq_bit_count(x)"],
    **{
        f"any_{name}": [
            *_either(f"bq_{name}_bytes(x, n)", f"{name}(x, CAST(n AS INTEGER), ' ')", "n"),
            *_either(f"bq_{name}_bytes(x, n, p)", f"{name}(x, CAST(n AS INTEGER), p)", "n", "p"),
        ]
        for name in ("lpad", "rpad")
    },
    **{f"any_{name}": _either(f"bq_{name}_bytes(x, y)", f"{name}(x, y)", "y") for name in ("trim", "ltrim", "rtrim")},
}
