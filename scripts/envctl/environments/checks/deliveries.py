"""What Pub/Sub itself writes into tables and buckets, or reads: what it would refuse, or never acknowledge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..files import UnusableFile
from ..models.bigquery import Table
from ..models.pubsub import BigQueryDelivery, Subscription
from ..paths import Path
from ..problems import Problem, did_you_mean
from .context import Context

_METADATA = ("subscription_name", "message_id", "publish_time", "attributes")


def check_deliveries(context: Context) -> Iterator[Problem]:
    """Tables that aren't declared, topics without a schema, and columns that don't fit what is written."""
    for above, key, subproject in context.subprojects():
        for name, subscription in subproject.subscriptions.items():
            path = (*above, "subscriptions", name)
            if subscription.bigquery is not None:
                yield from _rows(context, path, key, subscription, subscription.bigquery)
            files = subscription.cloud_storage.avro if subscription.cloud_storage is not None else None
            if files is not None and files.use_topic_schema and _schema(context, key, subscription) is None:
                yield _no_schema(context, (*path, "cloud_storage", "avro", "use_topic_schema"), subscription)


def check_ingestions(context: Context) -> Iterator[Problem]:
    """A bucket fills topics of one subproject, and no subscription writes there: the agent would be granted twice."""
    written, readers = dict[str, str](), dict[str, str]()
    for _, key, subproject in context.subprojects():
        for name, subscription in subproject.subscriptions.items():
            files = subscription.cloud_storage
            target = None if files is None else context.index.find("buckets", files.bucket, key)
            if target is not None:
                written[target.path] = f"{key}/{name}"
    for above, key, subproject in context.subprojects():
        for name, topic in subproject.topics.items():
            source = None if topic.ingestion is None else topic.ingestion.cloud_storage
            target = None if source is None else context.index.find("buckets", source.bucket, key)
            if target is None:
                continue
            path = (*above, "topics", name, "ingestion", "cloud_storage", "bucket")
            if target.path in written:
                yield context.problem(
                    path, f"the subscription {written[target.path]} writes there", "name another bucket"
                )
            elif readers.setdefault(target.path, key) != key:
                message = f"topics of {readers[target.path]} are filled from there"
                yield context.problem(path, message, "fill topics of one subproject from a bucket")


def _rows(
    context: Context, path: Path, key: str, subscription: Subscription, rows: BigQueryDelivery
) -> Iterator[Problem]:
    target = context.index.find("datasets", rows.dataset, key)
    owner = context.subproject_of(target)
    if target is None or owner is None or target.id not in owner.datasets:
        return
    tables = owner.datasets[target.id].tables
    if rows.table not in tables:
        hint = did_you_mean(rows.table, tables, otherwise=f"declare it below {target.subproject}'s {target.id}")
        yield context.problem((*path, "bigquery", "table"), f'"{rows.table}" is no table of {target.path}', hint)
        return
    columns = _columns(context, tables[rows.table])
    if columns is None:
        return
    written = set[str]()
    if rows.write_metadata:
        written |= set(_METADATA)
    if rows.use_topic_schema:
        schema = _schema(context, key, subscription)
        if schema is None:
            yield _no_schema(context, (*path, "bigquery", "use_topic_schema"), subscription)
            return
        fields = {str(field.get("name")) for field in schema.get("fields", []) if isinstance(field, dict)}
        written |= set() if rows.drop_unknown_fields else fields
        required = {name for name, mode in columns.items() if mode == "REQUIRED"}
        for name in sorted(required - fields - (set(_METADATA) if rows.write_metadata else set())):
            message = f"the table's column \"{name}\" is required, and the topic's schema has no such field"
            yield context.problem((*path, "bigquery"), message, "make it nullable, or add the field", key=True)
    elif not rows.use_table_schema:
        written.add("data")
    for name in sorted(written - columns.keys()):
        message = f'writes "{name}", and the table {target.path}.{rows.table} has no such column'
        hint = "add the column" + (", or set drop_unknown_fields: true" if rows.use_topic_schema else "")
        yield context.problem((*path, "bigquery"), message, hint, key=True)


def _no_schema(context: Context, path: Path, subscription: Subscription) -> Problem:
    return context.problem(path, f"the topic {subscription.topic} has no Avro schema", "give the topic a schema")


def _columns(context: Context, table: Table) -> dict[str, str] | None:
    """Modes by name; None where the file is wrong, which is said elsewhere."""
    try:
        fields = context.files.json(table.schema_file)
    except UnusableFile:
        return None
    if not isinstance(fields, list):
        return None
    return {str(field.get("name")): str(field.get("mode", "NULLABLE")) for field in fields if isinstance(field, dict)}


def _schema(context: Context, key: str, subscription: Subscription) -> dict[str, Any] | None:
    """The Avro record of a subscription's topic; an empty one where it can't be read, which is said elsewhere."""
    target = context.index.find("topics", subscription.topic, key)
    owner = context.subproject_of(target)
    topic = owner.topics.get(target.id) if owner is not None and target is not None else None
    if topic is None or target is None:
        return {}
    if topic.schema_settings is None:
        return None
    at = context.index.find("schemas", topic.schema_settings.schema_path, target.subproject)
    holder = context.subproject_of(at)
    schema = holder.schemas.get(at.id) if holder is not None and at is not None else None
    if schema is None or schema.type != "AVRO":
        return {} if schema is None else None
    try:
        content = context.files.json(schema.definition)
    except UnusableFile:
        return {}
    return content if isinstance(content, dict) else {}
