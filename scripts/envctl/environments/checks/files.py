"""Files that an environment names: that they are there, and that they hold what they should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..files import UnusableFile
from ..models.bigquery import Dataset, Table
from ..models.bigquery_routines import Routine
from ..models.pubsub import Schema
from ..paths import Path, format_path
from ..problems import Location, Problem, did_you_mean
from ..templates import VARIABLES, unknown_variables
from .avro import avro_faults
from .bigquery import Column, columns, key_faults, partition_faults, view_faults
from .context import Context
from .workflow import workflow_faults


def check_files(context: Context) -> Iterator[Problem]:
    """Schemas of tables and of messages, views, routines, and workflows' sources."""
    tables = {
        f"{dataset}.{table}": subproject.datasets[dataset]
        for _, _, subproject in context.subprojects()
        for dataset in subproject.datasets
        for table in _readable(subproject.datasets[dataset])
    }
    for above, _, subproject in context.subprojects():
        for name, dataset in subproject.datasets.items():
            yield from _dataset(context, (*above, "datasets", name), dataset, tables)
        for name, bucket in subproject.buckets.items():
            for object_name, stored in bucket.objects.items():
                try:
                    context.files.text(stored.content)
                except UnusableFile as error:
                    yield _unusable(context, (*above, "buckets", name, "objects", object_name, "content"), error)
        for name, schema in subproject.schemas.items():
            yield from _definition(context, (*above, "schemas", name, "definition"), schema)
        for name, workflow in subproject.workflows.items():
            path = (*above, "workflows", name, "source")
            try:
                text = context.files.text(workflow.source)
            except UnusableFile as error:
                yield _unusable(context, path, error)
                continue
            yield from workflow_faults(text, context.files.shows(workflow.source), format_path(path))


def _readable(dataset: Dataset) -> list[str]:
    """What a view can read of a dataset, or call."""
    return [*dataset.tables, *dataset.external_tables, *dataset.views, *dataset.materialized_views, *dataset.routines]


def _dataset(context: Context, path: Path, dataset: Dataset, tables: Iterable[str]) -> Iterator[Problem]:
    known: dict[str, list[Column]] = {}
    for name, table in dataset.tables.items():
        yield from _table(context, (*path, "tables", name), table, known.setdefault(name, []))
    for below, message, hint in key_faults(dataset.tables, known):
        yield context.problem((*path, "tables", *below), message, hint)
    for name, files in dataset.external_tables.items():
        if files.schema_file is not None:
            yield from _schema(context, (*path, "external_tables", name), files.schema_file, [])
    queries = [
        *(("views", name, view.query) for name, view in dataset.views.items()),
        *(("materialized_views", name, view.query) for name, view in dataset.materialized_views.items()),
    ]
    for kind, name, query in queries:
        for message, hint in view_faults(query, tables):
            yield context.problem((*path, kind, name, "query"), message, hint)
    for name, routine in dataset.routines.items():
        yield from _routine(context, (*path, "routines", name), routine, tables)


def _routine(context: Context, path: Path, routine: Routine, tables: Iterable[str]) -> Iterator[Problem]:
    field, text = "body", routine.body
    if routine.body_file is not None:
        try:
            field, text = "body_file", context.files.text(routine.body_file)
        except UnusableFile as error:
            yield _unusable(context, (*path, "body_file"), error)
            return
    if text is None or routine.language != "SQL":
        return
    for variable in unknown_variables(text) if field == "body_file" else ():
        shown = Location(context.files.shows(str(routine.body_file)))
        hint = did_you_mean(variable, VARIABLES)
        yield Problem.at(shown, format_path(path), f"there is no variable ${{{variable}}}", hint)
    if routine.type != "PROCEDURE":  # a procedure may make the tables that it reads
        for message, hint in view_faults(text, tables):
            yield context.problem((*path, field), message, hint)


def _table(context: Context, path: Path, table: Table, found: list[Column]) -> Iterator[Problem]:
    faults = list(_schema(context, path, table.schema_file, found))
    yield from faults
    if not faults:
        for below, message, hint in partition_faults(table, found):
            yield context.problem((*path, *below), message, hint)


def _schema(context: Context, path: Path, file: str, found: list[Column]) -> Iterator[Problem]:
    """What is wrong with a schema's file; its columns are added to `found`."""
    try:
        content = context.files.json(file)
    except UnusableFile as error:
        yield _unusable(context, (*path, "schema"), error)
        return
    for message, hint in columns(content, found):
        yield Problem.at(Location(context.files.shows(file)), format_path((*path, "schema")), message, hint)


def _definition(context: Context, path: Path, schema: Schema) -> Iterator[Problem]:
    try:
        if schema.type == "AVRO":
            content = context.files.json(schema.definition)
            for message in avro_faults(content):
                yield Problem.at(Location(context.files.shows(schema.definition)), format_path(path), message)
        elif "message" not in context.files.text(schema.definition):
            yield Problem.at(Location(context.files.shows(schema.definition)), format_path(path), "defines no message")
    except UnusableFile as error:
        yield _unusable(context, path, error)


def _unusable(context: Context, path: Path, error: UnusableFile) -> Problem:
    if error.location is not None:
        return Problem.at(error.location, format_path(path), str(error), error.hint)
    return context.problem(path, str(error), error.hint)
