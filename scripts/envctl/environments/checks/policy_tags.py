"""Policy tags: what is named once, and what schemas name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..files import UnusableFile
from ..models.bigquery import Dataset
from ..models.data_catalog import PolicyTag
from ..paths import Path, format_path
from ..problems import Location, Problem, did_you_mean
from .context import Context

_NAMED = re.compile(r"\$\{policy_tag:([^}]*)\}")
_FULL = re.compile(r"projects/[^/\s$]+/locations/[^/\s$]+/taxonomies/[^/\s$]+/policyTags/[^/\s$]+")
_FORM = '{"names": ["${policy_tag:TAXONOMY/PATH}"]}'
# What an expression masks; the others mask any type.
_MASKS = {
    "SHA256": ("STRING", "BYTES"),
    "LAST_FOUR_CHARACTERS": ("STRING",),
    "FIRST_FOUR_CHARACTERS": ("STRING",),
    "EMAIL_MASK": ("STRING",),
    "DATE_YEAR_MASK": ("DATE", "DATETIME", "TIMESTAMP"),
}


@dataclass(frozen=True, slots=True)
class _Tag:
    location: str
    declared: PolicyTag


def check_policy_tags(context: Context) -> Iterator[Problem]:
    """Names that are given twice, and tags of columns that nobody declares or that don't fit them."""
    yield from _named_twice(context)
    tags = {
        f"{key}/{path}": _Tag((taxonomy.location or context.environment.region).lower(), tag)
        for _, _, subproject in context.subprojects()
        for key, taxonomy in subproject.taxonomies.items()
        for path, tag in taxonomy.tags.items()
    }
    for above, _, subproject in context.subprojects():
        for name, dataset in subproject.datasets.items():
            for kind, things in (("tables", dataset.tables), ("external_tables", dataset.external_tables)):
                for table, declared in things.items():
                    if declared.schema_file is not None:
                        path = (*above, "datasets", name, kind, table, "schema")
                        known = tags if kind == "tables" else None
                        yield from _schema(context, path, declared.schema_file, dataset, known)


def _named_twice(context: Context) -> Iterator[Problem]:
    """Taxonomies are told apart by their display names, data policies of a location by their ids."""
    shown: dict[tuple[str, str], Path] = {}
    policies: dict[tuple[str, str], Path] = {}
    for above, _, subproject in context.subprojects():
        for key, taxonomy in subproject.taxonomies.items():
            here, location = (*above, "taxonomies", key), (taxonomy.location or context.environment.region).lower()
            name = taxonomy.display_name or key
            if (location, name) in shown:
                first = format_path(shown[location, name])
                yield context.problem(here, f'another taxonomy is named "{name}": {first}', "rename one of the two")
            shown.setdefault((location, name), here)
            for path, tag in taxonomy.tags.items():
                for policy in tag.masking:
                    at = (*here, "tags", path, "masking", policy)
                    if (location, policy) in policies:
                        message = f'"{policy}" is a data policy already: {format_path(policies[location, policy])}'
                        yield context.problem(at, message, "rename one of the two", key=True)
                    policies.setdefault((location, policy), at)


def _schema(
    context: Context, path: Path, file: str, dataset: Dataset, tags: Mapping[str, _Tag] | None
) -> Iterator[Problem]:
    try:
        text = context.files.text(file)
        if "policyTags" not in text:
            return
        content = context.files.json(file)
    except UnusableFile:  # said elsewhere
        return
    place, searched = (dataset.location or context.environment.region).lower(), 0
    for column, kind, given in _tagged(content, ""):
        names = given.get("names") if isinstance(given, dict) else None
        first = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else '"policyTags"'
        found = text.find(json.dumps(first) if first != '"policyTags"' else first, searched)
        searched = max(found, searched) + 1
        line = text.count("\n", 0, searched - 1) + 1
        where = Location(context.files.shows(file), line, searched - (text.rfind("\n", 0, searched - 1) + 1))
        for message, hint in _faults(kind, names, place, tags):
            yield Problem.at(where, format_path(path), f'column "{column}" {message}', hint)


def _tagged(content: Any, above: str) -> Iterator[tuple[str, str, Any]]:
    """The columns with tags: name, type, and what stands at `policyTags`."""
    for column in content if isinstance(content, list) else ():
        if isinstance(column, dict):
            name = f"{above}{column.get('name')}"
            if column.get("policyTags") is not None:
                yield name, str(column.get("type")).upper(), column["policyTags"]
            yield from _tagged(column.get("fields"), f"{name}.")


def _faults(kind: str, names: Any, place: str, tags: Mapping[str, _Tag] | None) -> Iterator[tuple[str, str]]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield "has policyTags of another form", f"write {_FORM}"
        return
    if len(names) > 1:
        yield f"has {len(names)} policy tags; BigQuery takes one", ""
    if names and kind in ("RECORD", "STRUCT"):
        yield f"is a {kind}, which takes no policy tag", "tag the columns in it"
    for name in names:
        if tags is None:
            yield "has a policy tag, which a table of files can't have here", "tag the columns of a table"
            continue
        if (match := _NAMED.fullmatch(name)) is None:
            if not _FULL.fullmatch(name):
                yield f'has "{name}", which is no policy tag', f"write {_FORM}"
            continue
        path = match[1]
        tag = tags.get(path)
        if tag is None:
            otherwise = "declare it below taxonomies" if tags else "no policy tag is declared at all"
            yield f'has the policy tag "{path}", which nobody declares', did_you_mean(path, tags, otherwise=otherwise)
            continue
        if tag.location != place:
            yield f'is in {place}, and its policy tag "{path}" in {tag.location}', "BigQuery wants both in one location"
        for policy, masking in tag.declared.masking.items():
            allowed = _MASKS.get(masking.expression)
            if allowed and kind not in allowed:
                said = f'is {kind}, which {masking.expression} of its policy tag "{path}" ({policy}) doesn\'t mask'
                yield said, f"it masks {', '.join(allowed)}; ALWAYS_NULL masks anything"
