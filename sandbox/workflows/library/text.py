"""`text.*`. Patterns are RE2's, indices count characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

import re2

from sandbox.workflows.errors import fault
from sandbox.workflows.library.registry import function, must_be


@function("text.decode", "data charset", charset="UTF-8")
def _decode(data: Any, charset: Any) -> str:
    try:
        return bytes(must_be("bytes", data, "data")).decode(must_be("string", charset, "charset"))
    except (UnicodeDecodeError, LookupError) as error:
        raise fault("ValueError", f"data is not {charset}") from error


@function("text.encode", "data charset", charset="UTF-8")
def _encode(data: Any, charset: Any) -> bytes:
    try:
        return str(must_be("string", data, "data")).encode(must_be("string", charset, "charset"))
    except (UnicodeEncodeError, LookupError) as error:
        raise fault("ValueError", f"data can't be written in {charset}") from error


@function("text.find_all", "source substr")
def _find_all(source: Any, part: Any) -> list[dict[str, Any]]:
    must_be("string", source, "source")
    if not must_be("string", part, "substr"):
        raise fault("ValueError", "substr is empty")
    return [{"index": found.start(), "match": part} for found in re.finditer(re.escape(part), source)]


@function("text.find_all_regex", "source regexp")
def _find_all_regex(source: Any, pattern: Any) -> list[dict[str, Any]]:
    return [{"index": found.start(), "match": found.group()} for found in _matches(source, pattern)]


@function("text.match_regex", "source regexp")
def _match_regex(source: Any, pattern: Any) -> bool:
    return next(_matches(source, pattern), None) is not None


@function("text.replace_all", "source substr repl")
def _replace_all(source: Any, part: Any, by: Any) -> str:
    must_be("string", source, "source")
    return str(source).replace(must_be("string", part, "substr"), must_be("string", by, "repl"))


@function("text.replace_all_regex", "source regexp repl")
def _replace_all_regex(source: Any, pattern: Any, by: Any) -> str:
    found, end = [], 0
    must_be("string", by, "repl")
    for match in _matches(source, pattern):
        found += [source[end : match.start()], _expanded(by, match)]
        end = match.end()
    return "".join([*found, source[end:]])


def _expanded(by: str, match: Any) -> str:
    def group(reference: re.Match[str]) -> str:
        if reference[1] == "\\":
            return "\\"
        try:
            return match.group(int(reference[1])) or ""
        except IndexError as error:
            raise fault("ValueError", f"the pattern has no group {reference[1]}") from error

    return re.sub(r"\\(\d|\\)", group, by)


def _matches(source: Any, pattern: Any) -> Iterator[Any]:
    must_be("string", source, "source")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(must_be("string", pattern, "regexp"), options)
    except re2.error as error:
        raise fault("ValueError", f"'{pattern}' is no regular expression: {_said(error)}") from error
    return iter(compiled.finditer(source))


def _said(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode() if isinstance(text, bytes) else str(text)


@function("text.split", "source separator")
def _split(source: Any, separator: Any) -> list[str]:
    must_be("string", source, "source")
    if not must_be("string", separator, "separator"):
        return list(source)
    return str(source).split(separator)


@function("text.substring", "source start end")
def _substring(source: Any, start: Any, end: Any) -> str:
    must_be("string", source, "source")
    if not 0 <= must_be("integer", start, "start") <= must_be("integer", end, "end") <= len(source):
        raise fault("IndexError", f"substring {start} to {end} is out of a text of {len(source)}")
    return str(source)[start:end]


@function("text.to_lower", "source")
def _to_lower(source: Any) -> str:
    return str(must_be("string", source, "source")).lower()


@function("text.to_upper", "source")
def _to_upper(source: Any) -> str:
    return str(must_be("string", source, "source")).upper()


@function("text.url_decode", "source")
def _url_decode(source: Any) -> str:
    try:
        return unquote_plus(must_be("string", source, "source"), errors="strict")
    except UnicodeDecodeError as error:
        raise fault("ValueError", f"'{source}' is not URL-encoded UTF-8") from error


@function("text.url_encode", "source")
def _url_encode(source: Any) -> str:
    return quote(must_be("string", source, "source"), safe="")


@function("text.url_encode_plus", "source")
def _url_encode_plus(source: Any) -> str:
    return quote_plus(must_be("string", source, "source"))
