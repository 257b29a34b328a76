"""Log entries that a sink passes on to BigQuery, where they are queried."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.runtime.running import PROJECT, call, eventually
from tests.integration.sandbox_process import Sandbox

LOG = f"projects/{PROJECT}/logs/orders%2Fsent"


def write(sandbox: Sandbox, *payloads: dict[str, Any]) -> None:
    common = {"logName": LOG, "resource": {"type": "global", "labels": {"project_id": PROJECT}}, "severity": "INFO"}
    entries = [{**common, "timestamp": "2026-01-31T09:00:00Z", "jsonPayload": each} for each in payloads]
    call(sandbox, "POST", "/logging/v2/entries:write", {"entries": entries})


def grant(client: Any, dataset: str, writer: str) -> None:
    from google.cloud import bigquery

    found = client.get_dataset(dataset)
    email = writer.removeprefix("serviceAccount:")
    found.access_entries = [*found.access_entries, bigquery.AccessEntry("WRITER", "userByEmail", email)]
    client.update_dataset(found, ["access_entries"])


@pytest.mark.parametrize("partitioned", [True, False])
def test_entries_become_rows_and_their_fields_columns(
    sandbox: Sandbox, client: Any, scratch: str, partitioned: bool
) -> None:
    _, dataset = scratch.split(".")
    sink = {
        "name": f"rows-{partitioned}".lower(),
        "destination": f"bigquery.googleapis.com/projects/{PROJECT}/datasets/{dataset}",
        "filter": f'log_id("orders/sent") AND jsonPayload.how={str(partitioned).lower()}',
        "bigqueryOptions": {"usePartitionedTables": partitioned},
    }
    path = f"/logging/v2/projects/{PROJECT}/sinks"
    made = call(sandbox, "POST", f"{path}?uniqueWriterIdentity=true", sink)
    grant(client, scratch, made["writerIdentity"])
    table = "orders_sent" if partitioned else "orders_sent_20260131"

    def rows(columns: str) -> list[tuple[Any, ...]]:
        statement = f"SELECT {columns} FROM `{scratch}.{table}` ORDER BY 1"  # noqa: S608
        return [tuple(row) for row in client.query_and_wait(statement)]

    def tables() -> set[str]:
        return {each.table_id for each in client.list_tables(scratch)}

    write(sandbox, {"how": partitioned, "Order": {"id": "a", "lots": [1, 2]}})
    assert eventually(lambda: table in tables() and len(rows("insertId")) == 1)
    # Another field in a record, and one of another type than the column has.
    write(sandbox, {"how": partitioned, "order": {"id": "b", "px": 3.5}}, {"how": partitioned, "order": {"id": 7}})
    errors = "export_errors" if partitioned else "export_errors_20260131"
    assert eventually(lambda: errors in tables() and len(rows("insertId")) == 2)

    assert rows(
        "jsonPayload.order.id, jsonPayload.order.px, ARRAY_LENGTH(IFNULL(jsonPayload.order.lots, [])), resource.type"
    ) == [
        ("a", None, 2, "global"),
        ("b", 3.5, 0, "global"),
    ]
    partition = client.get_table(f"{scratch}.{table}").time_partitioning
    assert (partition.field if partition else None) == ("timestamp" if partitioned else None)
    statement = f"SELECT schemaErrorDetail, sink FROM `{scratch}.{errors}`"  # noqa: S608
    assert eventually(lambda: len(list(client.query_and_wait(statement))) == 1)
    ((detail, named),) = client.query_and_wait(statement)
    assert "jsonPayload.order.id is STRING in the table" in detail
    assert named == made["resourceName"]
    call(sandbox, "DELETE", f"/logging/v2/{made['resourceName']}")
