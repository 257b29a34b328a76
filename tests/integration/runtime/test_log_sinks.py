"""Log entries that a sink passes on to BigQuery, where they are queried."""

from __future__ import annotations

import base64
import json
import threading
from http.client import HTTPException
from typing import Any

import pytest

from tests.integration.runtime.running import PROJECT, call, make_client
from tests.integration.sandbox_process import Sandbox
from tests.support.waiting import eventually

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


def test_what_was_acknowledged_reaches_every_sink_though_the_sandbox_is_killed(own_sandbox: Sandbox) -> None:
    sandbox = own_sandbox.start()
    client = make_client(sandbox)
    client.create_dataset("kept")
    topic, subscription = f"projects/{PROJECT}/topics/kept", f"projects/{PROJECT}/subscriptions/kept"
    call(sandbox, "PUT", f"/pubsub/v1/{topic}")
    call(sandbox, "PUT", f"/pubsub/v1/{subscription}", {"topic": topic})
    path = f"/logging/v2/projects/{PROJECT}/sinks?uniqueWriterIdentity=true"
    tables = {
        "name": "tables",
        "destination": f"bigquery.googleapis.com/projects/{PROJECT}/datasets/kept",
        "bigqueryOptions": {"usePartitionedTables": True},
    }
    grant(client, f"{PROJECT}.kept", call(sandbox, "POST", path, tables)["writerIdentity"])
    writer = call(sandbox, "POST", path, {"name": "topics", "destination": f"pubsub.googleapis.com/{topic}"})
    policy = {"bindings": [{"role": "roles/pubsub.publisher", "members": [writer["writerIdentity"]]}]}
    call(sandbox, "POST", f"/pubsub/v1/{topic}:setIamPolicy", {"policy": policy})

    acknowledged: list[int] = []
    several = threading.Event()

    def send() -> None:
        for number in range(100_000):
            try:
                write(sandbox, {"number": number})
            except (OSError, HTTPException):
                return
            acknowledged.append(number)
            if len(acknowledged) == 50:
                several.set()

    sending = threading.Thread(target=send)
    sending.start()
    assert several.wait(60)
    sandbox.kill()
    sending.join(60)
    client = make_client(sandbox.start())
    got = set[int]()

    def pulled() -> bool:
        answer = call(sandbox, "POST", f"/pubsub/v1/{subscription}:pull", {"maxMessages": 1000})
        messages = answer.get("receivedMessages", [])
        for each in messages:
            got.add(json.loads(base64.b64decode(each["message"]["data"]))["jsonPayload"]["number"])
        if messages:
            ids = {"ackIds": [each["ackId"] for each in messages]}
            call(sandbox, "POST", f"/pubsub/v1/{subscription}:acknowledge", ids)
        return set(acknowledged) <= got

    def rows() -> set[int]:
        if not any(each.table_id == "orders_sent" for each in client.list_tables("kept")):
            return set()
        statement = f"SELECT CAST(jsonPayload.number AS INT64) FROM `{PROJECT}.kept.orders_sent`"  # noqa: S608
        return {row[0] for row in client.query_and_wait(statement)}

    assert eventually(pulled, 30), f"lost: {sorted(set(acknowledged) - got)}"
    assert eventually(lambda: set(acknowledged) <= rows(), 30), f"lost: {sorted(set(acknowledged) - rows())}"
    tried = set(range(len(acknowledged) + 1))
    assert got | rows() <= tried, "nothing that nobody wrote"
