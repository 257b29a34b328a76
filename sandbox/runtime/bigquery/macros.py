"""The texts of DuckDB's macros, by name: what each does with its arguments, by their count."""

from __future__ import annotations

_ARGUMENTS = 16
"""How many values FORMAT takes here."""


def _formats() -> list[str]:
    """FORMAT with each number of values."""
    said = []
    for count in range(_ARGUMENTS + 1):
        names = [f"v{place}" for place in range(count)]
        texts = ", ".join(f"CAST(to_json({name}) AS VARCHAR)" for name in names)
        kinds = ", ".join(f"typeof({name})" for name in names)
        given = ", ".join(["form", *names])
        said.append(f"({given}) AS bq_format_py(form, [{texts}]::VARCHAR[], [{kinds}]::VARCHAR[])")
    return said


_WRAPPED = "CAST(CASE WHEN {0} >= 9223372036854775808 THEN {0} - 18446744073709551616 ELSE {0} END AS BIGINT)"
_UNSIGNED = "(CASE WHEN a < 0 THEN a::HUGEINT + 18446744073709551616::HUGEINT ELSE a::HUGEINT END)"
_LEFT = "((a::HUGEINT & ((1::HUGEINT << CAST(64 - b AS INTEGER)) - 1)) << CAST(b AS INTEGER))"
_SECOND_OF = "((m % {0} + {0}) % {0})"
_WHOLE = r"'\s*[+-]?(\d+|0[xX][0-9a-fA-F]+)\s*'"
_FLOORED = "(x) AS list_transform([epoch_us(x)], lambda m: (m - {0}) // {1})[1]"
_BAD = "'Bad int64 value: '"
_INT64 = (
    "CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN {0}(round(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE)) AS BIGINT) "
    f"WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(CAST(x AS VARCHAR), {_WHOLE}) THEN {{1}} "
    "ELSE {0}(x AS BIGINT) END"
)
_LOST = "bq_fail('BIGNUMERIC of FLOAT64, or with more than 19 digits on either side of its point, is not served here')"
_BIGNUMERIC = (
    "{0}(CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR regexp_matches(CAST(x AS VARCHAR), "
    r"'^\s*[+-]?0*\d{{20}}|\.\d{{19}}\d*[1-9]|[eE]') THEN CAST({1} AS VARCHAR) ELSE CAST(x AS VARCHAR) END "
    "AS DECIMAL(38,19))"
)
_STRING = (
    "CASE WHEN typeof(x) IN ('VARCHAR', 'BIGINT', 'INTEGER', 'HUGEINT', 'BOOLEAN', 'DATE') THEN CAST(x AS VARCHAR) "
    "ELSE {0}(CAST(x AS VARCHAR), typeof(x)) END"
)
_AGGREGATES = ("avg", "max", "min", "sum", "bool_and", "bool_or", "stddev_samp", "var_samp")
_BITS = ("bit_or", "bit_and", "bit_xor")
_SPACES = "".join(map(chr, (*range(9, 14), 32, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)))
"""What is white space to Unicode; it is the space alone to DuckDB."""
_PLACE = "(p * (len(s) - 1))"
_LOWER, _UPPER = (f"s[CAST({end}({_PLACE}) AS BIGINT) + 1]" for end in ("floor", "ceil"))
_BETWEEN = (
    f"CASE WHEN {_LOWER} IS NULL THEN CAST({_UPPER} AS DOUBLE) WHEN {_UPPER} IS NULL THEN CAST({_LOWER} AS DOUBLE) "
    f"ELSE {_LOWER} + ({_UPPER} - {_LOWER}) * ({_PLACE} - floor({_PLACE})) END"
)
MACROS: dict[str, list[str]] = {
    "format": _formats(),
    "series": [
        "(a, b, s) AS list_transform(range(0, CAST(floor((b - a) / (s + CASE WHEN s = 0 THEN "
        "bq_fail('Sequence step cannot be 0') ELSE 0 END) + 1e-9) AS BIGINT) + 1), lambda i: a + i * s)"
    ],
    "real": ["(x) AS list_median([x])"],  # FLOAT64 of INT64, NUMERIC of NUMERIC
    "round": [
        "(x) AS round(bq_real(x))",
        "(x, n) AS round(bq_real(x), n)",
        "(x, n, mode) AS CASE mode WHEN 'ROUND_HALF_EVEN' THEN CAST(round_even(x, n) AS DECIMAL(38, 9)) "
        "WHEN 'ROUND_HALF_AWAY_FROM_ZERO' THEN CAST(round(x, n) AS DECIMAL(38, 9)) "
        "ELSE CAST(bq_fail('Invalid rounding mode: ' || mode) AS DECIMAL(38, 9)) END",
    ],
    "trunc": ["(x) AS trunc(bq_real(x))", "(x, n) AS trunc(bq_real(x), n)"],
    "sign": ["(x) AS CASE WHEN CAST(x AS VARCHAR) = 'nan' THEN x WHEN x > 0 THEN 1 WHEN x < 0 THEN -1 ELSE x END"],
    "mod": ["(a, b) AS a % (b + CASE WHEN b = 0 THEN bq_fail('division by zero: MOD(' || a || ', 0)') ELSE 0 END)"],
    "bit_count": [
        "(x) AS CAST(CASE WHEN typeof(x) = 'BLOB' THEN bit_count(CAST(x AS BIT)) ELSE bit_count(CAST(x AS BIGINT)) END "
        "AS BIGINT)"
    ],
    "shift_left": [f"(a, b) AS CASE WHEN b >= 64 THEN 0 ELSE {_WRAPPED.format(_LEFT)} END"],
    "shift_right": [
        f"(a, b) AS CASE WHEN b >= 64 THEN 0 ELSE {_WRAPPED.format(f'({_UNSIGNED} >> CAST(b AS INTEGER))')} END"
    ],
    "parse_numeric": ["(x) AS CAST(regexp_replace(x, '[, ]', '', 'g') AS DECIMAL(38, 9))"],
    "int64": [f"(x) AS {_INT64.format('CAST', f'bq_fail({_BAD} || x)')}"],
    "safe_int64": [f"(x) AS {_INT64.format('TRY_CAST', 'NULL')}"],
    "numeric": ["(x) AS CAST(x AS DECIMAL(38, 9))"],  # a DECIMAL alone has three digits of a fraction
    # As many digits on both sides as DuckDB has; what would lose some is refused.
    "bignumeric": [f"(x) AS {_BIGNUMERIC.format('CAST', _LOST)}"],
    "safe_bignumeric": [f"(x) AS {_BIGNUMERIC.format('TRY_CAST', _LOST)}"],
    "safe_numeric": ["(x) AS TRY_CAST(x AS DECIMAL(38, 9))"],
    "string": [f"(x) AS {_STRING.format('bq_string_py')}"],
    "safe_string": [f"(x) AS {_STRING.format('bq_safe_string_py')}"],
    "bytes": ["(x) AS encode(x)"],
    "substr": [
        "(x, p) AS substring(x, CASE WHEN p = 0 OR p < -length(x) THEN 1 ELSE p END)",
        "(x, p, n) AS substring(x, CASE WHEN p = 0 OR p < -length(x) THEN 1 ELSE p END, n + CASE WHEN n < 0 THEN "
        "bq_fail('Third argument in SUBSTR() cannot be negative') ELSE 0 END)",
    ],
    # As they are, of BYTES too: the translator would make texts of these.
    **{name: [f"(x) AS {name}(x)"] for name in ("lower", "reverse")},
    **{name: [f"(x, y) AS {name}(x, y)"] for name in ("left", "right", "starts_with", "ends_with")},
    **{name: [f"(x) AS {name}(x, '{_SPACES}')", f"(x, y) AS {name}(x, y)"] for name in ("trim", "ltrim", "rtrim")},
    "upper": ["(x) AS bqemu_upper_unicode(x)"],
    "replace": ["(x, y, z) AS replace(x, y, z)"],
    "split": ["(x) AS str_split(x, ',')", "(x, y) AS str_split(x, y)"],
    **{
        name: [f"(x, n) AS {name}(x, CAST(n AS INTEGER), ' ')", f"(x, n, p) AS {name}(x, CAST(n AS INTEGER), p)"]
        for name in ("lpad", "rpad")
    },
    "instr": [
        "(a, b) AS bq_instr_py(a, b, 1, 1)",
        "(a, b, p) AS bq_instr_py(a, b, p, 1)",
        "(a, b, p, o) AS bq_instr_py(a, b, p, o)",
    ],
    "unicode": ["(x) AS CASE WHEN x = '' THEN 0 ELSE unicode(x) END"],
    "safe_convert_bytes_to_string": ["(x) AS bq_bytes_to_text(x)"],
    "contains_substr": ["(x, y) AS bq_contains(CAST(to_json(x) AS VARCHAR), typeof(x), y)"],
    "unix_seconds": [_FLOORED.format(_SECOND_OF.format(1000000), 1000000)],
    "unix_millis": [_FLOORED.format(_SECOND_OF.format(1000), 1000)],
    "generate_array": ["(a, b) AS bq_series(a, b, 1)", "(a, b, s) AS bq_series(a, b, s)"],
    "at": [
        "(a, i) AS a[CASE WHEN typeof(a) = 'JSON' THEN i WHEN i < 0 OR i >= len(a) "
        "THEN bq_fail('Array index ' || i || ' is out of bounds') ELSE i + 1 END]"
    ],
    "collate": [
        "(x, c) AS CASE WHEN c = 'und:ci' THEN CAST(x AS VARCHAR) COLLATE NOCASE "
        "ELSE CAST(bq_fail('Collation ' || c || ' is not served here') AS VARCHAR) COLLATE NOCASE END"
    ],
    "to_json_string": [
        "(x) AS bq_json_py(CAST(to_json(x) AS VARCHAR), typeof(x), TRUE, FALSE)",
        "(x, pretty) AS bq_json_py(CAST(to_json(x) AS VARCHAR), typeof(x), TRUE, pretty)",
    ],
    "to_json": ["(x) AS CAST(bq_json_py(CAST(to_json(x) AS VARCHAR), typeof(x), FALSE, FALSE) AS JSON)"],
    "json_keys": [
        "(j) AS bq_json_keys_py(CAST(j AS VARCHAR), 9223372036854775807, 'strict')",
        "(j, depth, mode) AS bq_json_keys_py(CAST(j AS VARCHAR), CAST(depth AS BIGINT), mode)",
    ],
    **{
        f"{kind}{name}": [f"(j) AS CAST(bq_{py}(CAST(j AS VARCHAR), '{name}') AS {gives})"]
        for kind, py in (("json_", "json_value_py"), ("lax_", "lax_value_py"))
        for name, gives in (("bool", "BOOLEAN"), ("int64", "BIGINT"), ("float64", "DOUBLE"), ("string", "VARCHAR"))
    },
    "text_of": [
        "(x) AS CASE WHEN typeof(x) = 'JSON' THEN bq_json_value_py(CAST(x AS VARCHAR), 'string') "
        "ELSE bq_time_text(CAST(x AS VARCHAR)) END"
    ],
    **{
        f"{kind}{name}_array": [f"(j) AS list_transform(from_json(j, '[\"JSON\"]'), lambda e: bq_{kind}{name}(e))"]
        for kind in ("json_", "lax_")
        for name in ("bool", "int64", "float64", "string")
    },
    "has_any": ["(a, b) AS list_has_any(a, b)"],
    "has_all": ["(a, b) AS list_has_all(a, b)"],
    "json_put": [
        "(j, path, x, made) AS CAST(bq_json_put_py(CAST(j AS VARCHAR), path, "
        "CAST(bq_to_json(x) AS VARCHAR), made) AS JSON)"
    ],
    "json_append": [
        "(j, path, x) AS CAST(bq_json_append_py(CAST(j AS VARCHAR), path, CAST(bq_to_json(x) AS VARCHAR)) AS JSON)"
    ],
    "parse_timestamp": [
        "(f, x) AS make_timestamptz(bq_parse_time_py(f, x, 'UTC'))",
        "(f, x, z) AS make_timestamptz(bq_parse_time_py(f, x, z))",
    ],
    "parse_datetime": ["(f, x) AS make_timestamp(bq_parse_time_py(f, x, 'UTC'))"],
    "parse_date": ["(f, x) AS CAST(make_timestamp(bq_parse_time_py(f, x, 'UTC')) AS DATE)"],
    "parse_time": ["(f, x) AS CAST(make_timestamp(bq_parse_time_py(f, x, 'UTC')) AS TIME)"],
    "format_timestamp": [
        "(f, x) AS bq_format_time_py(f, epoch_us(CAST(x AS TIMESTAMPTZ)), 'UTC')",
        "(f, x, z) AS bq_format_time_py(f, epoch_us(CAST(x AS TIMESTAMPTZ)), z)",
    ],
    "format_datetime": ["(f, x) AS bq_format_time_py(f, epoch_us(CAST(x AS TIMESTAMP)), '')"],
    "format_date": ["(f, x) AS bq_format_time_py(f, epoch_us(CAST(CAST(x AS DATE) AS TIMESTAMP)), '')"],
    "format_time": ["(f, x) AS bq_format_time_py(f, epoch_us(DATE '1970-01-01' + CAST(x AS TIME)), '')"],
    "text_by_format": ["(x, f, z, safe) AS bq_text_by_format_py(CAST(to_json(x) AS VARCHAR), typeof(x), f, z, safe)"],
    "bytes_by_format": ["(x, f, z, safe) AS bq_bytes_by_format_py(x, f, safe)"],
    "timestamp_by_format": ["(x, f, z, safe) AS make_timestamptz(bq_time_by_format_py(x, f, z, safe))"],
    "datetime_by_format": ["(x, f, z, safe) AS make_timestamp(bq_time_by_format_py(x, f, 'UTC', safe))"],
    "date_by_format": ["(x, f, z, safe) AS CAST(make_timestamp(bq_time_by_format_py(x, f, 'UTC', safe)) AS DATE)"],
    "time_by_format": ["(x, f, z, safe) AS CAST(make_timestamp(bq_time_by_format_py(x, f, 'UTC', safe)) AS TIME)"],
    "of_first": ["(l) AS list_transform(list_filter(l, lambda e: e.k = l[1].k), lambda e: e.v)"],
    "having": ["(l) AS bq_of_first(list_filter(l, lambda e: e.k IS NOT NULL))"],
    "first": ["(l, n) AS list_slice(l, 1, n)"],
    **{f"list_{name}": [f"(l) AS list_aggregate(l, '{name}')"] for name in (*_AGGREGATES, *_BITS)},
    "list_count": ["(l) AS COALESCE(list_aggregate(l, 'count'), 0)"],
    "percentile_cont": [f"(l, p) AS list_transform([list_sort(l, 'ASC', 'NULLS FIRST')], lambda s: {_BETWEEN})[1]"],
    "percentile_disc": [
        "(l, p) AS list_sort(l, 'ASC', 'NULLS FIRST')[greatest(CAST(ceil(p * len(l) - 1e-9) AS BIGINT), 1)]"
    ],
    "top_count": [
        "(m, nulls, n) AS list_transform(list_slice(list_sort(list_concat(list_transform(map_entries(m), "
        "lambda e: {'c': -CAST(e.value AS BIGINT), 'k': e.key}), CASE WHEN nulls > 0 THEN [{'c': -nulls, 'k': NULL}] "
        "ELSE [] END)), 1, n), lambda e: {'value': e.k, 'count': -e.c})"
    ],
    "top_sum": [
        "(l, n) AS list_transform(list_slice(list_reverse_sort(list_transform(list_distinct(list_transform(l, "
        "lambda e: e.k)), lambda k: {'s': list_sum(list_transform(list_filter(l, lambda e: e.k = k), lambda e: e.w)), "
        "'k': k})), 1, n), lambda e: {'value': e.k, 'sum': e.s})"
    ],
    "st_astext": [r"(x) AS regexp_replace(ST_AsText(x), '([A-Z]) \(', '\1(', 'g')"],
    "range_intersect": [
        "(a, b) AS {'start': greatest(a.start, b.start), 'end': least(a.\"end\", b.\"end\")}",
    ],
}
