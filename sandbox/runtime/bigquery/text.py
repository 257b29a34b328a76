"""Files of text as load jobs read them: CSV by what the job says of it, and JSON with a value on each line.

What is meant by a job's settings: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad
"""

from __future__ import annotations

from typing import Any

from sandbox.runtime.bigquery.jobs import columns, identifier, text

_ENCODINGS = {"UTF-8": "utf-8", "ISO-8859-1": "latin-1", "UTF-16LE": "utf-16", "UTF-16": "utf-16"}
_ZONE = r"(?i)(Z|UTC|[+-]\d{1,2}(:?\d\d)?)$"
_TRUE, _FALSE = ("true", "t", "1", "yes", "y"), ("false", "f", "0", "no", "n")


def csv(path: str, job: Any, ctx: Any) -> None:
    """Append the rows of a CSV file to the job's table. Raises ValueError for the first of too many that don't fit."""
    settings, fields = job.raw_config, columns(job.target_ref, ctx)
    for name, kind in fields:
        if kind.endswith("[]") or kind.startswith("STRUCT"):
            raise ValueError(f"CSV has no place for the nested or repeated field {name}; load JSON, Avro or Parquet.")
    bad = int(settings.get("maxBadRecords") or 0)
    options = _options(path, settings, fields, ctx)
    reader = ", ".join(f"{key} = {value}" for key, value in options.items())
    if bad:
        reader += ", ignore_errors = true, store_rejects = true"
        ctx.engine.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    # Read as text first: what can't become its column's type is then told by its name.
    ctx.engine.execute(f"CREATE OR REPLACE TEMP TABLE loading AS SELECT * FROM read_csv(?, {reader})", [path])
    try:
        wrong = " OR ".join(f"({identifier(n)} IS NOT NULL AND {_as(n, k, attempt=True)} IS NULL)" for n, k in fields)
        rejected = ctx.engine.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone()[0] if bad else 0
        failing = ctx.engine.execute(f"SELECT count(*) FROM loading WHERE {wrong}").fetchone()[0]
        if failing + rejected > bad:
            raise ValueError(_told(fields, failing + rejected, bad, ctx))
        values = ", ".join(_as(name, kind) for name, kind in fields)
        ctx.engine.execute(
            f"INSERT INTO {job.target_ref} SELECT {values} FROM loading WHERE NOT coalesce({wrong}, false)"
        )
    finally:
        ctx.engine.execute("DROP TABLE IF EXISTS loading")


def _options(path: str, settings: dict[str, Any], fields: list[tuple[str, str]], ctx: Any) -> dict[str, str]:
    """DuckDB's options of a CSV file for a job's settings."""
    delimiter = str(settings.get("fieldDelimiter") or ",")
    quote = str(settings.get("quote", '"'))
    encoding = str(settings.get("encoding") or "UTF-8").upper()
    if encoding not in _ENCODINGS:
        raise ValueError(f"The encoding {encoding} is not one that the sandbox reads: {', '.join(_ENCODINGS)}.")
    skip = int(settings.get("skipLeadingRows") or 0)
    if settings.get("autodetect") and "skipLeadingRows" not in settings:
        skip = int(_has_header(path, ctx))
    nulls = settings.get("nullMarkers") or [settings.get("nullMarker") or ""]
    return {
        "auto_detect": "false",
        "header": "false",
        "columns": "{" + ", ".join(f"{text(name)}: 'VARCHAR'" for name, _ in fields) + "}",
        "skip": str(skip),
        "delim": text("\t" if delimiter.lower() in ("tab", "\\t") else delimiter),
        "quote": text(quote),
        "escape": text(quote),
        "nullstr": "[" + ", ".join(text(str(null)) for null in nulls) + "]",
        "allow_quoted_nulls": "false",
        "null_padding": str(bool(settings.get("allowJaggedRows"))).lower(),
        "strict_mode": str(not settings.get("ignoreUnknownValues")).lower(),
        "encoding": text(_ENCODINGS[encoding]),
    }


def _as(name: str, kind: str, *, attempt: bool = False) -> str:
    """The value of a column's text; `attempt` gives NULL for what is none."""
    value, cast = identifier(name), "TRY_CAST" if attempt else "CAST"
    if kind == "BLOB":
        return f"TRY(from_base64({value}))" if attempt else f"from_base64({value})"
    if kind == "BOOLEAN":
        true, false = (", ".join(text(word) for word in words) for words in (_TRUE, _FALSE))
        return f"CASE WHEN lower({value}) IN ({true}) THEN true WHEN lower({value}) IN ({false}) THEN false END"
    return f"{cast}({value} AS {kind})"


def _told(fields: list[tuple[str, str]], failing: int, bad: int, ctx: Any) -> str:
    """What is wrong with the first value that is none of its column."""
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    counted = f"{failing} bad record{'s' if failing != 1 else ''}, {bad} allowed"
    for position, (name, kind) in enumerate(fields):
        wrong = f"{identifier(name)} IS NOT NULL AND {_as(name, kind, attempt=True)} IS NULL"
        found = ctx.engine.execute(f"SELECT {identifier(name)} FROM loading WHERE {wrong} LIMIT 1").fetchone()
        if found:
            type_ = duckdb_type_to_bq_field(name, kind)["type"]
            return f"Could not parse '{found[0]}' as {type_} for field {name} (position {position}); {counted}."
    return f"Too many errors encountered: {counted}."


def json_lines(path: str, job: Any, ctx: Any) -> None:
    """Append the values of a file to the job's table. Raises ValueError for a member that no column has."""
    if not job.raw_config.get("ignoreUnknownValues"):
        known = {name.lower() for name, _ in columns(job.target_ref, ctx)}
        keys = "SELECT DISTINCT unnest(json_keys(json)) FROM read_ndjson_objects(?)"
        for (key,) in ctx.engine.execute(keys, [path]).fetchall():
            if key.lower() not in known:
                raise ValueError(f"JSON parsing error: No such field: {key}.")
    ctx.engine.execute(f"COPY {job.target_ref} FROM ? (FORMAT JSON)", [path])


def detected_csv(path: str, ctx: Any) -> list[dict[str, Any]]:
    """The fields of a CSV file; where it has no header, named by type and position, as BigQuery names them."""
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    described = ctx.engine.execute("DESCRIBE SELECT * FROM read_csv(?)", [path]).fetchall()
    fields = [dict(duckdb_type_to_bq_field(name, kind)) for name, kind, *_ in described]
    if _has_header(path, ctx):
        return fields
    standard = {"INTEGER": "int64", "FLOAT": "double", "BOOLEAN": "bool"}
    return [
        {**field, "name": f"{standard.get(field['type'], field['type'].lower())}_field_{position}"}
        for position, field in enumerate(fields)
    ]


def detected_json(path: str, ctx: Any) -> list[dict[str, Any]]:
    """The fields of a file with a JSON value on each line. A time with a zone is a TIMESTAMP; DuckDB overlooks it."""
    from bqemulator.storage.type_map import duckdb_type_to_bq_field

    described = ctx.engine.execute("DESCRIBE SELECT * FROM read_json_auto(?)", [path]).fetchall()
    return [_zoned(dict(duckdb_type_to_bq_field(name, kind)), "$", path, ctx) for name, kind, *_ in described]


def _zoned(field: dict[str, Any], above: str, path: str, ctx: Any) -> dict[str, Any]:
    """A field with what is found of zones; `above` is the place of what holds it in each line's value."""
    place = f"{above}.{identifier(field['name'])}{'[*]' if field.get('mode') == 'REPEATED' else ''}"
    if field.get("fields"):
        return {**field, "fields": [_zoned(each, place, path, ctx) for each in field["fields"]]}
    if field["type"] != "DATETIME":
        return field
    values = f"json_extract_string(json, {text(place)})"
    listed = f"SELECT unnest({values if '[*]' in place else f'[{values}]'}) AS value FROM read_ndjson_objects(?)"
    zoned = f"SELECT count(*) FROM ({listed}) WHERE regexp_matches(value, {text(_ZONE)})"
    return {**field, "type": "TIMESTAMP"} if ctx.engine.execute(zoned, [path]).fetchone()[0] else field


def _has_header(path: str, ctx: Any) -> bool:
    return bool(ctx.engine.execute("SELECT HasHeader FROM sniff_csv(?)", [path]).fetchone()[0])
